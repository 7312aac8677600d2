import { request } from 'node:http';
import * as sdk from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { accessKey } from './emulator';
import { Clients, must, newAccount, refusal, THERE, useEmulator } from './support';

describe('emulator: buckets', () => {
  const emulator = useEmulator();
  let account: string;
  let mine: Clients;
  let Bucket: string;

  const make = (name: string, clients = mine, region: string = THERE) =>
    clients.s3.send(
      new sdk.CreateBucketCommand({
        Bucket: name,
        CreateBucketConfiguration: { LocationConstraint: region as sdk.BucketLocationConstraint },
      }),
    );
  const put = (statement: object, of = Bucket) =>
    refusal(
      mine.s3.send(
        new sdk.PutBucketPolicyCommand({
          Bucket: of,
          Policy: JSON.stringify({ Version: '2012-10-17', Statement: statement }),
        }),
      ),
    );
  const allow = (Principal: unknown, more: object = {}) => ({
    Effect: 'Allow',
    Principal,
    Action: 's3:GetObject',
    Resource: `arn:aws:s3:::${Bucket}/*`,
    ...more,
  });

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, THERE);
    Bucket = `bucket-${account}`;
    await make(Bucket);
  });

  it('are listed in pages by name, with their regions once a parameter is given', async () => {
    for (const name of ['c', 'a', 'b']) await make(`${name}-${account}`);
    const bare = await mine.s3.send(new sdk.ListBucketsCommand({}));
    expect(must(bare.Buckets?.[0]).BucketRegion).to.equal(undefined);
    const seen: string[] = [];
    for await (const page of sdk.paginateListBuckets({ client: mine.s3, pageSize: 3 }, {}))
      seen.push(...(page.Buckets ?? []).map(({ Name, BucketRegion }) => `${Name} ${BucketRegion}`));
    expect(seen).to.deep.equal(['a', 'b', 'bucket', 'c'].map((name) => `${name}-${account} ${THERE}`));
    const wrong = mine.s3.send(new sdk.ListBucketsCommand({ MaxBuckets: 1, ContinuationToken: 'no token' }));
    expect(await refusal(wrong)).to.equal('InvalidArgument');
  });

  it('belong to their owner: a name is taken, and whose it is can be asked for', async () => {
    const theirs = new Clients(emulator().url, newAccount(), THERE);
    expect(await refusal(make(Bucket))).to.equal('BucketAlreadyOwnedByYou');
    expect(await refusal(make(Bucket, theirs))).to.equal('BucketAlreadyExists');
    const asked = (ExpectedBucketOwner: string, name = Bucket) =>
      refusal(mine.s3.send(new sdk.GetBucketTaggingCommand({ Bucket: name, ExpectedBucketOwner })));
    expect(await asked(account)).to.equal('NoSuchTagSet');
    expect(await asked('333333333333')).to.equal('AccessDenied');
    expect(await asked(account, 'nobody-has-this')).to.equal('NoSuchBucket');
  });

  it('are asked in their own region', async () => {
    const elsewhere = new Clients(emulator().url, account, 'eu-central-1');
    expect(await refusal(elsewhere.s3.send(new sdk.GetBucketVersioningCommand({ Bucket })))).to.equal(
      'PermanentRedirect',
    );
    const { LocationConstraint } = await elsewhere.s3.send(new sdk.GetBucketLocationCommand({ Bucket }));
    expect(LocationConstraint).to.equal(THERE);
  });

  it('are owned whole by their owner from the beginning', async () => {
    const found = await mine.s3.send(new sdk.GetBucketOwnershipControlsCommand({ Bucket }));
    expect(found.OwnershipControls?.Rules).to.deep.equal([{ ObjectOwnership: 'BucketOwnerEnforced' }]);
  });

  it('lose a tag through S3 Control', async () => {
    const TagSet = ['kept', 'lost'].map((Key) => ({ Key, Value: 'x' }));
    await mine.s3.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    const { host, hostname, port } = new URL(emulator().url);
    const path = `/v20180820/tags/${encodeURIComponent(`arn:aws:s3:::${Bucket}`)}?tagKeys=lost`;
    const headers = {
      Host: `${account}.${host}`,
      'x-amz-account-id': account,
      Authorization: `AWS4-HMAC-SHA256 Credential=${accessKey(account)}/20260101/${THERE}/s3/aws4_request, SignedHeaders=host, Signature=0`,
    };
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request({ host: hostname, port, path, headers, method: 'DELETE' }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      });
      call.on('error', reject).end();
    });
    expect(status).to.equal(204);
    const left = await mine.s3.send(new sdk.GetBucketTaggingCommand({ Bucket }));
    expect(left.TagSet).to.deep.equal([{ Key: 'kept', Value: 'x' }]);
  });

  it('take their tags with them when they go', async () => {
    const TagSet = [{ Key: 'team', Value: 'x' }];
    await mine.s3.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    await mine.s3.send(new sdk.DeleteBucketCommand({ Bucket }));
    await make(Bucket);
    expect(await refusal(mine.s3.send(new sdk.GetBucketTaggingCommand({ Bucket })))).to.equal('NoSuchTagSet');
  });

  it('that hold anything, an older version or a delete marker, are not deleted', async () => {
    const remove = () => refusal(mine.s3.send(new sdk.DeleteBucketCommand({ Bucket })));
    const versioned = { Status: 'Enabled' } as const;
    await mine.s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: versioned }));
    const { VersionId } = await mine.s3.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
    const marker = await mine.s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(await remove()).to.equal('BucketNotEmpty');
    await mine.s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));
    expect(await remove()).to.equal('BucketNotEmpty');
    await mine.s3.send(new sdk.DeleteObjectCommand({ Bucket, Key: 'k', VersionId: marker.VersionId }));
    expect(await remove()).to.equal('none');
  });

  describe('take an object lock', () => {
    const lock = (rule: object, enabled: 'Enabled' | undefined = 'Enabled') =>
      refusal(
        mine.s3.send(
          new sdk.PutObjectLockConfigurationCommand({
            Bucket,
            ObjectLockConfiguration: {
              ObjectLockEnabled: enabled,
              Rule: { DefaultRetention: { Mode: 'GOVERNANCE', ...rule } },
            },
          }),
        ),
      );
    const versioning = (Status: 'Enabled' | 'Suspended') =>
      refusal(
        mine.s3.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } })),
      );

    it('when they are versioned, though they hold objects already, and keep it', async () => {
      expect(await lock({ Days: 30 })).to.equal('InvalidBucketState');
      await versioning('Enabled');
      await mine.s3.send(new sdk.PutObjectCommand({ Bucket, Key: 'k', Body: 'x' }));
      expect(await lock({ Days: 30 })).to.equal('none');
      const found = await mine.s3.send(new sdk.GetObjectLockConfigurationCommand({ Bucket }));
      expect(found.ObjectLockConfiguration).to.deep.equal({
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 30 } },
      });
      expect(await versioning('Suspended')).to.equal('InvalidBucketState');
    });

    it('of a mode and a time', async () => {
      await versioning('Enabled');
      expect(await lock({ Mode: 'FOREVER', Days: 1 })).to.equal('MalformedXML');
      expect(await lock({})).to.equal('MalformedXML');
      expect(await lock({ Days: 1, Years: 1 })).to.equal('MalformedXML');
      expect(await lock({ Days: 36_501 })).to.equal('InvalidArgument');
    });
  });

  describe('take a policy', () => {
    const limited = { Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } };

    it('of whole statements, about themselves, for principals that are there', async () => {
      const root = { AWS: `arn:aws:iam::${account}:root` };
      expect(await put([allow(root)])).to.equal('none');
      expect(await put([])).to.equal('MalformedPolicy');
      expect(await put([allow({ AWS: `arn:aws:iam::${account}:role/nobody` })])).to.equal('MalformedPolicy');
      expect(await put([allow(root, { Resource: 'arn:aws:s3:::another/*' })])).to.equal('MalformedPolicy');
      const long = Array.from({ length: 200 }, (_, index) => allow(root, { Sid: `s${index}` }));
      expect(await put(long)).to.equal('MalformedPolicy');
    });

    it('that is public only where public policies are not blocked', async () => {
      expect(await put([allow('*')])).to.equal('AccessDenied');
      expect(await put([allow({ AWS: '*' }, limited)])).to.equal('none');
      expect(await put([allow({ Service: 'logging.s3.amazonaws.com' })])).to.equal('AccessDenied');
      expect(await put([allow({ Service: 'logging.s3.amazonaws.com' }, limited)])).to.equal('none');
      await mine.s3.send(new sdk.DeletePublicAccessBlockCommand({ Bucket }));
      expect(await put([allow('*')])).to.equal('none');
    });
  });
});
