import { expect } from 'chai';
import fc from 'fast-check';
import { asOf } from '../../../inventory/asOf';
import { fieldsOf, INVENTORY_VERSION, type Inventory, type Items } from '../../../inventory/inventory';
import type { SecurityGroupRule } from '../../../kinds/network/securityGroupRule';
import { group, instance, rule, subnet, volume, vpc } from '../items';

function inventoryOf(kinds: Items, more: Partial<Inventory> = {}): Inventory {
  return {
    format: 'lifeboat-inventory',
    version: INVENTORY_VERSION,
    account: '111111111111',
    region: 'eu-west-1',
    zones: {},
    gone: {},
    fields: fieldsOf(kinds),
    kinds,
    ...more,
  };
}

const ids = (items: Items, kind: string) => (items[kind] ?? []).map(({ id }) => id).sort();
const network = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
  'security-group-rule': [rule('sgr-1', 'sg-1', { cidrIpv4: '10.0.0.0/8', description: 'then' })],
};

describe('the configuration as of a moment', () => {
  it('is what it was, where that is there still', () => {
    const now = {
      ...network,
      instance: [instance('i-1', 'WEB', ['vol-1'], { instanceType: 'm7i.4xlarge' })],
      'security-group-rule': [rule('sgr-1', 'sg-1', { cidrIpv4: '0.0.0.0/0', description: 'now' })],
    };
    const then = { ...network, instance: [instance('i-1', 'WEB', ['vol-1'], { instanceType: 't3.small' })] };
    const { kinds } = asOf(inventoryOf(then), inventoryOf(now));
    expect(kinds.instance).to.deep.equal(then.instance);
    expect(kinds['security-group-rule']).to.deep.equal(network['security-group-rule']);
  });

  it('keeps what came since, and not as a part of what was there', () => {
    const now = {
      ...network,
      subnet: [...network.subnet, subnet('subnet-2', 'vpc-1', { cidrBlock: '10.0.2.0/24' })],
      'security-group': [...network['security-group'], group('sg-2', 'vpc-1', 'new')],
      'security-group-rule': [
        ...network['security-group-rule'],
        rule('sgr-open', 'sg-1', { cidrIpv4: '0.0.0.0/0' }),
        rule('sgr-2', 'sg-2', { cidrIpv4: '0.0.0.0/0' }),
      ],
    };
    const { kinds, notes } = asOf(inventoryOf(network), inventoryOf(now));
    expect(ids(kinds, 'subnet')).to.deep.equal(['subnet-1', 'subnet-2']);
    expect(ids(kinds, 'security-group')).to.deep.equal(['sg-1', 'sg-2']);
    expect(ids(kinds, 'security-group-rule')).to.deep.equal(['sgr-1', 'sgr-2']);
    expect(notes.join('\n'))
      .to.contain('subnet: 1 came after that moment and stay as they are: subnet-2')
      .and.contain('security-group-rule: 1 came after that moment and are left out')
      .and.contain('sgr-open');
  });

  it('makes again what is gone since, before what has its place; not what was gone then and was let go', () => {
    const then = { ...network, instance: [instance('i-old', 'DB', ['vol-1'])], volume: [volume('vol-1')] };
    const now = { ...network, instance: [instance('i-new', 'DB', ['vol-2'])], volume: [volume('vol-2')] };
    const made = asOf(inventoryOf(then), inventoryOf(now));
    expect(ids(made.kinds, 'instance')).to.deep.equal(['i-old']);
    expect(made.gone).to.have.property('instance/i-old');
    expect(made.notes.join('\n')).to.contain('instance: 1 came after that moment and are left out');
    const pruned = asOf(
      inventoryOf(then, { gone: { 'instance/i-old': '2026-01-01T00:00:00.000Z' } }),
      inventoryOf(now),
    );
    expect(ids(pruned.kinds, 'instance')).to.deep.equal(['i-new']);
  });

  it('calls what was made anew by its new id, in all that names it', () => {
    const now = {
      ...network,
      'security-group': [group('sg-9', 'vpc-1', 'web')],
      'security-group-rule': [rule('sgr-9', 'sg-9', { cidrIpv4: '10.0.0.0/8', description: 'now' })],
    };
    const { kinds, gone } = asOf(inventoryOf(network), inventoryOf(now));
    expect(ids(kinds, 'security-group')).to.deep.equal(['sg-9']);
    const [only, ...others] = kinds['security-group-rule'] as SecurityGroupRule[];
    expect(others).to.deep.equal([]);
    expect(only).to.deep.include({ id: 'sgr-9', groupId: 'sg-9' });
    expect(only?.description).to.equal('then');
    expect(gone).to.deep.equal({});
  });

  it('takes from now what the program of then did not look up', () => {
    const [net] = network.vpc;
    const then = inventoryOf(network, { fields: { ...fieldsOf(network), vpc: ['id', 'tags', 'cidrBlock'] } });
    const old = { id: 'vpc-1', tags: {}, cidrBlock: '10.9.0.0/16' };
    const { kinds } = asOf({ ...then, kinds: { ...then.kinds, vpc: [old] } }, inventoryOf(network));
    expect(kinds.vpc).to.deep.equal([{ ...net, cidrBlock: '10.9.0.0/16' }]);
    const { vpc: _unknown, ...without } = network;
    expect(asOf(inventoryOf(without), inventoryOf(network)).kinds.vpc).to.deep.equal(network.vpc);
  });

  const some = fc.record({
    vpc: fc.subarray([vpc('vpc-1'), vpc('vpc-2')]),
    'security-group': fc.subarray([group('sg-1', 'vpc-1', 'a'), group('sg-2', 'vpc-2', 'b')]),
    'security-group-rule': fc.subarray([
      rule('sgr-1', 'sg-1', { cidrIpv4: '10.0.0.0/8' }),
      rule('sgr-2', 'sg-2', { cidrIpv4: '10.0.0.0/8' }),
      rule('sgr-3', 'sg-2', { cidrIpv4: '0.0.0.0/0' }),
    ]),
  });

  it('of any two times loses nothing of then, and of now nothing but parts', () => {
    fc.assert(
      fc.property(some, some, (then, now) => {
        const { kinds } = asOf(inventoryOf(then), inventoryOf(now));
        for (const [kind, items] of Object.entries(then))
          expect(ids(kinds, kind)).to.include.members(items.map(({ id }) => id));
        for (const kind of ['vpc', 'security-group'] as const)
          expect(ids(kinds, kind)).to.include.members(now[kind].map(({ id }) => id));
      }),
    );
  });

  it('of now is what there is now', () => {
    fc.assert(
      fc.property(some, (now) => {
        const { kinds, gone, notes } = asOf(inventoryOf(now), inventoryOf(now));
        expect(kinds).to.deep.equal(now);
        expect(gone).to.deep.equal({});
        expect(notes).to.deep.equal([]);
      }),
    );
  });
});
