import {
  AllocateAddressCommand,
  AssociateRouteTableCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteTableCommand,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  type NatGateway,
  type Route,
  waitUntilNatGatewayAvailable,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

/** What recovered machines reach the world and AWS by, with every policy enforced and the source dead. */
describe('the ways out, at a recovery', function () {
  this.timeout(600_000);
  let stage: Stage;
  let estate: Estate;
  let recover: Record<string, string>;
  /** The source's, which DR has to find the mirrors of. */
  let subnetOfGateway: string;

  const engine = (...args: string[]) => stage.pulumi('.', args, { env: recover });
  const said = ({ stdout, stderr }: Finished) => stdout + stderr;
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
    return { gateways: NatGateways, addresses: Addresses, routes };
  };
  const counts = async () =>
    Object.fromEntries(Object.entries(await made()).map(([name, all]) => [name, all.length]));
  const NOTHING = { gateways: 0, addresses: 0, routes: 0 };
  const ALL = { gateways: 2, addresses: 1, routes: 3 };

  before(async () => {
    stage = await Stage.open();
    await stage.emulator.config({ copyMiBps: 200 * 1024 });
    estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await makeWaysOut();
    await stage.up('vault', { env: stage.root(DR) });
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    for (const { errors } of await stage.emulator.runDlm()) expect(errors).to.deep.equal([]);
    await stage.emulator.config({ enforceIam: true });
    const run = await stage.role('lifeboat-run');
    succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
    succeeded(await stage.pulumi('.', UP, { env: run }));
    succeeded(await stage.lifeboat(['copy-snapshots', '--poll-seconds', '2'], { env: run }));
    recover = await stage.role('lifeboat-recover');
  });
  after(() => stage?.close());

  async function makeWaysOut(): Promise<void> {
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
  }

  it('are not there at rest', async () => {
    expect(await counts()).to.deep.equal(NOTHING);
  });

  it('are made of what was accepted, after the machines', async () => {
    await robot(stage.ec2(SOURCE));
    await stage.loseSource();
    await stage.config('recover', 'true');
    succeeded(await engine(...UP));
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
  });

  it('are not changed by a second run, nor by a refresh', async () => {
    succeeded(await engine(...UP, '--expect-no-changes'));
    succeeded(await engine('preview', '--refresh', '--stack', 'dr', '--expect-no-changes'));
  });

  it('are found again when the state is lost', async () => {
    const ids = async () => {
      const { gateways, addresses } = await made();
      return [
        ...gateways.map(({ NatGatewayId }) => NatGatewayId),
        ...addresses.map(({ AllocationId }) => AllocationId),
      ].sort();
    };
    const before = await ids();
    succeeded(await engine('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr'));
    succeeded(await engine('stack', 'init', 'dr'));
    succeeded(await engine(...UP));
    expect(await ids()).to.deep.equal(before);
    expect(await counts()).to.deep.equal(ALL);
    succeeded(await engine(...UP, '--expect-no-changes'));
  });

  it('go when the recovery is ended', async () => {
    const ended = succeeded(await stage.lifeboat(['stand-down', '--confirm', DR.account], { env: recover }));
    expect(ended.stderr).to.contain('nat-gateway/').and.contain('elastic-ip/');
    expect(await counts()).to.deep.equal(NOTHING);
    await stage.config('inventory', 'saved');
    succeeded(await engine(...UP, '--expect-no-changes'));
  });

  it('stop a run at rest when one is there all the same', async () => {
    const ec2 = stage.ec2(DR);
    const { Subnets } = await ec2.send(
      new DescribeSubnetsCommand({
        Filters: [{ Name: 'tag:lifeboat:source-id', Values: [subnetOfGateway] }],
      }),
    );
    const tags = [
      {
        ResourceType: 'natgateway' as const,
        Tags: [{ Key: 'lifeboat:source-id', Value: 'nat-0123456789abcdef0' }],
      },
    ];
    await ec2.send(
      new CreateNatGatewayCommand({
        SubnetId: Subnets?.[0]?.SubnetId,
        ConnectivityType: 'private',
        TagSpecifications: tags,
      }),
    );
    const refused = await engine(...UP);
    expect(refused.code).to.not.equal(0);
    expect(said(refused)).to.contain('no recovery is active').and.contain('nat-gateway/nat-');
  });
});
