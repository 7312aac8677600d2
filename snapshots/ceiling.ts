import type { Copy } from './catalogue';
import type { QueuedSnapshot } from './copyOrder';

/** What one run may copy at the most. */
export interface Ceiling {
  readonly gib: number;
  readonly snapshots: number;
}

/** A queue cut at a ceiling. */
export interface Ceiled {
  /** In the queue's order. */
  readonly within: readonly QueuedSnapshot[];
  /** What this run does not touch, in the queue's order. */
  readonly over: readonly QueuedSnapshot[];
}

/** Where neither settings nor what is known say more. A first run of some hundred disks stays below. */
const LEAST: Ceiling = { gib: 10_240, snapshots: 500 };

const DAY = 86_400_000;
/** How many days tell the pace at which a disk's snapshots come. */
const PACE_DAYS = 7;

/**
 * The ceiling of a run where nobody has set one: twice what the protected disks' snapshots would be since the last copy, at the pace of the
 * week before it; and 10 TiB and 500 snapshots at the least. What makes it rise is what the guard has let pass, the accepted disks, and
 * what DR itself has copied, by the median of its days: a flood within one day raises nothing. Pure.
 *
 * @param disks the protected disks of the accepted inventory, sizes in GiB
 * @param copies every copy in DR
 */
export function usualCeiling(
  disks: readonly { readonly id: string; readonly size: number }[],
  copies: readonly Copy[],
  now: Date,
): Ceiling {
  const begun = new Map<string, number[]>();
  for (const { sourceVolumeId, begun: time, state } of copies)
    if (time && state === 'completed')
      begun.set(sourceVolumeId, [...(begun.get(sourceVolumeId) ?? []), time.getTime()]);
  const expected = disks.map(({ id, size }) => {
    const sets = 2 * expectedSets(begun.get(id) ?? [], now.getTime());
    return { sets, gib: sets * size };
  });
  const sum = (of: 'sets' | 'gib') => expected.reduce((total, each) => total + each[of], 0);
  return {
    gib: Math.max(LEAST.gib, sum('gib')),
    snapshots: Math.max(LEAST.snapshots, sum('sets')),
  };
}

/** How many snapshots of a disk there should be since its last copy, one at the least. @param begun when its copies were begun, in milliseconds */
function expectedSets(begun: readonly number[], now: number): number {
  const last = Math.max(...begun);
  if (!Number.isFinite(last)) return 1;
  const days = Array.from({ length: PACE_DAYS }, (_, index) => last - index * DAY);
  const counts = days
    .map((end) => begun.filter((time) => time <= end && time > end - DAY).length)
    .filter((count) => count > 0)
    .sort((a, b) => a - b);
  const pace = counts[Math.floor((counts.length - 1) / 2)] ?? 1;
  // Longer than a week it may stand still for reasons that somebody should look at.
  const missed = Math.min(Math.max((now - last) / DAY, 1), PACE_DAYS);
  return Math.ceil(pace * missed);
}

/**
 * Lets in what fits under a ceiling, set by set in the queue's order; of one rank, disks that have copies come first, for who
 * fills the source with new ones must not push out those that were there. A set that does not fit is left whole. Pure.
 *
 * @param queue see inOrder
 * @param copies what is in DR: pending copies count, for they cost as much
 */
export function underCeiling(
  queue: readonly QueuedSnapshot[],
  copies: readonly Copy[],
  ceiling: Ceiling,
): Ceiled {
  const copied = new Set(
    copies.filter(({ state }) => state === 'completed').map(({ sourceVolumeId }) => sourceVolumeId),
  );
  const pending = copies.filter(({ state }) => state === 'pending');
  let gib = sizeOf(pending);
  let snapshots = pending.length;
  const within = new Set<QueuedSnapshot>();
  for (const set of setsOf(queue, copied)) {
    const more = sizeOf(set.members);
    if (gib + more > ceiling.gib || snapshots + set.members.length > ceiling.snapshots) continue;
    gib += more;
    snapshots += set.members.length;
    for (const member of set.members) within.add(member);
  }
  return {
    within: queue.filter((snapshot) => within.has(snapshot)),
    over: queue.filter((snapshot) => !within.has(snapshot)),
  };
}

/** The sets of a queue in the order in which they are let in. */
function setsOf(queue: readonly QueuedSnapshot[], copied: ReadonlySet<string>) {
  const sets = new Map<string, { rank: number; members: QueuedSnapshot[] }>();
  for (const snapshot of queue) {
    const set = sets.get(snapshot.set);
    if (set) set.members.push(snapshot);
    else sets.set(snapshot.set, { rank: snapshot.rank, members: [snapshot] });
  }
  return [...sets.values()]
    .map((set) => ({ ...set, isNew: set.members.every(({ volumeId }) => !copied.has(volumeId)) }))
    .sort((a, b) => a.rank - b.rank || Number(a.isNew) - Number(b.isNew));
}

/** GiB of some snapshots or copies together. */
export function sizeOf(all: readonly { readonly size: number }[]): number {
  return all.reduce((sum, { size }) => sum + size, 0);
}
