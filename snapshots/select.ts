import { createHash } from 'node:crypto';
import type { Copy } from './catalogue';

/**
 * How far apart the snapshots of one set may have been started, in milliseconds. DLM takes the disks of one machine in one call
 * by a policy of type INSTANCE, and one after the other, minutes apart, by one of type VOLUME; its policies run at least an
 * hour apart, so that sets do not mix.
 */
export const SET_WINDOW = 15 * 60 * 1000;

/** A complete set of copies of one machine's disks, taken together. */
export interface RecoveryPoint {
  /** The time, and a hash of the source's snapshot ids: the same bytes have the same id. Letters, digits and hyphens. */
  readonly id: string;
  /** When the last snapshot of the set was started: nothing on the disks is newer. */
  readonly time: Date;
  /** By the source's volume id. */
  readonly copies: ReadonlyMap<string, Copy>;
}

interface Candidate {
  readonly members: readonly Copy[];
  /** The member that was started last. */
  readonly last: Copy;
  /** Milliseconds between the first and the last start. */
  readonly span: number;
}

/**
 * The complete recovery points of a set of disks, newest first. Pure.
 *
 * A set is completed copies of all the disks whose source snapshots were started within SET_WINDOW. Where a copy could
 * be in more than one set it goes to the one taken most closely together, because that is the one that was taken in one call
 * and is crash-consistent; so each copy is in one set at most.
 *
 * @param volumeIds the source's ids of all the disks that must be there; of none there is no recovery point
 * @param copies in any order; those of other disks and those not completed do not matter
 */
export function recoveryPoints(volumeIds: readonly string[], copies: readonly Copy[]): RecoveryPoint[] {
  const wanted = [...new Set(volumeIds)];
  const completed = wanted.flatMap((volumeId) => completedOf(volumeId, copies));
  return groups(completed)
    .flatMap((group) => setsOf(wanted, group))
    .map(asPoint)
    .sort((a, b) => b.time.getTime() - a.time.getTime());
}

/**
 * As `recoveryPoints`, with those from before a disk was attached: a machine that got another disk yesterday can be recovered as it was the
 * day before. A disk that was copied before it was attached, as one may have been on another machine or under another device, is not
 * left out of any. Pure.
 *
 * @param since when disks were attached, by their ids; one that is not there has been attached always
 */
export function recoveryPointsInTime(
  volumeIds: readonly string[],
  copies: readonly Copy[],
  since: ReadonlyMap<string, Date | undefined>,
): RecoveryPoint[] {
  const late = volumeIds.flatMap((volumeId) => {
    const attached = since.get(volumeId);
    const isNew =
      attached && copies.every((copy) => copy.sourceVolumeId !== volumeId || copy.sourceTime >= attached);
    return isNew ? [{ volumeId, attached }] : [];
  });
  const times = [...new Set(late.map(({ attached }) => attached.getTime()))].sort((a, b) => b - a);
  const earlier = times.flatMap((time, index) => {
    const others = volumeIds.filter(
      (id) => !late.some(({ volumeId, attached }) => volumeId === id && attached.getTime() >= time),
    );
    const from = times[index + 1] ?? Number.NEGATIVE_INFINITY;
    return recoveryPoints(others, copies).filter(
      (point) => point.time.getTime() < time && point.time.getTime() >= from,
    );
  });
  return [...recoveryPoints(volumeIds, copies), ...earlier];
}

/** Splits copies where more time than SET_WINDOW lies between one and the next: no set goes across. */
function groups(copies: readonly Copy[]): Copy[][] {
  const all: Copy[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const copy of [...copies].sort((a, b) => a.sourceTime.getTime() - b.sourceTime.getTime())) {
    const time = copy.sourceTime.getTime();
    if (time - last > SET_WINDOW) all.push([]);
    all.at(-1)?.push(copy);
    last = time;
  }
  return all;
}

function setsOf(volumeIds: readonly string[], group: readonly Copy[]): Candidate[] {
  const free = new Map(volumeIds.map((volumeId) => [volumeId, completedOf(volumeId, group)]));
  const taken = new Set<Copy>();
  const sets: Candidate[] = [];
  // Closest last, so that one is taken off the end.
  const candidates = group.flatMap((last) => candidateEndingWith(last, free, taken)).sort(closestLast);
  for (let best = candidates.pop(); best; best = candidates.pop()) {
    if (!best.members.some((member) => taken.has(member))) {
      for (const member of best.members) taken.add(member);
      sets.push(best);
    } else if (!taken.has(best.last)) {
      // What has lost a member to a closer set may still make one with what is left, which is never closer.
      for (const other of candidateEndingWith(best.last, free, taken))
        candidates.splice(placeOf(other, candidates), 0, other);
    }
  }
  return sets;
}

/** Where a candidate goes among those in order. */
function placeOf(candidate: Candidate, candidates: readonly Candidate[]): number {
  let from = 0;
  let to = candidates.length;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    const other = candidates[middle];
    if (other && closestLast(other, candidate) < 0) from = middle + 1;
    else to = middle;
  }
  return from;
}

function closestLast(a: Candidate, b: Candidate): number {
  return -closestFirst(a, b);
}

function closestFirst(a: Candidate, b: Candidate): number {
  return (
    a.span - b.span ||
    b.last.sourceTime.getTime() - a.last.sourceTime.getTime() ||
    a.last.id.localeCompare(b.last.id)
  );
}

/** The completed copies of one disk, oldest first, one for each source snapshot. */
function completedOf(volumeId: string, copies: readonly Copy[]): Copy[] {
  const bySnapshot = new Map<string, Copy>();
  for (const copy of copies) {
    if (copy.sourceVolumeId !== volumeId || copy.state !== 'completed') continue;
    const known = bySnapshot.get(copy.sourceSnapshotId);
    if (!known || isFirst(copy, known)) bySnapshot.set(copy.sourceSnapshotId, copy);
  }
  return [...bySnapshot.values()].sort(
    (a, b) => a.sourceTime.getTime() - b.sourceTime.getTime() || a.id.localeCompare(b.id),
  );
}

/** Of two copies of one snapshot the one that was begun first: AWS says when, and nobody who plants a second can be earlier. */
function isFirst(copy: Copy, other: Copy): boolean {
  const [one, two] = [copy, other].map(({ begun }) => begun?.getTime() ?? Number.POSITIVE_INFINITY);
  return one === two ? copy.id < other.id : (one ?? 0) < (two ?? 0);
}

/** The closest set of which `last` is the last one started: of each other disk the newest that is not newer. */
function candidateEndingWith(
  last: Copy,
  free: ReadonlyMap<string, readonly Copy[]>,
  taken: ReadonlySet<Copy>,
): Candidate[] {
  const time = last.sourceTime.getTime();
  const members: Copy[] = [];
  for (const [volumeId, ofVolume] of free) {
    if (volumeId === last.sourceVolumeId) continue;
    const newest = ofVolume.findLast((copy) => copy.sourceTime.getTime() <= time && !taken.has(copy));
    if (!newest || time - newest.sourceTime.getTime() > SET_WINDOW) return [];
    members.push(newest);
  }
  members.push(last);
  const first = Math.min(...members.map((member) => member.sourceTime.getTime()));
  return [{ members, last, span: time - first }];
}

function asPoint({ members, last: { sourceTime: time } }: Candidate): RecoveryPoint {
  const ids = members.map((member) => member.sourceSnapshotId).sort();
  const hash = createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, 8);
  const stamp = time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '');
  return {
    id: `${stamp}-${hash}`,
    time,
    copies: new Map(members.map((member) => [member.sourceVolumeId, member])),
  };
}

/**
 * Why a set of disks has no recovery point, for an error: what each disk lacks, or that there are copies of all of them, but
 * none taken together. Pure.
 */
export function missingFor(volumeIds: readonly string[], copies: readonly Copy[]): string {
  if (volumeIds.length === 0) return 'it has no disks that are to be copied';
  const lines = volumeIds.flatMap((volumeId) => {
    const all = copies.filter((copy) => copy.sourceVolumeId === volumeId);
    if (all.some((copy) => copy.state === 'completed')) return [];
    const pending = all.filter((copy) => copy.state === 'pending');
    const [failed] = all.filter((copy) => copy.state === 'error');
    if (pending.length > 0)
      return [`${volumeId}: its copy is ${Math.max(...pending.map((copy) => copy.progress))} % done`];
    if (failed)
      return [`${volumeId}: its copy failed${failed.stateMessage ? `, ${failed.stateMessage}` : ''}`];
    return [`${volumeId}: no copy`];
  });
  if (lines.length > 0) return lines.join('; ');
  const newest = volumeIds.map((volumeId) => {
    const last = completedOf(volumeId, copies).at(-1);
    return `${volumeId} ${last?.sourceTime.toISOString()}`;
  });
  return `no copies taken within ${SET_WINDOW / 60_000} minutes of each other; the newest are ${newest.join(', ')}`;
}
