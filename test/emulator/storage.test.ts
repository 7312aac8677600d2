import { request } from 'node:http';
import {
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketTaggingCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { accessKey } from './emulator';
import { Clients, HERE, must, newAccount, newKey, refusal, useEmulator } from './support';

describe('emulator: KMS', () => {
  const emulator = useEmulator();
  let mine: Clients;

  before(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  it('keeps the rotation period (90 to 2,560 days, 365 by default)', async () => {
    const KeyId = await newKey(mine);
    await mine.kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 }));
    const status = await mine.kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    expect(status).to.include({ KeyRotationEnabled: true, RotationPeriodInDays: 180 });
    const short = new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 10 });
    expect(await refusal(mine.kms.send(short))).to.equal('ValidationException');
  });

  it('keeps the key policy as it is written, and refuses one that is none', async () => {
    const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    const KeyId = await newKey(mine, { Policy: policy });
    expect((await mine.kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }))).Policy).to.equal(
      policy,
    );
    const bad = new CreateKeyCommand({ Policy: '{}' });
    expect(await refusal(mine.kms.send(bad))).to.equal('MalformedPolicyDocumentException');
  });

  it('encrypts and decrypts, gives data keys, and stops when the key is disabled', async () => {
    const KeyId = await newKey(mine);
    const Plaintext = new TextEncoder().encode('secret');
    const { CiphertextBlob } = await mine.kms.send(new EncryptCommand({ KeyId, Plaintext }));
    const opened = await mine.kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(new TextDecoder().decode(opened.Plaintext)).to.equal('secret');
    const data = await mine.kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }));
    expect(data.Plaintext).to.have.length(32);
    await mine.kms.send(new DisableKeyCommand({ KeyId }));
    expect(await refusal(mine.kms.send(new DecryptCommand({ CiphertextBlob })))).to.equal(
      'DisabledException',
    );
    expect(await refusal(mine.kms.send(new EncryptCommand({ KeyId, Plaintext })))).to.equal(
      'DisabledException',
    );
  });

  it('a key scheduled for deletion waits 7 to 30 days and works no more', async () => {
    const KeyId = await newKey(mine);
    await mine.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    const metadata = must((await mine.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata);
    expect(metadata.KeyState).to.equal('PendingDeletion');
    const encrypt = new EncryptCommand({ KeyId, Plaintext: new Uint8Array([1]) });
    expect(await refusal(mine.kms.send(encrypt))).to.equal('KMSInvalidStateException');
  });
});

describe('emulator: S3', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;
  let Bucket: string;

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    Bucket = `bucket-${account}`;
    await mine.s3.send(new CreateBucketCommand({ Bucket }));
  });

  it('a conditional write (If-None-Match: *) is 412 PreconditionFailed when the object is there', async () => {
    const put = () =>
      mine.s3.send(new PutObjectCommand({ Bucket, Key: 'manifest', Body: 'x', IfNoneMatch: '*' }));
    expect(await refusal(put())).to.equal('none');
    expect(await refusal(put())).to.equal('PreconditionFailed');
  });

  it('a versioned bucket keeps every version', async () => {
    const configuration = { Status: 'Enabled' as const };
    await mine.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: configuration }));
    for (const Body of ['one', 'two']) await mine.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
    const { Versions } = await mine.s3.send(new ListObjectVersionsCommand({ Bucket }));
    expect(Versions).to.have.length(2);
    const old = must(Versions).find((version) => !version.IsLatest);
    const read = await mine.s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: old?.VersionId }));
    expect(await read.Body?.transformToString()).to.equal('one');
  });

  it('a new bucket encrypts and blocks public access, as every bucket since 2023', async () => {
    const encryption = await mine.s3.send(new GetBucketEncryptionCommand({ Bucket }));
    const rule = encryption.ServerSideEncryptionConfiguration?.Rules?.[0];
    expect(rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).to.equal('AES256');
    const block = await mine.s3.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration?.BlockPublicPolicy).to.equal(true);
  });

  it('a bucket name is global, and another account gets in only by the bucket policy', async () => {
    const other = newAccount();
    const theirs = new Clients(emulator().url, other, HERE);
    expect(await refusal(theirs.s3.send(new CreateBucketCommand({ Bucket })))).to.equal(
      'BucketAlreadyExists',
    );
    await mine.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    const read = () => refusal(theirs.s3.send(new GetObjectCommand({ Bucket, Key: 'k' })));
    expect(await read()).to.equal('AccessDenied');
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${other}:root` },
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${Bucket}/*`,
    };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await mine.s3.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    expect(await read()).to.equal('none');
    const write = theirs.s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'y' }));
    expect(await refusal(write)).to.equal('AccessDenied');
  });

  it('tags given at creation are there', async () => {
    const name = `tagged-${account}`;
    const input = { Bucket: name, CreateBucketConfiguration: { Tags: [{ Key: 'a', Value: 'b & c' }] } };
    await mine.s3.send(new CreateBucketCommand(input));
    const { TagSet } = await mine.s3.send(new GetBucketTaggingCommand({ Bucket: name }));
    expect(TagSet).to.deep.equal([{ Key: 'a', Value: 'b & c' }]);
  });

  it("Go's SDK asks S3 Control under <account>.127.0.0.1, through the proxy: the same tags are there", async () => {
    const Tagging = { TagSet: [{ Key: 'team', Value: 'ops' }] };
    await mine.s3.send(new PutBucketTaggingCommand({ Bucket, Tagging }));
    const { host, hostname, port } = new URL(emulator().url);
    const arn = encodeURIComponent(`arn:aws:s3:::${Bucket}`);
    const path = `http://${account}.${host}/v20180820/tags/${arn}`;
    const scope = `${accessKey(account)}/20260101/${HERE}/s3/aws4_request`;
    const headers = {
      Host: `${account}.${host}`,
      'x-amz-account-id': account,
      Authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    };
    const body = await new Promise<string>((resolve, reject) => {
      const call = request({ host: hostname, port, path, headers }, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => resolve(text));
      });
      call.on('error', reject).end();
    });
    expect(body).to.include('<Tags><Tag><Key>team</Key><Value>ops</Value></Tag></Tags>');
  });
});
