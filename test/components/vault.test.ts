import { expect } from 'chai';
import { growthAlarmArgs } from '../../vault/growthAlarmArgs';
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
    'lifeboat-vault:alarmEmails': 'one@example.com, two@example.com',
    'lifeboat-vault:alarmAfterHours': '168',
    'lifeboat-vault:recycleBinDays': '7',
    'lifeboat-vault:replicateBuckets': 'shop, films',
    'lifeboat-vault:buckets': 'films=films-in-dr',
    'lifeboat-vault:replicatedGiBPerDay': '20',
  },
  'dr',
);
const TYPES = [
  'aws:cloudwatch/eventRule:EventRule',
  'aws:cloudwatch/eventTarget:EventTarget',
  'aws:cloudwatch/metricAlarm:MetricAlarm',
  'aws:ebs/snapshotBlockPublicAccess:SnapshotBlockPublicAccess',
  'aws:iam/openIdConnectProvider:OpenIdConnectProvider',
  'aws:iam/policy:Policy',
  'aws:iam/role:Role',
  'aws:iam/rolePolicy:RolePolicy',
  'aws:iam/rolePolicyAttachment:RolePolicyAttachment',
  'aws:kms/alias:Alias',
  'aws:kms/key:Key',
  'aws:s3/bucket:Bucket',
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls',
  'aws:s3/bucketPolicy:BucketPolicy',
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock',
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
  'aws:s3/bucketVersioning:BucketVersioning',
  'aws:rbin/rule:Rule',
  'aws:route53/delegationSet:DelegationSet',
  'aws:sns/topic:Topic',
  'aws:sns/topicPolicy:TopicPolicy',
  'aws:sns/topicSubscription:TopicSubscription',
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
    const lookUps = ['look-up', 'look-up-services'];
    const mirroring = [...lookUps, 'mirror', 'identity', 'edge', 'cloudfront', 'copy'];
    const has = (role: string, policies: readonly string[]) =>
      policies.map((name) => `lifeboat-${role}-has-lifeboat-${name}`);
    expect(made.map(({ name }) => name).sort()).to.deep.equal(
      [
        ...[
          'key',
          'key-alias',
          'secrets-key',
          'secrets-key-alias',
          'data-key',
          'data-key-alias',
          'github',
          INVENTORY,
          STATE,
        ],
        ...sides('inventory'),
        ...sides('state'),
        ...['alarm-topic', 'alarm-topic-policy', 'missing-run', 'guards', 'guards-to-topic'],
        ...['alarm-to-one@example.com', 'alarm-to-two@example.com'],
        ...['growth-shop-222222222222', 'growth-films-in-dr'],
        ...['recycle-bin', 'snapshot-block-public-access', 'delegation-set'],
        ...[
          'boundary',
          'mirrored-boundary',
          ...mirroring,
          'copy-buckets',
          'preview',
          'run',
          'recover',
          'at-recovery',
          'recover-commands',
        ].map((name) => `lifeboat-${name}-policy`),
        ...['preview', 'run', 'recover', 'drill-end', 'probe'].map((name) => `lifeboat-${name}-role`),
        'lifeboat-drill-end-may-end-drills',
        'lifeboat-probe-may-have-interfaces',
        ...has('preview', [...lookUps, 'preview']),
        ...has('run', [...mirroring, 'copy-buckets', 'run']),
        ...has('recover', [...mirroring, 'recover', 'at-recovery', 'recover-commands']),
      ].sort(),
    );
  });

  it('is the parent of all of it', () => {
    for (const { urn, name } of made) expect(urn, name).to.match(/lifeboat:vault:(Vault|Alarms)\$/);
  });

  it('protects and retains all that lasts; a right or a trust can be taken away', () => {
    for (const { name, options } of made) {
      const isRight = name.includes('-has-');
      const endsWithSetting = name.startsWith('alarm-to-') || name.startsWith('growth-');
      expect(options.protect ?? false, name).to.equal(name !== 'github' && !endsWithSetting);
      expect(options.retainOnDelete ?? false, name).to.equal(!isRight && !endsWithSetting);
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
    for (const name of ['preview', 'run', 'recover', 'drill-end', 'probe'])
      expect(find(`lifeboat-${name}-role`).inputs.permissionsBoundary).to.equal(
        'arn:lifeboat-boundary-policy',
      );
  });

  it('rotates all keys', () => {
    for (const name of ['key', 'secrets-key', 'data-key'])
      expect(find(name).inputs.enableKeyRotation).to.equal(true);
  });

  it('gives each key the policy of its use', () => {
    const sids = (name: string) =>
      JSON.parse(String(find(name).inputs.policy)).Statement.map(({ Sid }: { Sid: string }) => Sid);
    expect(sids('key')).to.include('RolesOnlyThroughServices');
    expect(sids('secrets-key'))
      .to.include('OnlyBreakGlassEndsIt')
      .and.not.to.include('RolesOnlyThroughServices');
  });

  it('alarms when no good run was said for the hours that were asked for, and when it is silent', () => {
    expect(find('missing-run').inputs).to.deep.include({
      namespace: 'Lifeboat',
      metricName: 'GoodRun',
      period: 3_600,
      evaluationPeriods: 168,
      threshold: 1,
      comparisonOperator: 'LessThanThreshold',
      treatMissingData: 'breaching',
      alarmActions: ['arn:alarm-topic'],
      okActions: ['arn:alarm-topic'],
    });
  });

  it('alarms when a bucket that is replicated into grows by more than was allowed a day', () => {
    for (const bucket of ['shop-222222222222', 'films-in-dr'])
      expect(find(`growth-${bucket}`).inputs).to.deep.include({
        ...growthAlarmArgs(bucket, 20),
        alarmActions: ['arn:alarm-topic'],
      });
  });

  it('hears the ends of keys, and sends them where the alarms go', () => {
    const pattern = JSON.parse(String(find('guards').inputs.eventPattern));
    expect(pattern['detail-type']).to.deep.equal(['AWS API Call via CloudTrail']);
    expect(pattern.detail.$or).to.deep.include({
      eventSource: ['kms.amazonaws.com'],
      eventName: ['ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial', 'PutKeyPolicy'],
    });
    // Others come and go with each recovery. CloudTrail may leave out what a refused call was about.
    expect(pattern.detail.$or).to.deep.include({
      eventSource: ['monitoring.amazonaws.com'],
      eventName: ['DeleteAlarms', 'DisableAlarmActions', 'PutAlarmMuteRule'],
      requestParameters: {
        alarmNames: ['lifeboat-missing-run', { prefix: 'lifeboat-growth-' }, { exists: false }],
      },
    });
    expect(find('guards-to-topic').inputs).to.include({ arn: 'arn:alarm-topic' });
  });

  it('keeps deleted copies and final snapshots for the days that were asked for, and blocks public sharing', () => {
    expect(find('recycle-bin').inputs).to.deep.include({
      resourceType: 'EBS_SNAPSHOT',
      resourceTags: [
        { resourceTagKey: 'lifeboat:source-snapshot' },
        { resourceTagKey: 'lifeboat:final-snapshot-of' },
      ],
      retentionPeriod: { retentionPeriodValue: 7, retentionPeriodUnit: 'DAYS' },
    });
    expect(find('snapshot-block-public-access').inputs.state).to.equal('block-all-sharing');
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
