import { expect } from 'chai';
import { leftOfRecovery } from '../../../inventory/leftOfRecovery';
import type { ElasticIp } from '../../../kinds/network/elasticIp';
import { type NatGateway, natGateway } from '../../../kinds/network/natGateway';
import { instance, route, subnet, vpc } from '../items';
import { argsOf, planned, reason, recovering } from './planned';

const gateway = (id: string, more: Partial<NatGateway> = {}): NatGateway => ({
  id,
  tags: {},
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  connectivityType: 'public',
  availabilityMode: 'zonal',
  privateIp: '10.0.1.99',
  allocationId: 'eipalloc-1',
  furtherAddresses: [],
  ...more,
});
const inner = (id: string, more: Partial<NatGateway> = {}) =>
  gateway(id, { connectivityType: 'private', allocationId: undefined, ...more });
const address = (id: string, more: Partial<ElasticIp> = {}): ElasticIp => ({
  id,
  tags: {},
  publicIp: '192.0.2.1',
  networkInterfaceId: 'eni-1',
  networkBorderGroup: 'eu-west-1',
  ...more,
});
const network = {
  vpc: [vpc('vpc-1')],
  subnet: [subnet('subnet-1', 'vpc-1')],
  'internet-gateway': [{ id: 'igw-1', tags: {}, vpcId: 'vpc-1' }],
  'route-table': [{ id: 'rtb-1', tags: {}, vpcId: 'vpc-1', isMain: false }],
};
const lead = (...routes: ReturnType<typeof route>[]) => ({ ...network, route: routes });
const out = { ...network, 'elastic-ip': [address('eipalloc-1')], 'nat-gateway': [gateway('nat-1')] };
const ref = (name: string, property = 'id') => ({ name, property });

describe('NAT gateways', () => {
  it('wait for a recovery, and so do their addresses and the routes to them', () => {
    const result = planned({ ...out, route: [route('rtb-1', 'nat-1')] });
    const waiting = ['elastic-ip/eipalloc-1', 'nat-gateway/nat-1', 'route/rtb-1_0.0.0.0/0'];
    expect(result.atRecovery.map(({ name }) => name)).to.deep.equal(waiting);
    expect(result.skipped).to.deep.equal([]);
    const made = recovering({ ...out, route: [route('rtb-1', 'nat-1')] });
    expect(made.resources.filter(({ afterMachines }) => afterMachines).map(({ item }) => item)).to.deep.equal(
      waiting,
    );
    expect(made.atRecovery).to.deep.equal([]);
  });

  it('have an address without a machine, and come after the way out of their VPC', () => {
    const result = recovering({ ...out, route: [route('rtb-1', 'nat-1')] });
    expect(argsOf(result, 'elastic-ip/eipalloc-1')).to.not.have.property('instance');
    const args = argsOf(result, 'nat-gateway/nat-1');
    expect(args.allocationId).to.include(ref('elastic-ip/eipalloc-1'));
    expect(args.subnetId).to.include(ref('subnet/subnet-1'));
    expect(args).to.not.have.property('privateIp');
    const made = result.resources.find(({ name }) => name === 'nat-gateway/nat-1');
    expect(made?.after).to.include('internet-gateway/igw-1');
    expect(argsOf(result, 'route/rtb-1_0.0.0.0/0').natGatewayId).to.include(ref('nat-gateway/nat-1'));
  });

  it('that are private keep their address, and need no way out', () => {
    const { 'internet-gateway': _, ...closed } = network;
    const result = recovering({ ...closed, 'nat-gateway': [inner('nat-1')] });
    expect(argsOf(result, 'nat-gateway/nat-1')).to.include({ privateIp: '10.0.1.99' });
  });

  it('are not made, nor paid for in part, without a subnet, a way out or an address', () => {
    const { 'internet-gateway': _, ...closed } = out;
    const shut = recovering({ ...closed, route: [route('rtb-1', 'nat-1')] });
    for (const name of ['elastic-ip/eipalloc-1', 'nat-gateway/nat-1', 'route/rtb-1_0.0.0.0/0'])
      expect(reason(shut, name), name).to.contain('vpc-1 has no internet gateway');
    const outpost = subnet('subnet-1', 'vpc-1', { outpostArn: 'arn:outpost' });
    const away = recovering({ ...out, subnet: [outpost] });
    expect(reason(away, 'elastic-ip/eipalloc-1')).to.contain('subnet/subnet-1').and.contain('outpost');
    const moved = recovering({
      ...out,
      instance: [instance('i-1', 'web', [])],
      'elastic-ip': [address('eipalloc-1', { instanceId: 'i-1', privateIpAddress: '10.0.1.10' })],
    });
    expect(reason(moved, 'nat-gateway/nat-1')).to.contain('is on i-1 by now');
    expect(argsOf(moved, 'elastic-ip/eipalloc-1')).to.have.property('instance');
  });

  it('do without further addresses, and say so; regional ones are left out with theirs', () => {
    const result = recovering({
      ...out,
      'elastic-ip': [address('eipalloc-1'), address('eipalloc-2'), address('eipalloc-3')],
      'nat-gateway': [
        gateway('nat-1', { furtherAddresses: ['eipalloc-2'] }),
        gateway('nat-2', {
          availabilityMode: 'regional',
          subnetId: undefined,
          allocationId: 'eipalloc-3',
        }),
      ],
    });
    expect(result.notes.join('\n')).to.contain(
      'nat-gateway/nat-1 does without its further address eipalloc-2',
    );
    expect(reason(result, 'elastic-ip/eipalloc-2')).to.contain('a further address of the NAT gateway nat-1');
    expect(reason(result, 'elastic-ip/eipalloc-3')).to.contain('on the NAT gateway nat-2: it is regional');
    expect(reason(result, 'nat-gateway/nat-2')).to.contain('it is regional');
  });

  it('of a VPC that is not mirrored count for nothing, at rest either', () => {
    const result = planned({ ...out, vpc: [vpc('vpc-1', { isDefault: true })] });
    expect(reason(result, 'nat-gateway/nat-1')).to.contain('it is in vpc-1, which is not mirrored');
    expect(reason(result, 'elastic-ip/eipalloc-1')).to.contain('on the NAT gateway nat-1');
    expect(result.atRecovery).to.deep.equal([]);
  });

  it('are told by our tag alone in DR, and are other ones in another subnet', () => {
    const tagged = (id: string) => ({ 'lifeboat:source-id': id });
    const dr = (subnetId: string) => ({
      vpc: [vpc('vpc-d', { tags: tagged('vpc-1') })],
      subnet: [
        subnet('subnet-d', 'vpc-d', { tags: tagged('subnet-1'), availabilityZoneId: 'euc1-az1' }),
        subnet('subnet-e', 'vpc-d', { cidrBlock: '10.0.2.0/24', availabilityZoneId: 'euc1-az1' }),
      ],
      'nat-gateway': [
        inner('nat-d', { vpcId: 'vpc-d', subnetId, tags: tagged('nat-1') }),
        inner('nat-e', { vpcId: 'vpc-d', subnetId }),
      ],
    });
    const adopted = (subnetId: string) =>
      recovering({ ...network, 'nat-gateway': [inner('nat-1')] }, dr(subnetId)).resources.find(
        ({ name }) => name === 'nat-gateway/nat-1',
      )?.adopt;
    expect(adopted('subnet-d')).to.equal('nat-d');
    expect(adopted('subnet-e')).to.equal(undefined);
    expect(leftOfRecovery(dr('subnet-d')).others).to.deep.equal(['nat-gateway/nat-d']);
  });

  it('that are made anew on the address, or in the place, of another are that one', () => {
    const remade = (item: NatGateway) => natGateway.remade?.(item);
    expect(remade(gateway('nat-1'))).to.equal(remade(gateway('nat-2', { subnetId: 'subnet-2' })));
    expect(remade(inner('nat-1'))).to.equal(remade(inner('nat-2')));
    expect(remade(inner('nat-1'))).to.not.equal(remade(inner('nat-2', { privateIp: '10.0.1.98' })));
  });
});

describe('routes at a recovery', () => {
  it('lead to the one network interface of a recovered machine', () => {
    const web = instance('i-1', 'web', ['vol-1']);
    const result = recovering({ ...lead(route('rtb-1', 'i-1')), instance: [web] });
    expect(argsOf(result, 'route/rtb-1_0.0.0.0/0').networkInterfaceId).to.include(
      ref('instance/i-1', 'primaryNetworkInterfaceId'),
    );
    const several = recovering({
      ...lead(route('rtb-1', 'i-1')),
      instance: [instance('i-1', 'web', ['vol-1'], { networkInterfaces: 2 })],
    });
    expect(reason(several, 'route/rtb-1_0.0.0.0/0')).to.equal('i-1 has several network interfaces');
  });

  it('are skipped where they lead to what is never made, at rest too', () => {
    for (const [target, why] of [
      ['tgw-1', 'a transit gateway'],
      ['eni-1', 'a network interface of no machine'],
      ['vpce-1', 'an endpoint of a Gateway Load Balancer'],
    ] as const)
      for (const plan of [planned, recovering]) {
        const { skipped, atRecovery } = plan(lead(route('rtb-1', target)));
        expect(skipped).to.deep.equal([
          { name: 'route/rtb-1_0.0.0.0/0', reason: `it leads to ${why}, which is not mirrored` },
        ]);
        expect(atRecovery).to.deep.equal([]);
      }
  });

  it('stop no recovery where they lead to what is gone, or what no look-up saw', () => {
    const [gone, unseen] = [{ isBlackhole: true }, {}].map((more) =>
      recovering(lead(route('rtb-1', 'nat-9', '0.0.0.0/0', more))),
    );
    expect(gone && reason(gone, 'route/rtb-1_0.0.0.0/0')).to.contain('gone, in the source too');
    expect(unseen && reason(unseen, 'route/rtb-1_0.0.0.0/0')).to.equal(
      'it needs nat-gateway/nat-9, which the source does not have',
    );
  });
});
