import type { Output } from '@pulumi/pulumi';
import { expect } from 'chai';
import type { Items } from '../../../inventory/inventory';
import { plan } from '../../../inventory/plan';
import type { Plan } from '../../../inventory/planned';
import type { MirrorContext } from '../../../kinds/mirrorContext';
import { PLAN_OPTIONS } from '../items';

const zones = { 'euw1-az1': 'euc1-az1', 'euw1-az2': 'euc1-az2', 'euw1-az3': 'euc1-az1' };

/** The plan for a source and what DR has of it. */
export function planned(source: Items, dr: Items = {}, state?: ReadonlyMap<string, string>): Plan {
  return plan({ kinds: source, superseded: new Map() }, dr, zones, PLAN_OPTIONS, state);
}

/** The plan of a recovery. */
export function recovering(source: Items, dr: Items = {}): Plan {
  return plan({ kinds: source, superseded: new Map() }, dr, zones, { ...PLAN_OPTIONS, recover: true });
}

/** The arguments of one planned resource. */
export function argsOf(result: Plan, name: string): Record<string, unknown> {
  const found = result.resources.find((resource) => resource.name === name);
  expect(found, `${name} is planned`).to.not.equal(undefined);
  return found?.args as Record<string, unknown>;
}

/** Why something is skipped, or waits for a recovery; undefined when neither. */
export function reason(result: Plan, name: string): string | undefined {
  return [...result.skipped, ...result.atRecovery].find((left) => left.name === name)?.reason;
}

/** A context that answers each question with the question. */
export function stub(): MirrorContext {
  const said = (text: string) => text as unknown as Output<string>;
  return {
    source: { account: PLAN_OPTIONS.sourceAccount, region: PLAN_OPTIONS.sourceRegion },
    dr: { account: PLAN_OPTIONS.drAccount, region: PLAN_OPTIONS.drRegion },
    trusted: [],
    replicateBuckets: [],
    bucket: (name) => `${name}-in-dr`,
    all: () => [],
    machine: (id) => `instance/${id}` as unknown as Output<string>,
    ref: (kind, id) => said(`${kind}/${id}`),
    output: (kind, id, property) => said(`${kind}/${id} ${property}`),
    attempt: (kind, id) => said(`${kind}/${id}`),
    known: (kind, id) => said(`${kind}/${id}`),
    find: () => undefined,
    allInDr: () => [],
    text: (...parts) => said(parts.join('')),
    json: (value) => said(JSON.stringify(value)),
    note: () => {},
    skip(reason) {
      throw new Error(reason);
    },
    goesWith: () => undefined,
    after: () => {},
    ipv6: (cidr) => said(`ipv6 ${cidr}`),
    attemptIpv6: (cidr) => said(`ipv6 ${cidr}`),
    secret: () => said('a secret'),
    zone: (id) => `zone ${id}`,
    tags: ({ tags }) => ({ ...tags }),
  };
}
