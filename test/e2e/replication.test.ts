import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { replicationRole, replicationStatements } from '../../buckets/replicationStatements';
import { SOURCE_NAMES } from '../../names';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { pasteAws } from '../awsCli';

const FROM = 'shop-images';
const TO = `${FROM}-${DR.account}`;
const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

describe('S3 Replication, by the real source/ program', function () {
  this.timeout(600_000);
  let stage: Stage;
  before(async () => {
    stage = await Stage.open();
    for (const [side, Bucket] of [
      [SOURCE, FROM],
      [DR, TO],
    ] as const) {
      const LocationConstraint = side.region as s3.BucketLocationConstraint;
      const made = { Bucket, CreateBucketConfiguration: { LocationConstraint } };
      await stage.s3(side).send(new s3.CreateBucketCommand(made));
      const VersioningConfiguration = { Status: 'Enabled' as const };
      await stage.s3(side).send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    }
    const Statement = replicationStatements(replicationRole(SOURCE.account), TO, DR);
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await stage.s3(DR).send(new s3.PutBucketPolicyCommand({ Bucket: TO, Policy }));
  });
  after(() => stage?.close());

  const asOwner = () => ({ env: stage.root(SOURCE) });
  const put = (Body: string) =>
    stage.s3(SOURCE).send(new s3.PutObjectCommand({ Bucket: FROM, Key: 'k', Body }));
  const versions = async () =>
    (await stage.s3(DR).send(new s3.ListObjectVersionsCommand({ Bucket: TO }))).Versions ?? [];

  it('refuses a bucket that somebody else replicates already, before it makes anything', async () => {
    const Role = `arn:aws:iam::${SOURCE.account}:role/theirs`;
    const Rules: s3.ReplicationRule[] = [
      { Status: 'Enabled', Prefix: '', Destination: { Bucket: `arn:aws:s3:::${TO}` } },
    ];
    const theirs = { Bucket: FROM, ReplicationConfiguration: { Role, Rules } };
    await stage.s3(SOURCE).send(new s3.PutBucketReplicationCommand(theirs));
    await stage.pulumi('source', ['stack', 'init', 'dr'], asOwner());
    const setting = ['lifeboat-source:replicateBuckets', FROM, '--stack', 'dr'];
    succeeded(await stage.pulumi('source', ['config', 'set', ...setting], asOwner()));
    const run = await stage.pulumi('source', UP, asOwner());
    expect(run.code).not.to.equal(0);
    expect(run.stdout + run.stderr)
      .to.contain('has a replication configuration that is not Lifeboat')
      .and.to.contain(Role);
    await stage.s3(SOURCE).send(new s3.DeleteBucketReplicationCommand({ Bucket: FROM }));
  });

  it('makes the role and the configuration, and changes nothing when it goes up again', async () => {
    succeeded(await stage.pulumi('source', UP, asOwner()));
    succeeded(await stage.pulumi('source', [...UP, '--expect-no-changes'], asOwner()));
    const refreshed = ['preview', '--refresh', '--expect-no-changes', '--stack', 'dr'];
    succeeded(await stage.pulumi('source', refreshed, asOwner()));
  });

  it('keeps every version that a robot writes over a hundred times, and follows no deletion', async () => {
    await put('the true one');
    for (let count = 0; count < 100; count += 1) await put(`ransom ${count}`);
    await stage.s3(SOURCE).send(new s3.DeleteObjectCommand({ Bucket: FROM, Key: 'k' }));
    const theirs = await stage.s3(SOURCE).send(new s3.ListObjectVersionsCommand({ Bucket: FROM }));
    const Objects = (theirs.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId }));
    await stage.s3(SOURCE).send(new s3.DeleteObjectsCommand({ Bucket: FROM, Delete: { Objects } }));
    const held = await versions();
    expect(held).to.have.length(101);
    const { VersionId } = held.at(-1) ?? {};
    const first = await stage.s3(DR).send(new s3.GetObjectCommand({ Bucket: TO, Key: 'k', VersionId }));
    expect(await first.Body?.transformToString()).to.equal('the true one');
    const now = await stage.s3(DR).send(new s3.GetObjectCommand({ Bucket: TO, Key: 'k' }));
    expect(await now.Body?.transformToString()).to.equal('ransom 99');
  });

  it('says the command that sends what was there before, which does, once it is confirmed', async () => {
    // As an object of before the configuration: no rule takes it when it is put.
    const { ReplicationConfiguration } = await stage
      .s3(SOURCE)
      .send(new s3.GetBucketReplicationCommand({ Bucket: FROM }));
    await stage.s3(SOURCE).send(new s3.DeleteBucketReplicationCommand({ Bucket: FROM }));
    const { VersionId } = await put('from before');
    await stage
      .s3(SOURCE)
      .send(new s3.PutBucketReplicationCommand({ Bucket: FROM, ReplicationConfiguration }));
    const setting = ['config', 'set', 'lifeboat-source:replicateExisting', 'true', '--stack', 'dr'];
    succeeded(await stage.pulumi('source', setting, asOwner()));
    succeeded(await stage.pulumi('source', UP, asOwner()));
    succeeded(await stage.pulumi('source', [...UP, '--expect-no-changes'], asOwner()));
    const asked = ['stack', 'output', 'existingObjects', '--json', '--stack', 'dr'];
    const { stdout } = succeeded(await stage.pulumi('source', asked, asOwner()));
    const command = JSON.parse(stdout)[FROM];
    const paste = (commands: string) => pasteAws(commands, stage.root(SOURCE));
    const id = (await paste(command)).trim();
    const of = `--region ${SOURCE.region} --account-id ${SOURCE.account} --job-id ${id}`;
    const tell = `aws s3control describe-job ${of} --query 'Job.[Status, ProgressSummary.TotalNumberOfTasks]'`;
    expect((await paste(`${tell}; ${tell}`)).trim().split('\n').at(-1)).to.equal("['Suspended', 1]");
    expect(await versions()).to.have.length(101);
    await paste(`aws s3control update-job-status ${of} --requested-job-status Ready; ${tell}`);
    const held = await versions();
    expect(held).to.have.length(102);
    expect(held[0]).to.include({ Key: 'k', VersionId });
  });

  it('leaves with its setting: neither role nor configuration stays', async () => {
    for (const setting of ['replicateBuckets', 'replicateExisting'])
      succeeded(
        await stage.pulumi(
          'source',
          ['config', 'rm', `lifeboat-source:${setting}`, '--stack', 'dr'],
          asOwner(),
        ),
      );
    succeeded(await stage.pulumi('source', UP, asOwner()));
    const left = await stage
      .s3(SOURCE)
      .send(new s3.GetBucketReplicationCommand({ Bucket: FROM }))
      .catch((error: Error) => error.name);
    expect(left).to.equal('ReplicationConfigurationNotFoundError');
    expect(await versions()).to.have.length(102);
    const iam = new IAMClient(stage.client(SOURCE));
    for (const RoleName of [SOURCE_NAMES.replicationRole, SOURCE_NAMES.batchRole])
      expect(await iam.send(new GetRoleCommand({ RoleName })).catch((error: Error) => error.name)).to.equal(
        'NoSuchEntityException',
      );
  });
});
