import { type Account, accountOf } from '../../../accounts';
import type { Copy } from '../../../snapshots/catalogue';
import type { Clock } from '../../../snapshots/clock';
import type { QueuedSnapshot } from '../../../snapshots/copyOrder';
import type { SharedSnapshot } from '../../../snapshots/shared';

/** An account whose clients are to be mocked: by class, for every client of it, or one by one. */
export function fakeAccount(id: string, region: string): Account {
  const credentials = { accessKeyId: 'AKIAFAKE', secretAccessKey: 'fake' };
  const account = accountOf(id, region, { credentials, maxAttempts: 1 });
  return { ...account, in: () => account };
}

/** A completed snapshot of the source. */
export function sharedSnapshot(id: string, changes: Partial<SharedSnapshot> = {}): SharedSnapshot {
  return {
    id,
    volumeId: 'vol-1',
    startTime: new Date('2026-01-31T04:00:00Z'),
    size: 8,
    state: 'completed',
    encrypted: true,
    tags: { MUSTSNAP: 'True' },
    ...changes,
  };
}

/** The same with its place in a queue. Default: of the newest set, alone in it. */
export function queuedSnapshot(id: string, changes: Partial<QueuedSnapshot> = {}): QueuedSnapshot {
  return { ...sharedSnapshot(id, changes), rank: 0, set: id, ...changes };
}

/** A clock that waits for nothing: it goes on by as much as somebody wanted to wait. */
export function fakeClock(): Clock {
  let now = 0;
  return {
    now: () => now,
    async sleep(milliseconds) {
      const end = now + milliseconds;
      // Others have their turn, as they would while one waits.
      await new Promise((resolve) => setImmediate(resolve));
      now = Math.max(now, end);
    },
  };
}

/** A completed copy of a snapshot. */
export function copyOf(sourceSnapshotId: string, changes: Partial<Copy> = {}): Copy {
  return {
    id: `copy-of-${sourceSnapshotId}`,
    sourceSnapshotId,
    sourceVolumeId: 'vol-1',
    sourceTime: new Date('2026-01-31T04:00:00Z'),
    size: 8,
    state: 'completed',
    progress: 100,
    encrypted: true,
    tags: {},
    ...changes,
  };
}

/** An error as the SDK throws it. */
export function awsError(name: string, httpStatusCode?: number): Error {
  return Object.assign(new Error(`${name} said AWS`), { name, $metadata: { httpStatusCode } });
}
