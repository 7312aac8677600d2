import type { RunningCopy } from './copyReport';

/**
 * How long slots may stand empty before a look, all of them together, as a part of what one queued copy takes. It decides
 * between time and calls: at 0.1, with 20 slots, a look finds some two or three copies ended, and 2 % of the time are lost.
 */
const IDLE_SHARE = 0.1;
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

  /** Learns the rate of a copy that has ended well. */
  ended(copy: RunningCopy, now: number): void {
    this.gib += (copy.size * (100 - copy.firstProgress)) / 100;
    this.milliseconds += now - copy.since;
  }

  /**
   * How long to wait.
   *
   * @param queued sizes in GiB of what waits for a slot
   */
  wait(running: readonly RunningCopy[], queued: readonly number[], now: number): number {
    const rate = this.rate(running);
    if (running.length === 0 || rate === undefined) {
      const wait = this.blind;
      this.blind = Math.min(this.max, wait * 2);
      return wait;
    }
    const ends = running.map((copy) => this.endOf(copy, rate, now)).sort((a, b) => a - b);
    const last = ends.at(-1) ?? now;
    const at = queued.length === 0 ? last : whenIdle(ends.slice(0, queued.length), idle(queued, rate));
    return Math.min(this.max, Math.max(this.first, at - now));
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

/** The slot time that may go idle, in milliseconds. */
function idle(queued: readonly number[], rate: number): number {
  const mean = queued.reduce((sum, gib) => sum + gib, 0) / queued.length;
  return (IDLE_SHARE * mean) / rate;
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
