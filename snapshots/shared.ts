import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { present, tagRecord } from '../kinds/kind';
import { TAG } from '../names';
import { MUST_SNAP } from './mustSnap';
import { withOrigins } from './origins';
import { findSnapshots } from './snapshotSearch';

/** A snapshot in the source. */
export interface SharedSnapshot {
  readonly id: string;
  readonly volumeId: string;
  readonly startTime: Date;
  /** GiB. */
  readonly size: number;
  /** Only `completed` ones can be copied. */
  readonly state: string;
  readonly encrypted: boolean;
  /** ARN of the key that it is encrypted under. */
  readonly keyId?: string;
  /** All of them, `aws:` ones too; the source's word, to be carried but not to be believed. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What the source holds for DR. */
export interface SharedSnapshots {
  /** Tagged to be copied and shared with DR. */
  readonly tagged: readonly SharedSnapshot[];
  /** Tagged and completed, but not shared, so that DR cannot have it. */
  readonly notShared: readonly SharedSnapshot[];
  /** Tagged, shared or not, and ended in error. */
  readonly failed: readonly SharedSnapshot[];
  /** Tagged but in the archive tier, which can be neither shared nor copied. */
  readonly archived: readonly SharedSnapshot[];
  /** Tagged copies in the source: AWS does not say which volume their bytes are of. */
  readonly copies: readonly SharedSnapshot[];
  /** How many are shared with DR without being tagged. They are left alone. */
  readonly untagged: number;
}

/** What AWS answers as the volume of a snapshot that is itself a copy. */
export const NO_VOLUME = 'vol-ffffffff';

/**
 * What the source shares with DR, as DR itself sees it, with the tags that only the source sees: AWS shows a snapshot's
 * tags to the account that set them, and to no other.
 *
 * @param home whether it is the way home: snapshots that `failback snapshots` copied in the source are told by what they were copied of. Default: false
 * @throws when any page of either look-up cannot be had
 */
export async function sharedSnapshots(
  source: Account,
  dr: Account,
  { home = false }: { home?: boolean } = {},
): Promise<SharedSnapshots> {
  const [seen, found] = await Promise.all([
    findSnapshots(dr.in(source.region).ec2, { OwnerIds: [source.id], RestorableByUserIds: ['self'] }),
    findSnapshots(source.ec2, {
      OwnerIds: ['self'],
      Filters: [{ Name: `tag:${MUST_SNAP.key}`, Values: [MUST_SNAP.value] }],
    }),
  ]);
  const isCopy = (snapshot: Snapshot) => snapshot.VolumeId?.startsWith(NO_VOLUME) ?? true;
  // The final snapshots of former recoveries are no part of what comes home.
  const own = !home
    ? found
    : [
        ...found.filter((snapshot) => !isCopy(snapshot) && !(TAG.finalOf in tagRecord(snapshot.Tags))),
        ...(await withOrigins(source, found.filter(isCopy))),
      ];
  const seenIds = new Set(seen.map((snapshot) => snapshot.SnapshotId));
  const ownIds = new Set(own.map((snapshot) => snapshot.SnapshotId));
  const isArchived = (snapshot: Snapshot) => snapshot.StorageTier === 'archive';
  const standard = own.filter((snapshot) => !isArchived(snapshot));
  return {
    tagged: standard
      .filter((snapshot) => seenIds.has(snapshot.SnapshotId) && !isCopy(snapshot))
      .map(asShared),
    notShared: standard
      .filter(
        (snapshot) =>
          !seenIds.has(snapshot.SnapshotId) && snapshot.State === 'completed' && !isCopy(snapshot),
      )
      .map(asShared),
    failed: standard.filter((snapshot) => snapshot.State === 'error' && !isCopy(snapshot)).map(asShared),
    archived: own.filter(isArchived).map(asShared),
    copies: standard.filter(isCopy).map(asShared),
    untagged: seen.filter((snapshot) => !ownIds.has(snapshot.SnapshotId)).length,
  };
}

function asShared(snapshot: Snapshot): SharedSnapshot {
  return {
    id: present(snapshot.SnapshotId, 'SnapshotId'),
    volumeId: snapshot.VolumeId ?? NO_VOLUME,
    startTime: present(snapshot.StartTime, 'StartTime'),
    size: present(snapshot.VolumeSize, 'VolumeSize'),
    state: present(snapshot.State, 'State'),
    encrypted: present(snapshot.Encrypted, 'Encrypted'),
    keyId: snapshot.KmsKeyId,
    tags: tagRecord(snapshot.Tags),
  };
}

/** What of the source's state its owner must know, in words: each line names what is wrong and the next step. */
export interface SharingReport {
  /** The backup of something has stopped. */
  readonly problems: readonly string[];
  /** The backup goes on all the same. */
  readonly notes: readonly string[];
}

/**
 * Tells what is wrong with what the source shares. Pure.
 *
 * @param source whose snapshots they are
 * @param drId the account that they are to be shared with
 */
export function sharingReport(
  { tagged, notShared, failed, archived, copies, untagged }: SharedSnapshots,
  source: Pick<Account, 'id' | 'region'>,
  drId: string,
): SharingReport {
  const problems: string[] = [];
  const notes: string[] = [];
  if (tagged.length === 0) {
    const others = untagged > 0 ? ` (${untagged} without the tag MUSTSNAP: True are)` : '';
    problems.push(
      `${source.id} shares no tagged snapshot in ${source.region} with ${drId}${others}; ` +
        'check the snapshot policy that source/ makes, and, in the source: npx lifeboat tag-volumes',
    );
  }
  const newest = newestByVolume([...tagged, ...notShared, ...failed]);
  for (const snapshot of newest) {
    const which = `${label(snapshot)} is the newest of ${snapshot.volumeId} and`;
    if (snapshot.state === 'error')
      problems.push(
        `${which} ended in error in the source; to see why: ` +
          `aws ec2 describe-snapshots --region ${source.region} --snapshot-ids ${snapshot.id}`,
      );
    else if (notShared.includes(snapshot))
      problems.push(
        `${which} is not shared with ${drId}; in the source: ` +
          `aws ec2 modify-snapshot-attribute --region ${source.region} --snapshot-id ${snapshot.id} ` +
          `--create-volume-permission Add=[{UserId=${drId}}], and check the policy that should have shared it`,
      );
  }
  if (archived.length > 0)
    notes.push(
      `${archived.length} tagged snapshots are archived and cannot be copied: ${list(archived)}; to restore one: ` +
        `aws ec2 restore-snapshot-tier --region ${source.region} --snapshot-id ${archived[0]?.id} --permanent-restore`,
    );
  if (copies.length > 0)
    notes.push(
      `${copies.length} tagged snapshots are copies themselves, of a volume that AWS does not tell, and are left alone: ${list(copies)}`,
    );
  const overtaken = failed.filter(({ id }) => !newest.some((snapshot) => snapshot.id === id));
  if (overtaken.length > 0)
    notes.push(`${overtaken.length} older snapshots failed in the source: ${list(overtaken)}`);
  return { problems, notes };
}

/** A snapshot for people: its id with the name of its disk. */
export function label({ id, tags }: Pick<SharedSnapshot, 'id' | 'tags'>): string {
  return tags.Name ? `${id} (${tags.Name})` : id;
}

/** The newest of each volume; of two that were started at once, the later one in the list. */
export function newestByVolume(snapshots: readonly SharedSnapshot[]): SharedSnapshot[] {
  const newest = new Map<string, SharedSnapshot>();
  for (const snapshot of snapshots) {
    const known = newest.get(snapshot.volumeId);
    if (!known || known.startTime <= snapshot.startTime) newest.set(snapshot.volumeId, snapshot);
  }
  return [...newest.values()];
}

function list(snapshots: readonly SharedSnapshot[]): string {
  const shown = snapshots.slice(0, 5).map(label).join(', ');
  return snapshots.length > 5 ? `${shown} and ${snapshots.length - 5} more` : shown;
}
