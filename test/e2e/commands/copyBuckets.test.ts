import { CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  asRole,
  type Buckets,
  contents,
  copiesMade,
  makeBuckets,
  put,
  read,
  tagAs,
  uploadsOf,
} from './bucketWorld';
import { DR, ended, SOURCE, startWorld, type World, writeSettings } from './world';

const GIB = 1024 ** 3;

describe('lifeboat copy-buckets', function () {
  this.timeout(120_000);
  let world: World;
  let buckets: Buckets;
  beforeEach(async () => {
    world = await startWorld();
    buckets = await makeBuckets(world);
  });
  afterEach(() => world.stop());

  const COPY = ['copy-buckets', '--bucket', 'shop'];
  const source = () => world.source.s3;

  async function copied(...more: string[]) {
    const now = new Date((await world.emulator.state()).now);
    const ran = await world.run([...COPY, '--json', ...more], 'dr', { now: () => now });
    const parsed = JSON.parse(ran.stdout);
    return { ...ran, ...parsed, first: parsed.buckets[0] };
  }

  it('copies every version, oldest first, with all that describes it, and nothing twice', async () => {
    await put(source(), 'shop', 'a', 'one');
    await put(source(), 'shop', 'a', 'two', {
      ContentType: 'text/x',
      ContentEncoding: 'br',
      Metadata: { owner: 'ops' },
      Tagging: 'team=ops&lifeboat%3Asource-version=forged',
      StorageClass: 'STANDARD_IA',
    });
    await put(source(), 'shop', 'empty', '');
    const first = await copied();
    expect(first.code, first.stderr).to.equal(0);
    expect(first.first.report).to.include({ copied: 3, already: 0, failed: 0 });
    expect(await contents(world, buckets)).to.deep.equal({ a: ['one', 'two'], empty: [''] });
    const head = await world.dr.s3.send(new s3.HeadObjectCommand({ Bucket: buckets.dr, Key: 'a' }));
    expect(head).to.deep.include({
      ContentType: 'text/x',
      ContentEncoding: 'br',
      Metadata: { owner: 'ops' },
      StorageClass: 'STANDARD_IA',
      ServerSideEncryption: 'aws:kms',
    });
    const tags = await world.dr.s3.send(new s3.GetObjectTaggingCommand({ Bucket: buckets.dr, Key: 'a' }));
    expect(tags.TagSet).to.have.length(2);

    const again = await copied();
    expect(again.first.report).to.include({ copied: 0, already: 3 });
    await put(source(), 'shop', 'a', 'three');
    expect((await copied()).first.report).to.include({ copied: 1, already: 3 });
    expect(await read(world.dr.s3, buckets.dr, 'a')).to.equal('three');
    expect(await copiesMade(world)).to.equal(4);
  });

  it('never copies a delete marker, and deletes nothing when the source loses keys, versions or the bucket', async () => {
    const gone = await put(source(), 'shop', 'lost', 'x');
    await put(source(), 'shop', 'hidden', 'x');
    await put(source(), 'shop', 'kept', 'x');
    await copied();
    await source().send(new s3.DeleteObjectCommand({ Bucket: 'shop', Key: 'lost', VersionId: gone }));
    await source().send(new s3.DeleteObjectCommand({ Bucket: 'shop', Key: 'hidden' }));
    const ran = await copied();
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain(
      '1 keys of shop have a delete marker on top in the source and stay readable',
    );
    expect(ran.stderr).to.contain(`1 keys of ${buckets.dr} have no version in shop any more, and stay`);
    const whole = { hidden: ['x'], kept: ['x'], lost: ['x'] };
    expect(await contents(world, buckets)).to.deep.equal(whole);

    const keys = await source().send(new s3.ListObjectVersionsCommand({ Bucket: 'shop' }));
    for (const { Key, VersionId } of [...(keys.Versions ?? []), ...(keys.DeleteMarkers ?? [])])
      await source().send(new s3.DeleteObjectCommand({ Bucket: 'shop', Key, VersionId }));
    await source().send(new s3.DeleteBucketCommand({ Bucket: 'shop' }));
    const without = await copied();
    expect(without.code).to.equal(1);
    expect(without.stderr).to.contain('problem  shop could not be looked through to its end: NoSuchBucket');
    expect(await contents(world, buckets)).to.deep.equal(whole);
    const { calls } = await world.emulator.state();
    expect(
      Object.keys(calls).filter((call) => call.startsWith(DR.account) && call.includes('Delete')),
    ).to.deep.equal([]);
  });

  it('goes on past what it may not read, says so and fails; the newest is on top once it may', async () => {
    const { KeyMetadata } = await world.source.kms.send(new CreateKeyCommand({}));
    const closed = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: KeyMetadata?.Arn } as const;
    await put(source(), 'shop', 'a', 'old', closed);
    await put(source(), 'shop', 'a', 'new');
    await put(source(), 'shop', 'cold', 'x', { StorageClass: 'GLACIER' });
    await put(source(), 'shop', 'z', 'z');
    const ran = await copied();
    expect(ran.code).to.equal(1);
    expect(ran.first.report).to.include({ copied: 2, failed: 2 });
    expect(ran.stderr).to.contain('kms:Decrypt').and.to.contain('InvalidObjectState');
    expect(await contents(world, buckets)).to.deep.equal({ a: ['new'], z: ['z'] });
    // The same again makes nothing.
    expect((await copied()).first.report).to.include({ copied: 0, failed: 2 });
    const statement = { Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await world.source.kms.send(
      new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: 'default', Policy }),
    );
    expect((await copied()).first.report).to.include({ copied: 2, failed: 1 });
    expect((await contents(world, buckets)).a).to.deep.equal(['new', 'old', 'new']);
    expect((await copied()).first.report).to.include({ copied: 0, failed: 1 });
  });

  it('copies 6 GiB in parts, with what describes them', async () => {
    await put(source(), 'shop', 'large', 'x', {
      Metadata: { a: 'b' },
      Tagging: 'c=d%20e',
      ContentType: 'text/x',
    });
    await world.emulator.claimSize('shop', 'large', 6 * GIB);
    const ran = await copied();
    expect(ran.code, ran.stderr).to.equal(0);
    const target = { Bucket: buckets.dr, Key: 'large' };
    const head = await world.dr.s3.send(new s3.HeadObjectCommand(target));
    expect(head).to.deep.include({ ContentLength: 6 * GIB, Metadata: { a: 'b' }, ContentType: 'text/x' });
    const { TagSet } = await world.dr.s3.send(new s3.GetObjectTaggingCommand(target));
    expect(TagSet).to.deep.equal([{ Key: 'c', Value: 'd e' }]);
    const { calls } = await world.emulator.state();
    expect(calls[`${DR.account}/${DR.region}/s3/UploadPartCopy`]).to.equal(12);
    expect((await copied()).first.report).to.include({ copied: 0, already: 1 });
  });

  it('leaves nothing of an upload that fails, in a part or at its end, and says why it did', async () => {
    await put(source(), 'shop', 'large', 'x');
    await world.emulator.claimSize('shop', 'large', 6 * GIB);
    for (const action of ['UploadPartCopy', 'CompleteMultipartUpload']) {
      await world.emulator.rules({ action, error: 'AccessDenied', status: 403, times: 1 });
      const ran = await copied();
      expect(ran.code).to.equal(1);
      expect(ran.first.report.failures[0].reason).to.contain('AccessDenied');
      expect(await uploadsOf(world, buckets)).to.deep.equal([]);
    }
    // The end of it is no reason of its own, and what is left is for the next run.
    await world.emulator.rules({ action: 'UploadPartCopy', error: 'InvalidRequest', status: 400, times: 1 });
    await world.emulator.rules({
      action: 'AbortMultipartUpload',
      error: 'AccessDenied',
      status: 403,
      times: 1,
    });
    expect((await copied()).first.report.failures[0].reason).to.contain('InvalidRequest');
    expect(await uploadsOf(world, buckets)).to.deep.equal(['large']);
    expect((await copied()).first.report).to.include({ copied: 1 });
  });

  it("ends what its own killed runs left unfinished, a day later, and nobody else's", async () => {
    const [run, recover, app] = [
      await asRole(world, 'lifeboat-run'),
      await asRole(world, 'lifeboat-recover'),
      await asRole(world, 'lifeboat-run-app'),
    ];
    const begin = (client: s3.S3Client, Key: string) =>
      client.send(new s3.CreateMultipartUploadCommand({ Bucket: buckets.dr, Key }));
    await begin(run, 'a killed copy');
    await begin(recover, 'a killed bucket-at');
    await begin(app, 'an application');
    expect((await copied()).first.ended).to.equal(0);
    await world.emulator.advance(25 * 3_600);
    await begin(await asRole(world, 'lifeboat-run'), 'young');
    const ran = await copied();
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain(
      `2 uploads into ${buckets.dr} that earlier runs left unfinished were ended`,
    );
    expect(await uploadsOf(world, buckets)).to.deep.equal(['an application', 'young']);
    await world.emulator.rules({ action: 'ListMultipartUploads', error: 'AccessDenied', status: 403 });
    const blind = await copied();
    expect(blind.code).to.equal(1);
    expect(blind.stderr).to.contain('could not be ended: AccessDenied');
  });

  it('copies names with every odd character', async () => {
    const odd = fc.string({ unit: 'binary', minLength: 1, maxLength: 80 });
    const parts = fc.constantFrom(
      '..',
      '.',
      '//',
      '+',
      '%',
      '%2F',
      '\u0001',
      '\n',
      ' ',
      '😀',
      'é',
      '?versionId=x',
      '&',
      '#',
    );
    const mixed = fc.array(parts, { minLength: 1, maxLength: 8 }).map((some) => some.join('/'));
    const generated = fc.sample(fc.oneof(odd, mixed), { numRuns: 300, seed: 20_260_131 });
    const names = [
      ...new Set(['../x', 'a//b', '//', 'a+b', 'k'.repeat(1_024), '\u{FFFD}', '\u{10FFFF}', ...generated]),
    ].filter((name) => Buffer.byteLength(name) <= 1_024);
    for (const name of names) await put(source(), 'shop', name, name);
    const ran = await copied();
    expect(ran.code, ran.stderr).to.equal(0);
    const found = await contents(world, buckets);
    expect(Object.keys(found).sort()).to.deep.equal([...names].sort());
    for (const name of names) expect(found[name], JSON.stringify(name)).to.deep.equal([name]);
    expect((await copied()).first.report).to.include({ copied: 0, already: names.length });
  });

  it('keeps under the ceiling: what DR has already goes first, and what is left is a problem', async () => {
    await put(source(), 'shop', 'z-old', '1');
    await copied();
    await put(source(), 'shop', 'z-old', '2');
    for (let index = 0; index < 5; index += 1) await put(source(), 'shop', `a-${index}`, 'junk');
    const ran = await copied('--most-objects', '3');
    expect(ran.code).to.equal(1);
    expect(ran.first.report).to.include({ copied: 3, over: 3 });
    expect(await read(world.dr.s3, buckets.dr, 'z-old')).to.equal('2');
    expect(ran.stderr).to.contain('--most-gib 1 --most-objects 6');
    expect((await copied()).first.report).to.include({ copied: 3, over: 0 });
  });

  it('shows a plan and changes nothing; prints the statement for the source', async () => {
    await put(source(), 'shop', 'a', 'one');
    const before = await world.mutations(DR.account);
    const plan = await world.run([...COPY, '--plan']);
    expect(plan.code, plan.stderr).to.equal(0);
    expect(plan.stdout).to.match(/shop\s.*shop-222222222222\s.*1\s.*3 B/);
    expect(await world.mutations(DR.account)).to.deep.equal(before);
    const policy = await world.run([...COPY, '--policy']);
    expect(JSON.parse(policy.stdout).shop).to.deep.include({
      Principal: { AWS: `arn:aws:iam::${DR.account}:root` },
      Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'],
      Condition: { ArnEquals: { 'aws:PrincipalArn': [`arn:aws:iam::${DR.account}:role/lifeboat-run`] } },
    });
  });

  it('refuses a bucket of DR that keeps no versions, and a name that nobody gave', async () => {
    await world.dr.s3.send(
      new s3.PutBucketVersioningCommand({
        Bucket: buckets.dr,
        VersioningConfiguration: { Status: 'Suspended' },
      }),
    );
    const unversioned = await world.run(COPY);
    expect(unversioned.code).to.equal(1);
    expect(unversioned.stderr).to.contain('keeps no versions').and.to.contain('put-bucket-versioning');
    const none = await world.run(['copy-buckets']);
    expect(none.stderr).to.contain('No bucket is named').and.to.contain('lifeboat:copyBuckets');
  });

  it('writes into no bucket that only has the right name, and copies the others', async () => {
    const other = await makeBuckets(world, 'other');
    await put(source(), 'shop', 'a', 'secret');
    await put(source(), 'other', 'b', 'b');
    for (const tag of [undefined, 'other']) {
      await tagAs(world, buckets.dr, tag);
      const ran = await world.run([...COPY, '--bucket', 'other']);
      expect(ran.code).to.equal(1);
      expect(ran.stderr)
        .to.contain(`${buckets.dr} is not Lifeboat's mirror of shop`)
        .and.to.contain('config set lifeboat:buckets shop=OTHER-NAME');
    }
    await world.dr.s3.send(new s3.DeleteBucketTaggingCommand({ Bucket: buckets.dr }));
    expect((await world.run(COPY)).stderr).to.contain('no tag lifeboat:source-id');
    expect(await contents(world, buckets)).to.deep.equal({});
    expect(await contents(world, other)).to.deep.equal({ b: ['b'] });
  });

  it('copies a bucket without versions as it is now, and again when it is written over', async () => {
    const LocationConstraint = SOURCE.region as s3.BucketLocationConstraint;
    await source().send(
      new s3.CreateBucketCommand({ Bucket: 'plain', CreateBucketConfiguration: { LocationConstraint } }),
    );
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: DR.account },
          Action: 's3:*',
          Resource: ['arn:aws:s3:::plain', 'arn:aws:s3:::plain/*'],
        },
      ],
    });
    await source().send(new s3.PutBucketPolicyCommand({ Bucket: 'plain', Policy }));
    const argv = ['copy-buckets', '--bucket', 'plain'];
    writeSettings(world.dir, { buckets: `plain=${buckets.dr}` });
    await tagAs(world, buckets.dr, 'plain');
    await source().send(new s3.PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'one' }));
    expect((await world.run(argv)).code).to.equal(0);
    expect((await world.run(argv)).stdout).to.contain('0 versions copied');
    await source().send(new s3.PutObjectCommand({ Bucket: 'plain', Key: 'a', Body: 'two' }));
    expect((await world.run(argv)).code).to.equal(0);
    expect(await contents(world, buckets)).to.deep.equal({ a: ['one', 'two'] });
  });

  it('runs as the real program', async () => {
    await put(source(), 'shop', 'a', 'one');
    const ran = await ended(world.spawn(COPY));
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.contain('1 versions copied (3 B)');
  });
});
