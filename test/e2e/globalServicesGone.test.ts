import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { makeService, SERVICE } from '../../scripts/demo/service';
import { DR, type Finished, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

/** us-east-1 is gone, and with it whatever has no regions. The source is there, until a recovery. */
describe('with every call to us-east-1 failing, on the real engine and provider', function () {
  this.timeout(600_000);
  let stage: Stage;
  let estate: Estate;
  let run: Record<string, string>;

  const engine = (env: Record<string, string>, ...args: string[]) => stage.pulumi('.', args, { env });
  const changes = async () => {
    const { calls } = await stage.emulator.state();
    return Object.entries(calls)
      .filter(
        ([call]) => call.startsWith(`${DR.account}/`) && /\/(Create|Delete|Modify|Update|Put|Run)/.test(call),
      )
      .filter(([call]) => !call.includes('/s3/'))
      .reduce((sum, [, times]) => sum + times, 0);
  };
  const machines = async () => {
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ State }) => State?.Name !== 'terminated',
    );
  };

  before(async () => {
    stage = await Stage.open();
    await stage.emulator.config({ copyMiBps: 200 * 1024 });
    estate = await makeEstate(stage.ec2(SOURCE), stage.kms(SOURCE), SOURCE.account, DR.account);
    await makeService(stage.client(SOURCE), SOURCE.account, estate);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
    await stage.up('.', { env: run });
    await stage.emulator.runDlm();
    await stage.emulator.rules({ region: 'us-east-1', drop: true });
  });
  after(() => stage?.close());

  it('a run that looks the source up changes nothing, and says how to go on', async () => {
    const before = await changes();
    const refused: Finished = await engine(run, ...UP);
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout).to.contain('so nothing is changed').and.contain('lifeboat:inventory saved');
    expect(await changes()).to.equal(before);
  });

  it('the data is copied all the same', async () => {
    succeeded(await stage.lifeboat(['copy-snapshots'], { env: run }));
  });

  it('a run of what was accepted changes nothing, for what was made ahead is there', async () => {
    await stage.config('inventory', 'saved');
    const { stdout } = succeeded(await engine(run, ...UP, NOTHING));
    expect(stdout).to.contain('the service does not answer');
  });

  it('a recovery brings every machine up, with its role', async () => {
    await stage.loseSource();
    await stage.config('recover', 'true');
    const recover = await stage.role('lifeboat-recover');
    succeeded(await engine(recover, ...UP));
    const found = await machines();
    expect(found.map(({ State }) => State?.Name)).to.deep.equal(
      Object.keys(estate.instances).map(() => 'running'),
    );
    const app = found.find(({ Tags = [] }) => Tags.some(({ Value }) => Value === 'SHOP-APP'));
    expect(app?.IamInstanceProfile?.Arn).to.match(new RegExp(`/${SERVICE.app}$`));
    succeeded(await engine(recover, ...UP, NOTHING));
  });

  it('a recovery whose state is lost takes over what answers, and leaves the rest as it is', async () => {
    const recover = await stage.role('lifeboat-recover');
    const before = (await machines()).map(({ InstanceId }) => InstanceId).sort();
    succeeded(await engine(recover, 'stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr'));
    succeeded(await engine(recover, 'stack', 'init', 'dr'));
    const { stdout } = succeeded(await engine(recover, ...UP));
    expect(stdout).to.contain('neither made nor taken over before it answers');
    expect((await machines()).map(({ InstanceId }) => InstanceId).sort()).to.deep.equal(before);
    succeeded(await engine(recover, ...UP, NOTHING));
  });

  it('what was left is taken over when it answers again', async () => {
    await stage.emulator.clearRules();
    await stage.loseSource();
    const recover = await stage.role('lifeboat-recover');
    expect(succeeded(await engine(recover, ...UP)).stdout).to.match(/imported/);
    succeeded(await engine(recover, ...UP, NOTHING));
  });
});
