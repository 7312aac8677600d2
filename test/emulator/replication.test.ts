import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DisableKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { replicationStatements } from '../../buckets/replicationStatements';
import { replicationPolicy, replicationTrust } from '../../source/replication';
import { Clients, HERE, must, newAccount, newKey, refusal, THERE, useEmulator } from './support';

describe('emulator: S3 Replication', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let theirs: Clients;
  let Bucket: string;
  let from: string;
  let Role: string;
  let settings: Parameters<typeof replicationPolicy>[0];

  beforeEach(async () => {
    await emulator().config({ replicationSeconds: 0 });
    const [drAccount, sourceAccount] = [newAccount(), newAccount()];
    mine = new Clients(emulator().url, drAccount, HERE);
    theirs = new Clients(emulator().url, sourceAccount, THERE);
    [Bucket, from] = [`to-${drAccount}`, `from-${sourceAccount}`];
    await mine.s3.send(new s3.CreateBucketCommand({ Bucket }));
    const LocationConstraint = THERE as s3.BucketLocationConstraint;
    const CreateBucketConfiguration = { LocationConstraint };
    await theirs.s3.send(new s3.CreateBucketCommand({ Bucket: from, CreateBucketConfiguration }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await mine.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    await theirs.s3.send(new s3.PutBucketVersioningCommand({ Bucket: from, VersioningConfiguration }));
    settings = {
      ...{ sourceAccount, sourceRegion: THERE, drAccount },
      ...{ replicateBuckets: [from], replicateTo: { [from]: Bucket }, replicateKey: undefined },
    };
    const trust = JSON.stringify(replicationTrust({ sourceAccount }));
    const made = await theirs.iam.send(
      new CreateRoleCommand({ RoleName: 'lifeboat-replication', AssumeRolePolicyDocument: trust }),
    );
    Role = must(made.Role?.Arn);
    await allow();
    await open();
  });

  const allow = () =>
    theirs.iam.send(
      new PutRolePolicyCommand({
        RoleName: 'lifeboat-replication',
        PolicyName: 'replicate',
        PolicyDocument: JSON.stringify(replicationPolicy(settings)),
      }),
    );
  const open = (bucket = Bucket) => {
    const Statement = replicationStatements(Role, bucket, { account: settings.drAccount, region: HERE });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    return mine.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
  };
  const configure = (rule: Partial<s3.ReplicationRule> = {}, more: Partial<s3.Destination> = {}) =>
    theirs.s3.send(
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
                Account: settings.drAccount,
                AccessControlTranslation: { Owner: 'Destination' },
                ...more,
              },
              ...rule,
            },
          ],
        },
      }),
    );
  const put = async (Key: string, Body = Key, more: Partial<s3.PutObjectCommandInput> = {}) =>
    must((await theirs.s3.send(new s3.PutObjectCommand({ Bucket: from, Key, Body, ...more }))).VersionId);
  const status = async (Key: string) =>
    (await theirs.s3.send(new s3.HeadObjectCommand({ Bucket: from, Key }))).ReplicationStatus;
  const replicas = async () =>
    (await mine.s3.send(new s3.ListObjectVersionsCommand({ Bucket }))).Versions ?? [];

  it('puts a version there after a while, under its own version id and time, with metadata and tags', async () => {
    await put('before');
    await configure();
    await emulator().config({ replicationSeconds: 60 });
    const VersionId = await put('k', 'x', { Metadata: { a: 'b' }, Tagging: 'c=d' });
    expect(await status('k')).to.equal('PENDING');
    expect(await replicas()).to.deep.equal([]);
    await emulator().advance(61);
    expect(await status('k')).to.equal('COMPLETED');
    const [replica, ...others] = await replicas();
    expect(others).to.deep.equal([]);
    const [source] = must(
      (await theirs.s3.send(new s3.ListObjectVersionsCommand({ Bucket: from, Prefix: 'k' }))).Versions,
    );
    expect(replica).to.deep.include({ Key: 'k', VersionId, LastModified: source?.LastModified });
    const head = await mine.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head).to.deep.include({ ReplicationStatus: 'REPLICA', Metadata: { a: 'b' } });
    const { TagSet } = await mine.s3.send(new s3.GetObjectTaggingCommand({ Bucket, Key: 'k' }));
    expect(TagSet).to.deep.equal([{ Key: 'c', Value: 'd' }]);
  });

  it('keeps the whole configuration', async () => {
    await configure({ SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } } });
    const { ReplicationConfiguration } = await theirs.s3.send(
      new s3.GetBucketReplicationCommand({ Bucket: from }),
    );
    expect(ReplicationConfiguration?.Rules?.[0]).to.deep.include({
      DeleteMarkerReplication: { Status: 'Disabled' },
      SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
      Filter: { Prefix: '' },
    });
  });

  it('carries no delete marker unless told to, and then only with the right to', async () => {
    await configure();
    await put('k');
    await theirs.s3.send(new s3.DeleteObjectCommand({ Bucket: from, Key: 'k' }));
    const asked = { DeleteMarkerReplication: { Status: 'Enabled' as const } };
    await configure(asked);
    await put('l');
    await theirs.s3.send(new s3.DeleteObjectCommand({ Bucket: from, Key: 'l' }));
    const { DeleteMarkers, Versions } = await mine.s3.send(new s3.ListObjectVersionsCommand({ Bucket }));
    expect(DeleteMarkers).to.equal(undefined);
    expect(Versions).to.have.length(2);
  });

  it('fails without the bucket policy of the other side, without the right, and on objects of no rule does nothing', async () => {
    await configure({ Filter: { Prefix: 'in/' } });
    await mine.s3.send(new s3.DeleteBucketPolicyCommand({ Bucket }));
    await put('in/closed');
    await put('out');
    expect(await status('in/closed')).to.equal('FAILED');
    expect(await status('out')).to.equal(undefined);
    await open();
    settings = { ...settings, replicateBuckets: ['another-bucket'] };
    await allow();
    await put('in/no-right');
    expect(await status('in/no-right')).to.equal('FAILED');
    expect(await replicas()).to.deep.equal([]);
  });

  it('replicates what is under KMS only when told to, with both keys', async () => {
    const [theirKey, myKey] = [await newKey(theirs), await newKey(mine)];
    const sealed = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: theirKey } as const;
    await configure();
    await put('left', 'x', sealed);
    expect(await status('left')).to.equal(undefined);
    settings = { ...settings, replicateKey: myKey };
    await allow();
    const chosen = { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' as const } } };
    const encrypted = { EncryptionConfiguration: { ReplicaKmsKeyID: myKey } };
    await configure(chosen, encrypted);
    await put('closed', 'x', sealed);
    expect(await status('closed')).to.equal('FAILED');
    const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await mine.kms.send(new PutKeyPolicyCommand({ KeyId: myKey, PolicyName: 'default', Policy }));
    await put('open', 'x', sealed);
    expect(await status('open')).to.equal('COMPLETED');
    const head = await mine.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'open' }));
    expect(head.SSEKMSKeyId).to.equal(myKey);
    await mine.kms.send(new DisableKeyCommand({ KeyId: myKey }));
    await put('disabled', 'x', sealed);
    expect(await status('disabled')).to.equal('FAILED');
  });

  it('puts nothing there under a key that the bucket policy denies, and lets what names none in', async () => {
    const [first, other] = [await newKey(theirs), new Clients(emulator().url, newAccount(), HERE)];
    const robbers = await newKey(other);
    const statement = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await other.kms.send(new PutKeyPolicyCommand({ KeyId: robbers, PolicyName: 'default', Policy }));
    settings = { ...settings, replicateKey: robbers };
    await allow();
    const chosen = { SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' as const } } };
    await configure(chosen, { EncryptionConfiguration: { ReplicaKmsKeyID: robbers } });
    await put('robbed', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: first });
    expect(await status('robbed')).to.equal('FAILED');
    const SSECustomerKey = Buffer.alloc(32, 1).toString('base64');
    await put('held back', 'x', { SSECustomerAlgorithm: 'AES256', SSECustomerKey });
    await put('plain');
    expect(await status('plain')).to.equal('COMPLETED');
    expect((await replicas()).map(({ Key }) => Key)).to.deep.equal(['plain']);
    // Without the denials all of it arrives: the key's own policy lets anybody.
    const [lets] = replicationStatements(Role, Bucket, { account: settings.drAccount, region: HERE });
    const lenient = JSON.stringify({ Version: '2012-10-17', Statement: [lets] });
    await mine.s3.send(new s3.PutBucketPolicyCommand({ Bucket, Policy: lenient }));
    await put('robbed', 'x', { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: first });
    await put('held back', 'x', { SSECustomerAlgorithm: 'AES256', SSECustomerKey });
    expect((await replicas()).map(({ Key }) => Key)).to.have.members(['plain', 'robbed', 'held back']);
    const head = await mine.s3.send(new s3.HeadObjectCommand({ Bucket, Key: 'robbed' }));
    expect(head.SSEKMSKeyId).to.equal(robbers);
  });

  it('gives nothing to a bucket that somebody else made under the name', async () => {
    const other = new Clients(emulator().url, newAccount(), HERE);
    const taken = `taken-${settings.drAccount}`;
    await other.s3.send(new s3.CreateBucketCommand({ Bucket: taken }));
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await other.s3.send(new s3.PutBucketVersioningCommand({ Bucket: taken, VersioningConfiguration }));
    const lets = { Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${taken}/*` };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [lets] });
    await other.s3.send(new s3.DeletePublicAccessBlockCommand({ Bucket: taken }));
    await other.s3.send(new s3.PutBucketPolicyCommand({ Bucket: taken, Policy }));
    settings = { ...settings, replicateTo: { [from]: taken } };
    await allow();
    await configure({}, { Bucket: `arn:aws:s3:::${taken}` });
    await put('k');
    expect(await status('k')).to.equal('FAILED');
  });

  it('refuses a destination without versions', async () => {
    const VersioningConfiguration = { Status: 'Suspended' as const };
    await mine.s3.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
    expect(await refusal(configure())).to.equal('InvalidRequest');
  });
});
