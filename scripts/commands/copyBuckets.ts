import { type Account, drAccount } from '../../accounts';
import { endAbandonedUploads } from '../../buckets/abandonedUploads';
import {
  type BucketTotals,
  Budget,
  type CopyCeiling,
  count,
  noTotals,
  usualCopyCeiling,
} from '../../buckets/bucketTotals';
import { copyClient, listClient } from '../../buckets/clients';
import { copyBucket } from '../../buckets/copyBucket';
import { copyProblem } from '../../buckets/copyErrors';
import { checkDrBucket } from '../../buckets/drBucket';
import { Journal } from '../../buckets/journal';
import { sourceStatement } from '../../buckets/sourceStatement';
import { walk } from '../../buckets/walk';
import { LifeboatError, reason } from '../../errors';
import { bucketInDr } from '../../inventory/bucketNames';
import type { Settings } from '../../settings';
import { REAL_CLOCK } from '../../snapshots/clock';
import { findVault } from '../../snapshots/vault';
import type { Command } from '../command';
import { type CopyBucketsArgs, copyBucketsOptions, parseCopyBuckets } from '../copyBuckets/options';
import { bucketProgress } from '../copyBuckets/progress';
import { type BucketRun, notesOf, planText, problemsOf, reportText, runJson } from '../copyBuckets/report';
import { readSettings } from '../stack';

/** Parts of one large object that are copied at once. */
const PARTS_AT_ONCE = 8;

/** `lifeboat copy-buckets`: in the DR account. */
export const copyBucketsCommand: Command<CopyBucketsArgs> = {
  examples: [
    [
      'npx lifeboat copy-buckets',
      'Copy every version that DR lacks, of all buckets in the setting copyBuckets',
    ],
    ['npx lifeboat copy-buckets --plan', 'Show how much that is, and change nothing'],
    ['npx lifeboat copy-buckets --bucket shop-images', 'Copy one bucket'],
    ['npx lifeboat copy-buckets --policy', "Print the statement for each bucket's policy in the source"],
    ['npx lifeboat copy-buckets --minutes 50', 'Stop before a session of an hour ends; call again to go on'],
  ],

  builder: copyBucketsOptions,

  async run(args, deps) {
    const settings = readSettings(args);
    const options = parseCopyBuckets(args, settings);
    if (options.mode === 'policy') {
      const statements = options.buckets.map((bucket) => [bucket, sourceStatement(bucket, settings)]);
      deps.stdout.write(`${JSON.stringify(Object.fromEntries(statements), null, 2)}\n`);
      return 0;
    }
    const { clock = REAL_CLOCK } = deps;
    const began = clock.now();
    const dr = await drAccount(settings);
    const vault = await findVault(dr);
    const looked: Looked[] = [];
    // One after the other: each already asks as much at once as it may.
    for (const bucket of options.buckets) looked.push(await look(bucket, dr, vault.bucket, settings));
    const ceiling = ceilingOf(looked, settings, options.most);
    const runs: BucketRun[] = looked.map(({ run }) => run);
    if (options.mode === 'copy') {
      const totals = looked.flatMap(({ run }) => (run.totals ? [run.totals] : []));
      const changed = sum(totals.map((total) => total.changed));
      const fresh = sum(totals.map((total) => total.fresh));
      const all = { objects: changed.objects + fresh.objects, bytes: changed.bytes + fresh.bytes };
      const budget = new Budget(ceiling, changed);
      const progress = bucketProgress(all, deps);
      const route = {
        s3: copyClient(dr, options.atOnce),
        sourceS3: listClient(dr.in(settings.sourceRegion)),
        partsAtOnce: PARTS_AT_ONCE,
      };
      try {
        for (const [index, { run, places, journal }] of looked.entries()) {
          if (!places || !journal) continue;
          const report = await copyBucket({
            ...{ ...places, journal, route, budget, atOnce: options.atOnce },
            isOver: () => clock.now() - began > options.forMs,
            ended: progress.ended,
          });
          runs[index] = { ...run, report, ...(await endAbandoned(places.dr, settings, deps.now())) };
        }
      } finally {
        progress.stop();
        route.s3.destroy();
        route.sourceS3.destroy();
      }
    }
    const problems = runs.flatMap((run) => problemsOf(run, ceiling));
    const notes = runs.flatMap(notesOf);
    for (const note of notes) deps.stderr.write(`note     ${note}\n`);
    for (const problem of problems) deps.stderr.write(`problem  ${problem}\n`);
    const took = clock.now() - began;
    if (args.json)
      deps.stdout.write(runJson(runs, { problems, notes }, options.mode === 'plan' ? undefined : took));
    else deps.stdout.write(options.mode === 'plan' ? planText(runs) : reportText(runs, took));
    return problems.length > 0 ? 1 : 0;
  },
};

/** A bucket as it was found on both sides. */
interface Looked {
  readonly run: BucketRun;
  /** What copying needs; none when the bucket could not be looked at. */
  readonly places?: ReturnType<typeof placesOf>;
  readonly journal?: Journal;
}

function placesOf(bucket: string, dr: Account, settings: Settings) {
  const s3 = listClient(dr.in(settings.sourceRegion));
  return {
    source: { s3, bucket, owner: settings.sourceAccount },
    dr: { s3: dr.s3, bucket: bucketInDr(bucket, settings), owner: dr.id },
  };
}

/** Counts what is to be done; changes nothing. Without this nobody could say whether a run is too large before it has begun. */
async function look(bucket: string, dr: Account, vaultBucket: string, settings: Settings): Promise<Looked> {
  const places = placesOf(bucket, dr, settings);
  const found = { bucket, dr: places.dr.bucket };
  let key: string | undefined;
  try {
    key = await checkDrBucket(dr, places.dr.bucket, bucket);
  } catch (error) {
    if (!(error instanceof LifeboatError)) throw error;
    // Nor is one whose name in DR is somebody else's. Credentials that have ended are one for all.
    if (error.details.cause !== undefined) copyProblem(error.details.cause);
    return { run: { ...found, refused: error.message } };
  }
  const journal = await Journal.open(dr, vaultBucket, bucket);
  const totals: BucketTotals = noTotals();
  try {
    for await (const walked of walk(places.source, places.dr, journal)) count(totals, walked);
  } catch (error) {
    if (error instanceof LifeboatError) throw error;
    copyProblem(error);
    // One bucket that is gone, or closed to DR, is no reason not to copy the others.
    return { run: { ...found, key, broken: `${reason(error)}${hint(error, bucket)}` } };
  }
  return { run: { ...found, key, totals }, places, journal };
}

/** What runs before left unfinished. It is not what this one is for: where it fails, that is said. */
async function endAbandoned(
  place: ReturnType<typeof placesOf>['dr'],
  settings: Settings,
  now: Date,
): Promise<Pick<BucketRun, 'ended' | 'unended'>> {
  try {
    return { ended: await endAbandonedUploads(place, settings, now) };
  } catch (error) {
    copyProblem(error);
    return { unended: reason(error) };
  }
}

function hint(error: unknown, bucket: string): string {
  return (error as Error).name === 'AccessDenied'
    ? ` (the source must let DR read it: npx lifeboat copy-buckets --policy --bucket ${bucket})`
    : '';
}

function ceilingOf(
  looked: readonly Looked[],
  settings: Settings,
  most: { readonly gib?: number; readonly objects?: number },
): CopyCeiling {
  const usual = usualCopyCeiling(looked.flatMap(({ run }) => (run.totals ? [run.totals.inDr] : [])));
  return {
    gib: most.gib ?? settings.copyBucketsMostGiB ?? usual.gib,
    objects: most.objects ?? settings.copyBucketsMostObjects ?? usual.objects,
  };
}

function sum(amounts: readonly { readonly objects: number; readonly bytes: number }[]) {
  const objects = amounts.reduce((all, amount) => all + amount.objects, 0);
  return { objects, bytes: amounts.reduce((all, amount) => all + amount.bytes, 0) };
}
