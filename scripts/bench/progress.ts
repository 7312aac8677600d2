import { SingleBar } from 'cli-progress';
import { elapsed, type ProgressStream, progress as plainLines } from '../../toolchain/progress';

/** Shows which step of the bench is running. */
export interface BenchProgress {
  /**
   * Runs the work under a title.
   *
   * @param total how many times the work will call what it is given; undefined where that is not known
   */
  step<T>(title: string, total: number | undefined, work: (done: () => void) => Promise<T>): Promise<T>;
}

/** A bar for each step on a terminal, plain lines elsewhere. */
export function benchProgress(stream: NodeJS.WritableStream & ProgressStream): BenchProgress {
  if (stream.isTTY === true) return { step: (title, total, work) => barStep(stream, title, total, work) };
  const lines = plainLines(stream);
  return { step: (title, _total, work) => lines.step(title, () => work(() => {})) };
}

async function barStep<T>(
  stream: NodeJS.WritableStream & ProgressStream,
  title: string,
  total: number | undefined,
  work: (done: () => void) => Promise<T>,
): Promise<T> {
  const began = Date.now();
  const time = () => elapsed(Date.now() - began);
  const bar = new SingleBar({
    stream,
    format: total === undefined ? '… {title} {time}' : '{bar} {value} of {total} {title} {time}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: false,
    fps: 4,
  });
  bar.start(total ?? 1, 0, { title, time: time() });
  // Time goes on while nothing is done.
  const timer = setInterval(() => bar.update({ time: time() }), 1000);
  let mark = '✖';
  try {
    const result = await work(() => bar.increment(1, { time: time() }));
    mark = '✔';
    return result;
  } finally {
    clearInterval(timer);
    bar.stop();
    stream.write(`  ${mark} ${title} ${time()}\n`);
  }
}
