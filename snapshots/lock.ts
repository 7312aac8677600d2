import {
  DescribeLockedSnapshotsCommand,
  type LockedSnapshotsInfo,
  LockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import type { Account } from '../accounts';
import { reason } from '../errors';
import { present } from '../kinds/kind';
import { TAG } from '../names';
import { asCopy } from './catalogue';
import type { CopyWatcher } from './copyReport';
import type { LockRule } from './lockRule';
import { findSnapshots } from './snapshotSearch';

/** A lock in DR, or what is left of one. */
export interface SnapshotLock {
  /** The snapshot's. */
  readonly id: string;
  readonly state: 'governance' | 'compliance' | 'compliance-cooloff' | 'expired';
  /** Undefined while the snapshot is pending: AWS counts from its completion. */
  readonly until?: Date;
}

/** A failure in words. Pure. */
export function lockProblem({ copy, reason: why }: LockFailure): string {
  return copy === undefined
    ? `which copies are locked could not be looked up: ${why}`
    : `${copy} is not locked: ${why}`;
}

/** What is not as `lockCopies` wants it. */
export interface LockFailure {
  /** The copy that could not be locked, and stays as it is; undefined when none could be looked up. */
  readonly copy?: string;
  /** AWS's own words. */
  readonly reason: string;
}

/** AWS's largest page. */
const PAGE_SIZE = 1_000;
/** LockSnapshot calls at the same time. */
const LOCKS_AT_ONCE = 5;
/**
 * Hours in which a new compliance lock can still be lifted: the most that AWS gives, for whoever has typed one nought too many.
 */
export const COOL_OFF_HOURS = 72;
const DAY = 86_400_000;

/** Every lock of snapshots in DR, expired ones too. All pages, or it throws. */
export async function locksOf({ ec2 }: Pick<Account, 'ec2'>): Promise<SnapshotLock[]> {
  const found: LockedSnapshotsInfo[] = [];
  // The SDK has no paginator for this call.
  let NextToken: string | undefined;
  do {
    const page = await ec2.send(new DescribeLockedSnapshotsCommand({ MaxResults: PAGE_SIZE, NextToken }));
    found.push(...present(page.Snapshots, 'Snapshots'));
    NextToken = page.NextToken || undefined;
  } while (NextToken !== undefined);
  return found.map((lock) => ({
    id: present(lock.SnapshotId, 'SnapshotId'),
    state: present(lock.LockState, 'LockState'),
    until: lock.LockExpiresOn,
  }));
}

/** Whether a lock still keeps its snapshot from being deleted. */
export function isLocked({ state }: SnapshotLock): boolean {
  return state !== 'expired';
}

/**
 * Locks copies from the moment they are made. A copy without its lock, because a run was killed between the two or another run began
 * it, is found by `catchUp`, as long as its lock would still last.
 */
export class CopyLocker {
  private readonly limit = pLimit(LOCKS_AT_ONCE);
  private readonly known = new Set<string>();
  private readonly failed = new Map<string, string>();
  private readonly waiting: Promise<void>[] = [];

  /**
   * @param rule undefined: nothing is locked, and nothing asked
   * @param note is told of each failure
   */
  constructor(
    private readonly dr: Pick<Account, 'ec2'>,
    private readonly rule: LockRule | undefined,
    private readonly note: (text: string) => void,
  ) {}

  /** A watcher of copying that has each copy locked as soon as it is begun, and tells another. */
  watching(watcher: CopyWatcher): CopyWatcher {
    return {
      started: (copy) => {
        watcher.started(copy);
        this.add(copy.id);
      },
      looked: (running) => watcher.looked(running),
      copied: (copy, milliseconds) => watcher.copied(copy, milliseconds),
      failed: (failure) => watcher.failed(failure),
      note: (text) => watcher.note(text),
    };
  }

  /** Begins to lock one copy, unless it is known to be locked. Neither waits nor throws. */
  add(id: string): void {
    if (!this.rule || this.known.has(id)) return;
    this.known.add(id);
    this.waiting.push(this.limit(() => this.lock(id)));
  }

  /**
   * Finds copies without a lock and locks them, and waits for all locks that were begun.
   *
   * @returns what is not locked; when the look-up fails, that as well: a copy without a lock is better than none, so it stops nothing
   */
  async catchUp(now: Date): Promise<readonly LockFailure[]> {
    const { rule } = this;
    if (!rule) return [];
    await this.settle();
    try {
      const [locks, snapshots] = await Promise.all([locksOf(this.dr), copiesAndTimes(this.dr)]);
      // What had a lock and has it no longer has served its time.
      for (const { id } of locks) this.known.add(id);
      for (const { id, startTime } of snapshots)
        if (Number(now) - Number(startTime) < rule.days * DAY) this.add(id);
      await this.settle();
      // What ended in error meanwhile has no lock, and needs none.
      const live = new Set(snapshots.map(({ id }) => id));
      for (const id of this.failed.keys()) if (!live.has(id)) this.failed.delete(id);
    } catch (error) {
      return [...this.failures(), { reason: reason(error) }];
    }
    return this.failures();
  }

  private failures(): LockFailure[] {
    return [...this.failed].map(([copy, why]) => ({ copy, reason: why }));
  }

  private async settle(): Promise<void> {
    await Promise.all(this.waiting.splice(0));
  }

  private async lock(id: string): Promise<void> {
    if (!this.rule) return;
    const { mode, days } = this.rule;
    try {
      await this.dr.ec2.send(
        new LockSnapshotCommand({
          SnapshotId: id,
          LockMode: mode,
          LockDuration: days,
          ...(mode === 'compliance' && { CoolOffPeriod: COOL_OFF_HOURS }),
        }),
      );
      this.failed.delete(id);
    } catch (error) {
      this.known.delete(id);
      this.failed.set(id, reason(error));
      this.note(`${id} could not be locked: ${reason(error)}`);
    }
  }
}

/** Copies that hold something, or are about to, and when each was begun. */
async function copiesAndTimes({ ec2 }: Pick<Account, 'ec2'>): Promise<{ id: string; startTime: Date }[]> {
  const Filters = [{ Name: 'tag-key', Values: [TAG.sourceSnapshot] }];
  return (await findSnapshots(ec2, { OwnerIds: ['self'], Filters })).flatMap((snapshot) => {
    const copy = asCopy(snapshot);
    if (typeof copy === 'string' || copy.state === 'error') return [];
    return [{ id: copy.id, startTime: present(snapshot.StartTime, 'StartTime') }];
  });
}
