import { expect } from 'chai';
import { parseVaultSettings } from '../../vault/settings';
import { Vault } from '../../vault/vault';
import { type Registered, registered, withMocks } from './programMocks';

const settings = parseVaultSettings(
  {
    'lifeboat-vault:sourceAccount': '111111111111',
    'lifeboat-vault:sourceRegion': 'eu-west-1',
    'lifeboat-vault:drAccount': '222222222222',
    'lifeboat-vault:drRegion': 'eu-central-1',
    'lifeboat-vault:githubRepository': 'example/recovery',
  },
  'dr',
);
const TYPES = [
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider',
  'aws:iam/policy:Policy',
  'aws:iam/role:Role',
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  'aws:kms/alias:Alias',
  'aws:kms/key:Key',
  'aws:s3/bucket:Bucket',
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  'aws:s3/bucketPolicy:BucketPolicy',
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  'aws:s3/bucketVersioning:BucketVersioning',
];
const INVENTORY = 'lifeboat-inventory-222222222222-eu-central-1';
const STATE = 'lifeboat-state-222222222222-eu-central-1';

describe('Vault', () => {
  let made: readonly Registered[];
  const find = (name: string) => {
    const one = made.find((resource) => resource.name === name);
    if (!one) throw new Error(`${name} was not registered`);
    return one;
  };

  before(async () => {
    await withMocks(TYPES);
    made = await registered(
      (options) => new Vault('vault', { settings, existing: { key: 'found', [STATE]: STATE } }, options),
    );
  });

  it('makes exactly this', () => {
    const sides = (name: string) => [
      `${name}-encryption`,
      `${name}-ownership`,
      `${name}-policy`,
      `${name}-public-access-block`,
      `${name}-versioning`,
    ];
    expect(made.map(({ name }) => name).sort()).to.deep.equal(
      [
        ...['key', 'key-alias', 'secrets-key', 'secrets-key-alias', 'github', INVENTORY, STATE],
        ...sides('inventory'),
        ...sides('state'),
        ...['boundary', 'look-up', 'mirror', 'copy', 'preview', 'run', 'recover'].map(
          (name) => `lifeboat-${name}-policy`,
        ),
        ...['preview', 'run', 'recover'].map((name) => `lifeboat-${name}-role`),
        ...['look-up', 'preview'].map((name) => `lifeboat-preview-has-lifeboat-${name}`),
        ...['look-up', 'mirror', 'copy', 'run'].map((name) => `lifeboat-run-has-lifeboat-${name}`),
        ...['look-up', 'mirror', 'copy', 'recover'].map((name) => `lifeboat-recover-has-lifeboat-${name}`),
      ].sort(),
    );
  });

  it('is the parent of all of it', () => {
    for (const { urn, name } of made) expect(urn, name).to.include('lifeboat:vault:Vault$');
  });

  it('protects and retains all that lasts; a right or a trust can be taken away', () => {
    for (const { name, options } of made) {
      const isRight = name.includes('-has-');
      expect(options.protect ?? false, name).to.equal(name !== 'github');
      expect(options.retainOnDelete ?? false, name).to.equal(!isRight);
    }
  });

  it('adopts what is there, and only that', () => {
    const adopted = made.filter(({ options }) => options.import !== undefined);
    expect(adopted.map(({ name, options }) => [name, options.import]).sort()).to.deep.equal(
      [
        ['key', 'found'],
        [STATE, STATE],
      ].sort(),
    );
  });

  it('puts the boundary on every role', () => {
    for (const name of ['preview', 'run', 'recover'])
      expect(find(`lifeboat-${name}-role`).inputs.permissionsBoundary).to.equal(
        'arn:lifeboat-boundary-policy',
      );
  });

  it('rotates both keys', () => {
    for (const name of ['key', 'secrets-key']) expect(find(name).inputs.enableKeyRotation).to.equal(true);
  });

  for (const [side, bucket] of [
    ['inventory', INVENTORY],
    ['state', STATE],
  ] as const) {
    it(`keeps the ${side} bucket versioned, sealed and closed`, () => {
      expect(find(bucket).inputs.forceDestroy).to.equal(false);
      expect(find(`${side}-versioning`).inputs).to.deep.include({
        versioningConfiguration: { status: 'Enabled' },
      });
      expect(find(`${side}-ownership`).inputs.rule).to.deep.equal({ objectOwnership: 'BucketOwnerEnforced' });
      expect(find(`${side}-public-access-block`).inputs).to.deep.include({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      expect(find(`${side}-encryption`).inputs.rules).to.deep.equal([
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: 'arn:key' },
          bucketKeyEnabled: true,
        },
      ]);
    });
  }

  it("leaves GitHub's provider, which others may use too, as they set it", () => {
    expect(find('github').options.ignoreChanges).to.deep.equal(['clientIdLists', 'thumbprintLists', 'tags']);
  });

  it('has no identity provider where no repository is named', async () => {
    const principals = ['arn:aws:iam::222222222222:role/one'];
    const without = {
      ...settings,
      githubRepository: undefined,
      previewPrincipals: principals,
      runPrincipals: principals,
      recoverPrincipals: principals,
    };
    const some = await registered(
      (options) => new Vault('another', { settings: without, existing: {} }, options),
    );
    expect(some.map(({ name }) => name))
      .to.include('key')
      .and.not.to.include('github');
  });
});
