import prettyMs from 'pretty-ms';
import { table } from '../../table';

/** A way of copying. */
export type Way = 'lifeboat' | 'batches' | 'one by one';

/** What one way came to. */
export interface WayMeasured {
  readonly way: Way;
  /** From its start to its end, on the emulator's clock. */
  readonly seconds: number;
  readonly copyCalls: number;
  /** All calls but CopySnapshot, in both accounts. */
  readonly otherCalls: number;
  /** Of its process; undefined where it could not be measured. */
  readonly peakBytes: number | undefined;
}

/** What a bench of copying has measured. */
export interface CopyMeasured {
  readonly snapshots: number;
  readonly gib: number;
  readonly largestGib: number;
  /** MiB a second of one copy. */
  readonly rate: number;
  readonly seed: number;
  /** The least that 20 copies at once can take. */
  readonly boundSeconds: number;
  readonly ways: readonly WayMeasured[];
}

/** What the issue asks of Lifeboat's way. */
export const COPY_TARGETS = { bound: 1.05, calls: 1.5 } as const;

const NAMES: Record<Way, string> = {
  lifeboat: 'lifeboat copy-snapshots',
  batches: 'batches of 20, a look every 5 s',
  'one by one': 'one after the other, a look every 5 s',
};

/** The table for people. */
export function copyReportText(measured: CopyMeasured): string {
  const { snapshots, gib, largestGib, rate, seed, boundSeconds, ways } = measured;
  const rows = ways.map((each) => [
    NAMES[each.way],
    time(each.seconds),
    (each.seconds / boundSeconds).toFixed(3),
    String(each.copyCalls),
    (each.otherCalls / snapshots).toFixed(2),
    each.peakBytes === undefined ? 'not measured' : `${Math.round(each.peakBytes / 2 ** 20)} MiB`,
  ]);
  const [ours] = ways;
  const verdicts = ours
    ? [
        verdict('time / bound', ours.seconds / boundSeconds, COPY_TARGETS.bound),
        verdict('calls a snapshot', ours.otherCalls / snapshots, COPY_TARGETS.calls),
      ]
    : [];
  return (
    `${snapshots} snapshots of ${gib} GiB, the largest of ${largestGib}; seed ${seed}; ${rate} MiB/s a copy; bound ${time(boundSeconds)}\n` +
    table(['', 'time', '/ bound', 'copies begun', 'other calls a snapshot', 'peak memory'], rows) +
    verdicts.join('')
  );
}

function verdict(what: string, value: number, target: number): string {
  return `${what}: ${value.toFixed(3)}, to reach < ${target}: ${value < target ? 'met' : 'missed'}\n`;
}

function time(seconds: number): string {
  return prettyMs(seconds * 1000, { secondsDecimalDigits: 0 });
}
