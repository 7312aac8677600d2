import type { Clock } from '../../snapshots/clock';
import type { Emulator } from './emulator';

/**
 * The emulator's clock, for code that waits by a clock it is given: instead of waiting it moves the emulator on. Set
 * `clockRuns: false` beside it, and nothing depends on the machine's speed.
 */
export async function emulatorClock({ state, advance }: Pick<Emulator, 'state' | 'advance'>): Promise<Clock> {
  const began = Date.parse((await state()).now);
  let passed = 0;
  let moving = Promise.resolve();
  return {
    now: () => began + passed,
    sleep(milliseconds) {
      // Who waits beside somebody else does not wait twice: each has its own end, and the clock goes to the last of them.
      const end = passed + milliseconds;
      moving = moving.then(async () => {
        if (end <= passed) return;
        await advance((end - passed) / 1000);
        passed = end;
      });
      return moving;
    },
  };
}
