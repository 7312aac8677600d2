import { spawn } from 'node:child_process';
import { AttachRolePolicyCommand, CreatePolicyCommand, CreateRoleCommand } from '@aws-sdk/client-iam';
import * as s3 from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import pLimit from 'p-limit';
import { copyBucketsPolicy } from '../../../vault/copyBucketsPolicy';
import { copyPolicy } from '../../../vault/copyPolicy';
import { runPolicy } from '../../../vault/policies';
import { allowedBy } from '../allowedBy';
import { all, type Buckets, copiesMade, makeBuckets, put, read } from './bucketWorld';
import { DR, ended, SOURCE, startWorld, type World } from './world';

const OBJECTS = 10_000;
const PLACE = {
  drAccount: DR.account,
  drRegion: DR.region,
  sourceAccount: SOURCE.account,
  sourceRegion: SOURCE.region,
  sourceRole: `arn:aws:iam::${SOURCE.account}:role/lifeboat-reader`,
};

describe(`lifeboat copy-buckets with ${OBJECTS} objects`, function () {
  this.timeout(600_000);
  let world: World;
  let buckets: Buckets;
  before(async () => {
    world = await startWorld();
    buckets = await makeBuckets(world);
  });
  after(() => world.stop());

  async function deleteSource(): Promise<void> {
    for (;;) {
      const { Versions = [] } = await world.source.s3.send(
        new s3.ListObjectVersionsCommand({ Bucket: 'shop' }),
      );
      if (Versions.length === 0) break;
      const Objects = Versions.map(({ Key, VersionId }) => ({ Key, VersionId }));
      await world.source.s3.send(
        new s3.DeleteObjectsCommand({ Bucket: 'shop', Delete: { Objects, Quiet: true } }),
      );
    }
    await world.source.s3.send(new s3.DeleteBucketCommand({ Bucket: 'shop' }));
  }

  it('loses nothing of what it has when a robot deletes the source in the middle, and says so', async () => {
    const limit = pLimit(32);
    const names = Array.from({ length: OBJECTS }, (_, index) => `orders/${String(index).padStart(5, '0')}`);
    await Promise.all(names.map((name) => limit(() => put(world.source.s3, 'shop', name))));
    const running = world.run(['copy-buckets', '--bucket', 'shop', '--json']);
    while ((await copiesMade(world)) < OBJECTS / 4) await new Promise((resolve) => setTimeout(resolve, 50));
    await deleteSource();
    const ran = await running;
    expect(ran.code).to.equal(1);
    const [{ report }] = JSON.parse(ran.stdout).buckets;
    expect(report.copied).to.be.within(OBJECTS / 4, OBJECTS - 1);
    expect(report.gone > 0 || report.broken !== undefined, JSON.stringify(report).slice(0, 500)).to.equal(
      true,
    );
    expect(ran.stderr).to.match(/problem {2}shop/);
    const held = await all(world, buckets.dr);
    expect(held.flatMap(({ versions }) => versions)).to.have.length(report.copied);
    expect(await read(world.dr.s3, buckets.dr, names[0] ?? '')).to.equal(names[0]);

    const after = await world.run(['copy-buckets', '--bucket', 'shop']);
    expect(after.code).to.equal(1);
    expect(after.stderr).to.contain('NoSuchBucket');
    expect(await all(world, buckets.dr)).to.deep.equal(held);
  });
});

describe('lifeboat copy-buckets by the run role, with its own rights and no more', function () {
  this.timeout(120_000);
  let world: World;
  let buckets: Buckets;
  before(async () => {
    world = await startWorld();
    buckets = await makeBuckets(world);
  });
  after(() => world.stop());

  /** The environment of a session of the run role. */
  async function asRunner(): Promise<Record<string, string>> {
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${DR.account}:root` },
    };
    const { Role } = await world.dr.iam.send(
      new CreateRoleCommand({
        RoleName: 'lifeboat-run',
        AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
      }),
    );
    for (const [PolicyName, document] of Object.entries({
      copyBuckets: copyBucketsPolicy(PLACE),
      copy: copyPolicy(PLACE),
      run: runPolicy(PLACE),
    })) {
      const made = { PolicyName, PolicyDocument: JSON.stringify(document) };
      const { Policy } = await world.dr.iam.send(new CreatePolicyCommand(made));
      await world.dr.iam.send(
        new AttachRolePolicyCommand({ RoleName: 'lifeboat-run', PolicyArn: Policy?.Arn }),
      );
    }
    const sts = new STSClient(world.dr.config);
    const assume = new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: 'test' });
    const { Credentials } = await sts.send(assume);
    return {
      ...world.emulator.env(DR.account, DR.region),
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
    };
  }

  it('copies what the printed statement opens, uses every right, and is denied a read of a copy', async () => {
    const printed = await world.run(['copy-buckets', '--bucket', 'shop', '--policy']);
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [JSON.parse(printed.stdout).shop] });
    await world.source.s3.send(new s3.PutBucketPolicyCommand({ Bucket: 'shop', Policy }));
    await put(world.source.s3, 'shop', 'a', 'one', { Tagging: 'team=ops' });
    await put(world.source.s3, 'shop', 'large', 'x', { Tagging: 'team=ops' });
    await world.emulator.claimSize('shop', 'large', 6 * 1024 ** 3);
    const env = await asRunner();
    await world.emulator.config({ enforceIam: true });
    const copy = () =>
      ended(
        spawn(
          process.execPath,
          ['scripts/lifeboat.mjs', 'copy-buckets', '--bucket', 'shop', '--dir', world.dir],
          {
            env: { ...process.env, ...env },
            stdio: ['ignore', 'pipe', 'pipe'],
          },
        ),
      );
    // An upload whose part fails is aborted.
    await world.emulator.rules({ action: 'UploadPartCopy', error: 'InvalidRequest', status: 400, times: 1 });
    const first = await copy();
    expect(first.code, first.stderr).to.equal(1);
    expect(first.stdout).to.contain('1 versions copied');
    const second = await copy();
    expect(second.code, second.stderr).to.equal(0);
    expect(second.stdout).to.contain('1 versions copied');
    expect((await copy()).stdout).to.contain('0 versions copied');

    const { [`arn:aws:iam::${DR.account}:role/lifeboat-run`]: used } = await world.emulator.permissions();
    expect(used?.denied).to.deep.equal({});
    // By name or by version: which of the two depends on the call, and source's objects may have none.
    const either = ['s3:GetObject', 's3:GetObjectTagging', 'kms:Decrypt'];
    const unused = allowedBy(copyBucketsPolicy(PLACE)).filter((action) => !(action in (used?.allowed ?? {})));
    expect(unused.filter((action) => !either.includes(action))).to.deep.equal([]);

    const credentials = {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: env.AWS_SESSION_TOKEN,
    };
    const thief = new s3.S3Client({ ...world.dr.config, credentials });
    const attempts = await Promise.allSettled([
      read(thief, buckets.dr, 'a'),
      thief.send(new s3.HeadObjectCommand({ Bucket: buckets.dr, Key: 'a' })),
      thief.send(new s3.DeleteObjectCommand({ Bucket: buckets.dr, Key: 'a' })),
    ]);
    for (const attempt of attempts) {
      expect(attempt.status).to.equal('rejected');
      if (attempt.status === 'rejected') expect(attempt.reason.$metadata.httpStatusCode).to.equal(403);
    }
  });
});
