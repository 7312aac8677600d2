import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSnapshotsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { PROBE_TAG } from '../../../inventory/probes';
import { WAVE_TAG } from '../../../inventory/waves';
import { tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import { DR, type Finished, powerCut, SOURCE, type Stage, succeeded } from '../../../scripts/demo/stage';
import type { DrillReport } from '../../../scripts/drill/report';
import { draw } from '../browser';
import { RecoveryWorld } from '../recoveryWorld';
import { everythingInDr } from './inDr';

const WAVES = { 'SHOP-DB': 'shop/1', 'SHOP-APP': 'shop/2', 'SHOP-WEB': 'shop/3' };
/** Of SHOP-DB, in the demo's estate. */
const DB_ADDRESS = '10.10.3.30';
/** AWS's limit of the vCPUs of standard machines: a new account has five. */
const VCPUS = 'L-1216C47A';
const MACHINES = ['FILES', 'SHOP-APP', 'SHOP-DB', 'SHOP-WEB'];

/** The real engine on the demo's estate, in a sealed network beside the mirror, with every policy enforced. */
describe('lifeboat drill', function () {
  this.timeout(1_200_000);
  let world: RecoveryWorld;
  let stage: Stage;
  let atRest: Awaited<ReturnType<typeof everythingInDr>>;

  const drill = (args: string[], onOutput?: (text: string) => void): Promise<Finished> =>
    stage.lifeboat(['drill', '--confirm', DR.account, '--poll-seconds', '0.5', ...args], {
      env: world.recover,
      ...(onOutput && { onOutput }),
    });

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      for (const [name, wave] of Object.entries(WAVES))
        await stage.ec2(SOURCE).send(
          new CreateTagsCommand({
            Resources: [estate.instances[name] ?? ''],
            Tags: [
              { Key: WAVE_TAG, Value: wave },
              // Nobody opens it; a drill asks none.
              { Key: PROBE_TAG, Value: '5432' },
            ],
          }),
        );
    });
    atRest = await everythingInDr(stage);
  });
  after(() => world?.close());

  it('refuses what the account may not hold, before anything is made', async () => {
    const { code, stderr } = await drill([]);
    expect(code).to.equal(1);
    expect(stderr)
      .to.contain('does not fit into what the DR account may hold')
      .and.contain('need 8, quota 5');
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
    await stage.emulator.config({ quotas: { [VCPUS]: 64 } });
  });

  it('refuses what it may not cost, what it cannot wait, and whom nobody has confirmed, and makes nothing', async () => {
    const dear = await drill(['--most-usd', '0.01']);
    expect(dear.code).to.equal(1);
    expect(dear.stderr).to.contain('may cost more than it is allowed to').and.contain('at most 0.01 USD');
    const wrong = await drill(['--ttl', '1441']);
    expect(wrong.stderr).to.contain('--ttl').and.contain('got:      1441');
    const other = await stage.lifeboat(['drill', '--confirm', SOURCE.account], { env: world.recover });
    expect(other.code).to.equal(1);
    expect(other.stderr).to.contain('That is not the name of the DR account');
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
  });

  it('shows what it would launch and what that may cost, and makes nothing', async () => {
    const { code, stdout, stderr } = await drill(['--dry-run']);
    expect(code, stderr).to.equal(0);
    const names = [...stdout.matchAll(/(SHOP-\w+|FILES)/g)].map(([name]) => name);
    expect(names).to.deep.equal(['SHOP-DB', 'SHOP-APP', 'SHOP-WEB', 'FILES']);
    expect(stdout).to.not.contain('port');
    expect(stdout).to.match(/At most \d+\.\d\d USD: \d+ vCPUs and \d+ GiB for 120 minutes/);
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
  });

  it('brings all machines up in a sealed network that the mirror does not see, and leaves nothing', async () => {
    await stage.emulator.config({ launches: { [DB_ADDRESS]: 'impaired' } });
    let meanwhile: Promise<void> | undefined;
    const reports = path.join(stage.directory, 'reports');
    const finished = await drill(['--json', '--report', reports], (text) => {
      if (meanwhile === undefined && text.includes('waiting for SHOP-DB')) meanwhile = beside();
    });
    await meanwhile;
    expect(meanwhile).to.not.equal(undefined);
    expect(finished.code, finished.stdout + finished.stderr).to.equal(0);
    const report: DrillReport = JSON.parse(finished.stdout);
    expect(report.machines.map(({ name }) => name).sort()).to.deep.equal(MACHINES);
    expect(new Set(report.machines.map(({ outcome }) => outcome))).to.deep.equal(new Set(['ready']));
    expect(report.recoverSeconds).to.be.above(0);
    expect(finished.stdout).to.not.contain('"probe"');
    const { calls } = await stage.emulator.state();
    expect(Object.keys(calls).filter((call) => /lambda.(Create|Invoke)/.test(call))).to.deep.equal([]);
    expect(report.left).to.deep.equal([]);
    // The engine's own destroy was whole.
    expect(report.swept).to.deep.equal([]);
    expect(report.criticalPath.flatMap(({ machine = [] }) => machine)).to.include('SHOP-DB');
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
    expect(JSON.parse(readFileSync(path.join(reports, `drill-${report.id}.json`), 'utf8'))).to.deep.equal(
      report,
    );
  });

  it('leaves a page that a browser draws, light and dark', async () => {
    const [file = ''] = readdirSync(path.join(stage.directory, 'reports')).filter((name) =>
      name.endsWith('.html'),
    );
    const page = path.join(stage.directory, 'reports', file);
    const [light, dark] = [await draw(page), await draw(page, { isDark: true })];
    for (const { dom, width, height, colours } of [light, dark]) {
      expect([width, height]).to.deep.equal([1200, 1600]);
      // Blank paper is one colour; text and bars have hundreds of shades.
      expect(colours).to.be.above(200);
      expect(dom).to.contain('All 4 machines came up').and.contain('Nothing was left behind.');
      for (const name of MACHINES) expect(dom).to.contain(name);
      expect(dom.match(/<rect class="checks"/g)).to.have.length(MACHINES.length);
    }
    expect(Math.min(...light.paper)).to.be.above(200);
    expect(Math.max(...dark.paper)).to.be.below(60);
  });

  it('is what status tells the time to recover from', async () => {
    const { stdout } = await stage.lifeboat(['status'], { env: world.run });
    expect(stdout).to.match(/Last drill: .* ago, .* to recover 4 machines\./);
  });

  it('ended by a signal, it removes what it has made', async () => {
    await stage.emulator.config({ launches: { [DB_ADDRESS]: 'impaired' } });
    let child: { kill(signal: 'SIGTERM'): boolean } | undefined;
    const finished = await stage.lifeboat(['drill', '--confirm', DR.account, '--poll-seconds', '0.5'], {
      env: world.recover,
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        if (text.includes('waiting for SHOP-DB')) child?.kill('SIGTERM');
      },
    });
    await stage.emulator.config({ launches: {} });
    expect(finished.code).to.equal(1);
    expect(finished.stdout).to.contain('ended before its time: stopped by SIGTERM');
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
  });

  it('killed, its machines are ended by AWS when its time is up, and a sweep removes the rest', async () => {
    await stage.emulator.config({ launches: { [DB_ADDRESS]: 'impaired' } });
    let child: Parameters<typeof powerCut>[0];
    await stage.lifeboat(['drill', '--confirm', DR.account, '--poll-seconds', '0.5', '--ttl', '60'], {
      env: world.recover,
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        if (text.includes('waiting for SHOP-DB')) powerCut(child);
      },
    });
    await stage.emulator.config({ launches: {} });
    const left = await everythingInDr(stage);
    expect(left.instances).to.have.length(1);
    expect(left.schedules).to.have.length(1);
    await stage.emulator.advance(3700);
    const later = await everythingInDr(stage);
    expect([later.instances, later.schedules]).to.deep.equal([[], []]);
    const { schedules } = await stage.emulator.state();
    expect(schedules.at(-1)).to.deep.include({ ended: left.instances, problems: [] });
    // The provider tags an image only after it has made it, and may be killed between.
    const { Snapshots = [] } = await stage.ec2(DR).send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
    const Ebs = { SnapshotId: Snapshots[0]?.SnapshotId };
    await stage.ec2(DR).send(
      new RegisterImageCommand({
        Name: `${left.schedules?.[0]?.replace('lifeboat-drill-', 'lifeboat drill ')} i-0 no-tags`,
        RootDeviceName: '/dev/xvda',
        VirtualizationType: 'hvm',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs }],
      }),
    );
    // Credentials last an hour.
    const env = await stage.role('lifeboat-recover');
    const swept = succeeded(
      await stage.lifeboat(['drill', '--sweep', '--json', '--poll-seconds', '0.5'], { env }),
    );
    expect(JSON.parse(swept.stdout).left).to.deep.equal([]);
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
  });

  /** What holds while a machine of the drill runs and waits; then that one is let go on. */
  async function beside(): Promise<void> {
    try {
      await expectSealed();
      const run = { env: world.run };
      const up = ['up', '--yes', '--skip-preview', '--stack', 'dr', '--expect-no-changes'];
      succeeded(await stage.pulumi('.', up, run));
      const status = await stage.lifeboat(['status', '--json'], run);
      expect(status.stdout).to.contain('SHOP-DB');
      expect(status.stdout + status.stderr).to.not.contain('drill is');
      const down = await stage.lifeboat(['stand-down', '--confirm', DR.account], { env: world.recover });
      expect(down.stdout + down.stderr).to.match(/No (machine|recovery)|no recovery|not active|nothing/i);
      const second = await drill([]);
      expect(second.code).to.equal(1);
      expect(second.stderr).to.contain('Another drill is running');
    } finally {
      await stage.emulator.config({ launches: {} });
    }
  }

  async function expectSealed(): Promise<void> {
    const ec2 = stage.ec2(DR);
    const { Vpcs = [] } = await ec2.send(
      new DescribeVpcsCommand({ Filters: [{ Name: 'tag-key', Values: [TAG.drill] }] }),
    );
    expect(Vpcs).to.have.length(2);
    const ids = Vpcs.map(({ VpcId = '' }) => VpcId);
    for (const VpcId of ids) {
      const dns = { VpcId, Attribute: 'enableDnsSupport' } as const;
      const { EnableDnsSupport } = await ec2.send(new DescribeVpcAttributeCommand(dns));
      expect(EnableDnsSupport?.Value).to.equal(false);
    }
    const within = { Filters: [{ Name: 'vpc-id', Values: ids }] };
    const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand(within));
    expect(RouteTables.length).to.be.at.least(2);
    const gateways = RouteTables.flatMap(({ Routes = [] }) => Routes.map(({ GatewayId }) => GatewayId));
    expect(new Set(gateways)).to.deep.equal(new Set(['local']));
    const attached = { Filters: [{ Name: 'attachment.vpc-id', Values: ids }] };
    expect((await ec2.send(new DescribeInternetGatewaysCommand(attached))).InternetGateways).to.deep.equal(
      [],
    );
    expect((await ec2.send(new DescribeVpcEndpointsCommand(within))).VpcEndpoints).to.deep.equal([]);
    const { VpcPeeringConnections = [] } = await ec2.send(new DescribeVpcPeeringConnectionsCommand({}));
    for (const { AccepterVpcInfo, RequesterVpcInfo } of VpcPeeringConnections)
      for (const info of [AccepterVpcInfo, RequesterVpcInfo]) expect(ids).to.not.include(info?.VpcId);
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand(within));
    const machines = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(machines).to.not.have.length(0);
    for (const { IamInstanceProfile, PublicIpAddress, Tags } of machines) {
      expect([IamInstanceProfile, PublicIpAddress || undefined]).to.deep.equal([undefined, undefined]);
      expect(tagRecord(Tags)).to.include.keys(TAG.drill, TAG.sourceId, TAG.recoveryPoint);
    }
  }
});
