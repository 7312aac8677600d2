import type { SharedSnapshot } from './shared';

/** A copy that AWS is making. */
export interface RunningCopy {
  /** Its id in DR. */
  readonly id: string;
  readonly sourceSnapshotId: string;
  readonly sourceVolumeId: string;
  readonly sourceTime: Date;
  /** The Name tag of the source's snapshot; empty without one. */
  readonly name: string;
  /** GiB. */
  readonly size: number;
  /** Percent, 0 to 100. */
  readonly progress: number;
  /** Whether an earlier run began it. */
  readonly adopted: boolean;
  /** When this run first knew of it, by its clock. */
  readonly since: number;
}

/** How a snapshot ended. Without `copy` it was refused and none was begun. */
export interface CopyFailure {
  readonly snapshotId: string;
  readonly volumeId: string;
  readonly name: string;
  readonly copy?: string;
  /** AWS's own words. */
  readonly reason: string;
}

/** What a run of copying did. */
export interface CopyReport {
  readonly copied: readonly (RunningCopy & { readonly milliseconds: number })[];
  readonly failed: readonly CopyFailure[];
}

/** Is told of what happens. */
export interface CopyWatcher {
  started(copy: RunningCopy): void;
  /** After each look at AWS. */
  looked(running: readonly RunningCopy[]): void;
  copied(copy: RunningCopy, milliseconds: number): void;
  failed(failure: CopyFailure): void;
  /** Anything else worth a line. */
  note(text: string): void;
}

/** A copy that was begun just now. */
export function startedCopy(id: string, snapshot: SharedSnapshot, since: number): RunningCopy {
  return {
    id,
    sourceSnapshotId: snapshot.id,
    sourceVolumeId: snapshot.volumeId,
    sourceTime: snapshot.startTime,
    name: snapshot.tags.Name ?? '',
    size: snapshot.size,
    progress: 0,
    adopted: false,
    since,
  };
}

/** The failure of a copy. */
export function failureOf(copy: RunningCopy, why: string): CopyFailure {
  const { id, sourceSnapshotId, sourceVolumeId, name } = copy;
  return { snapshotId: sourceSnapshotId, volumeId: sourceVolumeId, name, copy: id, reason: why };
}
