import { SingleBar } from 'cli-progress';
import type { Deps } from '../command';
import type { StepReport } from './drive';

/** Shows a recovery as it goes; `stop` gives the terminal back. */
export interface RecoverProgress {
  note(text: string): void;
  /** What a step was about is over: each of its machines is ready, or will not be. */
  stepDone(step: Pick<StepReport, 'machines'>): void;
  stop(): void;
}

/** A bar with the last line of news on a terminal, plain lines elsewhere; on stderr both. */
export function recoverProgress(
  machines: number,
  { stderr, isTerminal }: Pick<Deps, 'stderr' | 'isTerminal'>,
): RecoverProgress {
  const line = (text: string) => void stderr.write(`${text}\n`);
  if (!isTerminal || machines === 0) return { note: line, stepDone: () => {}, stop: () => {} };
  const bar = new SingleBar({
    stream: stderr as NodeJS.WritableStream,
    format: '{bar} {value} of {total} machines, {duration_formatted} | {news}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: false,
    fps: 4,
  });
  let value = 0;
  let isOver = false;
  bar.start(machines, 0, { news: '' });
  return {
    // What is said after the bar is gone is said for good.
    note: (text) => (isOver ? line(text) : bar.update(value, { news: text.trim() })),
    stepDone(step) {
      value += step.machines.length;
      bar.update(value);
    },
    stop() {
      isOver = true;
      bar.stop();
    },
  };
}
