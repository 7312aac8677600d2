import type { Place } from '../kinds/kind';
import { SOURCE_NAMES } from '../names';
import { onlyPrincipals, type Statement } from '../vault/policyDocument';

/** ARN of the role of the source that replicates. */
export const replicationRole = (account: string): string =>
  `arn:aws:iam::${account}:role/${SOURCE_NAMES.replicationRole}`;

/**
 * The statements in the policy of a bucket of DR that let one role of the source replicate into it: add versions with their tags, which
 * become DR's own. It may not replicate deletions, nor delete, nor read, nor change the bucket. Named by a condition on the source's
 * root, because AWS refuses a principal that is not there yet.
 *
 * Whoever holds the source says under which key a replica is encrypted, and can destroy a key of his own later: another account's is denied to
 * everybody, and so is one that comes with the object and that S3 does not keep (SSE-C). Of DR's keys the role may use the one of the vault alone, by that
 * key's own policy. A replica of an object under S3's own keys names none, and is under S3's own in DR as well. A negated operator holds where
 * its key is absent, with IfExists or without: `Null` has to say that a key is named. Pure.
 *
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html (encryption of replicas),
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (the keys of s3:ReplicateObject),
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html (absent keys)
 *
 * @param role ARN of the replication role in the source
 * @param bucket name of the bucket in DR
 * @param dr DR's account, and the region of the bucket
 */
export function replicationStatements(role: string, bucket: string, dr: Place): Statement[] {
  const [, , , , account] = role.split(':');
  const Resource = `arn:aws:s3:::${bucket}/*`;
  const denied = { Effect: 'Deny', Principal: '*', Action: 's3:ReplicateObject', Resource } as const;
  return [
    {
      Sid: 'LifeboatReplicates',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: REPLICA_WRITES,
      Resource,
      Condition: onlyPrincipals([role]),
    },
    {
      ...denied,
      Sid: 'NoReplicaUnderAKeyOfOthers',
      Condition: {
        Null: { [KEY]: 'false' },
        ArnNotLike: { [KEY]: `arn:aws:kms:${dr.region}:${dr.account}:key/*` },
      },
    },
    {
      ...denied,
      Sid: 'NoReplicaUnderACustomersKey',
      Condition: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } },
    },
  ];
}

const KEY = 's3:x-amz-server-side-encryption-aws-kms-key-id';

/** What replicating into a bucket of another account takes. `s3:ReplicateDelete` is not among it. */
export const REPLICA_WRITES = [
  's3:ObjectOwnerOverrideToBucketOwner',
  's3:ReplicateObject',
  's3:ReplicateTags',
] as const;
