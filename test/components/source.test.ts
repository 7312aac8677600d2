import { expect } from 'chai';
import { readPolicy } from '../../kinds/policies/readPolicy';
import { batchPolicy, batchTrust } from '../../source/batchReplication';
import { statusPolicy } from '../../source/policies';
import { parseSourceSettings } from '../../source/settings';
import { Source } from '../../source/source';
import { type Registered, registered, withMocks } from './programMocks';

const settings = parseSourceSettings(
  {
    'lifeboat-source:sourceAccount': '111111111111',
    'lifeboat-source:sourceRegion': 'eu-west-1',
    'lifeboat-source:drAccount': '222222222222',
    'lifeboat-source:externalId': 'an-external-id',
  },
  'dr',
);
const TYPES = [
  'aws:dlm/lifecyclePolicy:LifecyclePolicy',
  'aws:iam/role:Role',
  'aws:iam/rolePolicy:RolePolicy',
  'aws:kms/alias:Alias',
  'aws:kms/key:Key',
  'aws:ebs/defaultKmsKey:DefaultKmsKey',
  'aws:ebs/encryptionByDefault:EncryptionByDefault',
  'aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess',
  'aws:s3/bucketReplicationConfig:BucketReplicationConfig',
];

describe('Source', () => {
  let made: readonly Registered[];
  const find = (name: string) => {
    const one = made.find((resource) => resource.name === name);
    if (!one) throw new Error(`${name} was not registered`);
    return one;
  };

  before(async () => {
    await withMocks(TYPES);
    made = await registered(
      (options) => new Source('source', { settings, existing: { reader: 'lifeboat-reader' } }, options),
    );
  });

  it('makes exactly this, under one parent', () => {
    expect(made.map(({ name }) => name).sort()).to.deep.equal([
      'dlm',
      'dlm-policy',
      'reader',
      'reader-policy',
      'reader-status',
      'snapshot-key',
      'snapshot-key-alias',
      'snapshots',
    ]);
    for (const { urn, name } of made) expect(urn, name).to.include('lifeboat:source:Source$');
  });

  it('gives the reader what the kinds look up and status asks, and nothing else', () => {
    const ofReader = made.filter(({ inputs }) => inputs.role === 'lifeboat-reader');
    expect(ofReader.map(({ inputs }) => inputs.policy)).to.deep.equal([
      JSON.stringify(readPolicy()),
      JSON.stringify(statusPolicy(settings)),
    ]);
    expect(find('reader').inputs).to.include({ managedPolicyArns: undefined, inlinePolicies: undefined });
    expect(find('reader').inputs.maxSessionDuration).to.equal(3_600);
  });

  it('takes snapshots by a role of its own, switched on', () => {
    expect(find('snapshots').inputs).to.deep.include({ executionRoleArn: 'arn:dlm', state: 'ENABLED' });
  });

  it('adopts what is there, and only that', () => {
    const adopted = made.filter(({ options }) => options.import !== undefined);
    expect(adopted.map(({ name, options }) => [name, options.import])).to.deep.equal([
      ['reader', 'lifeboat-reader'],
    ]);
  });

  it('leaves the key when it goes, and nothing else', () => {
    const retained = made.filter(({ options }) => options.retainOnDelete).map(({ name }) => name);
    expect(retained.sort()).to.deep.equal(['snapshot-key', 'snapshot-key-alias']);
    expect(made.some(({ options }) => options.protect)).to.equal(false);
  });

  describe('with its options', () => {
    const ofKind = async (name: string, changes: Partial<typeof settings>) =>
      registered(
        (options) => new Source(name, { settings: { ...settings, ...changes }, existing: {} }, options),
      );
    const named = (all: readonly Registered[], name: string) => all.find((found) => found.name === name);

    it('takes none where nobody wants them', async () => {
      const none = await ofKind('none', { snapshotBy: 'none' });
      expect(none.filter(({ type }) => type.includes('LifecyclePolicy'))).to.deep.equal([]);
      expect(named(none, 'snapshot-key')).not.to.equal(undefined);
    });

    it('takes single volumes, or both', async () => {
      const volumes = await ofKind('volumes', { snapshotBy: 'volume' });
      expect(named(volumes, 'snapshots')).to.equal(undefined);
      expect(named(volumes, 'volumes')?.inputs.tags).to.deep.equal({ 'lifeboat:policy': 'volumes' });
      const both = await ofKind('both', { snapshotBy: 'both' });
      expect(named(both, 'snapshots')).not.to.equal(undefined);
      expect(named(both, 'volumes')).not.to.equal(undefined);
    });

    it('encrypts by default under its own key, and blocks public sharing; both outlive it', async () => {
      const hardened = await ofKind('hardened', { encryptByDefault: true, blockPublicSharing: true });
      expect(named(hardened, 'default-key')?.inputs.keyArn).to.equal('arn:snapshot-key');
      expect(named(hardened, 'encryption-by-default')?.inputs.enabled).to.equal(true);
      expect(named(hardened, 'snapshot-block-public-access')?.inputs.state).to.equal('block-all-sharing');
      for (const name of ['default-key', 'encryption-by-default', 'snapshot-block-public-access'])
        expect(named(hardened, name)?.options.retainOnDelete, name).to.equal(true);
    });

    it('makes a role for existing objects only where that is asked for, which goes with the setting', async () => {
      const replicateBuckets = ['shop'];
      const live = await ofKind('live', { replicateBuckets });
      expect(named(live, 'replicate-shop')).not.to.equal(undefined);
      expect(named(live, 'batch-replication')).to.equal(undefined);
      const existing = await ofKind('existing', { replicateBuckets, replicateExisting: true });
      const role = named(existing, 'batch-replication');
      expect(role?.inputs).to.include({
        name: 'lifeboat-batch-replication',
        assumeRolePolicy: JSON.stringify(batchTrust(settings)),
      });
      expect(role?.options.retainOnDelete ?? false).to.equal(false);
      const ofRole = existing.filter(({ inputs }) => inputs.role === 'lifeboat-batch-replication');
      expect(ofRole.map(({ inputs }) => inputs.policy)).to.deep.equal([
        JSON.stringify(batchPolicy({ replicateBuckets })),
      ]);
    });
  });
});
