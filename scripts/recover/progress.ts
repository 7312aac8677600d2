import { SingleBar } from 'cli-progress';
import type { Deps } from '../command';

/** Shows a recovery as it goes; `stop` gives the terminal back. */
export interface RecoverProgress {
  note(text: string): void;
  /** One more machine is ready, or will not be. */
  done(): void;
  stop(): void;
}

/** A bar with the last line of news on a terminal, plain lines elsewhere; on stderr both. */
export function recoverProgress(
  machines: number,
  { stderr, isTerminal }: Pick<Deps, 'stderr' | 'isTerminal'>,
): RecoverProgress {
  if (!isTerminal || machines === 0)
    return { note: (text) => stderr.write(`${text}\n`), done: () => {}, stop: () => {} };
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
  bar.start(machines, 0, { news: '' });
  return {
    note: (text) => bar.update(value, { news: text.trim() }),
    done: () => bar.update(++value),
    stop: () => bar.stop(),
  };
}
