import { GetBucketReplicationCommand, type S3Client } from '@aws-sdk/client-s3';
import { REPLICA_WRITES, replicationRole } from '../buckets/replicationStatements';
import { LifeboatError } from '../errors';
import { bucketInDr } from '../inventory/bucketNames';
import { type Policy, policy } from '../vault/policyDocument';
import type { SourceSettings } from './settings';

type Replicating = Pick<
  SourceSettings,
  'sourceAccount' | 'sourceRegion' | 'drAccount' | 'replicateBuckets' | 'replicateTo' | 'replicateKey'
>;

/** ARN of a bucket. */
export const arnOf = (bucket: string): string => `arn:aws:s3:::${bucket}`;

/** Names in the source, each with its name in DR. */
export function replicatedPairs(settings: Replicating): { bucket: string; dr: string }[] {
  const names = { drAccount: settings.drAccount, buckets: settings.replicateTo };
  return settings.replicateBuckets.map((bucket) => ({ bucket, dr: bucketInDr(bucket, names) }));
}

/** S3, for buckets of this account alone. */
export function replicationTrust({ sourceAccount }: Pick<SourceSettings, 'sourceAccount'>): Policy {
  return policy({
    Sid: 'S3Replicates',
    Effect: 'Allow',
    Principal: { Service: 's3.amazonaws.com' },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'aws:SourceAccount': sourceAccount } },
  });
}

/**
 * What the role may do: read the buckets that are replicated, and add to DR's. It cannot replicate deletions, for it has no
 * `s3:ReplicateDelete`, and neither has it in DR's bucket policy.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 */
export function replicationPolicy(settings: Replicating): Policy {
  const pairs = replicatedPairs(settings);
  const from = pairs.map(({ bucket }) => arnOf(bucket));
  const to = pairs.map(({ dr }) => `${arnOf(dr)}/*`);
  const key = settings.replicateKey;
  return policy(
    {
      Sid: 'SeeSource',
      Effect: 'Allow',
      Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
      Resource: from,
    },
    {
      Sid: 'ReadSource',
      Effect: 'Allow',
      Action: ['s3:GetObjectVersionAcl', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging'],
      Resource: from.map((arn) => `${arn}/*`),
    },
    {
      Sid: 'AddToDr',
      Effect: 'Allow',
      Action: REPLICA_WRITES,
      Resource: to,
      // Names of buckets are everybody's: one that somebody else took first is given nothing.
      Condition: { StringEquals: { 's3:ResourceAccount': settings.drAccount } },
    },
    ...(key === undefined
      ? []
      : [
          {
            Sid: 'OpenSource',
            Effect: 'Allow',
            Action: 'kms:Decrypt',
            Resource: `arn:aws:kms:${settings.sourceRegion}:${settings.sourceAccount}:key/*`,
            Condition: { StringEquals: { 'kms:ViaService': `s3.${settings.sourceRegion}.amazonaws.com` } },
          } as const,
          {
            Sid: 'SealInDr',
            Effect: 'Allow',
            Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
            Resource: key,
            Condition: { StringEquals: { 'kms:ViaService': `s3.${key.split(':')[3]}.amazonaws.com` } },
          } as const,
        ]),
  );
}

/** The configuration of one bucket: everything but deletions, owned by DR, encrypted under DR's key where it was encrypted. */
export function replicationRules({ replicateKey, drAccount }: Replicating, dr: string) {
  return [
    {
      id: 'lifeboat',
      priority: 1,
      status: 'Enabled',
      filter: { prefix: '' },
      deleteMarkerReplication: { status: 'Disabled' },
      ...(replicateKey !== undefined && {
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
      }),
      destination: {
        bucket: arnOf(dr),
        account: drAccount,
        accessControlTranslation: { owner: 'Destination' },
        ...(replicateKey !== undefined && {
          encryptionConfiguration: { replicaKmsKeyId: replicateKey },
        }),
      },
    },
  ];
}

/**
 * Refuses a bucket that somebody else replicates already: S3 takes a configuration as a whole, and ours would end theirs.
 *
 * @throws LifeboatError
 */
export async function refuseOthersReplication(s3: S3Client, settings: Replicating): Promise<void> {
  const ours = replicationRole(settings.sourceAccount);
  for (const bucket of settings.replicateBuckets) {
    const found = await s3
      .send(new GetBucketReplicationCommand({ Bucket: bucket, ExpectedBucketOwner: settings.sourceAccount }))
      .catch((cause: unknown) => {
        if ((cause as Error).name === 'ReplicationConfigurationNotFoundError') return undefined;
        throw new LifeboatError({
          what: `Whether ${bucket} is replicated already could not be found out`,
          expected: `a bucket of ${settings.sourceAccount}, and the right s3:GetReplicationConfiguration`,
          next: `aws s3api get-bucket-replication --bucket ${bucket}`,
          cause,
        });
      });
    const role = found?.ReplicationConfiguration?.Role;
    if (role === undefined || role === ours) continue;
    throw new LifeboatError({
      what: `The bucket ${bucket} has a replication configuration that is not Lifeboat's, and S3 replaces one as a whole`,
      got: role,
      expected: `none, or one with the role ${ours}`,
      next: `take ${bucket} out of replicateBuckets and copy it with npx lifeboat copy-buckets; or add a rule for DR to that configuration by hand`,
    });
  }
}
