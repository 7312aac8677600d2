import { expect } from 'chai';
import type { Items } from '../../inventory/inventory';
import { plan } from '../../inventory/plan';
import type { Plan } from '../../inventory/planned';
import { Ref } from '../../inventory/refs';
import type { VpcEndpoint } from '../../kinds/network/vpcEndpoint';
import { TAG } from '../../names';
import { instance, PLAN_OPTIONS, subnet, vpc } from './items';
import { argsOf, reason } from './kinds/planned';

const zones = { 'euw1-az1': 'euc1-az1' };
const SINCE = '2026-11-20T03:00:00.000Z';
const mirrorOf = (id: string) => ({ [TAG.sourceId]: id });

/** The plan of what the source shows and what is held, by the held ones' names. */
function planned(
  kinds: Items,
  held: readonly string[],
  dr: Items = {},
  state = new Map<string, string>(),
): Plan {
  const gone = Object.fromEntries(held.map((name) => [name, SINCE]));
  return plan({ kinds, gone, superseded: new Map() }, dr, zones, PLAN_OPTIONS, state);
}

const names = ({ resources }: Plan) => resources.map(({ name }) => name);

describe('what is held and what the source made anew', () => {
  describe('two subnets over one another', () => {
    const wide = subnet('subnet-0', 'vpc-1', { cidrBlock: '10.0.0.0/20' });
    const kinds = {
      vpc: [vpc('vpc-1')],
      subnet: [
        subnet('subnet-1', 'vpc-1', { cidrBlock: '10.0.0.0/21' }),
        subnet('subnet-2', 'vpc-1', { cidrBlock: '10.0.8.0/21' }),
        subnet('subnet-3', 'vpc-1', { cidrBlock: '10.0.16.0/21' }),
        wide,
      ],
    };

    it('the held one stays, and the new ones wait, with the way out, though DR has nothing', () => {
      const result = planned(kinds, ['subnet/subnet-0']);
      expect(names(result)).to.deep.equal(['vpc/vpc-1', 'subnet/subnet-0', 'subnet/subnet-3']);
      for (const id of ['subnet-1', 'subnet-2'])
        expect(reason(result, `subnet/${id}`)).to.equal(
          'it cannot be beside subnet/subnet-0, which is gone from the source and held; to let that go: npx lifeboat prune subnet/subnet-0',
        );
    });

    it('the same is said where DR has the held one', () => {
      const dr = {
        vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
        subnet: [{ ...wide, id: 'subnet-d', vpcId: 'vpc-d', tags: mirrorOf('subnet-0') }],
      };
      expect(reason(planned(kinds, ['subnet/subnet-0'], dr), 'subnet/subnet-1')).to.contain('lifeboat prune');
    });

    it('one that the mirror has already is never left out for a held one', () => {
      const state = new Map([['subnet/subnet-1', 'subnet-d']]);
      const dr = { subnet: [subnet('subnet-d', 'vpc-d', { cidrBlock: '10.0.0.0/21' })] };
      expect(names(planned(kinds, ['subnet/subnet-0'], dr, state))).to.include('subnet/subnet-1');
    });

    it('a held one of which nothing is made is in nobody’s way', () => {
      const { subnet: subnets } = kinds;
      const outposted = subnets.map((each) =>
        each === wide
          ? { ...wide, outpostArn: 'arn:aws:outposts:eu-west-1:111111111111:outpost/op-1' }
          : each,
      );
      expect(names(planned({ ...kinds, subnet: outposted }, ['subnet/subnet-0']))).to.include(
        'subnet/subnet-1',
      );
    });

    it('of two that share only an IPv6 range the new one does without it', () => {
      const six = { ipv6CidrBlock: '2001:db8::/64', assignIpv6AddressOnCreation: true };
      const result = planned(
        {
          vpc: [vpc('vpc-1')],
          subnet: [
            subnet('subnet-1', 'vpc-1', { cidrBlock: '10.0.1.0/24', ...six }),
            subnet('subnet-0', 'vpc-1', { cidrBlock: '10.0.0.0/24', ...six }),
          ],
        },
        ['subnet/subnet-0'],
      );
      expect(argsOf(result, 'subnet/subnet-0').ipv6CidrBlock).to.equal('2001:db8::/64');
      expect(argsOf(result, 'subnet/subnet-1')).to.include({
        ipv6CidrBlock: undefined,
        assignIpv6AddressOnCreation: false,
      });
      expect(result.notes.join()).to.contain('subnet/subnet-1 does without the IPv6 range 2001:db8::/64');
    });
  });

  it('two that came to the same place in DR do not adopt one object', () => {
    const range = (id: string) => ({
      id,
      tags: {},
      vpcId: 'vpc-1',
      cidrBlock: `2001:db8:${id}::/56`,
      position: 1,
    });
    const dr = {
      vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
      'vpc-ipv6-range': [{ ...range('d'), vpcId: 'vpc-d' }],
    };
    const kinds = { vpc: [vpc('vpc-1')], 'vpc-ipv6-range': [range('1'), range('2')] };
    const { resources } = planned(kinds, ['vpc-ipv6-range/1'], dr);
    expect(resources.map(({ name, adopt }) => [name, adopt])).to.deep.equal([
      ['vpc/vpc-1', 'vpc-d'],
      ['vpc-ipv6-range/1', 'd'],
      ['vpc-ipv6-range/2', undefined],
    ]);
  });

  it('two further ranges of a VPC over one another: the held one stays', () => {
    const range = (id: string, cidrBlock: string) => ({ id, tags: {}, vpcId: 'vpc-1', cidrBlock });
    const result = planned(
      {
        vpc: [vpc('vpc-1')],
        'vpc-ipv4-range': [range('assoc-1', '100.64.0.0/17'), range('assoc-0', '100.64.0.0/16')],
      },
      ['vpc-ipv4-range/assoc-0'],
    );
    expect(names(result)).to.deep.equal(['vpc/vpc-1', 'vpc-ipv4-range/assoc-0']);
    expect(reason(result, 'vpc-ipv4-range/assoc-1')).to.contain('prune vpc-ipv4-range/assoc-0');
  });

  describe('a reservation of the source', () => {
    const reservation = (id: string, cidr: string, subnetId = 'subnet-1') => ({
      id,
      tags: {},
      subnetId,
      cidr,
      reservationType: 'explicit',
      description: undefined,
    });
    const machine = instance('i-1', 'web', [], {
      addresses: [{ subnetId: 'subnet-1', address: '10.0.1.10' }],
    });
    const network = { vpc: [vpc('vpc-1')], subnet: [subnet('subnet-1', 'vpc-1')], instance: [machine] };
    const dr = {
      vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
      subnet: [subnet('subnet-d', 'vpc-d', { tags: mirrorOf('subnet-1'), availabilityZoneId: 'euc1-az1' })],
      'subnet-cidr-reservation': [reservation('scr-d', '10.0.1.10/32', 'subnet-d')],
    };
    const derived = 'subnet-cidr-reservation/subnet-1_10.0.1.10';

    it('takes the place of the one that was kept for a machine, which goes first', () => {
      const kinds = { ...network, 'subnet-cidr-reservation': [reservation('scr-1', '10.0.1.0/28')] };
      const first = planned(kinds, [], dr, new Map([[derived, 'scr-d']]));
      expect(names(first)).to.not.include(derived);
      expect(reason(first, 'subnet-cidr-reservation/scr-1')).to.contain('scr-d in DR is in its way');
      const next = planned(kinds, [], { ...dr, 'subnet-cidr-reservation': [] });
      expect(names(next)).to.include('subnet-cidr-reservation/scr-1').and.not.include(derived);
    });

    it('takes over the one that was kept for a machine where it is the same, which must not go with its old name', () => {
      const kinds = { ...network, 'subnet-cidr-reservation': [reservation('scr-1', '10.0.1.10/32')] };
      const result = planned(kinds, [], dr, new Map([[derived, 'scr-d']]));
      const [found] = result.resources.filter(({ type }) => type.includes('subnetCidrReservation'));
      expect([found?.name, found?.formerNames]).to.deep.equal(['subnet-cidr-reservation/scr-1', [derived]]);
      // The state has it already.
      expect(found?.adopt).to.equal(undefined);
      const settled = planned(kinds, [], dr, new Map([['subnet-cidr-reservation/scr-1', 'scr-d']]));
      expect(settled.resources.flatMap(({ formerNames }) => formerNames)).to.deep.equal([]);
    });

    it('waits for one that is held', () => {
      const kinds = {
        ...network,
        'subnet-cidr-reservation': [reservation('scr-1', '10.0.1.0/27'), reservation('scr-0', '10.0.1.0/28')],
      };
      const result = planned(kinds, ['subnet-cidr-reservation/scr-0']);
      expect(names(result)).to.include('subnet-cidr-reservation/scr-0');
      expect(reason(result, 'subnet-cidr-reservation/scr-1')).to.contain(
        'prune subnet-cidr-reservation/scr-0',
      );
    });
  });

  describe('gateway endpoints to one service', () => {
    const endpoint = (id: string, routeTableIds: string[], more: Partial<VpcEndpoint> = {}): VpcEndpoint => ({
      id,
      tags: {},
      endpointType: 'Gateway',
      vpcId: 'vpc-1',
      serviceName: 'com.amazonaws.<region>.s3',
      routeTableIds,
      ipAddressType: 'ipv4',
      policy: undefined,
      requesterManaged: false,
      ...more,
    });
    const table = (id: string, vpcId = 'vpc-1', tags = {}) => ({ id, tags, vpcId, isMain: false });
    const network = { vpc: [vpc('vpc-1')], 'route-table': [table('rtb-1'), table('rtb-2')] };
    const kinds = {
      ...network,
      'vpc-endpoint': [endpoint('vpce-1', ['rtb-1', 'rtb-2']), endpoint('vpce-0', ['rtb-1'])],
    };
    const NEW = 'vpc-endpoint/vpce-1';
    const dr = {
      vpc: [vpc('vpc-d', { tags: mirrorOf('vpc-1') })],
      'route-table': [
        table('rtb-d1', 'vpc-d', mirrorOf('rtb-1')),
        table('rtb-d2', 'vpc-d', mirrorOf('rtb-2')),
      ],
      'vpc-endpoint': [endpoint('vpce-d', ['rtb-d1'], { vpcId: 'vpc-d', tags: mirrorOf('vpce-0') })],
    };

    it('the new one does without the tables that lead to the held one, and says so', () => {
      for (const result of [
        planned(kinds, ['vpc-endpoint/vpce-0']),
        planned(kinds, ['vpc-endpoint/vpce-0'], dr),
        // It is in the mirror already: leaving it out would remove it.
        planned(kinds, ['vpc-endpoint/vpce-0'], dr, new Map([[NEW, 'vpce-d1']])),
      ]) {
        expect(argsOf(result, NEW).routeTableIds).to.deep.equal([new Ref('route-table/rtb-2')]);
        expect(argsOf(result, 'vpc-endpoint/vpce-0').routeTableIds).to.have.length(1);
        expect(result.notes.filter((note) => note.startsWith(NEW))).to.deep.equal([
          `${NEW} does without the route table rtb-1: it cannot be beside vpc-endpoint/vpce-0, which is gone from the source and held; to let that go: npx lifeboat prune vpc-endpoint/vpce-0`,
        ]);
      }
    });

    it('once the held one may go, takes its tables over in the run after that', () => {
      const pruned = { ...network, 'vpc-endpoint': [endpoint('vpce-1', ['rtb-1', 'rtb-2'])] };
      const first = planned(pruned, [], dr);
      expect(argsOf(first, NEW).routeTableIds).to.deep.equal([new Ref('route-table/rtb-2')]);
      expect(first.notes.join()).to.contain(
        'does without the route table rtb-1, which vpce-d in DR has; it follows in the run after that one is gone',
      );
      const next = planned(pruned, [], { ...dr, 'vpc-endpoint': [] });
      expect(argsOf(next, NEW).routeTableIds).to.have.length(2);
    });

    it('to another service, or of another sort, are nothing to one another', () => {
      for (const more of [{ serviceName: 'com.amazonaws.<region>.dynamodb' }, { vpcId: 'vpc-2' }]) {
        const other = { ...kinds, vpc: [vpc('vpc-1'), vpc('vpc-2')] };
        const both = [endpoint('vpce-1', ['rtb-1']), endpoint('vpce-0', ['rtb-1'], more)];
        const result = planned({ ...other, 'vpc-endpoint': both }, ['vpc-endpoint/vpce-0']);
        expect(argsOf(result, NEW).routeTableIds).to.have.length(1);
      }
    });
  });
});
