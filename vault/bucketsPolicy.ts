import { BUCKETS_ACTIONS } from './bucketsActions';
import { context, unique, type VaultPlace } from './place';
import { type Policy, policy, type Statement } from './policyDocument';

/**
 * ARNs of the buckets that the mirror may make and change: those that end in a dash and DR's account, as inventory/bucketNames.ts names them,
 * and those that `buckets` names. A bucket's tag tells a policy nothing until ABAC is turned on for that bucket
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html); so its name has to.
 */
export function mirroredBuckets({
  drAccount,
  buckets = {},
}: Pick<VaultPlace, 'drAccount' | 'buckets'>): string[] {
  return [`*-${drAccount}`, ...Object.values(buckets)].map((name) => `arn:aws:s3:::${name}`);
}

/** Whether a mirrored bucket is there, which AWS tells by the right to list what it holds. Nothing in it can be read by that. */
export const seeBuckets = (place: VaultPlace): Statement => ({
  Sid: 'SeeBuckets',
  Effect: 'Allow',
  Action: 's3:ListBucket',
  Resource: mirroredBuckets(place),
});

/** Creates mirrored buckets and changes how they are set up. Deletes none, and nothing in them. */
export function bucketsPolicy(place: VaultPlace): Policy {
  return policy(seeBuckets(place), {
    Sid: 'SetUpBuckets',
    Effect: 'Allow',
    Action: unique(Object.values(BUCKETS_ACTIONS).flatMap(({ change }) => change)),
    Resource: mirroredBuckets(place),
    Condition: context(place).inRegion,
  });
}
