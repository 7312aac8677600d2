import type { Copy } from './catalogue';
import { type RecoveryPoint, recoveryPoints } from './select';
import type { SharedSnapshot } from './shared';

/** In what order snapshots are copied, and kept under a ceiling: lower first. */
export const RANK = {
  /** Of the newest complete set of a machine that was accepted. */
  newest: 0,
  /** Of an older set, one an hour: no policy of DLM takes more. */
  history: 1,
  /** More than one set an hour, or in no complete set. */
  surplus: 2,
} as const;
/** Added for what no accepted inventory protects: it comes after all that one does, in the same order. */
const UNKNOWN = 3;

/** A snapshot with its place in the order. */
export interface QueuedSnapshot extends SharedSnapshot {
  /** See RANK. */
  readonly rank: number;
  /** What it is taken with: snapshots of one set are under a ceiling, or over it, together. */
  readonly set: string;
}

/** The tag of what DLM takes. AWS alone can write keys that start so: nobody's own call can claim to be a policy's. */
const BY_POLICY = 'aws:dlm:lifecycle-policy-id';
const HOUR = 3_600_000;

/**
 * Gives each snapshot its place: first the newest complete set of each machine, then the sets before it, one an hour, from new
 * to old; then the rest; and after all of this what no accepted inventory protects. Who floods an hour with sets can push
 * neither those of other hours back, nor, when a policy took it, that hour's own. Pure.
 *
 * Sets are told by what AWS says of snapshots: their volumes and start times.
 *
 * @param queue what is to be copied
 * @param copies what is in DR already: it counts as a member of its set
 * @param machines the disks of each protected machine of the accepted inventory, by volume id
 */
export function inOrder(
  queue: readonly SharedSnapshot[],
  copies: readonly Copy[],
  machines: readonly (readonly string[])[],
): QueuedSnapshot[] {
  const known = new Set(machines.flat());
  const others = [...new Set(queue.map(({ volumeId }) => volumeId))].filter((id) => !known.has(id));
  const ofVolume = new Map<string, Copy[]>();
  for (const member of [...queue.map(asMember), ...copies.filter(isUsable).map(asCompleted)]) {
    const same = ofVolume.get(member.sourceVolumeId);
    if (same) same.push(member);
    else ofVolume.set(member.sourceVolumeId, [member]);
  }
  const places = new Map<string, Pick<QueuedSnapshot, 'rank' | 'set'>>();
  const place = (volumeIds: readonly string[], base: number) => {
    const members = volumeIds.flatMap((id) => ofVolume.get(id) ?? []);
    for (const [point, rank] of ranked(recoveryPoints(volumeIds, members)))
      for (const { sourceSnapshotId } of point.copies.values())
        places.set(sourceSnapshotId, { rank: base + rank, set: point.id });
  };
  for (const machine of machines) place(machine, 0);
  for (const volumeId of others) place([volumeId], UNKNOWN);
  return queue
    .map((snapshot) => {
      const base = known.has(snapshot.volumeId) ? 0 : UNKNOWN;
      const alone = { rank: base + RANK.surplus, set: snapshot.id };
      return { ...snapshot, ...(places.get(snapshot.id) ?? alone) };
    })
    .sort((a, b) => a.rank - b.rank || Number(b.startTime) - Number(a.startTime) || compare(a.id, b.id));
}

/** The newest set, one of each hour, and the rest. */
function ranked(points: readonly RecoveryPoint[]): [RecoveryPoint, number][] {
  const ofHour = new Map<number, RecoveryPoint>();
  for (const point of points) {
    const hour = Math.floor(point.time.getTime() / HOUR);
    const known = ofHour.get(hour);
    // Newest first: of equals the oldest stays, which was there before anybody could flood the hour.
    if (!known || isByPolicy(point) || !isByPolicy(known)) ofHour.set(hour, point);
  }
  const chosen = new Set(ofHour.values());
  return points.map((point, index) => [
    point,
    index === 0 ? RANK.newest : chosen.has(point) ? RANK.history : RANK.surplus,
  ]);
}

function isByPolicy({ copies }: RecoveryPoint): boolean {
  return [...copies.values()].every(({ tags }) => BY_POLICY in tags);
}

function isUsable({ state }: Copy): boolean {
  return state !== 'error';
}

/** A pending copy counts: the set will be whole. */
function asCompleted(copy: Copy): Copy {
  return { ...copy, state: 'completed' };
}

/** A snapshot of the source as the copy that it will be. */
function asMember({ id, volumeId, startTime, size, encrypted, tags }: SharedSnapshot): Copy {
  return {
    id,
    sourceSnapshotId: id,
    sourceVolumeId: volumeId,
    sourceTime: startTime,
    size,
    state: 'completed',
    progress: 100,
    encrypted,
    tags,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
