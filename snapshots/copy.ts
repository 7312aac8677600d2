import pLimit from 'p-limit';
import { LifeboatError } from '../errors';
import { type Copy, copiesInDr } from './catalogue';
import { type Clock, REAL_CLOCK } from './clock';
import type { CopyOptions } from './copyOptions';
import type { QueuedSnapshot } from './copyOrder';
import type { CopyPlan } from './copyPlan';
import { CopyQueue } from './copyQueue';
import {
  adoptedCopy,
  type CopyFailure,
  type CopyReport,
  type CopyWatcher,
  failureOf,
  type RunningCopy,
  startedCopy,
} from './copyReport';
import { Doubles } from './doubles';
import { LookTimes } from './lookTimes';
import { removeFailedCopy } from './removeFailedCopy';
import { label } from './shared';
import { COPIES_AT_ONCE, Slots } from './slots';
import { type CopyRoute, submitCopy } from './submitCopy';

/** A snapshot whose copy ends in error is copied once more. */
const TRIES = 2;
const NO_REASON = 'AWS gives no reason';
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
  private readonly known: ReadonlyMap<string, QueuedSnapshot>;
  private readonly newest = new Map<string, QueuedSnapshot>();
  /** By the copy's id. */
  private readonly running = new Map<string, RunningCopy>();
  private readonly busyVolumes = new Map<string, number>();
  /** Snapshots that this run has begun with, and whose manifests are therefore there. */
  private readonly begun = new Set<string>();
  private readonly tries = new Map<string, number>();
  private readonly unseenSince = new Map<string, number>();
  private readonly doubles: Doubles;
  private readonly slots: Slots;
  private readonly poll: { readonly first: number; readonly max: number };
  private readonly clock: Clock;
  private readonly lookTimes: LookTimes;
  private readonly copied: (RunningCopy & { milliseconds: number })[] = [];
  private readonly failed: CopyFailure[] = [];

  constructor(
    private readonly plan: CopyPlan,
    private readonly route: CopyRoute,
    private readonly watcher: CopyWatcher,
    private readonly options: CopyOptions,
  ) {
    this.queue = new CopyQueue(plan.queue);
    this.doubles = new Doubles((text) => watcher.note(text));
    this.known = new Map(plan.queue.map((snapshot) => [snapshot.id, snapshot]));
    for (const snapshot of plan.queue) {
      const other = this.newest.get(snapshot.volumeId);
      if (!other || other.startTime < snapshot.startTime) this.newest.set(snapshot.volumeId, snapshot);
    }
    this.clock = options.clock ?? REAL_CLOCK;
    this.slots = new Slots(options.most ?? COPIES_AT_ONCE, options.probeMs);
    this.poll = options.poll ?? { first: 2_000, max: 300_000 };
    this.lookTimes = new LookTimes(this.poll.first, this.poll.max);
  }

  get pendingCount(): number {
    return this.running.size;
  }

  async toTheEnd(): Promise<CopyReport> {
    for (const copy of this.plan.pending) this.adopt(copy);
    for (const copy of this.plan.failed) await this.mend(copy);
    // The plan was made of a fresh look at everything; later starts need a look of their own, see `look`.
    let clear: ReadonlySet<string> = new Set(this.known.keys());
    for (;;) {
      await this.fill(clear);
      const isDone = this.running.size === 0 && this.queue.size === 0;
      if (isDone || this.options.wait === false) return this.report();
      await this.clock.sleep(this.nextWait());
      clear = await this.look();
    }
  }

  private report(): CopyReport {
    const { copied, failed } = this;
    return { copied, failed, goesOn: [...this.running.values()], left: this.queue.all() };
  }

  private nextWait(): number {
    const now = this.clock.now();
    const wait = this.lookTimes.wait([...this.running.values()], this.queue.all(), now);
    const canStart = this.queue.heads().some(({ volumeId }) => !this.busyVolumes.get(volumeId));
    return canStart ? Math.min(wait, Math.max(this.slots.untilProbe(now), this.poll.first)) : wait;
  }

  /** A copy that failed in an earlier run is begun once more; a run that does not wait tells of it now or never. */
  private async mend(copy: Copy): Promise<void> {
    const why = copy.stateMessage ?? NO_REASON;
    this.tries.set(copy.sourceSnapshotId, TRIES - 1);
    if (this.options.wait === false)
      this.fail(failureOf({ ...copy, name: copy.tags.Name ?? '' }, `${why}; it is begun once more`));
    else this.watcher.note(`${copy.id} of an earlier run failed: ${why}; it is copied once more`);
    await this.removeFailed(copy);
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
      let isFull = false;
      const startUnlessFull = async (snapshot: QueuedSnapshot) => {
        // AWS has refused one of these: the others need not be tried.
        if (!isFull && (await this.start(snapshot)) === 'full') isFull = true;
      };
      await Promise.all(next.map((snapshot) => limit(() => startUnlessFull(snapshot))));
      if (isFull) return;
    }
  }

  private async start(snapshot: QueuedSnapshot): Promise<'full' | 'settled'> {
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

  private refuse(snapshot: QueuedSnapshot, refusal: { code: string; reason: string }): void {
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
    this.running.delete(copy.id);
    this.busyVolumes.set(copy.sourceVolumeId, (this.busyVolumes.get(copy.sourceVolumeId) ?? 1) - 1);
  }

  private adopt(copy: Copy): void {
    this.run(adoptedCopy(copy, this.clock.now()));
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
    this.doubles.look(copies);
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
      this.running.set(copy.id, { ...copy, progress: seen.progress, seen: now });
      return;
    }
    this.end(copy);
    if (seen.state === 'completed') {
      const milliseconds = now - copy.since;
      // When it ended AWS knows; that it had ended was seen only now.
      this.lookTimes.ended(copy.size, seen.took ?? milliseconds);
      this.copied.push({ ...copy, progress: 100, milliseconds });
      this.watcher.copied({ ...copy, progress: 100 }, milliseconds);
      return;
    }
    await this.again(copy, seen);
  }

  /** A copy has ended in error: once more, or that is it. */
  private async again(copy: RunningCopy, seen: Copy): Promise<void> {
    const why = seen.stateMessage ?? NO_REASON;
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

  private removeFailed(copy: Copy): Promise<void> {
    return removeFailedCopy(this.route.dr, copy, (text) => this.watcher.note(text));
  }
}
