import { SOURCE_NAMES } from '../names';
import { onlyPrincipals, type Statement } from '../vault/policyDocument';

/** ARN of the role of the source that replicates. */
export const replicationRole = (account: string): string =>
  `arn:aws:iam::${account}:role/${SOURCE_NAMES.replicationRole}`;

/**
 * The statement in the policy of a bucket of DR that lets one role of the source replicate into it: add versions with their tags, which
 * become DR's own. It may not replicate deletions, nor delete, nor read, nor change the bucket. Named by a condition on the source's
 * root, because AWS refuses a principal that is not there yet. Pure.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
 *
 * @param role ARN of the replication role in the source
 * @param bucket name of the bucket in DR
 */
export function replicationStatement(role: string, bucket: string): Statement {
  const [, , , , account] = role.split(':');
  return {
    Sid: 'LifeboatReplicates',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: REPLICA_WRITES,
    Resource: `arn:aws:s3:::${bucket}/*`,
    Condition: onlyPrincipals([role]),
  };
}

/** What replicating into a bucket of another account takes. `s3:ReplicateDelete` is not among it. */
export const REPLICA_WRITES = [
  's3:ObjectOwnerOverrideToBucketOwner',
  's3:ReplicateObject',
  's3:ReplicateTags',
] as const;
