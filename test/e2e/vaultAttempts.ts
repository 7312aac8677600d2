import { type CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateTagsCommand,
  DeleteSubnetCommand,
  DeleteTagsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  ModifySnapshotAttributeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import type { SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';
import { TAG, vaultNames } from '../../names';
import { DR } from '../../scripts/demo/stage';
import { ON_ALARMS } from './alarmAttempts';

const { inventoryBucket, stateBucket, keyAlias, boundary } = vaultNames(DR.account, DR.region);
const role = (name: string) => `arn:aws:iam::${DR.account}:role/${name}`;
const policy = (name: string) => `arn:aws:iam::${DR.account}:policy/${name}`;
/** A document that allows everything. */
export const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Sid: 'Open', Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** The SDK's clients with the run role's credentials, and the vault's key. */
export interface Clients {
  readonly s3: s3.S3Client;
  readonly kms: kms.KMSClient;
  readonly iam: iam.IAMClient;
  readonly sts: STSClient;
  readonly ec2: EC2Client;
  readonly cloudwatch: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly sns: SNSClient;
  readonly KeyId: string;
}

export type Attempt = (clients: Clients) => Promise<unknown>;
/** What is tried in words, the action that it asks for, and the call. */
export type Tried = [what: string, action: string, attempt: Attempt];

const onBuckets = (action: string, make: (Bucket: string) => object): Tried[] =>
  [stateBucket, inventoryBucket].map((bucket) => [
    `${action} of ${bucket}`,
    action,
    (clients) => clients.s3.send(make(bucket) as never),
  ]);
const onKey =
  (make: (KeyId: string) => object): Attempt =>
  (clients) =>
    clients.kms.send(make(clients.KeyId) as never);
const onIam =
  (command: object): Attempt =>
  (clients) =>
    clients.iam.send(command as never);

/** By the action that is asked for: what would change the vault, its boundary, or a role. Denied whatever else allows it. */
export const NEVER: Tried[] = [
  ...onBuckets('s3:PutBucketPolicy', (Bucket) => new s3.PutBucketPolicyCommand({ Bucket, Policy: OPEN })),
  ...onBuckets('s3:DeleteBucketPolicy', (Bucket) => new s3.DeleteBucketPolicyCommand({ Bucket })),
  ...onBuckets(
    's3:PutBucketVersioning',
    (Bucket) =>
      new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
  ),
  ...onBuckets(
    's3:PutLifecycleConfiguration',
    (Bucket) =>
      new s3.PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'gone', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
        },
      }),
  ),
  ...onBuckets(
    's3:PutEncryptionConfiguration',
    (Bucket) =>
      new s3.PutBucketEncryptionCommand({
        Bucket,
        ServerSideEncryptionConfiguration: {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
      }),
  ),
  ...onBuckets(
    's3:PutBucketPublicAccessBlock',
    (Bucket) => new s3.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} }),
  ),
  ...onBuckets('s3:DeleteBucket', (Bucket) => new s3.DeleteBucketCommand({ Bucket })),
  ...onBuckets(
    's3:DeleteObjectVersion',
    (Bucket) => new s3.DeleteObjectCommand({ Bucket, Key: 'inventory/dr.json', VersionId: 'null' }),
  ),
  [
    'kms:PutKeyPolicy',
    'kms:PutKeyPolicy',
    onKey((KeyId) => new kms.PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: OPEN })),
  ],
  ['kms:DisableKey', 'kms:DisableKey', onKey((KeyId) => new kms.DisableKeyCommand({ KeyId }))],
  [
    'kms:DisableKeyRotation',
    'kms:DisableKeyRotation',
    onKey((KeyId) => new kms.DisableKeyRotationCommand({ KeyId })),
  ],
  [
    'kms:ScheduleKeyDeletion',
    'kms:ScheduleKeyDeletion',
    onKey((KeyId) => new kms.ScheduleKeyDeletionCommand({ KeyId })),
  ],
  ['kms:DeleteAlias', 'kms:DeleteAlias', onKey(() => new kms.DeleteAliasCommand({ AliasName: keyAlias }))],
  [
    'kms:UpdateAlias',
    'kms:UpdateAlias',
    onKey((TargetKeyId) => new kms.UpdateAliasCommand({ AliasName: keyAlias, TargetKeyId })),
  ],
  ...['lifeboat-run', 'lifeboat-recover', 'lifeboat-preview', 'another'].flatMap((RoleName): Tried[] => [
    [
      `iam:PutRolePolicy of ${RoleName}`,
      'iam:PutRolePolicy',
      onIam(new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'open', PolicyDocument: OPEN })),
    ],
    [
      `iam:AttachRolePolicy of ${RoleName}`,
      'iam:AttachRolePolicy',
      onIam(
        new iam.AttachRolePolicyCommand({
          RoleName,
          PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      ),
    ],
    [
      `iam:DeleteRolePermissionsBoundary of ${RoleName}`,
      'iam:DeleteRolePermissionsBoundary',
      onIam(new iam.DeleteRolePermissionsBoundaryCommand({ RoleName })),
    ],
    [
      `iam:PutRolePermissionsBoundary of ${RoleName}`,
      'iam:PutRolePermissionsBoundary',
      onIam(
        new iam.PutRolePermissionsBoundaryCommand({
          RoleName,
          PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess',
        }),
      ),
    ],
    [
      `iam:UpdateAssumeRolePolicy of ${RoleName}`,
      'iam:UpdateAssumeRolePolicy',
      onIam(new iam.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: OPEN })),
    ],
  ]),
  ...[boundary, 'lifeboat-mirror'].flatMap((name): Tried[] => [
    [
      `iam:CreatePolicyVersion of ${name}`,
      'iam:CreatePolicyVersion',
      onIam(
        new iam.CreatePolicyVersionCommand({
          PolicyArn: policy(name),
          PolicyDocument: OPEN,
          SetAsDefault: true,
        }),
      ),
    ],
    [
      `iam:SetDefaultPolicyVersion of ${name}`,
      'iam:SetDefaultPolicyVersion',
      onIam(new iam.SetDefaultPolicyVersionCommand({ PolicyArn: policy(name), VersionId: 'v1' })),
    ],
    [
      `iam:DeletePolicy of ${name}`,
      'iam:DeletePolicy',
      onIam(new iam.DeletePolicyCommand({ PolicyArn: policy(name) })),
    ],
  ]),
  [
    'iam:CreateRole',
    'iam:CreateRole',
    onIam(new iam.CreateRoleCommand({ RoleName: 'door', AssumeRolePolicyDocument: OPEN })),
  ],
  ['iam:CreateUser', 'iam:CreateUser', onIam(new iam.CreateUserCommand({ UserName: 'door' }))],
  [
    'iam:CreateAccessKey',
    'iam:CreateAccessKey',
    onIam(new iam.CreateAccessKeyCommand({ UserName: 'somebody' })),
  ],
  ...['lifeboat-recover', 'lifeboat-preview'].map(
    (name): Tried => [
      `sts:AssumeRole of ${name}`,
      'sts:AssumeRole',
      ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: 'x' })),
    ],
  ),
  ...ON_ALARMS,
  [
    'ec2:ModifySnapshotAttribute',
    'ec2:ModifySnapshotAttribute',
    ({ ec2 }) =>
      ec2.send(
        new ModifySnapshotAttributeCommand({
          SnapshotId: 'snap-00000000000000001',
          CreateVolumePermission: { Add: [{ Group: 'all' }] },
        }),
      ),
  ],
];

/** What is in the account and not ours, in a new one: the default VPC, and a subnet of it. */
const foreign = {
  vpc: async ({ ec2 }: Clients) =>
    (await ec2.send(new DescribeVpcsCommand({}))).Vpcs?.find((each) => each.IsDefault)?.VpcId ?? '',
  subnet: async ({ ec2 }: Clients) =>
    (await ec2.send(new DescribeSubnetsCommand({}))).Subnets?.[0]?.SubnetId ?? '',
};
const onForeign = (action: string, make: (id: string) => object): Tried[] =>
  Object.entries(foreign).map(([type, idOf]) => [
    `ec2:${action} of a ${type} that is not ours`,
    `ec2:${action}`,
    async (clients) => clients.ec2.send(make(await idOf(clients)) as never),
  ]);

/** What its own policies keep it from: others of the vault's roles do these. */
export const NOT_ITS_OWN: Tried[] = [
  [
    'cloudwatch:PutMetricData of another namespace',
    'cloudwatch:PutMetricData',
    (clients) =>
      clients.cloudwatch.send(
        new PutMetricDataCommand({
          Namespace: 'Application',
          MetricData: [{ MetricName: 'x', Value: 1 }],
        }),
      ),
  ],
  ...['recovery/dr/i-1.json', 'stand-down/dr.json', 'manifests/snap-1.json', 'elsewhere.json'].map(
    (Key): Tried => [
      `s3:PutObject of ${Key}`,
      's3:PutObject',
      (clients) => clients.s3.send(new s3.PutObjectCommand({ Bucket: inventoryBucket, Key, Body: '{}' })),
    ],
  ),
  [
    's3:DeleteObject',
    's3:DeleteObject',
    (clients) =>
      clients.s3.send(new s3.DeleteObjectCommand({ Bucket: inventoryBucket, Key: 'inventory/dr.json' })),
  ],
  [
    'sts:AssumeRole',
    'sts:AssumeRole',
    ({ sts }) => sts.send(new AssumeRoleCommand({ RoleArn: role('another'), RoleSessionName: 'x' })),
  ],
  ...onForeign(
    'CreateTags',
    (id) => new CreateTagsCommand({ Resources: [id], Tags: [{ Key: TAG.sourceId, Value: 'x' }] }),
  ),
  ...onForeign('DeleteTags', (id) => new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: 'Name' }] })),
  ...onForeign('DeleteTags', (id) => new DeleteTagsCommand({ Resources: [id] })).map(
    ([what, ...rest]): Tried => [`${what}, all of them`, ...rest],
  ),
  [
    'ec2:DeleteSubnet of one that is not ours',
    'ec2:DeleteSubnet',
    async (clients) => clients.ec2.send(new DeleteSubnetCommand({ SubnetId: await foreign.subnet(clients) })),
  ],
  [
    'ec2:RunInstances',
    'ec2:RunInstances',
    ({ ec2 }) =>
      ec2.send(
        new RunInstancesCommand({
          MinCount: 1,
          MaxCount: 1,
          ImageId: 'ami-00000001',
          InstanceType: 't3.micro',
        }),
      ),
  ],
];
