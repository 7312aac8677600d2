import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { CloudTrailClient, CreateTrailCommand, StartLoggingCommand } from '@aws-sdk/client-cloudtrail';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  GetSnapshotBlockPublicAccessStateCommand,
  RestoreSnapshotFromRecycleBinCommand,
} from '@aws-sdk/client-ec2';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListTargetsByRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import {
  DeleteObjectCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { growthAlarm, HEARTBEAT, SOURCE_NAMES, vaultNames } from '../../names';
import {
  DR,
  type Program,
  powerCut,
  type RunOptions,
  SOURCE,
  Stage,
  succeeded,
} from '../../scripts/demo/stage';
import { guardPattern } from '../../vault/alarms';
import { POLICY_NAMES } from '../../vault/place';
import { expectReadable, makeCopy } from './aCopy';

const names = vaultNames(DR.account, DR.region);
const WHOLE_VAULT = {
  CreateKey: 3,
  CreateAlias: 3,
  CreateBucket: 2,
  CreateRole: 5,
  // And the two boundaries.
  CreatePolicy: Object.keys(POLICY_NAMES).length + 2,
  CreateRule: 1,
  CreateReusableDelegationSet: 1,
};
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

describe('vault/, source/ and lifeboat init, on the real engine', function () {
  this.timeout(600_000);
  let stage: Stage;
  let copy: string;

  before(async () => {
    stage = await Stage.open();
  });
  after(() => stage?.close());

  /** Calls that made something in an account, by action. */
  async function made(account: string): Promise<Record<string, number>> {
    const { calls } = await stage.emulator.state();
    const creations =
      /^(\d+)\/[^/]+\/[^/]+\/(Create(?:Key|Alias|Bucket|Role|Policy|LifecyclePolicy|Rule|ReusableDelegationSet))$/;
    return Object.fromEntries(
      Object.entries(calls).flatMap(([key, count]) => {
        const [, caller, action = ''] = creations.exec(key) ?? [];
        return caller === account ? [[action, count]] : [];
      }),
    );
  }

  async function changesNothing(program: Program, options: RunOptions = {}): Promise<void> {
    succeeded(await stage.pulumi(program, [...UP, '--expect-no-changes'], options));
    const refreshed = ['preview', '--refresh', '--expect-no-changes', '--stack', 'dr'];
    succeeded(await stage.pulumi(program, refreshed, options));
  }

  /** What a lost backend is: no stack, no state. */
  function loseState(project: string): void {
    const { directory } = stage;
    for (const part of ['stacks', 'backups', 'history', 'locks'])
      rmSync(join(directory, 'state/.pulumi', part, project), { recursive: true, force: true });
  }

  describe('vault/', () => {
    it('refuses the credentials of another account, before it makes anything', async () => {
      const asSource = { env: stage.root(SOURCE) };
      succeeded(await stage.pulumi('vault', ['stack', 'init', 'dr'], asSource));
      const run = await stage.pulumi('vault', UP, asSource);
      expect(run.code).not.to.equal(0);
      expect(run.stdout + run.stderr).to.include("These credentials are not the DR account's");
      expect(await made(SOURCE.account)).to.deep.equal({});
    });

    it('is finished by the next run when one was killed, and doubles nothing', async () => {
      const keysMade = async () => (await made(DR.account)).CreateKey === WHOLE_VAULT.CreateKey;
      let killed = false;
      const run = stage.pulumi('vault', UP, {
        // The engine is told of a key long after AWS has made it: that is when it is killed.
        onStart: async (engine) => {
          while (engine.exitCode === null && !(await keysMade())) await setTimeout(50);
          killed = engine.exitCode === null;
          powerCut(engine);
        },
      });
      expect((await run).code).not.to.equal(0);
      expect(killed).to.equal(true);
      succeeded(await stage.pulumi('vault', ['cancel', '--yes', '--stack', 'dr']));
      await stage.up('vault');
      expect(await made(DR.account)).to.deep.equal(WHOLE_VAULT);
    });

    it('changes nothing when it goes up again', async () => {
      const { Status } = await stage
        .s3(DR)
        .send(new GetBucketVersioningCommand({ Bucket: names.inventoryBucket }));
      expect(Status).to.equal('Enabled');
      await changesNothing('vault');
    });

    it('finds everything again when its state is lost, and doubles nothing', async () => {
      loseState('lifeboat-vault');
      await stage.up('vault');
      expect(await made(DR.account)).to.deep.equal(WHOLE_VAULT);
      await changesNothing('vault');
    });

    it('guards copies: a deleted one waits in the Recycle Bin, and none is ever public', async () => {
      const ec2 = stage.ec2(DR);
      const { State } = await ec2.send(new GetSnapshotBlockPublicAccessStateCommand({}));
      expect(State).to.equal('block-all-sharing');
      copy = await makeCopy(stage);
      await ec2.send(new DeleteSnapshotCommand({ SnapshotId: copy }));
      await ec2.send(new RestoreSnapshotFromRecycleBinCommand({ SnapshotId: copy }));
      await expectReadable(stage, copy);
    });

    it('tells people: of a run that is missing, and of whoever touches what guards the copies', async () => {
      const config = stage.client(DR);
      const { MetricAlarms = [] } = await new CloudWatchClient(config).send(new DescribeAlarmsCommand({}));
      const topic = `arn:aws:sns:${DR.region}:${DR.account}:lifeboat-alarms`;
      expect(MetricAlarms).to.have.length(1);
      const silence = { TreatMissingData: 'breaching', Period: 3_600, EvaluationPeriods: 30 };
      const good = { Namespace: HEARTBEAT.namespace, MetricName: HEARTBEAT.metric };
      expect(MetricAlarms[0]).to.deep.include({ ...good, ...silence, AlarmActions: [topic] });
      const events = new EventBridgeClient(config);
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: 'lifeboat-guards' }));
      expect(Targets.map(({ Arn }) => Arn)).to.deep.equal([topic]);
      const { EventPattern = '' } = await events.send(new DescribeRuleCommand({ Name: 'lifeboat-guards' }));
      expect(JSON.parse(EventPattern)).to.deep.equal(guardPattern(names));
      const sns = new SNSClient(config);
      const subscribed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
      expect(subscribed.Subscriptions?.map((found) => found.Endpoint)).to.deep.equal([
        'operations@example.com',
      ]);
    });

    it('tells people of a bucket that the source pushes too much into, for as long as it is in the setting', async () => {
      const alarms = async () => {
        const AlarmNamePrefix = growthAlarm('');
        const cloudwatch = new CloudWatchClient(stage.client(DR));
        return (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix }))).MetricAlarms ?? [];
      };
      const set = (verb: 'set' | 'rm', ...setting: string[]) =>
        stage.pulumi('vault', ['config', verb, ...setting, '--stack', 'dr']).then(succeeded);
      await set('set', 'lifeboat-vault:replication', 'true');
      const refused = await stage.pulumi('vault', UP);
      expect(refused.code).not.to.equal(0);
      expect(refused.stdout + refused.stderr).to.contain('nobody would be told how much');
      await set('set', 'lifeboat-vault:replicateBuckets', 'shop');
      await stage.up('vault');
      await changesNothing('vault');
      const [found, ...others] = await alarms();
      expect(others).to.deep.equal([]);
      expect(found).to.deep.include({
        AlarmName: growthAlarm(`shop-${DR.account}`),
        AlarmActions: [`arn:aws:sns:${DR.region}:${DR.account}:lifeboat-alarms`],
        Threshold: 100 * 2 ** 30,
      });
      expect(found?.Metrics).to.have.length(9);
      await set('rm', 'lifeboat-vault:replication');
      await set('rm', 'lifeboat-vault:replicateBuckets');
      await stage.up('vault');
      expect(await alarms()).to.deep.equal([]);
    });

    it('warns while no trail logs what the alarms wait for', async () => {
      const warned = async () => {
        const run = succeeded(await stage.pulumi('vault', ['preview', '--stack', 'dr']));
        return (run.stdout + run.stderr).includes('Nobody would be told of an attack on the keys');
      };
      expect(await warned()).to.equal(true);
      const trails = new CloudTrailClient(stage.client(DR));
      const S3BucketName = names.stateBucket;
      const trail = { Name: 'management', S3BucketName, IsMultiRegionTrail: true };
      await trails.send(new CreateTrailCommand(trail));
      expect(await warned(), 'it does not log').to.equal(true);
      await trails.send(new StartLoggingCommand({ Name: 'management' }));
      expect(await warned()).to.equal(false);
    });

    it('is not destroyed with its stack', async () => {
      const ended = async () =>
        Object.entries((await stage.emulator.state()).calls).filter(([key]) =>
          /\/(Delete(?!Snapshot$|Volume$)|Detach(?!RolePolicy$)|ScheduleKey|Disable|Remove)/.test(key),
        );
      const before = await ended();
      // The alarm of the bucket that left the setting.
      expect(before.map(([key]) => key.split('/').at(-1))).to.deep.equal(['DeleteAlarms']);
      const destroy = ['destroy', '--yes', '--skip-preview', '--stack', 'dr'];
      expect((await stage.pulumi('vault', destroy)).code, 'protected').not.to.equal(0);
      succeeded(await stage.pulumi('vault', ['state', 'unprotect', '--all', '--yes', '--stack', 'dr']));
      succeeded(await stage.pulumi('vault', destroy));

      for (const Bucket of [names.inventoryBucket, names.stateBucket])
        await stage.s3(DR).send(new HeadBucketCommand({ Bucket }));
      for (const KeyId of [names.keyAlias, names.secretsKeyAlias, names.dataKeyAlias]) {
        const { KeyMetadata } = await stage.kms(DR).send(new DescribeKeyCommand({ KeyId }));
        expect(KeyMetadata?.KeyState).to.equal('Enabled');
      }
      // The rights of the roles alone end with the stack, and come back with it.
      expect(await ended()).to.deep.equal(before);
      await expectReadable(stage, copy);

      await stage.up('vault');
      await changesNothing('vault');
    });
  });

  describe('source/', () => {
    const asOwner = () => ({ env: stage.root(SOURCE) });
    const newVolume = () =>
      stage.ec2(SOURCE).send(new CreateVolumeCommand({ AvailabilityZone: `${SOURCE.region}a`, Size: 1 }));

    it('goes up, and going up again changes nothing', async () => {
      await stage.up('source', asOwner());
      await changesNothing('source', asOwner());
    });

    it('finds everything again when its state is lost, and doubles nothing', async () => {
      const before = await made(SOURCE.account);
      loseState('lifeboat-source');
      await stage.up('source', asOwner());
      expect(await made(SOURCE.account)).to.deep.equal(before);
      expect(before).to.deep.equal({ CreateKey: 1, CreateAlias: 1, CreateRole: 2, CreateLifecyclePolicy: 1 });
      await changesNothing('source', asOwner());
    });

    it('takes single volumes too, encrypts and blocks sharing, where that is asked for', async () => {
      for (const [key, value] of [
        ['snapshotBy', 'both'],
        ['encryptByDefault', 'true'],
        ['blockPublicSharing', 'true'],
      ] as const) {
        const setting = [`lifeboat-source:${key}`, value, '--stack', 'dr'];
        succeeded(await stage.pulumi('source', ['config', 'set', ...setting], asOwner()));
      }
      await stage.up('source', asOwner());
      await changesNothing('source', asOwner());
      expect((await made(SOURCE.account)).CreateLifecyclePolicy).to.equal(2);
      const volume = await newVolume();
      const asked = new DescribeKeyCommand({ KeyId: SOURCE_NAMES.snapshotKeyAlias });
      const { KeyMetadata } = await stage.kms(SOURCE).send(asked);
      expect(volume.KmsKeyId).to.equal(KeyMetadata?.Arn);
      const { State } = await stage.ec2(SOURCE).send(new GetSnapshotBlockPublicAccessStateCommand({}));
      expect(State).to.equal('block-all-sharing');
    });

    it('leaves with its stack, but for the key that disks may be under and what made the account safer', async () => {
      succeeded(
        await stage.pulumi('source', ['destroy', '--yes', '--skip-preview', '--stack', 'dr'], asOwner()),
      );
      const { calls } = await stage.emulator.state();
      expect(
        Object.keys(calls).filter((key) => /kms\/(ScheduleKey|Disable|DeleteAlias)/.test(key)),
      ).to.deep.equal([]);
      expect(calls[`${SOURCE.account}/${SOURCE.region}/dlm/DeleteLifecyclePolicy`]).to.equal(2);
      expect((await newVolume()).Encrypted).to.equal(true);
      const { State } = await stage.ec2(SOURCE).send(new GetSnapshotBlockPublicAccessStateCommand({}));
      expect(State).to.equal('block-all-sharing');
      await expectReadable(stage, copy);
    });
  });

  describe('lifeboat init', () => {
    const flags = ['--source-account', SOURCE.account, '--source-region', 'eu-north-1'];
    const file = () => readFileSync(join(stage.directory, 'Pulumi.dr.yaml'), 'utf8');
    const init = (args: readonly string[], env: Record<string, string> = {}) =>
      stage.lifeboat(['init', ...args], { env: { ...stage.root(DR), PULUMI_BACKEND_URL: '', ...env } });

    it('says that there is no vault, and writes nothing', async () => {
      const before = file();
      const run = await init(['--dr-region', 'eu-west-3']);
      expect(run.code).to.equal(1);
      expect(run.stderr).to.include('The vault is not there');
      expect(run.stderr).to.include('npm run pulumi -- -C vault up');
      expect(file()).to.equal(before);
    });

    it("makes the stack in the vault's bucket, its secrets under the vault's key, and its settings", async () => {
      const run = succeeded(await init(flags));
      expect(run.stdout).to.include(`s3://${names.stateBucket}`);
      expect(file()).to.include('secretsprovider: awskms://alias/lifeboat-secrets?region=eu-central-1');
      expect(file()).to.include('lifeboat:sourceRegion: eu-north-1');
      const { Contents = [] } = await stage
        .s3(DR)
        .send(new ListObjectsV2Command({ Bucket: names.stateBucket }));
      expect(Contents.map(({ Key }) => Key)).to.include('.pulumi/stacks/lifeboat/dr.json');
      const { calls } = await stage.emulator.state();
      expect(calls[`${DR.account}/${DR.region}/kms/Encrypt`]).to.equal(1);
    });

    it('changes nothing when it is run again', async () => {
      const before = file();
      const run = succeeded(await init([...flags, '--json']));
      expect(JSON.parse(run.stdout)).to.deep.include({ account: DR.account, stack: 'dr', changed: [] });
      expect(file()).to.equal(before);
    });

    it('makes the stack again when its state is lost, under the same key', async () => {
      const before = file();
      const lost = ['.pulumi/stacks/lifeboat/dr.json', '.pulumi/stacks/lifeboat/dr.json.attrs'];
      for (const Key of lost)
        await stage.s3(DR).send(new DeleteObjectCommand({ Bucket: names.stateBucket, Key }));
      const run = succeeded(await init(['--json']));
      expect(JSON.parse(run.stdout)).to.deep.include({ changed: ['the stack dr'] });
      expect(file()).to.equal(before);
    });
  });
});
