import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  DeleteSubnetCommand,
  DescribeRouteTablesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { accept, allowIn, makeSmallEstate, type SmallEstate, writeAccepted } from './guardWorld';
import { DR, SOURCE, startWorld, type World, writeSettings } from './world';

describe('lifeboat guard', function () {
  this.timeout(120_000);
  let world: World;
  let estate: SmallEstate;

  before(async () => {
    world = await startWorld();
    estate = await makeSmallEstate(world.source.ec2);
  });
  after(() => world.stop());

  it('shows the baseline before the first run', async () => {
    const rule = await allowIn(world.source.ec2, estate.group, '0.0.0.0/0', 80);
    const ran = await world.run(['guard']);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout)
      .to.contain('Nothing was accepted yet')
      .and.contain('Nothing would stop the next run')
      .and.contain(`security-group-rule/${rule}`)
      .and.contain('lets 0.0.0.0/0 in on tcp 80');
  });

  it('says that nothing stops when nothing does, and makes no changing call in either account', async () => {
    await accept(world);
    const ours = await world.mutations(DR.account);
    const theirs = await world.mutations(SOURCE.account);
    const ran = await world.run(['guard']);
    expect([ran.code, ran.stdout, ran.stderr]).to.deep.equal([0, 'Nothing would stop the next run.\n', '']);
    expect(await world.mutations(DR.account)).to.deep.equal(ours);
    expect(await world.mutations(SOURCE.account)).to.deep.equal(theirs);
  });

  it('shows what would stop, with the command that allows it, and exits with 1', async () => {
    const rule = await allowIn(world.source.ec2, estate.group, '0.0.0.0/0', 22);
    await world.source.ec2.send(new DeleteSubnetCommand({ SubnetId: estate.subnets[0] }));
    const ran = await world.run(['guard']);
    expect(ran.code).to.equal(1);
    expect(ran.stdout).to.contain(`security-group-rule/${rule}`).and.contain(`subnet/${estate.subnets[0]}`);
    const [, value = ''] = /config set lifeboat:allow "(.*)" --stack dr/.exec(ran.stdout) ?? [];
    expect(value).to.contain(rule);

    const json = JSON.parse((await world.run(['guard', '--json'])).stdout);
    expect(json.stops.map(({ name }: { name: string }) => name)).to.deep.equal([
      `security-group-rule/${rule}`,
    ]);
    const gone = json.tombstones.map(({ name }: { name: string }) => name);
    expect(gone).to.include(`subnet/${estate.subnets[0]}`);
    expect(json.command).to.contain(value);

    writeSettings(world.dir, { allow: value });
    const allowed = await world.run(['guard']);
    expect(allowed.code, allowed.stdout).to.equal(0);
    expect(allowed.stdout)
      .to.contain('Nothing would stop')
      .and.match(new RegExp(`allowed.*\\n.*\\n.*${rule}`));

    await accept(world);
    expect((await world.run(['guard'])).stdout)
      .to.contain('warning: lifeboat:allow')
      .and.contain('applied already');
    writeSettings(world.dir);
  });

  it('shows each subnet that a new route opens, though the route alone is none of its own', async () => {
    await accept(world);
    const { ec2 } = world.source;
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    const GatewayId = InternetGateway?.InternetGatewayId ?? '';
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId: estate.vpc }));
    const { RouteTables } = await ec2.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [estate.vpc] }] }),
    );
    const route = { RouteTableId: RouteTables?.[0]?.RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
    await ec2.send(new CreateRouteCommand({ ...route, GatewayId }));
    const { stops } = JSON.parse((await world.run(['guard', '--json'])).stdout);
    expect(stops.map(({ name, why }: { name: string; why: string }) => [name, why])).to.have.deep.members(
      estate.subnets
        .slice(1)
        .map((id) => [
          `subnet/${id}`,
          `the internet reaches it now: ${route.RouteTableId} leads to the gateway ${GatewayId}`,
        ]),
    );
    await ec2.send(new DeleteRouteCommand(route));
  });

  it('tells since when a tombstone is gone', async () => {
    const { kinds } = await accept(world);
    const gone = { ...kinds.subnet?.[0], id: 'subnet-gone', tags: {}, cidrBlock: '10.10.77.0/24' };
    await accept(world, {
      kinds: { ...kinds, subnet: [...(kinds.subnet ?? []), gone] },
      gone: { 'subnet/subnet-gone': '2026-01-01T00:00:00.000Z' },
    });
    const ran = await world.run(['guard'], 'dr', { now: () => new Date('2026-01-11T02:00:00Z') });
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.match(/subnet\/subnet-gone +│ 2026-01-01T00:00:00.000Z │ 10d 2h/);
  });

  it('refuses what it cannot hold the source against', async () => {
    await writeAccepted(world, '{"format":"lifeb');
    const ran = await world.run(['guard']);
    expect([ran.code, ran.stdout]).to.deep.equal([1, '']);
    expect(ran.stderr).to.contain('is damaged');
  });
});
