import { type CopySet, clusters, copySets, type OwnCopy } from './copySets';
import { keptByRules, newestCopies } from './keepers';
import type { KeepRules } from './keepRules';

/** A machine of the accepted inventory, and what speaks against touching its copies. */
export interface RetainMachine {
  /** The source's instance. */
  readonly id: string;
  readonly name: string;
  /** The source's ids of its disks. */
  readonly volumeIds: readonly string[];
  /** When it was first missing in the source; undefined while it is there. */
  readonly goneSince?: Date;
  /** Why nothing of it may be deleted that the rules do not know: it is being recovered. */
  readonly held?: string;
  /** Hours that its newest recovery point may be old. */
  readonly rpoHours: number;
}

/** All that is asked to decide what may go. */
export interface RetainInput {
  readonly now: Date;
  readonly rules: KeepRules;
  /** Percent of the machines that may look sick before nothing at all is deleted. */
  readonly guardShare: number;
  readonly machines: readonly RetainMachine[];
  /** Copies that are proven ours. */
  readonly copies: readonly OwnCopy[];
  /** Copies that something holds, by id, with what: images, volumes, pins, locks. */
  readonly used: ReadonlyMap<string, string>;
  /** The source's snapshots that DR can see: what is copied of them would be copied again. */
  readonly shared: ReadonlySet<string>;
}

/** What becomes of one set, and why. */
export interface PlannedSet extends CopySet {
  readonly keep: boolean;
  readonly why: readonly string[];
}

/** What becomes of one machine's copies. */
export interface PlannedMachine {
  readonly id: string;
  readonly name: string;
  /** Why all of it is kept, whatever the rules say. */
  readonly held?: string;
  /** Newest first. */
  readonly sets: readonly PlannedSet[];
}

/** What becomes of everything. */
export interface RetentionPlan {
  readonly machines: readonly PlannedMachine[];
  /** Why nothing at all is deleted. */
  readonly sick?: string;
  /** Copies of disks that no machine has: nothing is decided of them, so they stay. */
  readonly strays: readonly OwnCopy[];
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A machine with its copies. */
interface Found {
  readonly machine: RetainMachine;
  readonly own: readonly OwnCopy[];
  /** Newest first. */
  readonly sets: readonly CopySet[];
  readonly problem: string | undefined;
}

/** Decides which copies may be deleted, by whole sets; grandfather, father, son. Pure. The rules and their reasons: docs/adr/0015. */
export function retentionPlan(input: RetainInput): RetentionPlan {
  const byVolume = new Map<string, OwnCopy[]>();
  for (const copy of input.copies) {
    const others = byVolume.get(copy.sourceVolumeId);
    if (others) others.push(copy);
    else byVolume.set(copy.sourceVolumeId, [copy]);
  }
  const found = input.machines.map((machine): Found => {
    const own = [...new Set(machine.volumeIds)].flatMap((volumeId) => byVolume.get(volumeId) ?? []);
    const sets = copySets(machine.volumeIds, own).sort((a, b) => Number(b.time) - Number(a.time));
    return { machine, own, sets, problem: problemOf(machine, sets, input.now) };
  });
  const sick = sickness(found, input);
  const machines = found.map((each): PlannedMachine => {
    const { id, name } = each.machine;
    const held = each.problem ?? sick;
    if (held === undefined) return { id, name, sets: plannedSets(each, input) };
    return { id, name, held, sets: each.sets.map((set) => ({ ...set, keep: true, why: [held] })) };
  });
  const known = new Set(input.machines.flatMap(({ volumeIds }) => volumeIds));
  return {
    machines: withoutShared(machines),
    ...(sick !== undefined && { sick }),
    strays: input.copies.filter(({ sourceVolumeId }) => !known.has(sourceVolumeId)),
  };
}

/** The sets that go, the oldest first. */
export function doomedSets(plan: RetentionPlan): PlannedSet[] {
  return plan.machines
    .flatMap(({ sets }) => sets.filter(({ keep }) => !keep))
    .sort((a, b) => Number(a.time) - Number(b.time));
}

/** Why a machine's copies are not to be touched at all. */
function problemOf(
  { goneSince, held, rpoHours }: RetainMachine,
  sets: readonly CopySet[],
  now: Date,
): string | undefined {
  if (goneSince) return `gone from the source since ${goneSince.toISOString()}`;
  if (held !== undefined) return held;
  const [last] = sets;
  // Sets of a time to come would take the slots of those that are.
  if (last && last.time > now)
    return `a copy is of a time to come, ${last.time.toISOString()}: a clock is wrong, or somebody lies`;
  const newest = sets.find(({ kind }) => kind === 'complete');
  if (!newest) return 'no complete recovery point';
  if (Number(now) - Number(newest.time) > rpoHours * HOUR)
    return `its newest recovery point is of ${newest.time.toISOString()}, and should be ${rpoHours} h old at the most`;
  return undefined;
}

/** Why the source as a whole is not to be believed at the moment. */
function sickness(
  all: readonly Found[],
  { now, rules, guardShare, shared }: RetainInput,
): string | undefined {
  if (shared.size === 0) return 'the source looks sick: it shares no snapshot at all';
  // What people have lived without for as long as the floor says nothing of the source of today.
  const isLongGone = ({ machine: { goneSince } }: Found) =>
    goneSince !== undefined && Number(now) - Number(goneSince) > rules.floorDays * DAY;
  const recent = all.filter((each) => !isLongGone(each));
  // That a machine is being recovered is no sign by itself.
  const sick = recent.filter(({ machine, problem }) => problem !== undefined && problem !== machine.held);
  if (sick.length === 0 || (sick.length / recent.length) * 100 <= guardShare) return undefined;
  const names = sick.slice(0, 5).map(({ machine }) => machine.name || machine.id);
  return (
    `the source looks sick: ${sick.length} of ${recent.length} machines are gone or without a fresh recovery point ` +
    `(${names.join(', ')}${sick.length > names.length ? ' …' : ''}), more than ${guardShare} %`
  );
}

function plannedSets({ machine, own, sets }: Found, { now, rules, used, shared }: RetainInput): PlannedSet[] {
  const reasons = new Map<CopySet, string[]>(sets.map((set) => [set, []]));
  const keep = (set: CopySet, why: string) => {
    const known = reasons.get(set);
    if (known && !known.includes(why)) known.push(why);
  };
  for (const [set, why] of keptByRules(sets, rules, now)) keep(set, why);
  const lineage = newestCopies(own);
  for (const set of sets)
    for (const { id, state, sourceVolumeId, sourceSnapshotId } of set.copies) {
      const why = used.get(id);
      if (why !== undefined) keep(set, why);
      if (state === 'pending') keep(set, 'still being copied');
      if (shared.has(sourceSnapshotId))
        keep(set, 'the source still shares it, so that it would be copied again');
      if (lineage.has(id))
        keep(set, `the newest copy of ${sourceVolumeId}: without it the next one would be full`);
    }
  const isGoing = (set: CopySet) => reasons.get(set)?.length === 0;
  for (const set of overlapping(machine.volumeIds, sets, own, isGoing))
    keep(set, 'overlaps with sets that are kept');
  return sets.map((set) => {
    const why = reasons.get(set) ?? [];
    return why.length > 0 ? { ...set, keep: true, why } : { ...set, keep: false, why: [goes(set, rules)] };
  });
}

function goes({ kind }: CopySet, { floorDays }: KeepRules): string {
  if (kind === 'failed') return 'ended in error and holds nothing';
  if (kind === 'incomplete') return 'lacks a disk, and newer recovery points are complete';
  return `older than ${floorDays} days, and keeps no slot`;
}

/**
 * Sets that go, but without which the copies beside them would be seen as other sets than now: where sets of several disks were taken
 * minutes apart and overlap. These stay, so that what is kept is what was decided to be kept.
 */
function overlapping(
  volumeIds: readonly string[],
  sets: readonly CopySet[],
  own: readonly OwnCopy[],
  isGoing: (set: CopySet) => boolean,
): CopySet[] {
  const setOf = new Map(sets.flatMap((set) => set.copies.map((copy) => [copy.id, set] as const)));
  return clusters(own).flatMap((cluster) => {
    const here = [...new Set(cluster.flatMap(({ id }) => setOf.get(id) ?? []))];
    const going = here.filter(isGoing);
    const left = here.filter((set) => !isGoing(set));
    if (going.length === 0 || left.length === 0) return [];
    const seen = copySets(
      volumeIds,
      left.flatMap(({ copies }) => copies),
    );
    return names(seen) === names(left) ? [] : going;
  });
}

function names(sets: readonly CopySet[]): string {
  return sets
    .map(({ kind, copies }) => `${kind} ${copies.map(({ id }) => id).join(' ')}`)
    .sort()
    .join('\n');
}

/** A disk may be, or have been, of more than one machine: what one of them keeps is kept. */
function withoutShared(machines: readonly PlannedMachine[]): readonly PlannedMachine[] {
  const keptBy = new Map<string, string>();
  for (const { id, name, sets } of machines)
    for (const { keep, copies } of sets) if (keep) for (const copy of copies) keptBy.set(copy.id, name || id);
  let isChanged = false;
  const checked = machines.map((machine) => ({
    ...machine,
    sets: machine.sets.map((set) => {
      const other = set.copies.find(({ id }) => keptBy.has(id));
      if (set.keep || !other) return set;
      isChanged = true;
      return { ...set, keep: true, why: [`kept by ${keptBy.get(other.id)}, which has the same disk`] };
    }),
  }));
  // What is kept now may be of a third machine too.
  return isChanged ? withoutShared(checked) : checked;
}
