import { DisableKeyCommand } from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { Clients, complaint, HERE, must, newAccount, newKey, refusal, THERE, useEmulator } from './support';

const GIB = 1024 ** 3;

describe('emulator: copies of objects', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;
  let theirs: Clients;
  let Bucket: string;
  let from: string;

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    theirs = new Clients(emulator().url, newAccount(), THERE);
    [Bucket, from] = [`to-${newAccount()}`, `from-${newAccount()}`];
    await mine.s3.send(new s3.CreateBucketCommand({ Bucket }));
    await theirs.s3.send(
      new s3.CreateBucketCommand({
        Bucket: from,
        CreateBucketConfiguration: { LocationConstraint: THERE },
      }),
    );
    for (const [clients, name] of [
      [mine, Bucket],
      [theirs, from],
    ] as const)
      await clients.s3.send(
        new s3.PutBucketVersioningCommand({
          Bucket: name,
          VersioningConfiguration: { Status: 'Enabled' },
        }),
      );
    await open(['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:GetObjectVersionTagging']);
  });

  async function open(Action: string[]): Promise<void> {
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: account },
      Action: [...Action, 's3:ListBucketVersions'],
      Resource: [`arn:aws:s3:::${from}`, `arn:aws:s3:::${from}/*`],
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await theirs.s3.send(new s3.PutBucketPolicyCommand({ Bucket: from, Policy }));
  }

  const put = async (Key: string, more: Partial<s3.PutObjectCommandInput> = {}) =>
    must(
      (await theirs.s3.send(new s3.PutObjectCommand({ Bucket: from, Key, Body: Key, ...more }))).VersionId,
    );
  const copy = (Key: string, more: Partial<s3.CopyObjectCommandInput> = {}) =>
    mine.s3.send(
      new s3.CopyObjectCommand({
        Bucket,
        Key,
        CopySource: `${from}/${encodeURIComponent(Key)}`,
        ...more,
      }),
    );

  it('takes the version that is named, with its metadata, its headers and its tags, but not its storage class', async () => {
    const described = { Metadata: { Owner: 'ops' }, ContentType: 'text/x', CacheControl: 'no-store' };
    const old = await put('k', { ...described, Tagging: 'team=ops', StorageClass: 'STANDARD_IA' });
    await put('k', { Body: 'new' });
    const { VersionId } = await copy('k', { CopySource: `${from}/k?versionId=${old}` });
    const got = await mine.s3.send(new s3.GetObjectCommand({ Bucket, Key: 'k', VersionId }));
    expect(await got.Body?.transformToString()).to.equal('k');
    expect(got).to.deep.include({
      Metadata: { owner: 'ops' },
      ContentType: 'text/x',
      CacheControl: 'no-store',
    });
    expect(got.StorageClass).to.equal(undefined);
    const { TagSet } = await mine.s3.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'k', VersionId }));
    expect(TagSet).to.deep.equal([{ Key: 'team', Value: 'ops' }]);
  });

  it('shows the tags of a version to another account that may read them', async () => {
    const VersionId = await put('k', { Tagging: 'team=ops' });
    await put('k');
    const read = new s3.GetObjectTaggingCommand({ Bucket: from, Key: 'k', VersionId });
    expect((await mine.s3.send(read)).TagSet).to.deep.equal([{ Key: 'team', Value: 'ops' }]);
    await open(['s3:GetObjectTagging']);
    expect(await refusal(mine.s3.send(read))).to.equal('AccessDenied');
  });

  it('asks for the right to the version, and to its tags where it has some', async () => {
    const CopySource = `${from}/k?versionId=${await put('k')}`;
    const tagged = `${from}/t?versionId=${await put('t', { Tagging: 'a=b' })}`;
    await open(['s3:GetObject']);
    expect(await complaint(copy('k', { CopySource }))).to.contain('s3:GetObjectVersion');
    await open(['s3:GetObject', 's3:GetObjectVersion']);
    expect(await refusal(copy('k', { CopySource }))).to.equal('none');
    expect(await complaint(copy('t', { CopySource: tagged }))).to.contain('s3:GetObjectVersionTagging');
    const bare = { CopySource: tagged, TaggingDirective: 'REPLACE' } as const;
    expect(await refusal(copy('t', bare))).to.equal('none');
  });

  it('replaces metadata and tags only when told to', async () => {
    await put('k', { Metadata: { a: '1' }, Tagging: 'a=1' });
    const { VersionId } = await copy('k', {
      MetadataDirective: 'REPLACE',
      Metadata: { b: '2' },
      TaggingDirective: 'REPLACE',
      Tagging: 'b=2',
    });
    const { Metadata } = await mine.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'k', VersionId }));
    expect(Metadata).to.deep.equal({ b: '2' });
    const { TagSet } = await mine.s3.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'k' }));
    expect(TagSet).to.deep.equal([{ Key: 'b', Value: '2' }]);
  });

  it('knows a version, a key and a bucket that are gone, a condition that fails, and an archived object', async () => {
    const VersionId = await put('k');
    await put('cold', { StorageClass: 'GLACIER' });
    expect(await refusal(copy('none'))).to.equal('NoSuchKey');
    await theirs.s3.send(new s3.DeleteObjectCommand({ Bucket: from, Key: 'k', VersionId }));
    expect(await refusal(copy('k', { CopySource: `${from}/k?versionId=${VersionId}` }))).to.equal(
      'NoSuchVersion',
    );
    expect(await refusal(copy('k', { CopySource: 'no-such-bucket-1/k' }))).to.equal('NoSuchBucket');
    expect(await refusal(copy('cold', { CopySourceIfMatch: '"x"' }))).to.equal('PreconditionFailed');
    expect(await refusal(copy('cold'))).to.equal('InvalidObjectState');
  });

  it('is refused above 5 GiB, which parts copy side by side', async () => {
    await put('large');
    await emulator().claimSize(from, 'large', 6 * GIB);
    expect(await refusal(copy('large'))).to.equal('InvalidRequest');
    const upload = { Bucket, Key: 'large' };
    const { UploadId } = await mine.s3.send(new s3.CreateMultipartUploadCommand(upload));
    const part = (PartNumber: number, CopySourceRange: string) =>
      mine.s3.send(
        new s3.UploadPartCopyCommand({
          ...upload,
          UploadId,
          PartNumber,
          CopySource: `${from}/large`,
          CopySourceRange,
        }),
      );
    expect(await refusal(part(1, `bytes=0-${6 * GIB - 1}`))).to.equal('InvalidRequest');
    expect(await refusal(part(2, `bytes=0-${6 * GIB}`))).to.equal('InvalidRange');
    const done = await Promise.all([
      part(1, `bytes=0-${3 * GIB - 1}`),
      part(2, `bytes=${3 * GIB}-${6 * GIB - 1}`),
    ]);
    const Parts = done.map(({ CopyPartResult }, index) => ({
      PartNumber: index + 1,
      ETag: CopyPartResult?.ETag,
    }));
    await mine.s3.send(
      new s3.CompleteMultipartUploadCommand({ ...upload, UploadId, MultipartUpload: { Parts } }),
    );
    const { ContentLength } = await mine.s3.send(new s3.HeadObjectCommand(upload));
    expect(ContentLength).to.equal(6 * GIB);
  });

  it('needs the keys of both sides: disabled or not allowed, on reading and on writing', async () => {
    const theirKey = await newKey(theirs);
    const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: theirKey } as const;
    const VersionId = await put('k', encryption);
    // Their key's policy lets their own account in, and nobody else.
    expect(await complaint(copy('k'))).to.contain('kms:Decrypt');
    const read = new s3.GetObjectCommand({ Bucket: from, Key: 'k', VersionId });
    expect(await refusal(theirs.s3.send(read))).to.equal('none');
    await theirs.kms.send(new DisableKeyCommand({ KeyId: theirKey }));
    expect(await refusal(theirs.s3.send(read))).to.equal('KMS.DisabledException');
    expect(await refusal(put('other', encryption))).to.equal('KMS.DisabledException');
  });

  it('gives an object under KMS an ETag that is no MD5, and a copy another', async () => {
    const KeyId = await newKey(mine);
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KeyId } };
    await mine.s3.send(
      new s3.PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: { Rules: [{ ...rule, BucketKeyEnabled: true }] },
      } as s3.PutBucketEncryptionCommandInput),
    );
    await put('k');
    await copy('k');
    const head = await mine.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'k' }));
    const theirHead = await theirs.s3.send(new s3.HeadObjectCommand({ Bucket: from, Key: 'k' }));
    expect(head.ServerSideEncryption).to.equal('aws:kms');
    expect(head.ETag).not.to.equal(theirHead.ETag);
  });
});

describe('emulator: the listing of versions', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let Bucket: string;

  before(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    Bucket = `list-${newAccount()}`;
    await mine.s3.send(new s3.CreateBucketCommand({ Bucket }));
    await mine.s3.send(
      new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    // Bytes order these as they stand; UTF-16 would put the last but one behind the last.
    for (const Key of ['a', 'a\n', 'a\u0001+ b/..//', 'é', '\uFFFD', '\u{1F600}'])
      for (const Body of ['1', '2']) await mine.s3.send(new s3.PutObjectCommand({ Bucket, Key, Body }));
    await mine.s3.send(new s3.DeleteObjectCommand({ Bucket, Key: 'a' }));
  });

  async function pages(MaxKeys: number): Promise<{ key: string; id: string; latest: boolean }[]> {
    const found: { key: string; id: string; latest: boolean }[] = [];
    let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
    const decode = (text = '') => decodeURIComponent(text.replaceAll('+', ' '));
    for (;;) {
      const page = await mine.s3.send(
        new s3.ListObjectVersionsCommand({ Bucket, MaxKeys, EncodingType: 'url', ...markers }),
      );
      const items = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      expect(items.length).to.be.at.most(MaxKeys);
      for (const { Key, VersionId = '', IsLatest = false } of items)
        found.push({ key: decode(Key), id: VersionId, latest: IsLatest });
      if (!page.IsTruncated) return found;
      markers = { KeyMarker: decode(page.NextKeyMarker), VersionIdMarker: page.NextVersionIdMarker };
    }
  }

  it('gives every version once, whatever the size of a page, in the order of the bytes of the keys', async () => {
    const whole = await pages(1_000);
    expect(whole).to.have.length(13);
    for (const size of [1, 2, 5]) {
      const cut = await pages(size);
      expect(cut.map(({ id }) => id).sort()).to.deep.equal(whole.map(({ id }) => id).sort());
      expect([...new Set(cut.map(({ key }) => key))]).to.deep.equal([
        'a',
        'a\u0001+ b/..//',
        'a\n',
        'é',
        '\uFFFD',
        '\u{1F600}',
      ]);
    }
    expect(whole.filter(({ latest }) => latest)).to.have.length(6);
  });

  it('begins behind a key that is given as a marker alone, and refuses a version without a key', async () => {
    const after = await mine.s3.send(new s3.ListObjectVersionsCommand({ Bucket, KeyMarker: 'é' }));
    expect(after.Versions?.map(({ Key }) => Key)).to.deep.equal([
      '\uFFFD',
      '\uFFFD',
      '\u{1F600}',
      '\u{1F600}',
    ]);
    const alone = new s3.ListObjectVersionsCommand({ Bucket, VersionIdMarker: 'x' });
    expect(await refusal(mine.s3.send(alone))).to.equal('InvalidArgument');
  });
});
