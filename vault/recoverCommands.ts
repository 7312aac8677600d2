import { bucketAtPolicy } from './bucketAtPolicy';
import { namesPolicy } from './cloudfrontPolicy';
import { drillPolicy } from './drillPolicy';
import type { VaultPlace } from './place';
import { type Policy, policy } from './policyDocument';
import { probePolicy } from './probePolicy';
import { watchPolicy } from './watchPolicy';

/**
 * What `move-names`, `bucket-at` and `drill` may beside a recovery itself, what `recover` probes ports by, and what it makes of alarms and dashboards, in one policy: AWS allows a
 * role ten. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function recoverCommandsPolicy(place: VaultPlace): Policy {
  const parts = [watchPolicy, namesPolicy, bucketAtPolicy, drillPolicy, probePolicy];
  return policy(...parts.flatMap((part) => part(place).Statement));
}
