import { setTimeout as sleep } from 'node:timers/promises';

/** Time, as copying sees it: a test or a bench gives one that an emulated AWS runs by, and waits for nothing. */
export interface Clock {
  /** Milliseconds since some moment. It only goes forward: what the machine's time of day does is nothing to it. */
  now(): number;
  /** Waits so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

/** The real one. */
export const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds) => {
    await sleep(milliseconds);
  },
};
