import {
  type DLMClient,
  GetLifecyclePoliciesCommand,
  GetLifecyclePolicyCommand,
  UpdateLifecyclePolicyCommand,
} from '@aws-sdk/client-dlm';
import type { input } from '@pulumi/aws/types';
import { LifeboatError } from '../errors';
import { MUST_SNAP } from '../snapshots/mustSnap';
import type { SourceSettings } from './settings';

/** What a policy of ours takes: all disks of a tagged machine at one moment, or each tagged disk by itself. */
export type PolicyKind = 'instance' | 'volume';

/** Marks our policies, so that they are found again. */
export const POLICY_TAG = {
  key: 'lifeboat:policy',
  values: { instance: 'snapshots', volume: 'volumes' },
} as const;

/** The policies that a setting asks for. */
export function policyKinds(by: SourceSettings['snapshotBy']): readonly PolicyKind[] {
  if (by === 'none') return [];
  return by === 'both' ? ['instance', 'volume'] : [by];
}

/** Disks that `tag-volumes` leaves out of a set, with the system disk always in it. */
export const LEFT_OUT = [{ Key: MUST_SNAP.key, Value: 'False' }];

/**
 * Snapshots with their disks' tags, shared with DR: crash-consistent sets of the disks of each tagged machine, or each tagged disk
 * at its own moment. What marks a set for people are variable tags, which only policies of machines have; Lifeboat itself goes by what
 * the API says.
 */
export function snapshotPolicyDetails(
  settings: Pick<SourceSettings, 'drAccount' | 'snapshotEveryHours' | 'snapshotAt' | 'snapshotsKept'>,
  kind: PolicyKind,
): input.dlm.LifecyclePolicyPolicyDetails {
  const ofMachines = kind === 'instance';
  return {
    policyType: 'EBS_SNAPSHOT_MANAGEMENT',
    resourceTypes: [ofMachines ? 'INSTANCE' : 'VOLUME'],
    targetTags: { [MUST_SNAP.key]: MUST_SNAP.value },
    ...(ofMachines && { parameters: { excludeBootVolume: false } }),
    schedules: [
      {
        name: 'lifeboat',
        copyTags: true,
        createRule: {
          interval: settings.snapshotEveryHours,
          intervalUnit: 'HOURS',
          times: settings.snapshotAt,
        },
        retainRule: { count: settings.snapshotsKept },
        shareRule: { targetAccounts: [settings.drAccount] },
        ...(ofMachines && {
          variableTags: { 'set-instance': '$(instance-id)', 'set-time': '$(timestamp)' },
        }),
      },
    ],
  };
}

/**
 * Our policy, by its tag.
 *
 * @returns its id; undefined when it is not there
 * @throws LifeboatError when there are several: each would take and share its own snapshots
 */
export async function existingSnapshotPolicy(dlm: DLMClient, kind: PolicyKind): Promise<string | undefined> {
  // 100 policies at most in a region, answered at once.
  const { Policies = [] } = await dlm.send(new GetLifecyclePoliciesCommand({}));
  const ours = Policies.filter((found) => found.Tags?.[POLICY_TAG.key] === POLICY_TAG.values[kind]);
  if (ours.length > 1) {
    throw new LifeboatError({
      what: `There are several snapshot policies of Lifeboat by ${kind}`,
      got: ours.map((found) => found.PolicyId).join(', '),
      expected: 'one',
      next: 'aws dlm delete-lifecycle-policy --policy-id <all but one>',
    });
  }
  return ours[0]?.PolicyId;
}

/**
 * Keeps the disks that are tagged `MUSTSNAP: False` out of the sets. AWS's policies know this
 * (`Parameters.ExcludeDataVolumeTags`), the provider's resource does not, and each update by the provider takes it away.
 * Changes nothing when it is so already.
 *
 * @returns whether it was changed
 */
export async function leaveOut(dlm: DLMClient, PolicyId: string): Promise<boolean> {
  const { Policy } = await dlm.send(new GetLifecyclePolicyCommand({ PolicyId }));
  const details = Policy?.PolicyDetails;
  if (details === undefined) throw new Error(`AWS answered the policy ${PolicyId} without its details`);
  const now = details.Parameters?.ExcludeDataVolumeTags ?? [];
  const same = LEFT_OUT.every((tag) => now.some(({ Key, Value }) => Key === tag.Key && Value === tag.Value));
  if (same && now.length === LEFT_OUT.length) return false;
  await dlm.send(
    new UpdateLifecyclePolicyCommand({
      PolicyId,
      PolicyDetails: { ...details, Parameters: { ...details.Parameters, ExcludeDataVolumeTags: LEFT_OUT } },
    }),
  );
  return true;
}
