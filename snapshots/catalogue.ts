import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { present, tagRecord } from '../kinds/kind';
import { TAG } from '../names';
import { findOwnSnapshots, findSnapshots } from './snapshotSearch';

/** A snapshot in DR that holds the bytes of one in the source. */
export interface Copy {
  readonly id: string;
  readonly sourceSnapshotId: string;
  readonly sourceVolumeId: string;
  /** When the source's snapshot was started. */
  readonly sourceTime: Date;
  /** GiB. */
  readonly size: number;
  readonly state: 'pending' | 'completed' | 'error';
  /** AWS's own reason for the state `error`. */
  readonly stateMessage?: string;
  /** Percent, 0 to 100. */
  readonly progress: number;
  /** How long AWS took to make it, in milliseconds. Absent until it is completed. */
  readonly took?: number;
  readonly encrypted: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** As it was made with; unlike a tag, AWS lets nobody change it. */
  readonly description?: string;
  /** ARN of the key that it is encrypted under. */
  readonly keyId?: string;
  /** When DR began to copy it. */
  readonly begun?: Date;
}

const STATES: readonly string[] = ['pending', 'completed', 'error'] satisfies Copy['state'][];

/**
 * Every copy in DR. What each is a copy of comes from our own tags only: snapshots that DR owns carry the tags that DR gave
 * them, whatever the source's say. Snapshots whose tags of ours are not whole are left out, and told of.
 *
 * @param only look up the copies of these source snapshots only
 * @param warn is told of each snapshot that is left out
 * @throws when any page cannot be had
 */
export async function copiesInDr(
  dr: Pick<Account, 'ec2'>,
  { only, warn = () => {} }: { only?: readonly string[]; warn?: (text: string) => void } = {},
): Promise<Copy[]> {
  const found = only
    ? await findOwnSnapshots(dr.ec2, `tag:${TAG.sourceSnapshot}`, only)
    : await findSnapshots(dr.ec2, {
        OwnerIds: ['self'],
        Filters: [{ Name: 'tag-key', Values: [TAG.sourceSnapshot] }],
      });
  return found.flatMap((snapshot) => {
    const copy = asCopy(snapshot);
    if (typeof copy !== 'string') return [copy];
    if (copy !== '') warn(`${snapshot.SnapshotId} is not taken for a copy: ${copy}`);
    return [];
  });
}

/** The copy that a snapshot in DR is; or why it is none, which is empty when there is nothing wrong with it. */
export function asCopy(snapshot: Snapshot): Copy | string {
  const tags = tagRecord(snapshot.Tags);
  // A final snapshot holds what a recovered machine has written since, not what its disk was made of.
  if (TAG.finalOf in tags) return '';
  const sourceSnapshotId = tags[TAG.sourceSnapshot];
  const sourceVolumeId = tags[TAG.sourceVolume];
  const sourceTime = new Date(tags[TAG.sourceTime] ?? '');
  if (!sourceSnapshotId) return `its tag ${TAG.sourceSnapshot} is empty`;
  if (!sourceVolumeId) return `it has no tag ${TAG.sourceVolume}`;
  if (Number.isNaN(sourceTime.getTime()))
    return `its tag ${TAG.sourceTime} is ${tags[TAG.sourceTime] ?? 'missing'}`;
  const state = present(snapshot.State, 'State');
  // In the recycle bin (recoverable, recovering) it cannot be used, and is as good as gone.
  if (!STATES.includes(state)) return `it is in the state ${state}`;
  return {
    id: present(snapshot.SnapshotId, 'SnapshotId'),
    sourceSnapshotId,
    sourceVolumeId,
    sourceTime,
    size: present(snapshot.VolumeSize, 'VolumeSize'),
    state: state as Copy['state'],
    stateMessage: snapshot.StateMessage || undefined,
    progress: percent(snapshot),
    took:
      snapshot.StartTime &&
      snapshot.CompletionTime &&
      Number(snapshot.CompletionTime) - Number(snapshot.StartTime),
    encrypted: present(snapshot.Encrypted, 'Encrypted'),
    tags,
    description: snapshot.Description ?? '',
    keyId: snapshot.KmsKeyId,
    begun: snapshot.StartTime,
  };
}

/** A snapshot's progress, 0 to 100. AWS leaves it empty until a copy has begun. */
export function percent({ State, Progress }: Pick<Snapshot, 'State' | 'Progress'>): number {
  if (State === 'completed') return 100;
  const value = Number.parseFloat(Progress ?? '');
  return Number.isNaN(value) ? 0 : Math.min(100, Math.max(0, value));
}
