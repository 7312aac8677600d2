import prettyMs from 'pretty-ms';
import { table } from '../../table';

/** One run of `copy-buckets` that copied all of a bucket. */
export interface Copied {
  readonly objects: number;
  /** Milliseconds that the emulator adds to each call. */
  readonly latencyMs: number;
  /** From the command's start to its end, without the start of its process. */
  readonly milliseconds: number;
  /** Calls of CopyObject. */
  readonly copyCalls: number;
  /** All others, in both accounts. */
  readonly otherCalls: number;
  /** CPU of its process, start and loader among it. */
  readonly cpuSeconds: number;
  /** Of its process; undefined where it could not be measured. */
  readonly peakBytes: number | undefined;
}

/** What a bench of copying buckets has measured. */
export interface BucketsMeasured {
  readonly atOnce: number;
  /** A small bucket, a large one, and one as large at the longer latency. */
  readonly few: Copied;
  readonly many: Copied;
  readonly far: Copied;
  /** Buckets of one size, copied in turns by `copy-buckets` and by the least that copies at all; the shortest of each. */
  readonly ours: Copied;
  readonly bare: Copied;
  /** The large bucket again, with nothing to copy, and nothing but the listing of both of its sides; the shortest of some. */
  readonly againMs: number;
  readonly listMs: number;
}

/**
 * Ratios, and MiB. A second run looks the buckets through twice: once to say how much there is, and once to copy it. The ideal has no
 * such looks, nor what is written down before and after each thousand.
 */
export const BUCKETS_TARGETS = { bare: 1.25, far: 1.5, again: 3, memory: 256 } as const;

/** The least that a run can take: its copies, so many at once, if neither side had anything to do but wait. */
export const idealMs = ({ copyCalls, latencyMs }: Copied, atOnce: number): number =>
  (copyCalls * latencyMs) / atOnce;

/** The table for people. */
export function bucketsReportText(measured: BucketsMeasured): string {
  const { atOnce, few, many, far, ours, bare, againMs, listMs } = measured;
  const rows = [few, many, far, ours, bare].map((run) => [
    `${run === bare ? 'bare, ' : ''}${run.objects.toLocaleString('en')} objects at ${run.latencyMs} ms a call`,
    time(run.milliseconds),
    (run.milliseconds / idealMs(run, atOnce)).toFixed(2),
    String(run.copyCalls),
    String(run.otherCalls),
    `${run.cpuSeconds.toFixed(1)} s`,
    run.peakBytes === undefined ? 'not measured' : `${Math.round(mebibytes(run.peakBytes))} MiB`,
  ]);
  const { bare: most, far: mostFar, again, memory } = BUCKETS_TARGETS;
  return [
    `${atOnce} copies at once\n`,
    table(['', 'time', '/ ideal', 'copies', 'other calls', 'CPU', 'peak memory'], rows),
    `nothing to do: ${time(againMs)}; listing both sides alone: ${time(listMs)}\n`,
    verdict(`copying at ${ours.latencyMs} ms / bare`, ours.milliseconds / bare.milliseconds, most),
    verdict('– the same in CPU', ours.cpuSeconds / bare.cpuSeconds, most),
    verdict(`copying at ${far.latencyMs} ms / ideal`, far.milliseconds / idealMs(far, atOnce), mostFar),
    verdict('nothing to do / listing alone', againMs / listMs, again),
    ...(many.peakBytes === undefined ? [] : [verdict('peak memory, MiB', mebibytes(many.peakBytes), memory)]),
  ].join('');
}

function verdict(what: string, value: number, target: number): string {
  return `${what}: ${value.toFixed(2)}, to reach < ${target}: ${value < target ? 'met' : 'missed'}\n`;
}

const mebibytes = (bytes: number): number => bytes / 2 ** 20;
const time = (ms: number): string => prettyMs(ms, { secondsDecimalDigits: 1 });
