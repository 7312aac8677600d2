import type { CopyPlan } from './copyPlan';
import { CopyQueue } from './copyQueue';
import { COPIES_AT_ONCE } from './slots';

/** One copy in its slot, as a run is thought to go. */
export interface PlannedCopy {
  /** From 1. */
  readonly slot: number;
  /** Seconds from the run's start. */
  readonly begin: number;
  readonly end: number;
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly name: string;
  /** GiB. */
  readonly size: number;
  /** Whether an earlier run began it. */
  readonly goesOn: boolean;
}

/**
 * Which slot would copy what, and when: the order of a run, with every copy at the same rate and nobody else in the region. Every
 * disk is taken as whole, though later copies of a disk are shorter. Pure.
 *
 * @param rate MiB a second of one copy
 */
export function slotPlan(
  { queue, pending }: Pick<CopyPlan, 'queue' | 'pending'>,
  rate: number,
): PlannedCopy[] {
  const seconds = (gib: number) => (gib * 1024) / rate;
  const planned: PlannedCopy[] = [];
  const slots: (PlannedCopy | undefined)[] = Array.from({ length: COPIES_AT_ONCE });
  const left = new CopyQueue(queue);
  const take = (slot: number, copy: Omit<PlannedCopy, 'slot'>) => {
    const taken = { slot: slot + 1, ...copy };
    slots[slot] = taken;
    planned.push(taken);
  };
  for (const [index, copy] of pending.entries()) {
    const { sourceSnapshotId: snapshotId, sourceVolumeId: volumeId, size } = copy;
    const end = seconds((size * (100 - copy.progress)) / 100);
    take(index, { begin: 0, end, snapshotId, volumeId, name: copy.tags.Name ?? '', size, goesOn: true });
  }
  for (let now = 0; ; ) {
    for (const [slot, copy] of slots.entries()) if (copy && copy.end <= now) slots[slot] = undefined;
    for (const { id, volumeId, size, tags } of left.heads()) {
      const free = slots.findIndex((copy, slot) => copy === undefined && slot < COPIES_AT_ONCE);
      if (free < 0) break;
      if (slots.some((copy) => copy?.volumeId === volumeId)) continue;
      left.remove({ id, volumeId });
      const copy = { snapshotId: id, volumeId, name: tags.Name ?? '', size, goesOn: false };
      take(free, { begin: now, end: now + seconds(size), ...copy });
    }
    const ends = slots.flatMap((copy) => copy?.end ?? []);
    if (ends.length === 0) return planned;
    now = Math.min(...ends);
  }
}

/**
 * The least time that a run can take, in seconds: as long as the longest disk, one snapshot after the other, or as all of it over
 * all slots. Pure.
 *
 * @param rate MiB a second of one copy
 */
export function lowerBound(copies: readonly Pick<PlannedCopy, 'volumeId' | 'size'>[], rate: number): number {
  const ofVolume = new Map<string, number>();
  for (const { volumeId, size } of copies) ofVolume.set(volumeId, (ofVolume.get(volumeId) ?? 0) + size);
  const total = copies.reduce((sum, { size }) => sum + size, 0);
  return (Math.max(total / COPIES_AT_ONCE, ...ofVolume.values()) * 1024) / rate;
}
