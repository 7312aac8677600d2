import { expect } from 'chai';
import { batchCommand, batchPolicy, batchTrust } from '../../../source/batchReplication';
import { parseSourceSettings } from '../../../source/settings';

const config = {
  'lifeboat-source:sourceAccount': '111111111111',
  'lifeboat-source:sourceRegion': 'eu-west-1',
  'lifeboat-source:drAccount': '222222222222',
  'lifeboat-source:externalId': 'an-external-id',
  'lifeboat-source:replicateExisting': 'true',
};
const settings = parseSourceSettings({ ...config, 'lifeboat-source:replicateBuckets': 'shop,logs' }, 'dr');

describe('the role of S3 Batch Replication', () => {
  it('is taken on by S3 Batch Operations alone, and for no other account', () => {
    const [statement, ...others] = batchTrust(settings).Statement;
    expect(others).to.deep.equal([]);
    expect(statement).to.deep.include({
      Effect: 'Allow',
      Principal: { Service: 'batchoperations.s3.amazonaws.com' },
      Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '111111111111' } },
    });
  });

  it('may start replication and have a list made, of the replicated buckets, and nothing else', () => {
    const granted = batchPolicy(settings).Statement.map(({ Effect, Action, Resource }) => ({
      Effect,
      Action,
      Resource,
    }));
    expect(granted).to.deep.equal([
      {
        Effect: 'Allow',
        Action: 's3:InitiateReplication',
        Resource: ['arn:aws:s3:::shop/*', 'arn:aws:s3:::logs/*'],
      },
      {
        Effect: 'Allow',
        Action: ['s3:GetReplicationConfiguration', 's3:PutInventoryConfiguration'],
        Resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::logs'],
      },
    ]);
  });
});

describe('batchCommand', () => {
  it('asks for what was never sent or failed, keeps no list and no report, and waits to be confirmed', () => {
    const command = batchCommand(settings, 'shop');
    const json = (flag: string) => JSON.parse(new RegExp(`--${flag} '([^']*)'`).exec(command)?.[1] ?? '');
    expect(json('operation')).to.deep.equal({ S3ReplicateObject: {} });
    expect(json('report')).to.deep.equal({ Enabled: false });
    expect(json('manifest-generator')).to.deep.equal({
      S3JobManifestGenerator: {
        ExpectedBucketOwner: '111111111111',
        SourceBucket: 'arn:aws:s3:::shop',
        EnableManifestOutput: false,
        Filter: { EligibleForReplication: true, ObjectReplicationStatuses: ['NONE', 'FAILED'] },
      },
    });
    expect(command)
      .to.match(/^aws s3control create-job --region eu-west-1 --account-id 111111111111 /)
      .and.contain('--role-arn arn:aws:iam::111111111111:role/lifeboat-batch-replication ')
      .and.contain(' --confirmation-required')
      .and.not.contain('--no-confirmation-required');
    expect(command).not.to.contain('\n');
  });
});

describe('replicateExisting', () => {
  it('is off by itself, and refused where no bucket is replicated', () => {
    const { 'lifeboat-source:replicateExisting': _, ...without } = config;
    expect(parseSourceSettings(without, 'dr').replicateExisting).to.equal(false);
    expect(() => parseSourceSettings(config, 'dr')).to.throw('replicateExisting');
  });
});
