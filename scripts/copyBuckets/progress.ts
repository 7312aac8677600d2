import { SingleBar } from 'cli-progress';
import type { CopyEnd } from '../../buckets/keyPlan';
import type { ObjectVersion } from '../../buckets/objectVersion';
import type { Deps } from '../command';
import { sizeText } from './report';

/** Shows how far a run is; `stop` gives the terminal back. */
export interface BucketProgress {
  ended(version: ObjectVersion, end: CopyEnd): void;
  stop(): void;
}

/** Seconds between signs of life where lines cannot be drawn over. */
const HEARTBEAT_SECONDS = 60;

/** A bar on a terminal, a line a minute elsewhere; on stderr both. */
export function bucketProgress(
  totals: { readonly objects: number; readonly bytes: number },
  deps: Pick<Deps, 'stderr' | 'isTerminal'>,
): BucketProgress {
  let objects = 0;
  let bytes = 0;
  const text = () =>
    `${objects} of ${totals.objects} versions, ${sizeText(bytes)} of ${sizeText(totals.bytes)}`;
  const add = ({ size }: ObjectVersion) => {
    objects += 1;
    bytes += size;
  };
  if (!deps.isTerminal || totals.objects === 0) {
    let last = performance.now();
    return {
      ended(version) {
        add(version);
        if (performance.now() - last < HEARTBEAT_SECONDS * 1_000) return;
        last = performance.now();
        deps.stderr.write(`…        ${text()}\n`);
      },
      stop: () => {},
    };
  }
  const bar = new SingleBar({
    stream: deps.stderr as NodeJS.WritableStream,
    format: '{bar} {percentage} % {what}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    hideCursor: false,
    fps: 4,
  });
  bar.start(totals.objects, 0, { what: text() });
  return {
    ended(version) {
      add(version);
      bar.update(Math.min(objects, totals.objects), { what: text() });
    },
    stop: () => bar.stop(),
  };
}
