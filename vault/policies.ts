import { kinds } from '../kinds';
import { NO_SECRETS, readPolicy } from '../kinds/policies/readPolicy';
import { HEARTBEAT, TAG } from '../names';
import { bucketsPolicy, seeBuckets } from './bucketsPolicy';
import { cloudfrontPolicy } from './cloudfrontPolicy';
import { lockCopies, neverCopies, seeLocks } from './copyGuards';
import { edgePolicy } from './edgePolicy';
import { identityPolicy } from './identityPolicy';
import { networkPolicy } from './networkPolicy';
import { context, keyOf, POLICY_NAMES, unique, type VaultPlace } from './place';
import { type Policy, policy, type Statement, tagged } from './policyDocument';
import { tagging } from './tagging';
import { RECOVERY_ACTIONS, WRITE_ACTIONS } from './writeActions';

/** Reads of state, accepted inventory, manifests and recoveries, and of the secrets in them. All three roles need it. */
function readVault(place: VaultPlace): Statement[] {
  const { names, inventory, state, keys } = context(place);
  return [
    {
      Sid: 'ListVault',
      Effect: 'Allow',
      Action: ['s3:ListBucket', 's3:GetBucketLocation'],
      Resource: [inventory, state],
    },
    {
      Sid: 'ReadVault',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:GetObjectTagging'],
      Resource: [`${inventory}/*`, `${state}/*`],
    },
    {
      Sid: 'CompareInventories',
      Effect: 'Allow',
      Action: 's3:ListBucketVersions',
      Resource: inventory,
    },
    {
      Sid: 'ReadInventoryVersions',
      Effect: 'Allow',
      Action: 's3:GetObjectVersion',
      Resource: `${inventory}/inventory/*`,
    },
    {
      Sid: 'OpenBuckets',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: keys,
      // Only through S3: the key of the buckets is the key of the copies.
      Condition: {
        ...keyOf(names.keyAlias),
        StringEquals: { 'kms:ViaService': `s3.${place.drRegion}.amazonaws.com` },
      },
    },
    {
      Sid: 'OpenSecrets',
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: keys,
      Condition: keyOf(names.secretsKeyAlias),
    },
  ];
}

/** Writes of Pulumi's state, locks and history. Versions of it stay: nothing here removes one. */
function writeState(place: VaultPlace): Statement[] {
  const { names, state, keys } = context(place);
  return [
    {
      Sid: 'WriteState',
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:DeleteObject'],
      Resource: `${state}/*`,
    },
    {
      Sid: 'SealBuckets',
      Effect: 'Allow',
      Action: 'kms:GenerateDataKey',
      Resource: keys,
      Condition: {
        ...keyOf(names.keyAlias),
        StringEquals: { 'kms:ViaService': `s3.${place.drRegion}.amazonaws.com` },
      },
    },
  ];
}

/** The generated look-ups, and what the provider reads of what it made. */
function lookUps(): string[] {
  const generated = readPolicy('DR').Statement.flatMap(({ Effect, Action }) =>
    Effect === 'Allow' ? Action : [],
  );
  const mirrored = kinds
    .filter(({ madeAtRecovery }) => madeAtRecovery !== true)
    .flatMap(({ types }) => types);
  const reads = mirrored.flatMap((type) => WRITE_ACTIONS[type]?.read ?? []);
  // Every run asks which zones DR has, what an earlier recovery made, whether the source manages DR, and what DR may hold.
  const others = [
    'ec2:DescribeAvailabilityZones',
    'ec2:DescribeImages',
    'ec2:DescribeInstanceTypeOfferings',
    // The provider asks for an object's tags apart once one of them has changed and one has an empty value.
    'ec2:DescribeTags',
    'organizations:DescribeOrganization',
    'servicequotas:ListAWSDefaultServiceQuotas',
    'servicequotas:ListServiceQuotas',
  ];
  return unique([...generated, ...reads, ...others]);
}

const isNetwork = (action: string) => action.startsWith('ec2:');

const lookUpPolicy = (actions: readonly string[]): Policy =>
  policy({ Sid: 'LookUp', Effect: 'Allow', Action: actions, Resource: '*' });

/** What all three roles may look up, by the names of the policies: AWS limits the size of each. */
export const LOOK_UP_POLICIES: Readonly<Record<string, () => Policy>> = {
  [POLICY_NAMES.lookUp]: () => lookUpPolicy(lookUps().filter(isNetwork)),
  [POLICY_NAMES.lookUpServices]: () => {
    const { Statement } = lookUpPolicy(lookUps().filter((action) => !isNetwork(action)));
    return policy(...Statement, NO_SECRETS);
  },
};

/** What the run and the recover role may change of the mirror, by the names of the policies. */
export const MIRROR_POLICIES: Readonly<Record<string, (place: VaultPlace) => Policy>> = {
  [POLICY_NAMES.mirror]: networkPolicy,
  // Two in one: AWS allows a role ten.
  [POLICY_NAMES.edge]: (place) => policy(...edgePolicy(place).Statement, ...bucketsPolicy(place).Statement),
  [POLICY_NAMES.cloudfront]: cloudfrontPolicy,
  [POLICY_NAMES.identity]: identityPolicy,
};

/** `lifeboat status` names the state of the vault's key; run and recover see it by the policy of copying. */
const findKey = (keys: string, alias: string): Statement => ({
  Sid: 'FindKey',
  Effect: 'Allow',
  Action: 'kms:DescribeKey',
  Resource: keys,
  Condition: keyOf(alias),
});

/** Reads what DR holds. Denied every way into the source and into the copies. */
export function previewPolicy(place: VaultPlace): Policy {
  const { names, keys } = context(place);
  return policy(
    ...readVault(place),
    findKey(keys, names.keyAlias),
    seeBuckets(place),
    seeLocks,
    neverCopies,
    {
      Sid: 'NoWayOut',
      Effect: 'Deny',
      Action: 'sts:AssumeRole',
      Resource: '*',
    },
  );
}

/** State, accepted inventory, and the reader role in the source. */
export function runPolicy(place: VaultPlace): Policy {
  const { inventory } = context(place);
  return policy(
    ...readVault(place),
    ...writeState(place),
    { Sid: 'WriteInventory', Effect: 'Allow', Action: 's3:PutObject', Resource: `${inventory}/inventory/*` },
    { Sid: 'ReadSource', Effect: 'Allow', Action: 'sts:AssumeRole', Resource: place.sourceRole },
    // `lifeboat prune` asks for the account's name.
    { Sid: 'NameOfAccount', Effect: 'Allow', Action: 'iam:ListAccountAliases', Resource: '*' },
    {
      // `lifeboat status --heartbeat`; a policy can tell the namespace alone.
      Sid: 'SayGoodRun',
      Effect: 'Allow',
      Action: 'cloudwatch:PutMetricData',
      Resource: '*',
      Condition: { StringEquals: { 'cloudwatch:namespace': HEARTBEAT.namespace } },
    },
    seeLocks,
    ...lockCopies(place),
    neverCopies,
  );
}

const GONE_GROUPS = [
  'ec2:DeleteSecurityGroup',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
] as const;

/** Makes machines of copies, and says in the vault that a recovery is active. Has no way into the source, and needs none. */
export function recoverPolicy(place: VaultPlace): Policy {
  const { inventory, inRegion, snapshots } = context(place);
  const records = [`${inventory}/recovery/*`, `${inventory}/stand-down/*`];
  const arn = (type: string) => `arn:aws:ec2:${place.drRegion}:${place.drAccount}:${type}/*`;
  const made = ['instance', 'volume', 'network-interface'].map(arn);
  const image = `arn:aws:ec2:${place.drRegion}::image/*`;
  return policy(
    ...readVault(place),
    ...writeState(place),
    { Sid: 'WriteInventory', Effect: 'Allow', Action: 's3:PutObject', Resource: `${inventory}/inventory/*` },
    { Sid: 'WriteRecords', Effect: 'Allow', Action: ['s3:PutObject', 's3:DeleteObject'], Resource: records },
    seeLocks,
    { Sid: 'LookUp', Effect: 'Allow', Action: unique(RECOVERY_ACTIONS.read), Resource: '*' },
    {
      Sid: 'Recover',
      Effect: 'Allow',
      Action: unique(RECOVERY_ACTIONS.change),
      Resource: '*',
      Condition: inRegion,
    },
    {
      Sid: 'HandleOurs',
      Effect: 'Allow',
      Action: unique(RECOVERY_ACTIONS.remove),
      Resource: '*',
      Condition: { ...inRegion, ...tagged(TAG.recoveryPoint) },
    },
    // The removal of what somebody has removed already: what is there has a VPC, a VPC has a tenancy, and what is gone has neither.
    ...Object.entries({
      Subnets: ['ec2:DeleteSubnet', arn('subnet'), 'ec2:Vpc'],
      Groups: [GONE_GROUPS, arn('security-group'), 'ec2:Vpc'],
      Vpcs: ['ec2:DeleteVpc', arn('vpc'), 'ec2:Tenancy'],
    } as const).map(
      ([what, [Action, Resource, key]]): Statement => ({
        Sid: `ForgetGone${what}`,
        Effect: 'Allow',
        Action,
        Resource,
        Condition: { ...inRegion, Null: { [key]: 'true' } },
      }),
    ),
    ...tagging({
      key: TAG.recoveryPoint,
      creating: RECOVERY_ACTIONS.change.filter((action) => !action.includes('Snapshot')),
      made: [...made, image],
      ours: [...made, image],
      // The provider tags an image, and the disks of a machine, by a second call.
      untagged: [arn('volume'), image],
    }),
    {
      Sid: 'TagFinalSnapshots',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: snapshots,
      Condition: { StringEquals: { 'ec2:CreateAction': ['CreateSnapshots', 'CreateSnapshot'] } },
    },
    // One CreateSnapshots call tags all disks of a machine alike; what each disk alone has is added after.
    {
      Sid: 'NameFinalSnapshots',
      Effect: 'Allow',
      Action: 'ec2:CreateTags',
      Resource: snapshots,
      Condition: tagged(TAG.finalOf),
    },
  );
}
