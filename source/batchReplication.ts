import { SOURCE_NAMES } from '../names';
import { type Policy, policy } from '../vault/policyDocument';
import { arnOf } from './replication';
import type { SourceSettings } from './settings';

type Place = Pick<SourceSettings, 'sourceAccount' | 'sourceRegion' | 'replicateBuckets'>;

/**
 * S3 Batch Operations, for jobs of this account alone. AWS documents that condition for services at large and not for this one, hence
 * "if it is said": a role is handed to a job by an `iam:PassRole` of its own account in any case.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html
 */
export function batchTrust({ sourceAccount }: Pick<Place, 'sourceAccount'>): Policy {
  return policy({
    Sid: 'BatchOperationsReplicate',
    Effect: 'Allow',
    Principal: { Service: 'batchoperations.s3.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEqualsIfExists: { 'aws:SourceAccount': sourceAccount } },
  });
}

/**
 * What a job may do: have S3 replicate versions, by the bucket's own rule and role, and have the list of them made, for which AWS asks for
 * an inventory of the bucket. It neither reads nor writes an object: it keeps no report and no list, which would take a right to write.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-batch-replication-policies.html
 */
export function batchPolicy({ replicateBuckets }: Pick<Place, 'replicateBuckets'>): Policy {
  const buckets = replicateBuckets.map(arnOf);
  return policy(
    {
      Sid: 'StartReplication',
      Effect: 'Allow',
      Action: 's3:InitiateReplication',
      Resource: buckets.map((arn) => `${arn}/*`),
    },
    {
      Sid: 'ListWhatIsThere',
      Effect: 'Allow',
      Action: ['s3:GetReplicationConfiguration', 's3:PutInventoryConfiguration'],
      Resource: buckets,
    },
  );
}

/**
 * The command that makes a job for what one bucket held before it was replicated, and for what could not be sent. The job waits to be
 * confirmed: only then is it known how many versions it would send, which is what it costs. Pure.
 */
export function batchCommand({ sourceAccount, sourceRegion }: Place, bucket: string): string {
  const generator = {
    S3JobManifestGenerator: {
      ExpectedBucketOwner: sourceAccount,
      SourceBucket: arnOf(bucket),
      EnableManifestOutput: false,
      Filter: { EligibleForReplication: true, ObjectReplicationStatuses: ['NONE', 'FAILED'] },
    },
  };
  return [
    `aws s3control create-job --region ${sourceRegion} --account-id ${sourceAccount} --priority 1`,
    `--role-arn arn:aws:iam::${sourceAccount}:role/${SOURCE_NAMES.batchRole}`,
    `--description 'Lifeboat: what ${bucket} held before'`,
    `--operation '${JSON.stringify({ S3ReplicateObject: {} })}'`,
    `--manifest-generator '${JSON.stringify(generator)}'`,
    `--report '${JSON.stringify({ Enabled: false })}'`,
    '--confirmation-required --query JobId --output text',
  ].join(' ');
}
