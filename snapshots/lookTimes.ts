import type { QueuedSnapshot } from './copyOrder';
import type { RunningCopy } from './copyReport';

/**
 * How long slots may stand empty before a look, all of them together, as a part of what one queued copy takes. It decides
 * between time and calls: at 0.15, with 20 slots, a look finds some three copies ended, and 2 % of the time are lost.
 */
const IDLE_SHARE = 0.15;
/** The same where slots are free and what is queued waits for a copy of its own disk: that chain is the longest then. */
const CHAIN_SHARE = 0.02;
/** A copy that is not done when it was thought to be: the next look, as a part of the time it has taken. */
const OVERDUE_SHARE = 0.005;
/** The same for a copy that has shown no progress of its own. */
const UNSEEN_SHARE = 0.25;

/**
 * Chooses when to look at AWS: when enough of the running copies should have ended to be worth a call. What each takes is told
 * from its progress, or, before it has any, from the rate of all; where there is none yet, looks come at longer and longer
 * times.
 */
export class LookTimes {
  private blind: number;
  private gib = 0;
  private milliseconds = 0;

  /**
   * @param first milliseconds of the shortest wait
   * @param max milliseconds of the longest: a copy that fails is seen then
   */
  constructor(
    private readonly first: number,
    private readonly max: number,
  ) {
    this.blind = first;
  }

  /**
   * Learns the rate of a copy that has ended well.
   *
   * @param size GiB
   * @param took milliseconds
   */
  ended(size: number, took: number): void {
    this.gib += size;
    this.milliseconds += took;
  }

  /**
   * How long to wait.
   *
   * @param queued what waits for a slot
   */
  wait(
    running: readonly RunningCopy[],
    queued: readonly Pick<QueuedSnapshot, 'volumeId' | 'size'>[],
    now: number,
  ): number {
    const rate = this.rate(running);
    if (running.length === 0 || rate === undefined) {
      const wait = this.blind;
      this.blind = Math.min(this.max, wait * 2);
      return wait;
    }
    const endsOf = (copies: readonly RunningCopy[]) =>
      copies.map((copy) => this.endOf(copy, rate, now)).sort((a, b) => a - b);
    const within = (at: number) => Math.min(this.max, Math.max(this.first, at - now));
    if (queued.length === 0) return within(endsOf(running).at(-1) ?? now);
    const mean = queued.reduce((sum, { size }) => sum + size, 0) / queued.length / rate;
    const busy = new Set(running.map(({ sourceVolumeId }) => sourceVolumeId));
    // What could start has started: it waits for a slot, or for a copy of its own disk.
    if (queued.some(({ volumeId }) => !busy.has(volumeId)))
      return within(whenIdle(endsOf(running).slice(0, queued.length), IDLE_SHARE * mean));
    const waitedFor = new Set(queued.map(({ volumeId }) => volumeId));
    const awaited = running.filter(({ sourceVolumeId }) => waitedFor.has(sourceVolumeId));
    return within(whenIdle(endsOf(awaited), CHAIN_SHARE * mean));
  }

  /** GiB in a millisecond of one slot; undefined before anything has moved. */
  private rate(running: readonly RunningCopy[]): number | undefined {
    let gib = this.gib;
    let milliseconds = this.milliseconds;
    for (const copy of running) {
      const percent = copy.progress - copy.firstProgress;
      if (percent <= 0) continue;
      gib += (copy.size * percent) / 100;
      milliseconds += copy.seen - copy.since;
    }
    return gib > 0 && milliseconds > 0 ? gib / milliseconds : undefined;
  }

  private endOf(copy: RunningCopy, rate: number, now: number): number {
    const whole = 100 - copy.firstProgress;
    const percent = copy.progress - copy.firstProgress;
    // AWS tells whole percents: half of one more is the likeliest.
    const end =
      percent > 0
        ? copy.since + ((copy.seen - copy.since) * whole) / Math.min(percent + 0.5, whole)
        : copy.since + (copy.size * whole) / 100 / rate;
    if (end > now) return end;
    return now + (now - copy.since) * (percent > 0 ? OVERDUE_SHARE : UNSEEN_SHARE);
  }
}

/** When the slots that are free from these times on have been idle so long together. */
function whenIdle(ends: readonly number[], milliseconds: number): number {
  let sum = 0;
  let at = Number.POSITIVE_INFINITY;
  for (const [index, end] of ends.entries()) {
    if (end >= at) break;
    sum += end;
    at = (milliseconds + sum) / (index + 1);
  }
  return at;
}
