import { CreateTagsCommand, DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import { WAVE_TAG } from '../../../inventory/waves';
import { tagRecord } from '../../../kinds/kind';
import { DR, type Finished, powerCut, SOURCE, type Stage } from '../../../scripts/demo/stage';
import type { MachineReport, RecoverReport } from '../../../scripts/recover/drive';
import { RecoveryWorld } from '../recoveryWorld';

const WAVES = { 'SHOP-DB': 'shop/1', 'SHOP-APP': 'shop/2', 'SHOP-WEB': 'shop/3' };
/** Of SHOP-DB, in the demo's estate. */
const DB_ADDRESS = '10.10.3.30';

/** The real engine, driven wave by wave, with every policy enforced and the source dead. */
describe('lifeboat recover', function () {
  this.timeout(900_000);
  let world: RecoveryWorld;
  let stage: Stage;

  const recover = (...more: string[]): Promise<Finished> =>
    stage.lifeboat(['recover', '--confirm', DR.account, '--poll-seconds', '0.5', ...more], {
      env: world.recover,
    });
  const reportOf = async (code: number, ...more: string[]): Promise<RecoverReport> => {
    const finished = await recover('--json', ...more);
    expect(finished.code, finished.stdout + finished.stderr).to.equal(code);
    return JSON.parse(finished.stdout);
  };
  const machinesOf = ({ steps }: RecoverReport): Record<string, MachineReport> =>
    Object.fromEntries(steps.flatMap(({ machines }) => machines.map((machine) => [machine.name, machine])));
  const outcomes = (report: RecoverReport) =>
    Object.fromEntries(Object.entries(machinesOf(report)).map(([name, { outcome }]) => [name, outcome]));
  const running = async (): Promise<Record<string, Instance>> => {
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    return Object.fromEntries(
      Reservations.flatMap(({ Instances = [] }) => Instances)
        .filter(({ State }) => State?.Name === 'running')
        .map((machine) => [tagRecord(machine.Tags).Name ?? '', machine]),
    );
  };
  const records = async (): Promise<string[]> => {
    const dns = new Route53Client({ ...stage.client(DR), region: 'us-east-1' });
    const { HostedZones = [] } = await dns.send(new ListHostedZonesCommand({}));
    const sets = await Promise.all(
      HostedZones.map(({ Id }) => dns.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id }))),
    );
    return sets.flatMap(({ ResourceRecordSets = [] }) =>
      ResourceRecordSets.flatMap(({ Name, Type }) => (Type === 'TXT' ? (Name ?? '') : [])),
    );
  };
  const launches = async () =>
    (await stage.emulator.state()).calls[`${DR.account}/${DR.region}/ec2/RunInstances`] ?? 0;

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      for (const [name, wave] of Object.entries(WAVES))
        await stage.ec2(SOURCE).send(
          new CreateTagsCommand({
            Resources: [estate.instances[name] ?? ''],
            Tags: [{ Key: WAVE_TAG, Value: wave }],
          }),
        );
      await makeZone();
    });
    await stage.config('switchRecords', 'www.shop.example.org');
    await stage.loseSource();
  });
  after(() => world?.close());

  /** One record that is the switch to DR, and one that is not. */
  async function makeZone(): Promise<void> {
    const dns = new Route53Client({ ...stage.client(SOURCE), region: 'us-east-1' });
    const zone = { Name: 'shop.example.org', CallerReference: 'shop' };
    const { HostedZone } = await dns.send(new CreateHostedZoneCommand(zone));
    const Changes = ['www', 'about'].map((name) => ({
      Action: 'CREATE' as const,
      ResourceRecordSet: {
        Name: `${name}.shop.example.org`,
        Type: 'TXT' as const,
        TTL: 300,
        ResourceRecords: [{ Value: `"${name}"` }],
      },
    }));
    await dns.send(
      new ChangeResourceRecordSetsCommand({ HostedZoneId: HostedZone?.Id, ChangeBatch: { Changes } }),
    );
  }

  it('refuses what it cannot wait, and whom nobody has confirmed, and changes nothing', async () => {
    const wrong = await recover('--gate-minutes', '-1');
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr).to.contain('--gate-minutes').and.contain('got:      -1');
    const other = await stage.lifeboat(['recover', '--confirm', SOURCE.account], { env: world.recover });
    expect(other.code).to.equal(1);
    expect(other.stderr).to.contain('That is not the name of the DR account');
    expect(await running()).to.deep.equal({});
  });

  it('shows the order and how old the data is, without changing anything', async () => {
    const { code, stdout, stderr } = await recover('--dry-run');
    expect(code, stderr).to.equal(0);
    const names = [...stdout.matchAll(/(SHOP-\w+|FILES)/g)].map(([name]) => name);
    expect(names).to.deep.equal(['SHOP-DB', 'SHOP-APP', 'SHOP-WEB', 'FILES']);
    expect(stdout).to.match(/ old/);
    expect(await running()).to.deep.equal({});
  });

  it('holds what waits for a machine that does not boot, and leads no name to DR', async () => {
    await stage.emulator.config({ launches: { [DB_ADDRESS]: 'impaired' } });
    const report = await reportOf(1, '--gate-minutes', '0.02');
    expect(outcomes(report)).to.deep.equal({
      'SHOP-DB': 'failed',
      'SHOP-APP': 'held',
      'SHOP-WEB': 'held',
      FILES: 'ready',
    });
    expect(machinesOf(report)['SHOP-DB']?.problem).to.contain('the instance is impaired');
    expect(report.dns).to.equal('held');
    expect(Object.keys(await running()).sort()).to.deep.equal(['FILES', 'SHOP-DB']);
    expect(await records()).to.deep.equal(['about.shop.example.org.']);
  });

  it('killed in the middle and run again it goes on, falling back where AWS has no capacity', async () => {
    await stage.emulator.config({ launches: {}, noCapacity: ['m5.large'] });
    await stage.config('instanceTypes', 'm5.large=m5.large/m6i.large');
    let child: Parameters<typeof powerCut>[0];
    await stage.lifeboat(['recover', '--confirm', DR.account, '--poll-seconds', '0.5'], {
      env: world.recover,
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        if (text.includes('SHOP-APP: ')) powerCut(child);
      },
    });
    await world.engine('cancel', '--yes', '--stack', 'dr');
    const report = await reportOf(0);
    expect(new Set(Object.values(outcomes(report)))).to.deep.equal(new Set(['ready']));
    expect(report.dns).to.equal('switched');
    const machines = await running();
    expect(Object.keys(machines).sort()).to.deep.equal(['FILES', 'SHOP-APP', 'SHOP-DB', 'SHOP-WEB']);
    expect(machines['SHOP-APP']?.InstanceType).to.equal('m6i.large');
    const { 'SHOP-APP': app, 'SHOP-WEB': web } = machinesOf(report);
    expect(Date.parse(web?.begun ?? '')).to.be.at.least(Date.parse(app?.ready ?? ''));
    expect((await records()).sort()).to.deep.equal(['about.shop.example.org.', 'www.shop.example.org.']);
  });

  it('run again it launches nothing, and so does the plain program, whatever AWS has capacity for', async () => {
    const before = await launches();
    expect(new Set(Object.values(outcomes(await reportOf(0))))).to.deep.equal(new Set(['ready']));
    await stage.emulator.config({ noCapacity: [] });
    await world.expectNothingToDo();
    expect(await launches()).to.equal(before);
    expect((await records()).sort()).to.deep.equal(['about.shop.example.org.', 'www.shop.example.org.']);
  });

  it('is ended by stand-down', async () => {
    await world.ended();
    expect(await running()).to.deep.equal({});
  });
});
