import { expect } from 'chai';
import { LifeboatError } from '../../errors';
import type { Items } from '../../inventory/inventory';
import { plan } from '../../inventory/plan';
import type { Plan } from '../../inventory/planned';
import { Ref } from '../../inventory/refs';
import { TAG } from '../../names';
import { group, PLAN_OPTIONS, rule, subnet, vpc } from './items';

const zones = { 'euw1-az1': 'euc1-az2' };
const source: Items = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'security-group': [group('sg-1', 'vpc-1', 'web'), group('sg-2', 'vpc-1', 'app')],
  'security-group-rule': [
    rule('sgr-1', 'sg-1', { referencedGroupId: 'sg-2' }),
    rule('sgr-2', 'sg-2', { referencedGroupId: 'sg-1', isEgress: true }),
  ],
};

function planned(kinds: Items, dr: Items = {}, superseded = new Map<string, string>()): Plan {
  return plan({ kinds, superseded }, dr, zones, PLAN_OPTIONS);
}

function argsOf(result: Plan, name: string): Record<string, unknown> {
  const found = result.resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`${name} is not planned`);
  return found.args as Record<string, unknown>;
}

const mirrorOf = (id: string) => ({ [TAG.sourceId]: id });

describe('plan', () => {
  it('orders resources so that each comes after all that it refers to', () => {
    const seen = new Set<string>();
    for (const { name, args } of planned(source).resources) {
      for (const value of Object.values(args)) if (value instanceof Ref) expect(seen).to.include(value.name);
      seen.add(name);
    }
    expect([...seen]).to.have.length(6);
  });

  it('puts a subnet into the zone that stands for its own', () => {
    expect(argsOf(planned(source), 'subnet/subnet-1').availabilityZoneId).to.equal('euc1-az2');
  });

  it('lets groups refer to each other in circles', () => {
    const result = planned(source);
    expect(argsOf(result, 'security-group-rule/sgr-1').referencedSecurityGroupId).to.deep.equal(
      new Ref('security-group/sg-2'),
    );
    expect(argsOf(result, 'security-group-rule/sgr-2').securityGroupId).to.deep.equal(
      new Ref('security-group/sg-2'),
    );
  });

  it('carries tags, less those of AWS and those that claim to be ours', () => {
    const tags = { team: 'shop', 'aws:cloudformation:stack-name': 'x', 'lifeboat:source-id': 'forged' };
    expect(argsOf(planned({ ...source, vpc: [vpc('vpc-1', { tags })] }), 'vpc/vpc-1').tags).to.deep.equal({
      team: 'shop',
      'lifeboat:source-id': 'vpc-1',
    });
  });

  it('stays within 50 tags, and names what it left out', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`key-${String(n).padStart(2, '0')}`, 'x']),
    );
    const result = planned({ vpc: [vpc('vpc-1', { tags })] });
    expect(Object.keys(argsOf(result, 'vpc/vpc-1').tags as object)).to.have.length(50);
    expect(result.notes.join()).to.contain('left out key-49');
  });

  it('skips the default VPC and all that needs it, with one reason', () => {
    const result = planned({ ...source, vpc: [vpc('vpc-1', { isDefault: true })] });
    expect(result.resources).to.deep.equal([]);
    expect(new Set(result.skipped.slice(1).map(({ reason }) => reason)).size).to.equal(1);
  });

  it('skips a rule that names a group of another account', () => {
    const foreign = rule('sgr-3', 'sg-1', { referencedGroupId: 'sg-9', referencedUserId: '333333333333' });
    const { skipped } = planned({ ...source, 'security-group-rule': [foreign] });
    expect(skipped[0]?.reason).to.contain('333333333333');
  });

  it('skips a rule over a peering, and one that names a group which is gone', () => {
    const peered = rule('sgr-3', 'sg-1', { referencedGroupId: 'sg-2', peeringConnectionId: 'pcx-1' });
    const stale = rule('sgr-4', 'sg-1', { referencedGroupId: 'sg-9' });
    const { skipped } = planned({ ...source, 'security-group-rule': [peered, stale] });
    expect(skipped.map(({ reason }) => reason).join())
      .to.contain('pcx-1')
      .and.contain('sg-9');
  });

  describe('moves what lies in a range that AWS assigned', () => {
    const from = '2a05:d018:1:ab00::/56';
    const six: Items = {
      ...source,
      vpc: [vpc('vpc-1', { ipv6CidrBlock: from })],
      subnet: [subnet('subnet-1', 'vpc-1', { ipv6CidrBlock: '2a05:d018:1:ab12::/64' })],
      'security-group-rule': [
        rule('sgr-1', 'sg-1', { cidrIpv6: '2a05:d018:1:ab12::/64' }),
        rule('sgr-2', 'sg-1', { cidrIpv6: '2001:db8::/32' }),
      ],
    };
    const moved = (cidr: string) => new Ref('vpc/vpc-1', 'ipv6CidrBlock', { cidr, from });

    it('and nothing else', () => {
      const result = planned(six);
      expect(argsOf(result, 'subnet/subnet-1').ipv6CidrBlock).to.deep.equal(moved('2a05:d018:1:ab12::/64'));
      expect(argsOf(result, 'vpc/vpc-1')).to.include({ assignGeneratedIpv6CidrBlock: true });
      expect(argsOf(result, 'security-group-rule/sgr-2').cidrIpv6).to.equal('2001:db8::/32');
    });

    it('says so', () => {
      expect(planned(six).notes.join()).to.contain(from).and.contain('vpc/vpc-1');
    });

    it('knows a subnet without IPv4 by where DR has its range', () => {
      const native = { cidrBlock: undefined, ipv6Native: true };
      const dr = {
        vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1'), ipv6CidrBlock: '2600:1f14:2:100::/56' })],
        subnet: [
          subnet('subnet-d', 'vpc-d', {
            ...native,
            ipv6CidrBlock: '2600:1f14:2:112::/64',
            availabilityZoneId: 'euc1-az2',
          }),
        ],
      };
      const only = [subnet('subnet-1', 'vpc-1', { ...native, ipv6CidrBlock: '2a05:d018:1:ab12::/64' })];
      const found = planned({ vpc: six.vpc ?? [], subnet: only }, dr).resources.at(-1);
      expect(found).to.include({ name: 'subnet/subnet-1', adopt: 'subnet-d' });
    });
  });

  it('makes a further range of a VPC before the subnet that lies in it', () => {
    const further = { id: 'vpc-cidr-assoc-2', tags: {}, vpcId: 'vpc-1', cidrBlock: '100.64.0.0/16' };
    const inside = subnet('subnet-2', 'vpc-1', { cidrBlock: '100.64.1.0/24', ipv4RangeId: further.id });
    const result = planned({ vpc: source.vpc ?? [], 'vpc-ipv4-range': [further], subnet: [inside] });
    expect(argsOf(result, 'subnet/subnet-2').vpcId).to.deep.equal(
      new Ref('vpc-ipv4-range/vpc-cidr-assoc-2', 'vpcId'),
    );
  });

  it('adopts nothing that the state holds, and names what DR has lost of it', () => {
    const dr = { vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })] };
    const state = new Map([
      ['vpc/vpc-1', 'vpc-d'],
      ['subnet/subnet-1', 'subnet-d'],
    ]);
    const result = plan({ kinds: source, superseded: new Map() }, dr, zones, PLAN_OPTIONS, state);
    expect(result.resources.flatMap(({ adopt }) => adopt ?? [])).to.deep.equal([]);
    expect(result.lost).to.deep.equal(['subnet/subnet-1']);
  });

  it('throws when an object refers to one that was not seen', () => {
    expect(() => planned({ ...source, vpc: [] })).to.throw(LifeboatError, 'The look-up is not whole');
  });

  describe('adopts what is in DR', () => {
    const dr: Items = {
      vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
      'security-group': [group('sg-d1', 'vpc-d', 'web', mirrorOf('sg-1')), group('sg-d2', 'vpc-d', 'app')],
      'security-group-rule': [rule('sgr-d1', 'sg-d1', { referencedGroupId: 'sg-d2' })],
    };
    const adopted = (result: Plan) =>
      Object.fromEntries(result.resources.flatMap(({ name, adopt }) => (adopt ? [[name, adopt]] : [])));

    it('by its tag, and by what it is when a killed run left it without one', () => {
      expect(adopted(planned(source, dr))).to.deep.equal({
        'vpc/vpc-1': 'vpc-d',
        'security-group/sg-1': 'sg-d1',
        'security-group/sg-2': 'sg-d2',
        'security-group-rule/sgr-1': 'sgr-d1',
      });
    });

    it('but not what looks the same in a VPC that is not our mirror', () => {
      const foreign = {
        ...dr,
        vpc: [vpc('vpc-d', { tags: {} })],
        'security-group': [group('sg-x', 'vpc-d', 'web')],
      };
      expect(adopted(planned(source, foreign))).to.deep.equal({});
    });

    it('and refuses two that claim one source id', () => {
      const twice = {
        vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') }), vpc('vpc-e', { tags: mirrorOf('vpc-1') })],
      };
      expect(() => planned(source, twice)).to.throw(LifeboatError, 'vpc-d and vpc-e');
    });

    it('and of two that claim one source id, after a run that failed while the main table changed, the one in its place', () => {
      const table = (id: string, isMain: boolean, vpcId = 'vpc-d') => ({
        id,
        tags: mirrorOf('rtb-2'),
        vpcId,
        isMain,
      });
      const twice = {
        vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
        'route-table': [table('rtb-d1', true), table('rtb-d2', false)],
      };
      const asMain = planned(
        { vpc: [vpc('vpc-1')], 'route-table': [{ ...table('rtb-2', true, 'vpc-1'), tags: {} }] },
        twice,
      );
      expect(asMain.inDr.get('route-table/rtb-2')).to.equal('rtb-d1');
      const asOther = planned(
        { vpc: [vpc('vpc-1')], 'route-table': [{ ...table('rtb-2', false, 'vpc-1'), tags: {} }] },
        twice,
      );
      expect(asOther.inDr.get('route-table/rtb-2')).to.equal('rtb-d2');
    });

    it('but not what has to be replaced, nor what is made of it', () => {
      const inDr = {
        ...dr,
        subnet: [subnet('subnet-d', 'vpc-d', { tags: mirrorOf('subnet-1'), availabilityZoneId: 'euc1-az3' })],
      };
      expect(adopted(planned(source, inDr))).not.to.have.property('subnet/subnet-1');
      const group2 = [group('sg-d1', 'vpc-d', 'web', mirrorOf('sg-1'))].map((each) => ({
        ...each,
        description: 'other',
      }));
      const other = adopted(planned(source, { ...dr, 'security-group': group2 }));
      expect(other).to.have.keys(['vpc/vpc-1']);
    });

    it('under the name that its tag says it had, when the source made its object anew', () => {
      const again = { ...dr, 'security-group': [group('sg-d1', 'vpc-d', 'web', mirrorOf('sg-0'))] };
      const found = planned(source, again).resources.find(({ name }) => name === 'security-group/sg-1');
      expect(found).to.include({ adopt: 'sg-d1' });
      expect(found?.formerNames).to.deep.equal(['security-group/sg-0']);
    });

    it('and waits with a subnet whose range another one in DR still has', () => {
      const wide = subnet('subnet-d', 'vpc-d', { tags: mirrorOf('subnet-0'), cidrBlock: '10.0.0.0/20' });
      const { skipped } = planned(source, { ...dr, subnet: [wide] });
      expect(skipped).to.deep.include({
        name: 'subnet/subnet-1',
        reason: 'subnet-d in DR is in its way; it is made by the run after that one is gone',
      });
    });

    it('and names a rule in a mirrored group that stands for nothing in the source', () => {
      const open = rule('sgr-x', 'sg-d1', { cidrIpv4: '0.0.0.0/0' });
      const result = planned(source, { ...dr, 'security-group-rule': [open] });
      expect(result.notes.join()).to.contain('sgr-x in DR is in the mirror of security-group/sg-1');
    });

    it('but not in the run that removes one which the state holds', () => {
      const open = rule('sgr-x', 'sg-d1', { cidrIpv4: '0.0.0.0/0' });
      const state = new Map([['security-group-rule/sgr-0', 'sgr-x']]);
      const inDr = { ...dr, 'security-group-rule': [open] };
      const result = plan({ kinds: source, superseded: new Map() }, inDr, zones, PLAN_OPTIONS, state);
      expect(result.notes.join()).to.not.contain('sgr-x');
    });

    it('and takes out what AWS put into a group before a run was killed, where nothing else is in it', () => {
      const way = rule('sgr-x', 'sg-d1', { isEgress: true, ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' });
      const alone = planned(source, { ...dr, 'security-group-rule': [way] });
      expect(argsOf(alone, 'security-group/sg-1').egress).to.deep.equal([]);
      expect(argsOf(alone, 'security-group/sg-1')).not.to.have.property('ingress');
      const wanted = {
        ...source,
        'security-group-rule': [rule('sgr-1', 'sg-1', { isEgress: true, cidrIpv4: '10.0.0.0/8' })],
      };
      const other = rule('sgr-y', 'sg-d1', { isEgress: true, cidrIpv4: '10.0.0.0/8' });
      const mixed = planned(wanted, { ...dr, 'security-group-rule': [way, other] });
      expect(argsOf(mixed, 'security-group/sg-1')).not.to.have.property('egress');
      expect(mixed.notes.join()).to.contain('sgr-x in DR');
    });

    it('and knows an object by its former name when the source gave it a new id', () => {
      const result = planned(source, dr, new Map([['security-group/sg-0', 'sg-1']]));
      const renamed = result.resources.find(({ name }) => name === 'security-group/sg-1');
      expect(renamed?.formerNames).to.deep.equal(['security-group/sg-0']);
    });
  });
});
