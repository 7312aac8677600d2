import { DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { LifeboatError, reason } from '../errors';
import { type Copy, copiesInDr } from './catalogue';
import { type Clock, REAL_CLOCK } from './clock';
import type { CopyPlan } from './copyPlan';
import { CopyQueue } from './copyQueue';
import {
  type CopyFailure,
  type CopyReport,
  type CopyWatcher,
  failureOf,
  type RunningCopy,
  startedCopy,
} from './copyReport';
import { Pace } from './pace';
import { label, type SharedSnapshot } from './shared';
import { COPIES_AT_ONCE, Slots } from './slots';
import { type CopyRoute, submitCopy } from './submitCopy';

/** How to copy. Times in milliseconds. */
export interface CopyOptions {
  /** Copies at once at the most. Default 20, AWS's limit. */
  readonly most?: number;
  /** From the first to the longest time between looks at AWS. Default 2 to 30 s. */
  readonly poll?: { readonly first: number; readonly max: number };
  /** After AWS's refusal of one copy more, when to try again. Default 30 s. */
  readonly probeMs?: number;
  /** How long a copy may stay unseen in DR until it counts as lost. Default 2 min. */
  readonly lostMs?: number;
  /** What it waits by. Default: the real one. */
  readonly clock?: Clock;
}

/** A snapshot whose copy ends in error is copied once more. */
const TRIES = 2;
/** CopySnapshot calls at the same time: AWS throttles calls that change things at some five a second. */
const SUBMITS_AT_ONCE = 5;

/**
 * Copies a plan's queue into DR, as many at once as AWS allows, and waits for all that is pending, also from earlier runs. It
 * may be ended at any moment and started again: what AWS has begun goes on there, is found by its tags, and is not begun
 * twice.
 *
 * @returns what was copied and what failed; one failure does not hold the others
 * @throws LifeboatError when AWS lets nothing more be done (credentials, rights); what is pending goes on in AWS
 */
export async function copySnapshots(
  plan: CopyPlan,
  route: CopyRoute,
  watcher: CopyWatcher,
  options: CopyOptions = {},
): Promise<CopyReport> {
  const run = new CopyRun(plan, route, watcher, options);
  try {
    return await run.toTheEnd();
  } catch (cause) {
    if (cause instanceof LifeboatError) throw cause;
    throw new LifeboatError({
      what: `Copying stopped; ${run.pendingCount} copies go on in AWS without it`,
      next: 'npx lifeboat copy-snapshots goes on from there',
      cause,
    });
  }
}

class CopyRun {
  private readonly queue: CopyQueue;
  private readonly known: ReadonlyMap<string, SharedSnapshot>;
  private readonly newest = new Map<string, SharedSnapshot>();
  /** By the copy's id. */
  private readonly running = new Map<string, RunningCopy>();
  private readonly busyVolumes = new Map<string, number>();
  /** Snapshots that this run has begun with, and whose manifests are therefore there. */
  private readonly begun = new Set<string>();
  private readonly tries = new Map<string, number>();
  private readonly unseenSince = new Map<string, number>();
  private readonly doubles = new Set<string>();
  private readonly slots: Slots;
  private readonly clock: Clock;
  private readonly pace: Pace;
  private readonly copied: (RunningCopy & { milliseconds: number })[] = [];
  private readonly failed: CopyFailure[] = [];

  constructor(
    private readonly plan: CopyPlan,
    private readonly route: CopyRoute,
    private readonly watcher: CopyWatcher,
    private readonly options: CopyOptions,
  ) {
    this.queue = new CopyQueue(plan.queue);
    this.known = new Map(plan.queue.map((snapshot) => [snapshot.id, snapshot]));
    for (const snapshot of plan.queue) {
      const other = this.newest.get(snapshot.volumeId);
      if (!other || other.startTime < snapshot.startTime) this.newest.set(snapshot.volumeId, snapshot);
    }
    this.clock = options.clock ?? REAL_CLOCK;
    this.slots = new Slots(options.most ?? COPIES_AT_ONCE, options.probeMs);
    const { first, max } = options.poll ?? { first: 2_000, max: 30_000 };
    this.pace = new Pace(first, max, this.clock);
  }

  get pendingCount(): number {
    return this.running.size;
  }

  async toTheEnd(): Promise<CopyReport> {
    for (const copy of this.plan.failed) {
      this.tries.set(copy.sourceSnapshotId, TRIES - 1);
      await this.removeFailed(copy);
    }
    for (const copy of this.plan.pending) this.adopt(copy);
    // The plan was made of a fresh look at everything; later starts need a look of their own, see `look`.
    let clear: ReadonlySet<string> = new Set(this.known.keys());
    for (;;) {
      await this.fill(clear);
      if (this.running.size === 0 && this.queue.size === 0)
        return { copied: this.copied, failed: this.failed };
      await this.pace.wait();
      clear = await this.look();
    }
  }

  /** Starts copies until the slots are full. Only what is in `clear` was seen to have no copy yet. */
  private async fill(clear: ReadonlySet<string>): Promise<void> {
    const limit = pLimit(SUBMITS_AT_ONCE);
    for (;;) {
      const free = this.slots.free(this.running.size, this.clock.now());
      const next = this.queue
        .heads()
        .filter(({ id, volumeId }) => clear.has(id) && !this.busyVolumes.get(volumeId))
        .slice(0, free);
      if (next.length === 0) return;
      const results = await Promise.all(next.map((snapshot) => limit(() => this.start(snapshot))));
      if (results.includes('full')) return;
    }
  }

  private async start(snapshot: SharedSnapshot): Promise<'full' | 'settled'> {
    this.queue.remove(snapshot);
    const outcome = await submitCopy(this.route, snapshot, this.begun.has(snapshot.id), this.clock);
    this.begun.add(snapshot.id);
    if (outcome.kind === 'full') {
      this.queue.putBack(snapshot);
      this.slots.refused(this.running.size, this.clock.now());
      this.watcher.note(
        `AWS lets no copy more start now (${this.running.size} of ours run); the others wait`,
      );
      return 'full';
    }
    this.pace.reset();
    if (outcome.kind === 'refused') this.refuse(snapshot, outcome);
    else {
      const { id, leftOut } = outcome.value;
      if (leftOut.length > 0)
        this.watcher.note(
          `${label(snapshot)}: no room on its copy for the tags ${leftOut.join(', ')}; they are in its manifest`,
        );
      this.run(startedCopy(id, snapshot, this.clock.now()));
      this.slots.accepted(this.running.size);
    }
    return 'settled';
  }

  private refuse(snapshot: SharedSnapshot, refusal: { code: string; reason: string }): void {
    const { id: snapshotId, volumeId, tags } = snapshot;
    const isSuperseded = this.newest.get(volumeId)?.id !== snapshotId;
    if (refusal.code === 'InvalidSnapshot.NotFound' && isSuperseded) {
      // Retention in the source goes on while we copy; what it took had newer ones after it.
      this.watcher.note(
        `${label(snapshot)} is gone from the source since it was listed; newer ones of its disk follow`,
      );
      return;
    }
    this.fail({ snapshotId, volumeId, name: tags.Name ?? '', reason: refusal.reason });
  }

  private run(copy: RunningCopy): void {
    this.running.set(copy.id, copy);
    this.busyVolumes.set(copy.sourceVolumeId, (this.busyVolumes.get(copy.sourceVolumeId) ?? 0) + 1);
    this.watcher.started(copy);
  }

  private end(copy: RunningCopy): void {
    this.pace.reset();
    this.running.delete(copy.id);
    this.busyVolumes.set(copy.sourceVolumeId, (this.busyVolumes.get(copy.sourceVolumeId) ?? 1) - 1);
  }

  private adopt(copy: Copy): void {
    this.run({ ...copy, name: copy.tags.Name ?? '', adopted: true, since: this.clock.now() });
  }

  /**
   * One look at DR for all that runs and for what may start next: a copy that somebody else has begun meanwhile is found by
   * the same call.
   *
   * @returns the ids of snapshots that have no copy
   */
  private async look(): Promise<ReadonlySet<string>> {
    const heads = this.queue.heads().slice(0, 2 * COPIES_AT_ONCE);
    const only = [
      ...[...this.running.values()].map((copy) => copy.sourceSnapshotId),
      ...heads.map(({ id }) => id),
    ];
    const copies = await copiesInDr(this.route.dr, { only: [...new Set(only)] });
    const byId = new Map(copies.map((copy) => [copy.id, copy]));
    for (const copy of [...this.running.values()]) await this.settle(copy, byId.get(copy.id));
    for (const head of heads) {
      const other = copies.find(
        ({ sourceSnapshotId, state }) => sourceSnapshotId === head.id && state !== 'error',
      );
      if (!other) continue;
      this.queue.remove(head);
      if (other.state === 'pending') this.adopt(other);
    }
    this.sayDoubles(copies);
    this.watcher.looked([...this.running.values()]);
    const taken = new Set(
      copies.filter(({ state }) => state !== 'error').map((copy) => copy.sourceSnapshotId),
    );
    return new Set(heads.map(({ id }) => id).filter((id) => !taken.has(id)));
  }

  private async settle(copy: RunningCopy, seen: Copy | undefined): Promise<void> {
    const now = this.clock.now();
    if (!seen) {
      // A snapshot that was only just made may not show yet.
      const since = this.unseenSince.get(copy.id) ?? now;
      this.unseenSince.set(copy.id, since);
      if (now - since < (this.options.lostMs ?? 120_000)) return;
      this.end(copy);
      this.fail(failureOf(copy, 'it is not in DR any more'));
      return;
    }
    this.unseenSince.delete(copy.id);
    if (seen.state === 'pending') {
      if (seen.progress !== copy.progress) this.running.set(copy.id, { ...copy, progress: seen.progress });
      return;
    }
    this.end(copy);
    if (seen.state === 'completed') {
      const milliseconds = now - copy.since;
      this.copied.push({ ...copy, progress: 100, milliseconds });
      this.watcher.copied({ ...copy, progress: 100 }, milliseconds);
      return;
    }
    await this.again(copy, seen);
  }

  /** A copy has ended in error: once more, or that is it. */
  private async again(copy: RunningCopy, seen: Copy): Promise<void> {
    const why = seen.stateMessage ?? 'AWS gives no reason';
    const tries = (this.tries.get(copy.sourceSnapshotId) ?? 0) + 1;
    this.tries.set(copy.sourceSnapshotId, tries);
    const snapshot = this.known.get(copy.sourceSnapshotId);
    if (tries >= TRIES || !snapshot) {
      this.fail(failureOf(copy, why));
      return;
    }
    this.watcher.note(`${copy.id}, the copy of ${label(snapshot)}, failed: ${why}; it is copied once more`);
    await this.removeFailed(seen);
    this.queue.putBack(snapshot);
  }

  private fail(failure: CopyFailure): void {
    this.failed.push(failure);
    this.watcher.failed(failure);
  }

  /** Removes a copy that failed and is ours; it holds nothing. That it cannot be removed does no harm. */
  private async removeFailed({ id, state }: Copy): Promise<void> {
    if (state !== 'error') return;
    try {
      await this.route.dr.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
    } catch (error) {
      if (error instanceof Error && error.name === 'InvalidSnapshot.NotFound') return;
      this.watcher.note(`The failed copy ${id} stays where it is: ${reason(error)}`);
    }
  }

  private sayDoubles(copies: readonly Copy[]): void {
    const live = copies.filter(({ state }) => state !== 'error');
    for (const { sourceSnapshotId } of live) {
      const same = live.filter((copy) => copy.sourceSnapshotId === sourceSnapshotId);
      if (same.length < 2 || this.doubles.has(sourceSnapshotId)) continue;
      this.doubles.add(sourceSnapshotId);
      const ids = same.map((copy) => copy.id).join(', ');
      this.watcher.note(
        `${sourceSnapshotId} has more than one copy: ${ids}. Does another copy-snapshots run?`,
      );
    }
  }
}
