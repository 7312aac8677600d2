import { onlyPrincipals, type Policy, policy, type Statement } from '../vault/policyDocument';
import type { SourceSettings } from './settings';

type Trust = Pick<SourceSettings, 'sourceAccount' | 'drAccount' | 'externalId' | 'trustedPrincipals'> &
  Partial<Pick<SourceSettings, 'until'>>;

/** A way in that ends by itself, though nobody remembers to take it away. AWS takes whole seconds. */
const onlyUntil = (until: Date | undefined): NonNullable<Statement['Condition']> =>
  until === undefined
    ? {}
    : { DateLessThan: { 'aws:CurrentTime': until.toISOString().replace(/\.\d+Z$/, 'Z') } };

const rootOf = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

/**
 * Who may become the reader: the named principals of the DR account, with the external id. They are named by a condition
 * on the DR account's root. So `source/` may go up before `vault/`, for AWS refuses a trust policy that names a role
 * which is not there yet; and a run role that was made anew is still trusted, where a principal named directly would be
 * remembered by its old unique id. Whoever could make another role of that name administers the DR account anyway.
 */
export function readerTrust({ drAccount, externalId, trustedPrincipals, until }: Trust): Policy {
  return policy({
    Sid: 'LifeboatReads',
    Effect: 'Allow',
    Principal: rootOf(drAccount),
    Action: 'sts:AssumeRole',
    Condition: {
      StringEquals: { 'sts:ExternalId': externalId },
      ...onlyPrincipals(trustedPrincipals),
      ...onlyUntil(until),
    },
  });
}

/**
 * What DR needs of a key to copy what is encrypted under it: use as EBS needs it, through EC2, and grants to AWS's own services. Which
 * region's EC2 asks differs between the steps of a copy across regions, hence the star.
 */
export function copyStatements({
  drAccount,
  trustedPrincipals,
  until,
}: Pick<Trust, 'drAccount' | 'trustedPrincipals' | 'until'>): readonly Statement[] {
  const through = {
    StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' },
    ...onlyPrincipals(trustedPrincipals),
    ...onlyUntil(until),
  };
  return [
    {
      Sid: 'LifeboatCopies',
      Effect: 'Allow',
      Principal: rootOf(drAccount),
      Action: ['kms:DescribeKey', 'kms:Decrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      Resource: '*',
      Condition: through,
    },
    {
      Sid: 'LifeboatGrantsToEbs',
      Effect: 'Allow',
      Principal: rootOf(drAccount),
      Action: 'kms:CreateGrant',
      Resource: '*',
      Condition: { ...through, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    },
  ];
}

/**
 * The key under which volumes are encrypted whose snapshots DR copies. In the source's own account it is what aws/ebs was to the disks
 * that moved to it: whoever may use EBS may use it through EBS, Auto Scaling's own role too, or machines would not start.
 */
export function snapshotKeyPolicy(trust: Trust & Pick<SourceSettings, 'sourceRegion'>): Policy {
  const { sourceAccount, sourceRegion } = trust;
  return policy(
    {
      Sid: 'AccountAdministers',
      Effect: 'Allow',
      Principal: rootOf(sourceAccount),
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'AccountUsesItThroughEbs',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'kms:CreateGrant',
        'kms:Decrypt',
        'kms:DescribeKey',
        'kms:Encrypt',
        'kms:GenerateDataKey*',
        'kms:ReEncrypt*',
      ],
      Resource: '*',
      Condition: {
        StringEquals: {
          'kms:CallerAccount': sourceAccount,
          'kms:ViaService': `ec2.${sourceRegion}.amazonaws.com`,
        },
      },
    },
    ...copyStatements(trust),
  );
}

/**
 * What `lifeboat status` asks of the source beside the kinds' look-ups: whether snapshots are still taken, shared and readable, and how many
 * stores there are that Lifeboat does not protect.
 */
export function statusPolicy({
  sourceAccount,
  sourceRegion,
}: Pick<SourceSettings, 'sourceAccount' | 'sourceRegion'>): Policy {
  return policy(
    {
      Sid: 'Policies',
      Effect: 'Allow',
      Action: ['dlm:GetLifecyclePolicies', 'dlm:GetLifecyclePolicy'],
      Resource: '*',
    },
    {
      Sid: 'Keys',
      Effect: 'Allow',
      Action: 'kms:DescribeKey',
      Resource: `arn:aws:kms:${sourceRegion}:${sourceAccount}:key/*`,
    },
    {
      Sid: 'CountOtherStores',
      Effect: 'Allow',
      Action: [
        'dynamodb:ListTables',
        'elasticache:DescribeCacheClusters',
        'elasticfilesystem:DescribeFileSystems',
        'rds:DescribeDBClusters',
        'rds:DescribeDBInstances',
        'redshift:DescribeClusters',
        's3:ListAllMyBuckets',
      ],
      Resource: '*',
    },
  );
}

/** The service that takes the snapshots, and nobody else, may use its role. */
export function dlmTrust({ sourceAccount }: Trust): Policy {
  return policy({
    Sid: 'DlmTakesSnapshots',
    Effect: 'Allow',
    Principal: { Service: 'dlm.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': sourceAccount } },
  });
}

/**
 * What DLM does here: AWS's own AWSDataLifecycleManagerServiceRole, less fast restores, archives and copies to other
 * regions, and deleting only what DLM took.
 */
export function dlmPolicy(): Policy {
  const snapshots = 'arn:aws:ec2:*::snapshot/*';
  return policy(
    {
      Sid: 'Take',
      Effect: 'Allow',
      Action: [
        'ec2:CreateSnapshot',
        'ec2:CreateSnapshots',
        'ec2:DescribeInstances',
        'ec2:DescribeSnapshots',
        'ec2:DescribeVolumes',
      ],
      Resource: '*',
    },
    { Sid: 'Tag', Effect: 'Allow', Action: 'ec2:CreateTags', Resource: snapshots },
    { Sid: 'Share', Effect: 'Allow', Action: 'ec2:ModifySnapshotAttribute', Resource: snapshots },
    {
      Sid: 'Retire',
      Effect: 'Allow',
      Action: 'ec2:DeleteSnapshot',
      Resource: snapshots,
      Condition: { StringLike: { 'aws:ResourceTag/aws:dlm:lifecycle-policy-id': '*' } },
    },
  );
}
