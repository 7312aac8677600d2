import type { CopySet, OwnCopy } from './copySets';
import { firstSlot, type KeepRules, SLOT_RULES, slotOf } from './keepRules';

const DAY = 86_400_000;

/** Milliseconds since something last came into a set: since it was taken, or copied. Neither can be made longer by who forges tags. */
function ageOf({ time, startTime }: CopySet, now: Date): number {
  return Number(now) - Math.max(Number(time), Number(startTime));
}

/** The sets of one machine that the rules keep, each with why; a set may come more than once. Pure. */
export function keptByRules(sets: readonly CopySet[], rules: KeepRules, now: Date): [CopySet, string][] {
  const floor = rules.floorDays * DAY;
  const complete = sets
    .filter(({ kind }) => kind === 'complete')
    .sort((a, b) => Number(b.time) - Number(a.time));
  const newest = complete.slice(0, rules.newest);
  // A flood makes itself the newest. What was the newest before it stays until the flood is as old as the floor, and somebody has seen it.
  const before = complete.filter((set) => ageOf(set, now) >= floor).slice(0, rules.newest);
  const kept: [CopySet, string][] = [
    ...newest.map((set): [CopySet, string] => [set, `among the newest ${rules.newest}`]),
    ...before.map((set): [CopySet, string] => [
      set,
      `among the newest ${rules.newest} before the last ${rules.floorDays} days`,
    ]),
    ...slotKeepers(sets, rules, now),
  ];
  for (const set of sets) {
    if (ageOf(set, now) < floor) kept.push([set, `younger than ${rules.floorDays} days`]);
    if (set.kind !== 'complete' && !(complete[0] && complete[0].time > set.time))
      kept.push([set, 'no complete recovery point is newer']);
  }
  return kept;
}

/**
 * The sets that stand for a slot. Of each slot the oldest, because nothing that comes after can take its place: not a flood of sets, nor
 * a disk added to the machine, by which all sets before it look incomplete. And the one that DR had first, because who holds the run role
 * can forge when a source snapshot was taken, and not when its copy was begun.
 */
function slotKeepers(sets: readonly CopySet[], rules: KeepRules, now: Date): [CopySet, string][] {
  const holding = sets.filter(({ kind }) => kind !== 'failed');
  return SLOT_RULES.flatMap((rule) => {
    if (rules[rule] === 0) return [];
    const first = firstSlot(rule, rules[rule], now);
    const slots = new Map<string, CopySet[]>();
    for (const set of holding) {
      const slot = slotOf(rule, set.time);
      if (slot >= first) slots.set(slot, [...(slots.get(slot) ?? []), set]);
    }
    return [...slots].flatMap(([slot, inSlot]) => {
      const complete = inSlot.filter(({ kind }) => kind === 'complete');
      const keepers = [
        least(inSlot, ({ time, kind }) => [Number(time), kind === 'complete' ? 0 : 1]),
        least(complete, ({ time, since }) => [Number(time), Number(since)]),
        least(complete, ({ time, since }) => [Number(since), Number(time)]),
      ];
      return keepers.flatMap((set): [CopySet, string][] => (set ? [[set, `${rule} ${slot}`]] : []));
    });
  });
}

/** The first by some numbers, then by the copies' ids, whatever the order they came in. */
function least(sets: readonly CopySet[], key: (set: CopySet) => readonly number[]): CopySet | undefined {
  return [...sets].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    const index = one.findIndex((value, at) => value !== other[at]);
    if (index >= 0) return (one[index] ?? 0) - (other[index] ?? 0);
    return (a.copies[0]?.id ?? '').localeCompare(b.copies[0]?.id ?? '');
  })[0];
}

/**
 * The newest copy of each disk, by when its source was taken and by when it was begun: AWS copies what comes next as the difference to
 * it. Pure.
 */
export function newestCopies(copies: readonly OwnCopy[]): Set<string> {
  const newest = new Map<string, OwnCopy>();
  for (const copy of copies.filter(({ state }) => state === 'completed'))
    for (const by of ['sourceTime', 'startTime'] as const) {
      const key = `${copy.sourceVolumeId} ${by}`;
      const known = newest.get(key);
      if (!known || known[by] < copy[by] || (Number(known[by]) === Number(copy[by]) && copy.id < known.id))
        newest.set(key, copy);
    }
  return new Set([...newest.values()].map(({ id }) => id));
}
