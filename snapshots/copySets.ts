import type { Copy } from './catalogue';
import { recoveryPoints, SET_WINDOW } from './select';

/** A copy in DR with AWS's own word on when it was begun there, which no tag can change. */
export interface OwnCopy extends Copy {
  readonly startTime: Date;
}

/** Copies that are kept or deleted together. */
export interface CopySet {
  /** - `complete`: a recovery point. - `incomplete`: lacks a disk. - `failed`: one copy that ended in error and holds nothing. */
  readonly kind: 'complete' | 'incomplete' | 'failed';
  /** The recovery point's id; undefined unless it is one. */
  readonly point?: string;
  /** When the last source snapshot of it was started. */
  readonly time: Date;
  /** When the last copy of it was begun in DR. */
  readonly startTime: Date;
  /** By when DR first had one of each. Further copies of the same snapshots do not move it. */
  readonly since: Date;
  /** Oldest first, with every further copy of the same source snapshots: of two that claim the same, nobody can say which is real. */
  readonly copies: readonly OwnCopy[];
}

/**
 * All copies of one machine's disks as sets: each copy in exactly one. Pure.
 *
 * @param volumeIds the source's ids of the machine's disks
 * @param copies of these disks
 */
export function copySets(volumeIds: readonly string[], copies: readonly OwnCopy[]): CopySet[] {
  return clusters(copies).flatMap((cluster) => setsIn(volumeIds, cluster));
}

/** Copies with more than SET_WINDOW of time to the next: no set goes across. */
export function clusters(copies: readonly OwnCopy[]): OwnCopy[][] {
  const all: OwnCopy[][] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const copy of [...copies].sort(oldestFirst)) {
    const time = copy.sourceTime.getTime();
    if (time - last > SET_WINDOW) all.push([]);
    all.at(-1)?.push(copy);
    last = time;
  }
  return all;
}

function setsIn(volumeIds: readonly string[], cluster: readonly OwnCopy[]): CopySet[] {
  const failed = cluster.filter(({ state }) => state === 'error');
  const live = cluster.filter(({ state }) => state !== 'error');
  const points = recoveryPoints(volumeIds, live);
  const bySnapshot = new Map<string, OwnCopy[]>();
  for (const copy of live) {
    const twins = bySnapshot.get(copy.sourceSnapshotId);
    if (twins) twins.push(copy);
    else bySnapshot.set(copy.sourceSnapshotId, [copy]);
  }
  const complete = points.map((point) => {
    const members = [...point.copies.values()].flatMap((copy) => bySnapshot.get(copy.sourceSnapshotId) ?? []);
    return { ...asSet('complete', members.sort(oldestFirst)), point: point.id };
  });
  const taken = new Set(complete.flatMap(({ copies }) => copies.map(({ id }) => id)));
  return [
    ...complete,
    ...incompleteSets(live.filter(({ id }) => !taken.has(id))).map((copies) => asSet('incomplete', copies)),
    ...failed.map((copy) => asSet('failed', [copy])),
  ];
}

/** What makes no recovery point: at most one source snapshot of each disk, all started within SET_WINDOW. */
function incompleteSets(copies: readonly OwnCopy[]): OwnCopy[][] {
  const sets: OwnCopy[][] = [];
  for (const copy of copies) {
    const set = sets.at(-1);
    const isTogether =
      set?.[0] !== undefined &&
      copy.sourceTime.getTime() - set[0].sourceTime.getTime() <= SET_WINDOW &&
      set.every(
        (other) =>
          other.sourceVolumeId !== copy.sourceVolumeId || other.sourceSnapshotId === copy.sourceSnapshotId,
      );
    if (isTogether) set.push(copy);
    else sets.push([copy]);
  }
  return sets;
}

function asSet(kind: CopySet['kind'], copies: readonly OwnCopy[]): CopySet {
  const latest = (times: readonly Date[]) => new Date(Math.max(...times.map(Number)));
  const first = new Map<string, Date>();
  for (const { sourceSnapshotId, startTime } of copies) {
    const known = first.get(sourceSnapshotId);
    if (!known || startTime < known) first.set(sourceSnapshotId, startTime);
  }
  return {
    kind,
    time: latest(copies.map(({ sourceTime }) => sourceTime)),
    startTime: latest(copies.map(({ startTime }) => startTime)),
    since: latest([...first.values()]),
    copies,
  };
}

function oldestFirst(a: OwnCopy, b: OwnCopy): number {
  return (
    a.sourceTime.getTime() - b.sourceTime.getTime() ||
    a.sourceSnapshotId.localeCompare(b.sourceSnapshotId) ||
    a.id.localeCompare(b.id)
  );
}
