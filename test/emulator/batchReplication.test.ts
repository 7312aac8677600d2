import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { replicationStatements } from '../../buckets/replicationStatements';
import { batchCommand, batchPolicy, batchTrust } from '../../source/batchReplication';
import { replicationPolicy, replicationTrust } from '../../source/replication';
import { pasteAws } from '../awsCli';
import { Clients, HERE, must, newAccount, THERE, useEmulator } from './support';

const BATCH = 'lifeboat-batch-replication';

describe('emulator: S3 Batch Replication, by the command line of AWS', function () {
  this.timeout(120_000);
  const emulator = useEmulator();
  let mine: Clients;
  let theirs: Clients;
  let Bucket: string;
  let from: string;
  let sourceAccount: string;
  let place: Parameters<typeof batchCommand>[0];

  const inlined = (RoleName: string, document: object) =>
    theirs.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: JSON.stringify(document) }),
    );
  const role = async (RoleName: string, trust: object, document: object) => {
    const AssumeRolePolicyDocument = JSON.stringify(trust);
    const made = await theirs.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
    await inlined(RoleName, document);
    return must(made.Role?.Arn);
  };
  const put = async (Key: string, Body = Key) =>
    must((await theirs.s3.send(new s3.PutObjectCommand({ Bucket: from, Key, Body }))).VersionId);

  /** Two versions and a delete marker of `old`, one of `other`, all from before the configuration of replication. */
  beforeEach(async () => {
    await emulator().config({ replicationSeconds: 0 });
    sourceAccount = newAccount();
    const drAccount = newAccount();
    mine = new Clients(emulator().url, drAccount, HERE);
    theirs = new Clients(emulator().url, sourceAccount, THERE);
    [Bucket, from] = [`to-${drAccount}`, `from-${sourceAccount}`];
    place = { sourceAccount, sourceRegion: THERE, replicateBuckets: [from] };
    await mine.s3.send(new s3.CreateBucketCommand({ Bucket }));
    const CreateBucketConfiguration = { LocationConstraint: THERE as s3.BucketLocationConstraint };
    await theirs.s3.send(new s3.CreateBucketCommand({ Bucket: from, CreateBucketConfiguration }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await mine.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await theirs.s3.send(new s3.PutBucketVersioningCommand({ Bucket: from, VersioningConfiguration }));
    const settings = { ...place, drAccount, replicateTo: { [from]: Bucket }, replicateKey: undefined };
    const Role = await role(
      'lifeboat-replication',
      replicationTrust({ sourceAccount }),
      replicationPolicy(settings),
    );
    await role(BATCH, batchTrust({ sourceAccount }), batchPolicy(place));
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: replicationStatements(Role, Bucket, { account: drAccount, region: HERE }),
    });
    await mine.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    for (const [key, body] of [
      ['old', 'first'],
      ['old', 'second'],
      ['other', 'x'],
    ] as const)
      await put(key, body);
    await theirs.s3.send(new s3.DeleteObjectCommand({ Bucket: from, Key: 'old' }));
    await theirs.s3.send(
      new s3.PutBucketReplicationCommand({
        Bucket: from,
        ReplicationConfiguration: {
          Role,
          Rules: [
            {
              ...{ ID: 'lifeboat', Priority: 1, Status: 'Enabled', Filter: { Prefix: '' } },
              DeleteMarkerReplication: { Status: 'Disabled' },
              Destination: {
                Bucket: `arn:aws:s3:::${Bucket}`,
                Account: drAccount,
                AccessControlTranslation: { Owner: 'Destination' },
              },
            },
          ],
        },
      }),
    );
  });

  const listed = async (clients: Clients, name: string) =>
    (await clients.s3.send(new s3.ListObjectVersionsCommand({ Bucket: name }))) ?? {};
  const ids = async (clients: Clients, name: string) =>
    ((await listed(clients, name)).Versions ?? []).map(({ Key, VersionId }) => `${Key} ${VersionId}`).sort();

  const env = (key?: { id: string; secret: string }) => ({
    ...emulator().env(sourceAccount, THERE),
    ...(key && { AWS_ACCESS_KEY_ID: key.id, AWS_SECRET_ACCESS_KEY: key.secret }),
  });
  const create = async (command = batchCommand(place, from)) => (await pasteAws(command, env())).trim();
  const of = `--region ${THERE} --account-id`;
  /** A job as it is told of, once nothing changes any more. */
  async function job(id: string): Promise<Record<string, never>> {
    const ask = `aws s3control describe-job ${of} ${sourceAccount} --job-id ${id}`;
    const answers = (await pasteAws(`${ask}; ${ask}; ${ask}`, env())).trim().split('\n');
    return JSON.parse(answers.at(-1) ?? '').Job;
  }
  const confirm = (id: string) =>
    pasteAws(
      `aws s3control update-job-status ${of} ${sourceAccount} --job-id ${id} --requested-job-status Ready`,
      env(),
    );
  /** What the command line says where it fails. */
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error: Error & { stderr?: string }) => error.stderr ?? '',
    );

  it('sends every version of before, under its own id, and no delete marker, once it is confirmed', async () => {
    const id = await create();
    expect(await job(id)).to.deep.include({
      Status: 'Suspended',
      ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 0, NumberOfTasksFailed: 0 },
    });
    expect(await ids(mine, Bucket)).to.deep.equal([]);
    await confirm(id);
    expect(await job(id)).to.deep.include({
      Status: 'Complete',
      ProgressSummary: { TotalNumberOfTasks: 3, NumberOfTasksSucceeded: 3, NumberOfTasksFailed: 0 },
    });
    expect(await ids(mine, Bucket)).to.deep.equal(await ids(theirs, from));
    expect((await listed(mine, Bucket)).DeleteMarkers).to.equal(undefined);
    const now = await mine.s3.send(new s3.GetObjectCommand({ Bucket, Key: 'old' }));
    expect(await now.Body?.transformToString(), 'in the order of the source').to.equal('second');
    expect(await refused(confirm(id))).to.contain('JobStatusException');
  });

  it('takes neither what was sent before nor what is under KMS, where the rule does not take that', async () => {
    await put('new');
    const sealed = { Bucket: from, Key: 'sealed', Body: 'x', ServerSideEncryption: 'aws:kms' } as const;
    await theirs.s3.send(new s3.PutObjectCommand(sealed));
    const id = await create();
    expect((await job(id)).ProgressSummary).to.deep.include({ TotalNumberOfTasks: 3 });
  });

  it('brings what had failed, as soon as DR lets it', async () => {
    const { Policy } = await mine.s3.send(new s3.GetBucketPolicyCommand({ Bucket }));
    await mine.s3.send(new s3.DeleteBucketPolicyCommand({ Bucket }));
    await put('closed');
    const first = await create();
    await job(first);
    await confirm(first);
    expect((await job(first)).ProgressSummary).to.deep.include({ NumberOfTasksFailed: 4 });
    await mine.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
    const second = await create();
    await job(second);
    await confirm(second);
    expect((await job(second)).ProgressSummary).to.deep.include({ NumberOfTasksSucceeded: 4 });
    expect(await ids(mine, Bucket)).to.deep.equal(await ids(theirs, from));
  });

  it('writes nothing itself: without the right of the role that replicates nothing arrives', async () => {
    const looks = { Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' };
    await inlined('lifeboat-replication', { Version: '2012-10-17', Statement: [looks] });
    const everything = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
    await inlined(BATCH, { Version: '2012-10-17', Statement: [everything] });
    const id = await create();
    await job(id);
    await confirm(id);
    expect((await job(id)).ProgressSummary).to.deep.include({ NumberOfTasksFailed: 3 });
    expect(await ids(mine, Bucket)).to.deep.equal([]);
  });

  for (const right of ['s3:GetReplicationConfiguration', 's3:PutInventoryConfiguration'])
    it(`fails without ${right}, before anything is sent`, async () => {
      await inlined(BATCH, JSON.parse(JSON.stringify(batchPolicy(place)).replace(right, 's3:ListBucket')));
      const { Status, FailureReasons } = await job(await create());
      expect(Status).to.equal('Failed');
      expect(JSON.stringify(FailureReasons)).to.contain(right);
    });

  it('fails every version without s3:InitiateReplication', async () => {
    const text = JSON.stringify(batchPolicy(place)).replace('s3:InitiateReplication', 's3:GetObject');
    await inlined(BATCH, JSON.parse(text));
    const id = await create();
    await job(id);
    await confirm(id);
    expect((await job(id)).ProgressSummary).to.deep.include({ NumberOfTasksFailed: 3 });
  });

  for (const [what, trust] of [
    ['another service', () => replicationTrust({ sourceAccount })],
    ['another account', () => batchTrust({ sourceAccount: newAccount() })],
  ] as const)
    it(`fails where its role trusts ${what}`, async () => {
      const PolicyDocument = JSON.stringify(trust());
      await theirs.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: BATCH, PolicyDocument }));
      const { Status, FailureReasons } = await job(await create());
      expect(Status).to.equal('Failed');
      expect(JSON.stringify(FailureReasons)).to.contain('cannot be assumed');
    });

  it('is made by who may make jobs and hand them this role, and by nobody else', async () => {
    const UserName = 'operator';
    await theirs.iam.send(new CreateUserCommand({ UserName }));
    const { AccessKey } = await theirs.iam.send(new CreateAccessKeyCommand({ UserName }));
    const key = { id: must(AccessKey?.AccessKeyId), secret: must(AccessKey?.SecretAccessKey) };
    const makes = { Effect: 'Allow', Action: ['s3:CreateJob', 's3:DescribeJob'], Resource: '*' };
    const passes = {
      ...{ Effect: 'Allow', Action: 'iam:PassRole', Resource: `arn:aws:iam::${sourceAccount}:role/${BATCH}` },
      Condition: { StringEquals: { 'iam:PassedToService': 'batchoperations.s3.amazonaws.com' } },
    };
    const tried = async (...Statement: object[]) => {
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await theirs.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'own', PolicyDocument }));
      return refused(pasteAws(batchCommand(place, from), env(key)));
    };
    await emulator().config({ enforceIam: true });
    try {
      expect(await tried(passes)).to.contain('s3:CreateJob');
      expect(await tried(makes)).to.contain('iam:PassRole');
      expect(await tried(makes, passes)).to.equal('nothing');
    } finally {
      await emulator().config({ enforceIam: false });
    }
  });

  it('refuses a bucket of another region or owner, a foreign role, and what it does not know', async () => {
    const command = batchCommand(place, from);
    const put = (search: string, replacement: string) =>
      refused(create(command.replace(search, replacement)));
    expect(await put(`--region ${THERE}`, `--region ${HERE}`)).to.contain('region of its source bucket');
    expect(
      await put(`"ExpectedBucketOwner":"${sourceAccount}"`, '"ExpectedBucketOwner":"999999999999"'),
    ).to.contain('InvalidRequest');
    expect(await put(`iam::${sourceAccount}:role`, 'iam::999999999999:role')).to.contain('of the account');
    expect(await put('"EnableManifestOutput":false', '"EnableManifestOutput":true')).to.contain(
      'InvalidAction',
    );
    expect(await put('{"Enabled":false}', '{"Enabled":true}')).to.contain('InvalidAction');
    expect(await put('S3ReplicateObject', 'S3DeleteObjectTagging')).to.contain('InvalidAction');
    expect(await refused(job('00000000-0000-0000-0000-000000000000'))).to.contain('NoSuchJobException');
  });
});
