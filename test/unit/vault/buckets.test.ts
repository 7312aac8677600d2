import { expect } from 'chai';
import { dataKeyPolicy } from '../../../vault/dataKeyPolicy';
import { roleArns } from '../../../vault/place';
import { allows } from './evaluate';
import { PLACE, roleMay } from './place';

const BUCKET = 'arn:aws:s3:::shop-222222222222';
const HAND_MADE = 'arn:aws:s3:::accounts';
const VAULT = 'arn:aws:s3:::lifeboat-state-222222222222-eu-central-1';

describe('what the run role may do to buckets', () => {
  const may = (action: string, resource: string) => roleMay('run', { action: `s3:${action}`, resource });

  it('sets up those that are named as mirrors are, and no other', () => {
    for (const action of [
      'CreateBucket',
      'PutBucketPolicy',
      'PutBucketVersioning',
      'TagResource',
      'ListBucket',
    ]) {
      expect(may(action, BUCKET), action).to.equal(true);
      expect(may(action, HAND_MADE), action).to.equal(false);
    }
    expect(may('PutBucketPolicy', VAULT)).to.equal(false);
  });

  it('deletes none, reads and writes nothing in them, and lets nothing expire or leave', () => {
    for (const action of [
      'DeleteBucket',
      'DeleteObject',
      'DeleteObjectVersion',
      'GetObject',
      'PutObject',
      'PutLifecycleConfiguration',
      'PutReplicationConfiguration',
      'BypassGovernanceRetention',
      'PutBucketAcl',
    ])
      for (const resource of [BUCKET, `${BUCKET}/x`, HAND_MADE])
        expect(may(action, resource), `${action} ${resource}`).to.equal(false);
  });

  it('of none in another region', () => {
    const context = { 'aws:RequestedRegion': 'us-east-1' };
    expect(roleMay('run', { action: 's3:CreateBucket', resource: BUCKET, context })).to.equal(false);
  });

  it('preview sees them and changes nothing', () => {
    expect(roleMay('preview', { action: 's3:ListBucket', resource: BUCKET })).to.equal(true);
    expect(roleMay('preview', { action: 's3:PutBucketPolicy', resource: BUCKET })).to.equal(false);
  });
});

describe('the key of what buckets hold', () => {
  const breakGlass = 'arn:aws:iam::222222222222:role/break-glass';
  const policyOf = (replication: boolean) =>
    dataKeyPolicy({ ...PLACE, breakGlassPrincipals: [breakGlass], replication });
  const document = policyOf(false);
  const app = 'arn:aws:iam::222222222222:role/app';
  const call = (action: string, via: string | undefined, principal = app, account = '222222222222') =>
    allows([document], {
      action: `kms:${action}`,
      context: {
        'aws:PrincipalArn': principal,
        'aws:PrincipalIsAWSService': 'false',
        'kms:CallerAccount': account,
        ...(via !== undefined && { 'kms:ViaService': `${via}.eu-central-1.amazonaws.com` }),
      },
    });
  const sidsOf = (effect: string) =>
    document.Statement.filter(({ Effect }) => Effect === effect).map(({ Sid }) => Sid);

  it('seals what the source replicates, where that is meant, and opens nothing to it', () => {
    // What is for DR's own account is not for this caller.
    const heard = (replication: boolean) => ({
      ...document,
      Statement: policyOf(replication).Statement.filter(({ Sid }) => Sid !== 'AccountAdministers'),
    });
    const sealed = (replication: boolean, action: string, role = 'lifeboat-replication', via = 's3') =>
      allows([heard(replication)], {
        action: `kms:${action}`,
        context: {
          'aws:PrincipalArn': `arn:aws:iam::111111111111:role/${role}`,
          'aws:PrincipalIsAWSService': 'false',
          'kms:CallerAccount': '111111111111',
          'kms:ViaService': `${via}.eu-central-1.amazonaws.com`,
        },
      });
    expect(sealed(true, 'GenerateDataKey')).to.equal(true);
    expect(sealed(false, 'GenerateDataKey')).to.equal(false);
    expect(sealed(true, 'Decrypt')).to.equal(false);
    expect(sealed(true, 'GenerateDataKey', 'another')).to.equal(false);
    expect(sealed(true, 'GenerateDataKey', 'lifeboat-replication', 'ec2')).to.equal(false);
  });

  it('is used through S3, by whoever may use the bucket, and in no other way', () => {
    expect(call('Decrypt', 's3')).to.equal(true);
    expect(call('GenerateDataKey', 's3')).to.equal(true);
    for (const via of [undefined, 'ec2', 'lambda']) {
      expect(call('Decrypt', via), via).to.equal(false);
      expect(call('GenerateDataKey', via), via).to.equal(false);
      expect(call('CreateGrant', via), via).to.equal(false);
    }
  });

  it('is ended by nobody but break-glass', () => {
    for (const action of ['ScheduleKeyDeletion', 'DisableKey', 'PutKeyPolicy']) {
      expect(call(action, undefined), action).to.equal(false);
      expect(call(action, undefined, breakGlass), action).to.equal(true);
      expect(call(action, undefined, roleArns(PLACE).run), action).to.equal(false);
    }
    expect(call('UpdateAlias', undefined, roleArns(PLACE).recover)).to.equal(false);
  });

  it("lets in DR's own distributions, and names no other account", () => {
    expect(sidsOf('Allow')).to.deep.equal([
      'AccountAdministers',
      'AccountUsesItThroughS3',
      'DistributionsRead',
    ]);
    expect(JSON.stringify(document)).to.not.contain(PLACE.sourceAccount);
    expect(JSON.stringify(document.Statement.find(({ Sid }) => Sid === 'DistributionsRead'))).to.contain(
      'arn:aws:cloudfront::222222222222:distribution/*',
    );
  });
});
