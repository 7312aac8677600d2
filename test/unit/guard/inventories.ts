import type { GuardOptions } from '../../../inventory/guard/guard';
import { fieldsOf, type Inventory, type Items } from '../../../inventory/inventory';
import { group, instance, PLAN_OPTIONS, rule, subnet, volume, vpc } from '../items';

/** A source: four subnets, two groups, four rules, a protected machine. */
export const source: Items = {
  vpc: [vpc('vpc-1')],
  subnet: [1, 2, 3, 4].map((n) => subnet(`subnet-${n}`, 'vpc-1', { cidrBlock: `10.0.${n}.0/24` })),
  'security-group': [group('sg-1', 'vpc-1', 'web'), group('sg-2', 'vpc-1', 'app')],
  'security-group-rule': [1, 2, 3, 4].map((n) => rule(`sgr-${n}`, 'sg-1', { cidrIpv4: `10.${n}.0.0/16` })),
  volume: [volume('vol-1')],
  instance: [instance('i-1', 'MASTER', ['vol-1'])],
};

/** An accepted inventory of such a source. */
export function acceptedOf(kinds: Items = source, more: Partial<Inventory> = {}): Inventory {
  return {
    format: 'lifeboat-inventory',
    version: 2,
    account: '111111111111',
    region: 'eu-west-1',
    zones: { 'euw1-az1': 'euc1-az1' },
    gone: {},
    fields: fieldsOf(kinds),
    kinds,
    ...more,
  };
}

export const NOW = new Date('2026-01-10T12:00:00Z');

export function options(more: Partial<GuardOptions> = {}): GuardOptions {
  return {
    ...PLAN_OPTIONS,
    vpcs: [],
    removals: 'hold',
    guardShare: 30,
    allow: [],
    now: NOW,
    stack: 'dr',
    ...more,
  };
}
