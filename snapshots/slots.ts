/** AWS lets 20 snapshot copies run at once into one region of an account. */
export const COPIES_AT_ONCE = 20;

/**
 * How many copies may run at once. AWS counts the copies of everybody in the account and region, so the limit is learned: a
 * refusal lowers it to what does run, and from time to time one more is tried.
 */
export class Slots {
  private probeAt = 0;

  /**
   * @param limit the first guess, and never exceeded
   * @param probeMs how long to wait after a refusal until one more is tried
   */
  constructor(
    private readonly most = COPIES_AT_ONCE,
    private readonly probeMs = 30_000,
    private limit = most,
  ) {}

  /** How many more may be tried now. */
  free(running: number, now: number): number {
    if (running < this.limit) return this.limit - running;
    return this.limit < this.most && now >= this.probeAt ? 1 : 0;
  }

  /** Milliseconds until one more is worth a try though none of ours ends; without end where AWS has refused none. */
  untilProbe(now: number): number {
    return this.limit < this.most ? Math.max(0, this.probeAt - now) : Number.POSITIVE_INFINITY;
  }

  /** AWS refused one more while so many of ours were running. */
  refused(running: number, now: number): void {
    this.limit = Math.min(running, this.most);
    this.probeAt = now + this.probeMs;
  }

  /** AWS took one more, so that so many of ours are running. */
  accepted(running: number): void {
    this.limit = Math.min(this.most, Math.max(this.limit, running));
  }
}
