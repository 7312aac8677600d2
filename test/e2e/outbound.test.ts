import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteTableCommand,
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  DeleteNatGatewayCommand,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
  type NatGateway,
  type Route,
  waitUntilNatGatewayAvailable,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Estate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, SOURCE, type Stage, succeeded } from '../../scripts/demo/stage';
import { RecoveryWorld } from './recoveryWorld';

/** What recovered machines reach the world and AWS by, with every policy enforced and the source dead. */
describe('the ways out, at a recovery', function () {
  this.timeout(600_000);
  let world: RecoveryWorld;
  let stage: Stage;
  /** The source's, which DR has to find the mirrors of. */
  let subnetOfGateway: string;

  const named = ({ Tags = [] }: { Tags?: { Key?: string; Value?: string }[] }) =>
    Tags.find(({ Key }) => Key === 'Name')?.Value;

  /** Of DR: all that is billed and leads out. */
  const made = async () => {
    const ec2 = stage.ec2(DR);
    const { NatGateways = [] } = await ec2.send(
      new DescribeNatGatewaysCommand({ Filter: [{ Name: 'state', Values: ['pending', 'available'] }] }),
    );
    const { Addresses = [] } = await ec2.send(new DescribeAddressesCommand({}));
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({}));
    const routes = RouteTables.flatMap(({ Routes = [] }) => Routes).filter(
      ({ NatGatewayId, InstanceId }) => NatGatewayId ?? InstanceId,
    );
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
    return { gateways: NatGateways, addresses: Addresses, routes, endpoints: VpcEndpoints };
  };
  const counts = async () =>
    Object.fromEntries(Object.entries(await made()).map(([name, all]) => [name, all.length]));
  const NOTHING = { gateways: 0, addresses: 0, routes: 0, endpoints: 0 };
  const ALL = { gateways: 2, addresses: 1, routes: 3, endpoints: 1 };
  const POLICY = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"ssm:*","Resource":"*"}]}';

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      await makeWaysOut(estate);
    });
  });
  after(() => world?.close());

  async function makeWaysOut(estate: Estate): Promise<void> {
    const source = stage.ec2(SOURCE);
    const tags = (ResourceType: 'natgateway' | 'route-table' | 'elastic-ip', Value: string) => [
      { ResourceType, Tags: [{ Key: 'Name', Value }] },
    ];
    const { AllocationId } = await source.send(
      new AllocateAddressCommand({ Domain: 'vpc', TagSpecifications: tags('elastic-ip', 'out') }),
    );
    subnetOfGateway = estate.subnets['shop-a'];
    const open = await source.send(
      new CreateNatGatewayCommand({
        SubnetId: subnetOfGateway,
        AllocationId,
        TagSpecifications: tags('natgateway', 'out'),
      }),
    );
    const inner = await source.send(
      new CreateNatGatewayCommand({
        SubnetId: estate.subnets['shop-b'],
        ConnectivityType: 'private',
        PrivateIpAddress: '10.10.2.200',
        TagSpecifications: tags('natgateway', 'inner'),
      }),
    );
    const ids = [open, inner].map(({ NatGateway }) => NatGateway?.NatGatewayId ?? '');
    await waitUntilNatGatewayAvailable(
      { client: source, maxWaitTime: 60, minDelay: 1 },
      { NatGatewayIds: ids },
    );
    const { RouteTable } = await source.send(
      new CreateRouteTableCommand({
        VpcId: estate.vpcs.shop,
        TagSpecifications: tags('route-table', 'inside'),
      }),
    );
    const RouteTableId = RouteTable?.RouteTableId;
    const lead = (DestinationCidrBlock: string, to: Partial<CreateRouteCommandInput>) =>
      source.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock, ...to }));
    await lead('0.0.0.0/0', { NatGatewayId: ids[0] });
    await lead('192.168.0.0/16', { NatGatewayId: ids[1] });
    await lead('172.20.0.0/16', { InstanceId: estate.instances['SHOP-APP'] });
    await source.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId: estate.subnets['shop-c'] }));
    const VpcId = estate.vpcs.shop;
    await source.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    const endpoint = (ServiceName: string, input: Partial<CreateVpcEndpointCommandInput>) =>
      source.send(
        new CreateVpcEndpointCommand({
          ...{ VpcId, ServiceName, VpcEndpointType: 'Interface' },
          SecurityGroupIds: [estate.groups.app],
          ...input,
        }),
      );
    await endpoint('com.amazonaws.eu-west-1.ssm', {
      SubnetIds: [estate.subnets['shop-a'], estate.subnets['shop-c']],
      PolicyDocument: POLICY,
    });
    await endpoint('com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0', {
      SubnetIds: [estate.subnets['shop-a']],
      PrivateDnsEnabled: false,
    });
  }

  it('are not there at rest', async () => {
    expect(await counts()).to.deep.equal(NOTHING);
  });

  it('are made of what was accepted, after the machines', async () => {
    await robot(stage.ec2(SOURCE));
    await world.recovered();
    expect(await counts()).to.deep.equal(ALL);
    const { gateways, addresses, routes } = await made();
    const gateway = (name: string) => gateways.find((each) => named(each) === name) as NatGateway;
    const to = (range: string) =>
      routes.find(({ DestinationCidrBlock }) => DestinationCidrBlock === range) as Route;
    const [own] = gateway('out').NatGatewayAddresses ?? [];
    expect(own?.AllocationId).to.equal(addresses[0]?.AllocationId);
    const { Subnets } = await stage
      .ec2(DR)
      .send(new DescribeSubnetsCommand({ SubnetIds: [gateway('out').SubnetId ?? ''] }));
    expect(Subnets?.[0]?.Tags).to.deep.include({ Key: 'lifeboat:source-id', Value: subnetOfGateway });
    expect(gateway('inner')).to.include({ ConnectivityType: 'private' });
    expect(gateway('inner').NatGatewayAddresses?.[0]?.PrivateIp).to.equal('10.10.2.200');
    expect(to('0.0.0.0/0')).to.include({ NatGatewayId: gateway('out').NatGatewayId, State: 'active' });
    expect(to('192.168.0.0/16').NatGatewayId).to.equal(gateway('inner').NatGatewayId);
    expect(to('172.20.0.0/16').State).to.equal('active');
    const [endpoint] = (await made()).endpoints;
    expect(endpoint).to.include({ ServiceName: `com.amazonaws.${DR.region}.ssm`, PrivateDnsEnabled: true });
    expect(endpoint?.SubnetIds).to.have.length(2);
    expect(endpoint?.Groups?.map(({ GroupName }) => GroupName)).to.deep.equal(['app']);
    expect(JSON.parse(endpoint?.PolicyDocument ?? '')).to.deep.equal(JSON.parse(POLICY));
  });

  it('are not changed by a second run, nor by a refresh', async () => {
    await world.expectNothingToDo();
  });

  it('are found again when the state is lost', async () => {
    const ids = async () => {
      const { gateways, addresses, endpoints } = await made();
      return [
        ...endpoints.map(({ VpcEndpointId }) => VpcEndpointId),
        ...gateways.map(({ NatGatewayId }) => NatGatewayId),
        ...addresses.map(({ AllocationId }) => AllocationId),
      ].sort();
    };
    await world.expectFoundAgain(ids);
    expect(await counts()).to.deep.equal(ALL);
  });

  it('go when the recovery is ended', async () => {
    expect(await world.ended())
      .to.contain('nat-gateway/')
      .and.contain('elastic-ip/')
      .and.contain('vpc-endpoint/');
    expect(await counts()).to.deep.equal(NOTHING);
    succeeded(await world.up('--expect-no-changes'));
  });

  it('stop a run at rest when one is there all the same', async () => {
    const ec2 = stage.ec2(DR);
    const tags = (ResourceType: 'natgateway' | 'vpc-endpoint', Value: string) => [
      { ResourceType, Tags: [{ Key: 'lifeboat:source-id', Value }] },
    ];
    const { SubnetId, VpcId } = await mirrorOfSubnet();
    const { NatGateway: left } = await ec2.send(
      new CreateNatGatewayCommand({
        SubnetId,
        ConnectivityType: 'private',
        TagSpecifications: tags('natgateway', 'nat-0123456789abcdef0'),
      }),
    );
    expect(await world.refusedAtRest()).to.contain('nat-gateway/nat-');
    await ec2.send(new DeleteNatGatewayCommand({ NatGatewayId: left?.NatGatewayId }));
    await ec2.send(
      new CreateVpcEndpointCommand({
        ...{ VpcId, ServiceName: `com.amazonaws.${DR.region}.ssm`, VpcEndpointType: 'Interface' },
        TagSpecifications: tags('vpc-endpoint', 'vpce-0123456789abcdef0'),
      }),
    );
    expect(await world.refusedAtRest())
      .to.contain('vpc-endpoint/vpce-')
      .and.not.contain('nat-gateway/');
  });

  it('are made by nobody who is not to recover', async () => {
    const { SubnetId, VpcId } = await mirrorOfSubnet();
    const thief = new EC2Client({
      ...stage.client(DR),
      credentials: {
        accessKeyId: world.run.AWS_ACCESS_KEY_ID ?? '',
        secretAccessKey: world.run.AWS_SECRET_ACCESS_KEY ?? '',
        sessionToken: world.run.AWS_SESSION_TOKEN,
      },
    });
    const attempts = [
      new CreateVpcEndpointCommand({
        ...{ VpcId, ServiceName: `com.amazonaws.${DR.region}.ec2`, VpcEndpointType: 'Interface' },
        SubnetIds: [SubnetId ?? ''],
      }),
      new CreateNatGatewayCommand({ SubnetId, ConnectivityType: 'private' }),
    ];
    for (const attempt of attempts) {
      const refused = await thief.send(attempt as CreateNatGatewayCommand).catch(({ name }) => name);
      expect(refused).to.equal('UnauthorizedOperation');
    }
  });

  async function mirrorOfSubnet() {
    const { Subnets } = await stage.ec2(DR).send(
      new DescribeSubnetsCommand({
        Filters: [{ Name: 'tag:lifeboat:source-id', Values: [subnetOfGateway] }],
      }),
    );
    return { SubnetId: Subnets?.[0]?.SubnetId, VpcId: Subnets?.[0]?.VpcId };
  }
});
