import { GetBucketReplicationCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { replicationRole, replicationStatements } from '../../../buckets/replicationStatements';
import type { LifeboatError } from '../../../errors';
import {
  refuseOthersReplication,
  replicationPolicy,
  replicationRules,
  replicationTrust,
} from '../../../source/replication';
import { parseSourceSettings } from '../../../source/settings';
import { policy } from '../../../vault/policyDocument';
import { allows } from '../vault/evaluate';

const DR = { account: '222222222222', region: 'eu-central-1' };
const KEY = 'arn:aws:kms:eu-central-1:222222222222:key/1';
const settings = (more: Record<string, string> = {}) =>
  parseSourceSettings(
    {
      'lifeboat-source:sourceAccount': '111111111111',
      'lifeboat-source:sourceRegion': 'eu-west-1',
      'lifeboat-source:drAccount': '222222222222',
      'lifeboat-source:externalId': 'an-external-id',
      'lifeboat-source:replicateBuckets': 'shop,logs',
      'lifeboat-source:replicateTo': 'logs=logs-dr',
      ...more,
    },
    'dr',
  );

describe("the replication's role", () => {
  it('adds to DR, and can neither delete there nor replicate a deletion', () => {
    const text = JSON.stringify([
      replicationPolicy(settings({ 'lifeboat-source:replicateKey': KEY })),
      replicationStatements(replicationRole('111111111111'), 'shop-222222222222', DR).filter(
        ({ Effect }) => Effect === 'Allow',
      ),
    ]);
    expect(text).to.include('s3:ReplicateObject').and.to.include('s3:ObjectOwnerOverrideToBucketOwner');
    expect(text).not.to.match(/Delete|s3:\*|s3:Put|"\*"/);
    expect(text).to.include('arn:aws:s3:::shop-222222222222/*').and.to.include('arn:aws:s3:::logs-dr/*');
  });

  it('is used by S3 for this account alone', () => {
    const [statement] = replicationTrust(settings()).Statement;
    expect(statement).to.deep.include({
      Principal: { Service: 's3.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } },
    });
  });

  it('is alone let in by the statement of DR', () => {
    const allowed = replicationStatements(replicationRole('111111111111'), 'b', DR).filter(
      ({ Effect }) => Effect === 'Allow',
    );
    expect(allowed).to.have.length(1);
    expect(allowed[0]).to.deep.include({
      Principal: { AWS: 'arn:aws:iam::111111111111:root' },
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111111111111:role/lifeboat-replication'] },
      },
    });
  });
});

describe('the statements of DR', () => {
  const document = policy(...replicationStatements(replicationRole('111111111111'), 'b', DR));
  const lets = (context: Record<string, string>, action = 's3:ReplicateObject') =>
    allows([document], {
      action,
      resource: 'arn:aws:s3:::b/k',
      context: { 'aws:PrincipalArn': replicationRole('111111111111'), ...context },
    });
  const under = (key: string) => lets({ 's3:x-amz-server-side-encryption-aws-kms-key-id': key });

  it("let replicas in under DR's keys and under S3's own, which are named by nobody", () => {
    expect(under(KEY)).to.equal(true);
    expect(lets({})).to.equal(true);
    expect(lets({ 's3:x-amz-server-side-encryption': 'AES256' })).to.equal(true);
    expect(lets({}, 's3:ReplicateTags')).to.equal(true);
  });

  it('let none in under a key that somebody else can destroy', () => {
    expect(under(KEY.replace('222222222222', '333333333333'))).to.equal(false);
    expect(under(KEY.replace('eu-central-1', 'us-east-1'))).to.equal(false);
    // An id, or an alias, is looked for in the account of whoever asks.
    expect(under('1234abcd-12ab-34cd-56ef-1234567890ab')).to.equal(false);
    expect(under('alias/lifeboat-data')).to.equal(false);
    expect(lets({ 's3:x-amz-server-side-encryption-customer-algorithm': 'AES256' })).to.equal(false);
  });
});

describe('replicationRules', () => {
  it('leaves deletions out, gives what arrives to DR, and takes what is under KMS only with a key', () => {
    const [plain] = replicationRules(settings(), 'shop-dr');
    expect(plain?.deleteMarkerReplication).to.deep.equal({ status: 'Disabled' });
    expect(plain?.destination.accessControlTranslation).to.deep.equal({ owner: 'Destination' });
    expect(plain).not.to.have.property('sourceSelectionCriteria');
    const [sealed] = replicationRules(settings({ 'lifeboat-source:replicateKey': KEY }), 'shop-dr');
    expect(sealed?.destination).to.have.deep.property('encryptionConfiguration', { replicaKmsKeyId: KEY });
  });

  it('takes no key of another account', () => {
    const key = KEY.replace('222222222222', '333333333333');
    expect(() => settings({ 'lifeboat-source:replicateKey': key })).to.throw('a key of another account');
  });
});

describe('refuseOthersReplication', () => {
  const s3 = mockClient(S3Client);
  const ask = () =>
    refuseOthersReplication(new S3Client({}), settings()).catch((error: LifeboatError) => error);
  beforeEach(() => s3.reset());

  it('lets in none and our own', async () => {
    const none = Object.assign(new Error('none'), { name: 'ReplicationConfigurationNotFoundError' });
    const Role = replicationRole('111111111111');
    s3.on(GetBucketReplicationCommand, { Bucket: 'shop' }).rejects(none);
    s3.on(GetBucketReplicationCommand, { Bucket: 'logs' }).resolves({
      ReplicationConfiguration: { Role, Rules: [] },
    });
    expect(await ask()).to.equal(undefined);
  });

  it("names somebody else's, and says when it could not be found out", async () => {
    s3.on(GetBucketReplicationCommand).resolves({ ReplicationConfiguration: { Role: 'theirs', Rules: [] } });
    expect(await ask())
      .to.have.property('message')
      .that.includes('theirs')
      .and.includes('copy-buckets');
    s3.on(GetBucketReplicationCommand).rejects(new Error('AccessDenied'));
    expect(await ask())
      .to.have.property('message')
      .that.includes('could not be found out');
  });
});
