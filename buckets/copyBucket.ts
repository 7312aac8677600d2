import pLimit from 'p-limit';
import { reason } from '../errors';
import { amountOf, type Budget } from './bucketTotals';
import { copyProblem } from './copyErrors';
import { type CopyRoute, copyObject } from './copyObject';
import type { Journal } from './journal';
import { type CopyEnd, KeyQueue } from './keyPlan';
import { type Pair, plannedOf } from './lineage';
import type { BucketPlace } from './listVersions';
import type { ObjectVersion } from './objectVersion';
import { type WalkedKey, walk } from './walk';

/** A version that was not copied. */
export interface ObjectFailure {
  readonly key: string;
  readonly versionId: string;
  readonly end: 'failed' | 'gone';
  /** AWS's own words. */
  readonly reason: string;
}

/** What a run did to one bucket. Counts are of versions. */
export interface BucketReport {
  copied: number;
  copiedBytes: number;
  already: number;
  failed: number;
  /** Gone from the source between its listing and its copy. */
  gone: number;
  /** The first of those that failed or are gone. */
  readonly failures: ObjectFailure[];
  /** Keys over the ceiling, and the first of their names. */
  over: number;
  readonly overKeys: string[];
  /** Whether the time that the run was given ended before its work. */
  isCut: boolean;
  /** Why the bucket could not be walked to its end. */
  broken?: string;
}

/** How a bucket is copied. */
export interface CopyBucketOptions {
  readonly source: BucketPlace;
  readonly dr: BucketPlace;
  readonly journal: Journal;
  readonly route: Omit<CopyRoute, 'from' | 'to'>;
  readonly budget: Budget;
  /** Versions copied at once. */
  readonly atOnce: number;
  /** Whether it is time to stop; asked before each window and each round. */
  isOver(): boolean;
  /** Is told of each version that has ended. */
  ended(version: ObjectVersion, end: CopyEnd): void;
}

/** Versions in a window: what is written down before and after together. */
const WINDOW = 1_000;
/** How many failures and names a report holds: it must not grow with the bucket. */
export const NAMED = 1_000;

interface Work {
  readonly queue: KeyQueue;
  readonly attributed: readonly Pair[];
}

/**
 * Copies what DR lacks of one bucket. Keys go in windows, each window in rounds of one version a key; before a round it is written down what
 * is to be copied, after it what was. Nothing in DR is ever deleted, and delete markers are not copied.
 *
 * @throws LifeboatError when credentials end or the vault cannot be written
 */
export async function copyBucket(options: CopyBucketOptions): Promise<BucketReport> {
  const { source, dr, journal, budget } = options;
  const report: BucketReport = {
    ...{ copied: 0, copiedBytes: 0, already: 0, failed: 0, gone: 0, failures: [] },
    ...{ over: 0, overKeys: [], isCut: false },
  };
  let window: Work[] = [];
  let size = 0;
  let number = 0;
  const flush = async () => {
    number += 1;
    const work = window;
    window = [];
    size = 0;
    await copyWindow(number, work, options, report);
  };
  try {
    for await (const walked of walk(source, dr, journal)) {
      if (options.isOver()) {
        report.isCut = true;
        break;
      }
      const { plan, known, lineage } = walked;
      report.already += plan.already;
      if (journal.isLong) await journal.keep([...lineage.pairs, ...known.attributed]);
      const { objects } = amountOf(plan);
      const isLeft = objects > 0 && !budget.take(walked);
      if (isLeft) over(report, walked);
      if ((objects === 0 || isLeft) && known.attributed.length === 0) continue;
      const queue = new KeyQueue(isLeft ? { missing: [], isOutOfOrder: false, already: 0 } : plan);
      window.push({ queue, attributed: known.attributed });
      size += Math.max(1, isLeft ? 0 : objects);
      if (size >= WINDOW) await flush();
    }
  } catch (error) {
    // Ours says what to do. Anything else is a listing that has ended: what was begun is written down, and other buckets go on.
    if (error instanceof Error && error.name === 'LifeboatError') throw error;
    copyProblem(error);
    report.broken = reason(error);
  }
  if (window.length > 0) await flush();
  if (journal.isLong && !report.isCut && report.broken === undefined) await journal.end();
  return report;
}

async function copyWindow(
  number: number,
  work: readonly Work[],
  options: CopyBucketOptions,
  report: BucketReport,
): Promise<void> {
  const { journal } = options;
  const limit = pLimit({ concurrency: options.atOnce, rejectOnClear: true });
  let found = work.flatMap(({ attributed }) => attributed);
  for (let round = 1; ; round += 1) {
    if (round > 1 && options.isOver()) {
      report.isCut = true;
      return;
    }
    const turn = work.flatMap(({ queue }) => {
      const version = queue.next();
      return version ? [{ queue, version }] : [];
    });
    if (turn.length === 0 && found.length === 0) return;
    await journal.planned(
      number,
      round,
      turn.map(({ version }) => plannedOf(version)),
      found,
    );
    found = [];
    const pairs: Pair[] = [];
    const settled = await Promise.allSettled(
      turn.map(({ queue, version }) =>
        limit(async () => {
          const end = await copyOne(version, options, report, pairs).catch((error: unknown) => {
            // The rest of the round would only be refused too.
            limit.clearQueue();
            throw error;
          });
          queue.ended(version, end);
          options.ended(version, end);
        }),
      ),
    );
    const thrown = settled.find((one) => one.status === 'rejected');
    if (thrown) throw thrown.reason;
    await journal.copied(number, round, pairs);
    if (turn.length === 0) return;
  }
}

async function copyOne(
  version: ObjectVersion,
  { source, dr, route }: CopyBucketOptions,
  report: BucketReport,
  pairs: Pair[],
): Promise<CopyEnd> {
  const from = { bucket: source.bucket, owner: source.owner };
  const to = { bucket: dr.bucket, owner: dr.owner };
  try {
    const id = await copyObject(version, { ...route, from, to });
    pairs.push({ ...plannedOf(version), dr: id });
    report.copied += 1;
    report.copiedBytes += version.size;
    return 'copied';
  } catch (error) {
    const problem = copyProblem(error);
    report[problem.end] += 1;
    const { key, versionId } = version;
    if (report.failures.length < NAMED) report.failures.push({ key, versionId, ...problem });
    return problem.end;
  }
}

function over(report: BucketReport, { key }: WalkedKey): void {
  report.over += 1;
  if (report.overKeys.length < NAMED) report.overKeys.push(key);
}
