import prettyMs from 'pretty-ms';
import type { RecoverReport, StepReport } from '../../recover/drive';
import { table } from '../../table';
import type { RecoverSize } from './sizes';

/** What a bench of recovery has measured. */
export interface RecoverMeasured {
  readonly size: RecoverSize;
  /** Milliseconds that the emulator adds to each call. */
  readonly latency: number;
  /** From the command's start, in milliseconds, until the last machine had passed its checks. */
  readonly readyMs: number;
  /** The same until the command was done. */
  readonly wholeMs: number;
  /** Of each wave its longest single chain: from the first that is done for a machine until it is ready, in milliseconds. */
  readonly chains: readonly number[];
  /** Calls to EC2 in DR, and of all services. */
  readonly ec2Calls: number;
  readonly calls: number;
  /** Undefined where it could not be measured. */
  readonly peakBytes: number | undefined;
}

/** The most that a recovery may take, over what its longest chains take. */
export const RECOVER_TARGET = 1.5;

/** The longest chain of each wave, in milliseconds. Pure. */
export function longestChains({ steps }: Pick<RecoverReport, 'steps'>): number[] {
  return steps.map(({ machines }: Pick<StepReport, 'machines'>) =>
    Math.max(...machines.map(({ begun, ready }) => Date.parse(ready ?? '') - Date.parse(begun ?? ''))),
  );
}

/** The table for people. Pure. */
export function recoverReportText(measured: RecoverMeasured): string {
  const { size, latency, readyMs, wholeMs, chains, ec2Calls, calls, peakBytes } = measured;
  const bound = chains.reduce((sum, each) => sum + each, 0);
  const ratio = readyMs / bound;
  const time = (ms: number) => prettyMs(ms, { secondsDecimalDigits: 0 });
  const rows = [
    ['from the command until all machines are ready', time(readyMs)],
    ['– until the command is done', time(wholeMs)],
    ['the longest chain of each wave', chains.map(time).join(' + ')],
    [
      'ready / sum of the longest chains',
      `${ratio.toFixed(2)}, to reach < ${RECOVER_TARGET}: ${ratio < RECOVER_TARGET ? 'met' : 'missed'}`,
    ],
    ['calls to EC2, a machine', (ec2Calls / size.machines).toFixed(1)],
    ['calls to all services', String(calls)],
    ['peak memory', peakBytes === undefined ? 'not measured' : `${(peakBytes / 2 ** 30).toFixed(2)} GiB`],
  ];
  const { machines, disks, waves, imageSeconds, statusSeconds } = size;
  return (
    `${machines} machines with ${disks} disks each, in ${waves} waves; ${latency} ms a call; an image takes ${imageSeconds} s, status checks ${statusSeconds} s\n` +
    table(['', 'measured'], rows)
  );
}
