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

/**
 * The ceiling of a run where nobody has set one: 10 TiB and 500 snapshots, or, where more than that is protected, every
 * protected disk twice. A run after a missed one stays below, whatever the estate's size; what makes it rise, the accepted
 * inventory, is what the guard has let pass. Pure.
 *
 * @param protectedGib the size of each protected disk of the accepted inventory, GiB
 */
export function usualCeiling(protectedGib: readonly number[]): Ceiling {
  return {
    gib: Math.max(LEAST.gib, 2 * protectedGib.reduce((sum, gib) => sum + gib, 0)),
    snapshots: Math.max(LEAST.snapshots, 2 * protectedGib.length),
  };
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
