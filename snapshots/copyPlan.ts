import type { Copy } from './catalogue';
import { type Ceiling, underCeiling } from './ceiling';
import { inOrder, type QueuedSnapshot } from './copyOrder';
import type { SharedSnapshot } from './shared';

/** What a run of copying has before it. */
export interface CopyPlan {
  /** To be copied, in order. */
  readonly queue: readonly QueuedSnapshot[];
  /** Over the ceiling: not copied by this run. */
  readonly over: readonly QueuedSnapshot[];
  /** Copies that an earlier run began and that are not done: they are waited for. */
  readonly pending: readonly Copy[];
  /** Failed copies of snapshots that are in the queue, to be removed before these are copied again. */
  readonly failed: readonly Copy[];
  /** How many shared snapshots have their copy already. */
  readonly already: number;
  /** Not completed in the source yet: for a later run. */
  readonly waiting: readonly SharedSnapshot[];
  /** Copies that a snapshot has beside its first one. */
  readonly doubles: readonly Copy[];
}

/**
 * Compares what is shared with what is in DR. Pure.
 *
 * @param machines the disks of each protected machine of the accepted inventory; what belongs to none comes last. Default: none
 * @param ceiling what the run may copy at the most. Default: all
 */
export function copyPlan(
  tagged: readonly SharedSnapshot[],
  copies: readonly Copy[],
  { machines = [], ceiling }: { machines?: readonly (readonly string[])[]; ceiling?: Ceiling } = {},
): CopyPlan {
  const live = new Map<string, Copy[]>();
  for (const copy of copies) {
    if (copy.state === 'error') continue;
    live.set(copy.sourceSnapshotId, [...(live.get(copy.sourceSnapshotId) ?? []), copy]);
  }
  const lacking = tagged.filter((snapshot) => snapshot.state === 'completed' && !live.has(snapshot.id));
  const ordered = inOrder(lacking, copies, machines);
  const { within, over } = ceiling ? underCeiling(ordered, copies, ceiling) : { within: ordered, over: [] };
  const queued = new Set(within.map((snapshot) => snapshot.id));
  return {
    queue: within,
    over,
    pending: copies.filter((copy) => copy.state === 'pending'),
    failed: copies.filter((copy) => copy.state === 'error' && queued.has(copy.sourceSnapshotId)),
    already: tagged.filter((snapshot) => live.get(snapshot.id)?.some((copy) => copy.state === 'completed'))
      .length,
    waiting: tagged.filter((snapshot) => snapshot.state === 'pending' && !live.has(snapshot.id)),
    doubles: [...live.values()].flatMap((same) => same.slice(1)),
  };
}
