import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import { refuseWhatDoesNotFit } from '../../inventory/fit';
import type { Items } from '../../inventory/inventory';
import { plan } from '../../inventory/plan';
import { overQuota, quotaProblems, refuseOverQuota } from '../../inventory/quotas';
import type { QuotaValues } from '../../inventory/quotaValues';
import { group, instance, PLAN_OPTIONS, rule, subnet, vpc } from './items';

const GROUPS = 'vpc/L-E79EC296';
const RULES = 'vpc/L-0EA8095F';
const PER_INTERFACE = 'vpc/L-2AFB9258';
const PLENTY = { [GROUPS]: 2500, [RULES]: 60, [PER_INTERFACE]: 5 };
const mirrorOf = (id: string) => ({ 'lifeboat:source-id': id });

const source: Items = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web'), group('sg-2', 'vpc-1', 'db')],
};
const inDr: Items = { vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })] };

function inputOf(items: Items, dr: Items, values: Record<string, number>, launches: string[] = []) {
  const planned = plan({ kinds: items, superseded: new Map() }, dr, { 'euw1-az1': 'euc1-az1' }, PLAN_OPTIONS);
  const all: QuotaValues = new Map(Object.entries({ ...PLENTY, ...values }));
  return { plan: planned, launches, source: items, dr, values: all };
}

function over(...args: Parameters<typeof inputOf>): string[] {
  return quotaProblems(inputOf(...args)).problems.map(overQuota);
}

describe('a plan, held against the quotas of DR', () => {
  const groups = (need: number, quota: number) =>
    `VPC security groups per Region (${GROUPS}): need ${need}, quota ${quota}`;

  it('fits exactly', () => {
    expect(over(source, {}, { [GROUPS]: 2 })).to.deep.equal([]);
    expect(over(source, {}, { [GROUPS]: 1 })).to.deep.equal([groups(2, 1)]);
  });

  it('counts for a zone what is for all zones of the source that are that one in DR', () => {
    const nat = (id: string, subnetId: string) => ({ id, tags: {}, vpcId: 'vpc-1', subnetId });
    const inTwoZones = {
      vpc: [vpc('vpc-1')],
      subnet: [
        subnet('subnet-1', 'vpc-1'),
        subnet('subnet-2', 'vpc-1', { cidrBlock: '10.0.2.0/24', availabilityZoneId: 'euw1-az2' }),
      ],
      'nat-gateway': [nat('nat-1', 'subnet-1'), nat('nat-2', 'subnet-2')],
    };
    const options = { ...PLAN_OPTIONS, recover: true };
    const zones = { 'euw1-az1': 'euc1-az1', 'euw1-az2': 'euc1-az1' };
    const input = {
      ...inputOf({}, {}, { 'vpc/L-FE5A380F': 1 }),
      plan: { ...plan({ kinds: {}, superseded: new Map() }, {}, zones, options), atRecovery: [] },
      source: inTwoZones,
      zones,
    };
    const waiting = ['nat-1', 'nat-2'].map((id) => ({ name: `nat-gateway/${id}`, reason: 'billed' }));
    const { problems } = quotaProblems({ ...input, plan: { ...input.plan, atRecovery: waiting } });
    expect(problems.map(overQuota)).to.deep.equal([
      'NAT gateways per Availability Zone (vpc/L-FE5A380F), euc1-az1: need 2, quota 1',
    ]);
  });

  it('counts what DR has of its own', () => {
    const dr = { 'security-group': [group('sg-x', 'vpc-x', 'theirs'), group('sg-y', 'vpc-x', 'default')] };
    expect(over(source, dr, { [GROUPS]: 3 })).to.deep.equal([groups(4, 3)]);
  });

  it('counts a mirror that DR has already only once, by tag or by identity', () => {
    const dr = {
      ...inDr,
      'security-group': [group('sg-d1', 'vpc-d', 'web', mirrorOf('sg-1')), group('sg-d2', 'vpc-d', 'db')],
    };
    expect(over(source, dr, { [GROUPS]: 2 })).to.deep.equal([]);
    const third = [...(source['security-group'] ?? []), group('sg-3', 'vpc-1', 'third')];
    expect(over({ ...source, 'security-group': third }, dr, { [GROUPS]: 2 })).to.deep.equal([groups(3, 2)]);
  });

  it('counts what is to be removed: it is there until all else is made', () => {
    const dr = { ...inDr, 'security-group': [group('sg-d0', 'vpc-d', 'gone', mirrorOf('sg-0'))] };
    expect(over(source, dr, { [GROUPS]: 2 })).to.deep.equal([groups(3, 2)]);
  });

  it('does not refuse what DR has already, though its quota was lowered since', () => {
    const dr = { ...inDr, 'security-group': [group('sg-d1', 'vpc-d', 'web'), group('sg-d2', 'vpc-d', 'db')] };
    expect(over(source, dr, { [GROUPS]: 1 })).to.deep.equal([]);
  });

  it('does not count what it skips', () => {
    const items = { ...source, vpc: [vpc('vpc-1', { isDefault: true })] };
    expect(over(items, {}, { [GROUPS]: 0 })).to.deep.equal([]);
  });

  describe('counts the rules of a group', () => {
    const rules = (scope: string, need: number) =>
      `Inbound or outbound rules per security group (${RULES}), ${scope}: need ${need}, quota 2`;
    const of = (...own: ReturnType<typeof rule>[]) => ({ ...source, 'security-group-rule': own });

    it('by group, direction and address family', () => {
      const ports = [1, 2, 3].map((port) =>
        rule(`sgr-${port}`, 'sg-1', { fromPort: port, cidrIpv4: '10.0.0.0/8' }),
      );
      const apart = [
        rule('sgr-4', 'sg-1', { cidrIpv6: '::/0' }),
        rule('sgr-5', 'sg-1', { cidrIpv4: '0.0.0.0/0', isEgress: true }),
        rule('sgr-6', 'sg-2', { cidrIpv4: '0.0.0.0/0' }),
      ];
      expect(over(of(...ports.slice(0, 2), ...apart), {}, { [RULES]: 2 })).to.deep.equal([]);
      expect(over(of(...ports, ...apart), {}, { [RULES]: 2 })).to.deep.equal([rules('sg-1 inbound IPv4', 3)]);
    });

    it('one that names a group for IPv4 and for IPv6', () => {
      const named = [1, 2].map((port) =>
        rule(`sgr-${port}`, 'sg-1', { fromPort: port, referencedGroupId: 'sg-2' }),
      );
      const both = [
        rule('sgr-4', 'sg-1', { cidrIpv4: '10.0.0.0/8' }),
        rule('sgr-6', 'sg-1', { cidrIpv6: '::/0' }),
      ];
      expect(over(of(...named, ...both), {}, { [RULES]: 2 })).to.deep.equal([
        rules('sg-1 inbound IPv4', 3),
        rules('sg-1 inbound IPv6', 3),
      ]);
    });

    it('with those that somebody put into the mirror in DR', () => {
      const dr = {
        ...inDr,
        'security-group': [group('sg-d1', 'vpc-d', 'web', mirrorOf('sg-1'))],
        'security-group-rule': [
          rule('sgr-x', 'sg-d1', { fromPort: 22, cidrIpv4: '10.0.0.0/8' }),
          rule('sgr-y', 'sg-x', { fromPort: 22, cidrIpv4: '10.0.0.0/8' }),
        ],
      };
      const wanted = [1, 2].map((port) =>
        rule(`sgr-${port}`, 'sg-1', { fromPort: port, cidrIpv4: '10.0.0.0/8' }),
      );
      expect(over(of(...wanted), dr, { [RULES]: 2 })).to.deep.equal([rules('sg-1 inbound IPv4', 3)]);
    });
  });

  it('counts the groups of each machine that a recovery would launch, and of no other', () => {
    const items = {
      ...source,
      instance: ['i-1', 'i-2'].map((id) => instance(id, id, [], { securityGroupIds: ['sg-1', 'sg-2'] })),
    };
    expect(over(items, {}, { [PER_INTERFACE]: 1 }, ['instance/i-2'])).to.deep.equal([
      `Security groups per network interface (${PER_INTERFACE}), i-2: need 2, quota 1`,
    ]);
  });

  it('notes a quota that AWS does not list, and refuses nothing by it', () => {
    const input = { ...inputOf(source, {}, {}), values: new Map() };
    const { problems, notes } = quotaProblems(input);
    expect(problems).to.deep.equal([]);
    expect(notes).to.include(
      `Service Quotas does not list VPC security groups per Region (${GROUPS}) in this region: the plan is not held against it`,
    );
  });

  it('is refused with every problem, and a command for each quota that asks for the most that is needed', () => {
    const quota = { service: 'vpc', code: 'L-0EA8095F', name: 'Rules' };
    const groupsQuota = { service: 'vpc', code: 'L-E79EC296', name: 'Groups' };
    const refuse = () =>
      refuseOverQuota(
        [
          { quota, scope: 'sg-1 inbound IPv4', need: 61, value: 60 },
          { quota, scope: 'sg-2 inbound IPv4', need: 70, value: 60 },
          { quota: groupsQuota, scope: '', need: 2501, value: 2500 },
        ],
        { account: '222222222222', region: 'eu-central-1' },
      );
    expect(refuse)
      .to.throw(LifeboatError)
      .with.nested.property('details')
      .that.includes({
        got: [
          'Rules (vpc/L-0EA8095F), sg-1 inbound IPv4: need 61, quota 60',
          'Rules (vpc/L-0EA8095F), sg-2 inbound IPv4: need 70, quota 60',
          'Groups (vpc/L-E79EC296): need 2501, quota 2500',
        ].join('\n            '),
        next: [
          'aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-0EA8095F --desired-value 70 --region eu-central-1',
          'aws service-quotas request-service-quota-increase --service-code vpc --quota-code L-E79EC296 --desired-value 2501 --region eu-central-1',
        ].join('\n            '),
      });
  });
});

describe('what does not fit', () => {
  const check = (more: Partial<Parameters<typeof refuseWhatDoesNotFit>[0]>, dr: Items = {}) =>
    refuseWhatDoesNotFit({
      ...inputOf(source, dr, { [GROUPS]: 1 }),
      settings: PLAN_OPTIONS,
      isRecovering: false,
      state: new Map(),
      ...more,
    });
  const unread = new LifeboatError({ what: 'The quotas were not read' });

  it('is refused at rest, and only said while a recovery is active', () => {
    expect(() => check({})).to.throw(LifeboatError, 'need 2, quota 1');
    expect(check({ isRecovering: true }).notes.join()).to.contain('need 2, quota 1');
  });

  it('cannot be told when the quotas were not read: then nothing is made', () => {
    expect(() => check({ values: unread })).to.throw(LifeboatError, 'were not read');
    expect(check({ values: unread, isRecovering: true }).notes).to.deep.equal([]);
  });

  it('does not matter where nothing is to be made', () => {
    const dr = {
      ...inDr,
      subnet: [subnet('subnet-d', 'vpc-d', { availabilityZoneId: 'euc1-az1' })],
      'security-group': [group('sg-d1', 'vpc-d', 'web'), group('sg-d2', 'vpc-d', 'db')],
    };
    const made = inputOf(source, dr, {}).plan;
    const state = new Map(inputOf(source, {}, {}).plan.resources.map(({ name }) => [name, 'made']));
    const said = ['The quotas were not read; nothing is to be made now'];
    expect(check({ values: unread, state }).notes).to.deep.equal(said);
    expect(check({ plan: made, dr, values: unread }).notes).to.deep.equal(said);
  });
});
