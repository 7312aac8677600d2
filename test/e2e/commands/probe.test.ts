import {
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import { CreateFunctionCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { expect } from 'chai';
import { PROBE_TAG } from '../../../inventory/probes';
import { WAVE_TAG } from '../../../inventory/waves';
import { present, tagRecord } from '../../../kinds/kind';
import { PROBE_PREFIX } from '../../../names';
import { DR, type Finished, powerCut, SOURCE, type Stage } from '../../../scripts/demo/stage';
import type { MachineReport, RecoverReport } from '../../../scripts/recover/drive';
import { zippedCode } from '../../../scripts/recover/probe/functionCode';
import { RecoveryWorld } from '../recoveryWorld';

/** In the demo's estate: the database takes connections from the group of the application alone, and no database's group lets anything out. */
const TAGS: Record<string, Record<string, string>> = {
  'SHOP-DB': { [WAVE_TAG]: 'shop/1', [PROBE_TAG]: '5432' },
  'SHOP-APP': { [WAVE_TAG]: 'shop/2', [PROBE_TAG]: '8080, 9090' },
  // Nobody may reach this port.
  'SHOP-WEB': { [WAVE_TAG]: 'shop/3', [PROBE_TAG]: '22' },
  FILES: { [PROBE_TAG]: 'samba' },
};
const DB = '10.10.3.30';
const APP = '10.10.2.20';

/** The third gate: what a machine is waited for is asked at its port, from inside its VPC, with every policy enforced and the source dead. */
describe('lifeboat recover, and ports that have to answer', function () {
  this.timeout(900_000);
  let world: RecoveryWorld;
  let stage: Stage;

  const lambda = () => new LambdaClient(stage.client(DR));
  const functions = async (): Promise<string[]> => {
    const { Functions = [] } = await lambda().send(new ListFunctionsCommand({}));
    return Functions.map(({ FunctionName }) => FunctionName ?? '');
  };
  const recover = (more: string[], options: Parameters<Stage['lifeboat']>[1] = {}): Promise<Finished> =>
    stage.lifeboat(['recover', '--confirm', DR.account, '--poll-seconds', '0.5', ...more], {
      env: world.recover,
      ...options,
    });
  const reportOf = ({ code, stdout, stderr }: Finished, expected: number): RecoverReport => {
    expect(code, stdout + stderr).to.equal(expected);
    return JSON.parse(stdout);
  };
  const machinesOf = ({ steps }: RecoverReport): Record<string, MachineReport> =>
    Object.fromEntries(steps.flatMap(({ machines }) => machines.map((machine) => [machine.name, machine])));
  const running = async (): Promise<string[]> => {
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name === 'running')
      .map(({ Tags }) => tagRecord(Tags).Name ?? '')
      .sort();
  };
  const calls = async (action: string): Promise<number> =>
    (await stage.emulator.state()).calls[`${DR.account}/${DR.region}/lambda/${action}`] ?? 0;

  /** When the machine at an address was launched, in milliseconds. */
  async function launchOf(address: string): Promise<number> {
    const Filters = [
      { Name: 'private-ip-address', Values: [address] },
      { Name: 'instance-state-name', Values: ['running'] },
    ];
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({ Filters }));
    return present(Reservations[0]?.Instances?.[0]?.LaunchTime, 'LaunchTime').getTime();
  }

  /** Somebody else's function, and one that a run would have left. */
  async function makeFunction(FunctionName: string): Promise<void> {
    const { NetworkInterfaces = [] } = await stage
      .ec2(DR)
      .send(
        new DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'private-ip-address', Values: [DB] }] }),
      );
    const nic = present(NetworkInterfaces[0], 'NetworkInterfaces');
    await lambda().send(
      new CreateFunctionCommand({
        FunctionName,
        Role: `arn:aws:iam::${DR.account}:role/lifeboat-probe`,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Code: { ZipFile: zippedCode() },
        VpcConfig: { SubnetIds: [nic.SubnetId ?? ''], SecurityGroupIds: [nic.Groups?.[0]?.GroupId ?? ''] },
      }),
    );
  }

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      for (const [name, tags] of Object.entries(TAGS))
        await stage.ec2(SOURCE).send(
          new CreateTagsCommand({
            Resources: [estate.instances[name] ?? ''],
            Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        );
    });
    await stage.loseSource();
  });
  after(() => world?.close());

  it('shows beforehand which machine waits for which port, and at rest which tag cannot be read', async () => {
    const { code, stdout, stderr } = await recover(['--dry-run']);
    expect(code, stderr).to.equal(0);
    expect(stdout)
      .to.match(/SHOP-DB.*\b5432\b/)
      .and.match(/SHOP-APP.*8080, 9090/);
    expect(stdout).to.match(/FILES.*cannot be read/);
    const preflight = await stage.lifeboat(['preflight'], { env: world.recover });
    expect(preflight.stdout + preflight.stderr).to.contain('lifeboat:probe is "samba"');
    expect(await calls('CreateFunction')).to.equal(0);
  });

  it('holds what waits for a port that nobody opens, with the reason, and leaves no function', async () => {
    const finished = await recover(['--gate-minutes', '0.15', '--json']);
    const report = reportOf(finished, 1);
    const { 'SHOP-DB': db, 'SHOP-APP': app, 'SHOP-WEB': web, FILES: files } = machinesOf(report);
    expect(db?.outcome).to.equal('failed');
    expect(db?.problem).to.equal('its port 5432 does not answer from inside the VPC: connection refused');
    expect([app?.outcome, web?.outcome, files?.outcome]).to.deep.equal(['held', 'held', 'ready']);
    expect(report.notAsked?.join()).to.contain('FILES: its tag lifeboat:probe cannot be read');
    expect(report.dns).to.equal('held');
    expect(await running()).to.deep.equal(['FILES', 'SHOP-DB']);
    expect(await calls('CreateFunction')).to.equal(1);
    expect(await functions()).to.deep.equal([]);
  });

  it('killed while it waits it leaves a function, which the next run removes, and none of others', async () => {
    await makeFunction('payments');
    let child: Parameters<typeof powerCut>[0];
    await recover(['--gate-minutes', '5'], {
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        if (text.includes('waiting for SHOP-DB')) powerCut(child);
      },
    });
    const left = await functions();
    expect(left.filter((name) => name.startsWith(PROBE_PREFIX))).to.have.length(1);
    await world.engine('cancel', '--yes', '--stack', 'dr');
    const { code, stderr } = await recover(['--gate-minutes', '0.02']);
    expect(code).to.equal(1);
    for (const name of left.filter((each) => each !== 'payments'))
      expect(stderr).to.contain(`the function ${name}, which probed ports in an earlier run, is removed`);
    expect(await functions()).to.deep.equal(['payments']);
  });

  it('interrupted while it waits it removes its function first', async () => {
    const before = await calls('CreateFunction');
    let child: Parameters<typeof powerCut>[0];
    const { code } = await recover(['--gate-minutes', '5'], {
      onStart: (started) => {
        child = started;
      },
      onOutput: (text) => {
        if (text.includes('waiting for SHOP-DB')) child?.kill('SIGTERM');
      },
    });
    expect(code).to.not.equal(0);
    expect(await calls('CreateFunction')).to.equal(before + 1);
    expect(await functions()).to.deep.equal(['payments']);
  });

  it('is not content with what it could not ask', async () => {
    await stage.emulator.rules({
      service: 'lambda',
      action: 'CreateFunction',
      error: 'ServiceException',
      status: 500,
    });
    const { 'SHOP-DB': db } = machinesOf(reportOf(await recover(['--gate-minutes', '0.02', '--json']), 1));
    expect(db?.problem).to.contain('the function that asks could not be made: ServiceException');
    await stage.emulator.clearRules();
    await stage.loseSource();
  });

  it('begins a wave once the ports of the one before answer, and no sooner', async () => {
    // The database is up already: seconds from now on, by its launch.
    const launched = await launchOf(DB);
    const opens = Math.ceil((Date.now() - launched) / 1000) + 30;
    // The provider looks at a machine for some ten seconds before it calls it launched.
    const appOpens = 40;
    await stage.emulator.config({
      ports: { [DB]: { '5432': opens }, [APP]: { '8080': appOpens, '9090': 0 } },
    });
    const report = reportOf(await recover(['--gate-minutes', '5', '--json']), 0);
    const { 'SHOP-DB': db, 'SHOP-APP': app, 'SHOP-WEB': web } = machinesOf(report);
    expect(Date.parse(db?.ready ?? '')).to.be.at.least(launched + opens * 1000);
    expect(Date.parse(app?.begun ?? '')).to.be.at.least(Date.parse(db?.ready ?? ''));
    expect(Date.parse(app?.ready ?? '')).to.be.at.least((await launchOf(APP)) + appOpens * 1000);
    expect(Date.parse(web?.begun ?? '')).to.be.at.least(Date.parse(app?.ready ?? ''));
    // What nobody inside may ask holds nobody, and is said.
    expect(web?.outcome).to.equal('ready');
    expect(report.notAsked?.join()).to.match(
      /SHOP-WEB: its port 22 cannot be asked, so it is not waited for/,
    );
    expect(report.dns).to.equal('switched');
    expect(await functions()).to.deep.equal(['payments']);
  });

  it('needs nothing of the plain program, in which functions have no part', async () => {
    await world.expectNothingToDo();
  });

  it('is ended by stand-down, which removes what killed runs have left', async () => {
    await makeFunction(`${PROBE_PREFIX}left`);
    const said = await world.ended();
    expect(said).to.contain(
      `the function ${PROBE_PREFIX}left, which probed ports in an earlier run, is removed`,
    );
    expect(await running()).to.deep.equal([]);
    expect(await functions()).to.deep.equal(['payments']);
    // Their interfaces stay for up to 20 minutes, and the mirror's next run is none the worse for it.
    await world.expectNothingToDo();
  });
});
