import type { Copy } from './catalogue';
import type { QueuedSnapshot } from './copyOrder';
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
  /** The progress when this run first knew of it. */
  readonly firstProgress: number;
  /** Whether an earlier run began it. */
  readonly adopted: boolean;
  /** When this run first knew of it, by its clock. */
  readonly since: number;
  /** When its progress was looked at last, by the run's clock. */
  readonly seen: number;
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
  /** Copies that go on in AWS, when the run was not to wait for them. */
  readonly goesOn: readonly RunningCopy[];
  /** What was not begun, when the run was not to wait until there is room. */
  readonly left: readonly QueuedSnapshot[];
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
    firstProgress: 0,
    adopted: false,
    since,
    seen: since,
  };
}

/** A copy that an earlier run, or another one, began. */
export function adoptedCopy(copy: Copy, since: number): RunningCopy {
  const { id, sourceSnapshotId, sourceVolumeId, sourceTime, size, progress, tags } = copy;
  return {
    id,
    sourceSnapshotId,
    sourceVolumeId,
    sourceTime,
    name: tags.Name ?? '',
    size,
    progress,
    firstProgress: progress,
    adopted: true,
    since,
    seen: since,
  };
}

/** The failure of a copy. */
export function failureOf(
  copy: Pick<RunningCopy, 'id' | 'sourceSnapshotId' | 'sourceVolumeId' | 'name'>,
  why: string,
): CopyFailure {
  const { id, sourceSnapshotId, sourceVolumeId, name } = copy;
  return { snapshotId: sourceSnapshotId, volumeId: sourceVolumeId, name, copy: id, reason: why };
}
