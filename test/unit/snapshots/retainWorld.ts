import fc from 'fast-check';
import type { OwnCopy } from '../../../snapshots/copySets';
import { DEFAULT_KEEP_RULES, type KeepRules } from '../../../snapshots/keepRules';
import { doomedSets, type RetainInput, type RetainMachine, retentionPlan } from '../../../snapshots/retain';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const NOW = new Date('2026-03-15T12:00:00Z');

export const MACHINE: RetainMachine = { id: 'i-1', name: 'MASTER', volumeIds: ['a', 'b'], rpoHours: 26 };

/** A completed copy of a disk as it was some time before NOW, begun in DR right after. */
export function copy(volume: string, before: number, changes: Partial<OwnCopy> = {}): OwnCopy {
  const sourceTime = new Date(Number(NOW) - before);
  const name = `${volume}@${before}`;
  return {
    id: `copy-${name}`,
    sourceSnapshotId: `snap-${name}`,
    sourceVolumeId: volume,
    sourceTime,
    startTime: new Date(Number(sourceTime) + 10 * 60_000),
    size: 8,
    state: 'completed',
    progress: 100,
    encrypted: true,
    tags: {},
    ...changes,
  };
}

/** A complete set. */
export function set(before: number, changes: Partial<OwnCopy> = {}): OwnCopy[] {
  return MACHINE.volumeIds.map((volume) => copy(volume, before, changes));
}

/** A set each day at noon, the newest now. */
export function daily(days: number): OwnCopy[] {
  return Array.from({ length: days }, (_, day) => set(day * DAY + HOUR)).flat();
}

export function input(copies: readonly OwnCopy[], changes: Partial<RetainInput> = {}): RetainInput {
  return {
    now: NOW,
    rules: DEFAULT_KEEP_RULES,
    guardShare: 30,
    machines: [MACHINE],
    copies,
    used: new Map(),
    shared: new Set(['snap-of-somebody']),
    ...changes,
  };
}

/** The ids of all copies that would go, in order. */
export function doomed(copies: readonly OwnCopy[], changes: Partial<RetainInput> = {}): string[] {
  return doomedSets(retentionPlan(input(copies, changes)))
    .flatMap((each) => each.copies.map(({ id }) => id))
    .sort();
}

export const without = (copies: readonly OwnCopy[], ids: readonly string[]) =>
  copies.filter(({ id }) => !ids.includes(id));

/** Any rules, small enough that something goes. */
export const anyRules: fc.Arbitrary<KeepRules> = fc.record({
  hourly: fc.integer({ min: 0, max: 48 }),
  daily: fc.integer({ min: 0, max: 20 }),
  weekly: fc.integer({ min: 0, max: 8 }),
  monthly: fc.integer({ min: 0, max: 6 }),
  newest: fc.integer({ min: 1, max: 4 }),
  floorDays: fc.integer({ min: 1, max: 20 }),
});

/**
 * A history of up to 40 sets in 200 days and one that is fresh: sets of one call, hours apart, some incomplete, failed or pending, some
 * copied late.
 */
export const anyHistory: fc.Arbitrary<OwnCopy[]> = fc
  .uniqueArray(
    fc.record({
      hours: fc.integer({ min: 2, max: 200 * 24 }),
      lacks: fc.constantFrom(undefined, undefined, undefined, 'a', 'b'),
      state: fc.constantFrom<OwnCopy['state']>('completed', 'completed', 'completed', 'pending', 'error'),
      late: fc.integer({ min: 0, max: 10 * 24 }),
    }),
    { maxLength: 40, selector: ({ hours }) => hours },
  )
  .map((sets) => [
    ...set(HOUR),
    ...sets.flatMap(({ hours, lacks, state, late }) => {
      const before = hours * HOUR;
      // Begun at some time between when its source was taken and now.
      const startTime = new Date(Math.min(Number(NOW) - 1_000, Number(NOW) - before + late * HOUR));
      return [copy('a', before, { startTime }), copy('b', before, { startTime, state })].filter(
        ({ sourceVolumeId }) => sourceVolumeId !== lacks,
      );
    }),
  ]);

/** The machine of a tangle. */
export const TANGLED: RetainMachine = { ...MACHINE, volumeIds: ['a', 'b', 'c'] };

/** Copies of three disks at any minute of one hour long past, so that sets of different calls overlap; and a set that is fresh. */
export const anyTangle: fc.Arbitrary<OwnCopy[]> = fc
  .array(
    fc.record({
      volume: fc.constantFrom(...TANGLED.volumeIds),
      minutes: fc.integer({ min: 0, max: 60 }),
      state: fc.constantFrom<OwnCopy['state']>('completed', 'completed', 'completed', 'completed', 'error'),
    }),
    { minLength: 8, maxLength: 24 },
  )
  .map((all) => [
    ...set(HOUR),
    copy('c', HOUR),
    ...all.map(({ volume, minutes, state }, index) =>
      copy(volume, 60 * DAY + minutes * 60_000, {
        state,
        id: `copy-${index}`,
        sourceSnapshotId: `snap-${index}`,
      }),
    ),
  ]);
