import type { Finished, RunOptions } from '../demo/stage';
import { succeeded } from '../demo/stage';
import type { Run } from './report';
import { commandLine, processes, type Usage, watch } from './usage';

/** What a run has to be given so that it can be measured. */
export type Observed = Required<Pick<RunOptions, 'onStart' | 'onOutput'>>;

/**
 * Measures a run of the engine.
 *
 * @param run gives the process that it starts, and its output, to what it is called with
 * @param made called for each resource that the run says it made
 * @throws LifeboatError when the run fails
 */
export async function measure(run: (observed: Observed) => Promise<Finished>, made = () => {}): Promise<Run> {
  let stop: (() => Usage) | undefined;
  let usage: Usage | undefined;
  const emulator = emulatorTicks();
  const began = performance.now();
  const observed: Observed = {
    onStart({ pid }) {
      if (pid !== undefined) stop = watch(pid);
    },
    onOutput(text) {
      for (const _line of text.matchAll(/ created \(/g)) made();
    },
  };
  try {
    succeeded(await run(observed));
  } finally {
    usage = stop?.();
  }
  const milliseconds = performance.now() - began;
  const used: Usage = usage ?? { peakBytes: undefined, peakOf: {}, cpuSeconds: 0 };
  return { milliseconds, ...used, emulatorCpuSeconds: (emulatorTicks() - emulator) / 100 };
}

/** The run that took least: whatever else the machine does only adds to it. */
export function shortest(runs: readonly Run[]): Run {
  const [first, ...others] = runs;
  if (!first) throw new Error('Nothing was measured');
  return others.reduce((least, run) => (run.milliseconds < least.milliseconds ? run : least), first);
}

/** CPU time of the emulator that this process has started, in hundredths of a second; 0 where there is no /proc. */
function emulatorTicks(): number {
  const own = processes().find(
    ({ pid, parent }) => parent === process.pid && commandLine(pid).includes('lifeboat_emulator'),
  );
  return own?.ticks ?? 0;
}
