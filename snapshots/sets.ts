import type { Copy } from './catalogue';
import { type RecoveryPoint, recoveryPoints, SET_WINDOW } from './select';
import type { SharedSnapshot, SharedSnapshots } from './shared';

/**
 * How far one disk of a set has come: `copied`; `copying`; `shared`, to be copied; `unfinished` in the source; `not-shared`;
 * `failed`, in the source or as a copy; `missing`, with no snapshot of it at all.
 */
export type DiskState = 'copied' | 'copying' | 'shared' | 'unfinished' | 'not-shared' | 'failed' | 'missing';

/** One disk of a set. */
export interface SetDisk {
  readonly volumeId: string;
  readonly state: DiskState;
  /** The source's. */
  readonly snapshotId?: string;
  /** DR's. */
  readonly copyId?: string;
  /** Percent, while it is copied. */
  readonly progress?: number;
  /** AWS's own, of a copy that failed. */
  readonly reason?: string;
}

/** The snapshots of a machine's disks that were taken together, wherever they have got to. */
export interface SnapshotSet {
  /** When the last of them was started. */
  readonly time: Date;
  /** `under-way`: nothing is wrong, and not all of it is copied yet. */
  readonly state: 'complete' | 'under-way' | 'incomplete';
  /** Of a complete one. */
  readonly point?: RecoveryPoint;
  /** All that belong to it, in the order that they were asked for. */
  readonly disks: readonly SetDisk[];
}

interface Known extends SetDisk {
  readonly snapshotId: string;
  readonly time: Date;
}

/**
 * All sets of a machine's disks, newest first. Pure.
 *
 * The complete ones are its recovery points. Of what is left, snapshots that would make one if they were all copied are
 * a set; and the rest is put together by time.
 *
 * @param volumeIds the source's ids of all the disks that must be there
 * @param shared what the source holds; undefined when it does not answer, and then there are only copies
 */
export function snapshotSets(
  volumeIds: readonly string[],
  copies: readonly Copy[],
  shared?: Pick<SharedSnapshots, 'tagged' | 'notShared' | 'failed'>,
): SnapshotSet[] {
  const wanted = new Set(volumeIds);
  const points = recoveryPoints(volumeIds, copies);
  const used = new Set(
    points.flatMap((point) => [...point.copies.values()].map((copy) => copy.sourceSnapshotId)),
  );
  const left = [...knownSnapshots(copies, shared).values()].filter(
    ({ volumeId, snapshotId }) => wanted.has(volumeId) && !used.has(snapshotId),
  );
  const byId = new Map(left.map((known) => [known.snapshotId, known]));
  const whole = recoveryPoints(volumeIds, left.map(asIfCopied)).map((point) =>
    [...point.copies.keys()].map((id) => point.copies.get(id)?.sourceSnapshotId ?? ''),
  );
  const inWhole = new Set(whole.flat());
  const partial = byTime(left.filter(({ snapshotId }) => !inWhole.has(snapshotId)));
  return [
    ...points.map((point) => complete(volumeIds, point)),
    ...whole.map((ids) =>
      unfinished(
        volumeIds,
        ids.flatMap((id) => byId.get(id) ?? []),
      ),
    ),
    ...partial.map((members) => unfinished(volumeIds, members)),
  ].sort((a, b) => b.time.getTime() - a.time.getTime());
}

/** Every snapshot that the source or DR knows of, by its id in the source. What became of its copy says more than the source does. */
function knownSnapshots(
  copies: readonly Copy[],
  shared: Pick<SharedSnapshots, 'tagged' | 'notShared' | 'failed'> | undefined,
): Map<string, Known> {
  const known = new Map<string, Known>();
  const put = (snapshot: SharedSnapshot, state: DiskState) =>
    known.set(snapshot.id, {
      volumeId: snapshot.volumeId,
      snapshotId: snapshot.id,
      time: snapshot.startTime,
      state,
    });
  for (const snapshot of shared?.tagged ?? [])
    put(snapshot, snapshot.state === 'pending' ? 'unfinished' : 'shared');
  for (const snapshot of shared?.notShared ?? []) put(snapshot, 'not-shared');
  for (const snapshot of shared?.failed ?? []) put(snapshot, 'failed');
  const rank: Copy['state'][] = ['error', 'pending', 'completed'];
  for (const copy of [...copies].sort((a, b) => rank.indexOf(a.state) - rank.indexOf(b.state))) {
    const { sourceSnapshotId: snapshotId, sourceVolumeId: volumeId, sourceTime: time } = copy;
    const common = { volumeId, snapshotId, time, copyId: copy.id };
    if (copy.state === 'completed') known.set(snapshotId, { ...common, state: 'copied' });
    else if (copy.state === 'pending')
      known.set(snapshotId, { ...common, state: 'copying', progress: copy.progress });
    else known.set(snapshotId, { ...common, state: 'failed', reason: copy.stateMessage });
  }
  return known;
}

function asIfCopied({ volumeId, snapshotId, time }: Known): Copy {
  return {
    id: snapshotId,
    sourceSnapshotId: snapshotId,
    sourceVolumeId: volumeId,
    sourceTime: time,
    size: 0,
    state: 'completed',
    progress: 100,
    encrypted: true,
    tags: {},
  };
}

/** Puts together what was started within SET_WINDOW, each disk once. */
function byTime(snapshots: readonly Known[]): Known[][] {
  const sets: Known[][] = [];
  for (const snapshot of [...snapshots].sort((a, b) => a.time.getTime() - b.time.getTime())) {
    const last = sets.at(-1);
    const first = last?.[0];
    const fits =
      first !== undefined &&
      snapshot.time.getTime() - first.time.getTime() <= SET_WINDOW &&
      !last?.some(({ volumeId }) => volumeId === snapshot.volumeId);
    if (fits) last?.push(snapshot);
    else sets.push([snapshot]);
  }
  return sets;
}

function complete(volumeIds: readonly string[], point: RecoveryPoint): SnapshotSet {
  const disks = [...new Set(volumeIds)].map((volumeId): SetDisk => {
    const copy = point.copies.get(volumeId);
    return { volumeId, state: 'copied', snapshotId: copy?.sourceSnapshotId, copyId: copy?.id };
  });
  return { time: point.time, state: 'complete', point, disks };
}

function unfinished(volumeIds: readonly string[], members: readonly Known[]): SnapshotSet {
  const disks = [...new Set(volumeIds)].map((volumeId): SetDisk => {
    const member = members.find((each) => each.volumeId === volumeId);
    if (!member) return { volumeId, state: 'missing' };
    const { time: _time, ...disk } = member;
    return disk;
  });
  const isBroken = disks.some(({ state }) => ['missing', 'failed', 'not-shared'].includes(state));
  const isWhole = disks.every(({ state }) => state === 'copied');
  return {
    time: new Date(Math.max(...members.map(({ time }) => time.getTime()))),
    // Copied, but not taken together closely enough to be one point.
    state: isBroken || isWhole ? 'incomplete' : 'under-way',
    disks,
  };
}
