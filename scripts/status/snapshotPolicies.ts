import {
  DLMClient,
  GetLifecyclePoliciesCommand,
  GetLifecyclePolicyCommand,
  type LifecyclePolicy,
} from '@aws-sdk/client-dlm';
import type { Account } from '../../accounts';
import { present } from '../../kinds/kind';
import { configOf } from '../../snapshots/clients';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { POLICY_TAG } from '../../source/snapshotPolicy';
import type { Finding } from './finding';

/** One of the policies that `source/` makes. */
export interface SnapshotPolicy {
  readonly id: string;
  /** `ENABLED`, `DISABLED` or `ERROR`. */
  readonly state: string;
  /** AWS's own words on an error. */
  readonly message?: string;
  /** `INSTANCE` or `VOLUME`: what it finds by tags. */
  readonly takes: readonly string[];
  /** Whether it finds what is tagged to be snapshotted. */
  readonly targetsMustSnap: boolean;
  /** Whether each of its schedules shares with DR. */
  readonly shares: boolean;
  /** Whether each of its schedules copies tags, by which `copy-snapshots` knows what to copy. */
  readonly copiesTags: boolean;
}

/** The source's snapshot policies that carry our tag. AWS answers them, 100 at most in a region, at once. */
export async function snapshotPolicies(source: Account, drId: string): Promise<SnapshotPolicy[]> {
  const dlm = new DLMClient(configOf(source));
  try {
    const { Policies = [] } = await dlm.send(new GetLifecyclePoliciesCommand({}));
    const ours = Policies.filter(({ Tags }) => Tags?.[POLICY_TAG.key] !== undefined);
    return await Promise.all(
      ours.map(async ({ PolicyId }) => {
        const { Policy } = await dlm.send(new GetLifecyclePolicyCommand({ PolicyId }));
        return asPolicy(present(Policy, 'Policy'), drId);
      }),
    );
  } finally {
    dlm.destroy();
  }
}

function asPolicy({ PolicyId, State, StatusMessage, PolicyDetails }: LifecyclePolicy, drId: string) {
  const schedules = PolicyDetails?.Schedules ?? [];
  return {
    id: present(PolicyId, 'PolicyId'),
    state: present(State, 'State'),
    message: State === 'ERROR' ? StatusMessage : undefined,
    takes: PolicyDetails?.ResourceTypes ?? [],
    targetsMustSnap: (PolicyDetails?.TargetTags ?? []).some(
      ({ Key, Value }) => Key === MUST_SNAP.key && Value === MUST_SNAP.value,
    ),
    shares: schedules.every(({ ShareRules = [] }) =>
      ShareRules.some(({ TargetAccounts }) => TargetAccounts?.includes(drId)),
    ),
    copiesTags: schedules.every(({ CopyTags }) => CopyTags === true),
  };
}

/** What is wrong with the source's snapshot policies. Pure. */
export function policyFindings(policies: readonly SnapshotPolicy[], region: string, drId: string): Finding[] {
  const again = 'in the source, as its owner: npm run pulumi -- -C source up --refresh';
  if (policies.length === 0)
    return [
      {
        code: 'snapshot-policy',
        what: `the snapshot policy that source/ makes is gone from ${region}: no more snapshots are taken`,
        next: again,
      },
    ];
  return policies.flatMap((policy) => {
    const finding = (what: string, next = again): Finding => ({
      code: 'snapshot-policy',
      what: `the snapshot policy ${policy.id} ${what}`,
      next,
    });
    const found: Finding[] = [];
    if (policy.state === 'ERROR')
      found.push(finding(`is in error${policy.message ? `: ${policy.message}` : ''}`));
    else if (policy.state !== 'ENABLED')
      found.push(
        finding(
          `is ${policy.state}: no more snapshots are taken`,
          `in the source: aws dlm update-lifecycle-policy --region ${region} --policy-id ${policy.id} --state ENABLED`,
        ),
      );
    if (!policy.targetsMustSnap)
      found.push(finding(`does not take what is tagged ${MUST_SNAP.key}: ${MUST_SNAP.value}`));
    if (!policy.shares) found.push(finding(`does not share its snapshots with ${drId}`));
    if (!policy.copiesTags) found.push(finding('does not copy tags, so that its snapshots are not copied'));
    return found;
  });
}
