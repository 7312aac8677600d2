import { atRecoveryPolicy } from './atRecoveryPolicy';
import { bucketAtPolicy } from './bucketAtPolicy';
import { namesPolicy } from './cloudfrontPolicy';
import type { VaultPlace } from './place';
import { type Policy, policy } from './policyDocument';
import { watchPolicy } from './watchPolicy';

/**
 * What a recovery makes beside its machines, and what `move-names` and `bucket-at` may, in one policy: AWS allows a role ten.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function recoverCommandsPolicy(place: VaultPlace): Policy {
  const parts = [atRecoveryPolicy, watchPolicy, namesPolicy, bucketAtPolicy];
  return policy(...parts.flatMap((part) => part(place).Statement));
}
