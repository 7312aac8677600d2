import {
  CreateRouteTableCommand,
  CreateSubnetCidrReservationCommand,
  CreateSubnetCommand,
  CreateVpcEndpointCommand,
  DeleteSubnetCommand,
  DeleteVpcEndpointsCommand,
  DescribeInstancesCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  GetSubnetCidrReservationsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { makeEstate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const WIDE = '10.10.128.0/20';
const HALVES = ['10.10.128.0/21', '10.10.136.0/21'];

/** What AWS allows only once, made anew in the source in another form while the mirror holds the former one. */
describe('what is made anew beside what is held, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let VpcId: string;
  let tables: string[];
  let machine: { subnet: string; address: string };

  before(async () => {
    stage = await Stage.open();
    const ec2 = stage.ec2(SOURCE);
    await makeEstate(ec2, stage.kms(SOURCE), SOURCE.account, DR.account);
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
    const found = Reservations.flatMap(({ Instances = [] }) => Instances)[0];
    VpcId = found?.VpcId ?? '';
    machine = { subnet: found?.SubnetId ?? '', address: found?.PrivateIpAddress ?? '' };
    tables = await Promise.all(
      [1, 2].map(
        async () => (await ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId ?? '',
      ),
    );
    await makeEndpoint(tables.slice(0, 1));
    await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: WIDE }));
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.up('.');
    await stage.config('guardShare', '100');
  });
  after(() => stage?.close());

  const makeEndpoint = (RouteTableIds: string[]) =>
    stage.ec2(SOURCE).send(
      new CreateVpcEndpointCommand({
        VpcId,
        ServiceName: `com.amazonaws.${SOURCE.region}.s3`,
        RouteTableIds,
      }),
    );
  const up = async (...more: string[]) => succeeded(await stage.pulumi('.', [...UP, ...more])).stdout;
  /** How many route tables lead to each endpoint in DR. */
  const endpoints = async () => {
    const { VpcEndpoints = [] } = await stage.ec2(DR).send(new DescribeVpcEndpointsCommand({}));
    return VpcEndpoints.map(({ RouteTableIds }) => RouteTableIds?.length).sort();
  };
  const reservations = async () => {
    const ec2 = stage.ec2(DR);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const lists = await Promise.all(
      Subnets.map(({ SubnetId }) => ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId }))),
    );
    return lists.flatMap(({ SubnetIpv4CidrReservations = [] }) =>
      SubnetIpv4CidrReservations.map(({ Cidr }) => Cidr),
    );
  };
  const subnets = async () => {
    const { Subnets = [] } = await stage.ec2(DR).send(new DescribeSubnetsCommand({}));
    return Subnets.map(({ CidrBlock }) => CidrBlock).filter(
      (cidr) => cidr && [WIDE, ...HALVES].includes(cidr),
    );
  };

  it('an endpoint that leads from the same tables does without those of the held one', async () => {
    const ec2 = stage.ec2(SOURCE);
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
    const VpcEndpointIds = VpcEndpoints.map(({ VpcEndpointId }) => VpcEndpointId ?? '');
    await ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds }));
    await makeEndpoint(tables);
    expect(await up())
      .to.contain('does without the route table')
      .and.contain('npx lifeboat prune vpc-endpoint/');
    expect(await endpoints()).to.deep.equal([1, 1]);
    await up('--expect-no-changes');
  });

  it('a reservation over the one that is kept for a machine is made once that one is gone', async () => {
    const block = machine.address.replace(/\d+$/, (last) => String(Number(last) & ~15));
    await stage.ec2(SOURCE).send(
      new CreateSubnetCidrReservationCommand({
        SubnetId: machine.subnet,
        Cidr: `${block}/28`,
        ReservationType: 'explicit',
      }),
    );
    expect(await reservations()).to.include(`${machine.address}/32`);
    expect(await up()).to.contain('in DR is in its way');
    await up();
    expect(await reservations())
      .to.include(`${block}/28`)
      .and.not.include(`${machine.address}/32`);
    await up('--expect-no-changes');
  });

  it('subnets over a held one wait for it, though the network was lost with the state', async () => {
    const ec2 = stage.ec2(SOURCE);
    const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
    const SubnetId = Subnets.find(({ CidrBlock }) => CidrBlock === WIDE)?.SubnetId;
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    for (const CidrBlock of HALVES) await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
    await robot(stage.ec2(DR));
    succeeded(await stage.pulumi('.', ['state', 'delete', '--all', '--force', '--yes', '--stack', 'dr']));
    expect(await up()).to.contain(`npx lifeboat prune subnet/${SubnetId}`);
    expect(await subnets()).to.deep.equal([WIDE]);
    expect(await endpoints()).to.deep.equal([1, 1]);
    await up('--expect-no-changes');
  });

  it('and all of it follows the source once that is wanted, in two runs at most', async () => {
    await stage.config('removals', 'follow');
    await up();
    await up();
    expect(await endpoints()).to.deep.equal([2]);
    expect((await subnets()).sort()).to.deep.equal(HALVES);
    await up('--expect-no-changes');
  });
});
