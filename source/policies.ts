import { onlyPrincipals, type Policy, policy } from '../vault/policyDocument';
import type { SourceSettings } from './settings';

type Trust = Pick<SourceSettings, 'sourceAccount' | 'drAccount' | 'externalId' | 'trustedPrincipals'>;

const rootOf = (account: string) => ({ AWS: `arn:aws:iam::${account}:root` });

/**
 * Who may become the reader: the named principals of the DR account, with the external id. They are named by a condition
 * on the DR account's root. So `source/` may go up before `vault/`, for AWS refuses a trust policy that names a role
 * which is not there yet; and a run role that was made anew is still trusted, where a principal named directly would be
 * remembered by its old unique id. Whoever could make another role of that name administers the DR account anyway.
 */
export function readerTrust({ drAccount, externalId, trustedPrincipals }: Trust): Policy {
  return policy({
    Sid: 'LifeboatReads',
    Effect: 'Allow',
    Principal: rootOf(drAccount),
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:ExternalId': externalId }, ...onlyPrincipals(trustedPrincipals) },
  });
}

/**
 * The key under which volumes are encrypted whose snapshots DR copies. DR may use it only as EBS needs it to copy: through
 * EC2, and by grants to AWS's own services. Which region's EC2 asks differs between the steps of a copy across regions,
 * hence the star.
 */
export function snapshotKeyPolicy({ sourceAccount, drAccount, trustedPrincipals }: Trust): Policy {
  const through = {
    StringLike: { 'kms:ViaService': 'ec2.*.amazonaws.com' },
    ...onlyPrincipals(trustedPrincipals),
  };
  return policy(
    {
      Sid: 'AccountAdministers',
      Effect: 'Allow',
      Principal: rootOf(sourceAccount),
      Action: 'kms:*',
      Resource: '*',
    },
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
