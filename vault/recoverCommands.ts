import { bucketAtPolicy } from './bucketAtPolicy';
import { namesPolicy } from './cloudfrontPolicy';
import type { VaultPlace } from './place';
import { type Policy, policy } from './policyDocument';

/**
 * What `move-names` and `bucket-at` may beside a recovery itself, in one policy: AWS allows a role ten.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function recoverCommandsPolicy(place: VaultPlace): Policy {
  return policy(...namesPolicy(place).Statement, ...bucketAtPolicy(place).Statement);
}
