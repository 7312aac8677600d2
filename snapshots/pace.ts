import { type Clock, REAL_CLOCK } from './clock';

/** Waits between looks at AWS: short while things move, longer and longer while they do not. */
export class Pace {
  private next: number;

  /**
   * @param first milliseconds of the shortest wait
   * @param max milliseconds of the longest
   * @param clock default: the real one
   */
  constructor(
    private readonly first: number,
    private readonly max: number,
    private readonly clock: Clock = REAL_CLOCK,
  ) {
    this.next = first;
  }

  /** Something has moved: the next wait is the shortest again. */
  reset(): void {
    this.next = this.first;
  }

  async wait(): Promise<void> {
    const now = this.next;
    this.next = Math.min(this.max, this.next * 1.5);
    // Jitter keeps runs that were started by the same clock from asking AWS at the same moments.
    await this.clock.sleep(now * (0.8 + Math.random() * 0.4));
  }
}
