import prettyMs from 'pretty-ms';
import type { BucketTotals, CopyCeiling } from '../../buckets/bucketTotals';
import type { BucketReport } from '../../buckets/copyBucket';
import { table } from '../table';

/** One bucket as a run has found it, and left it. */
export interface BucketRun {
  /** Its name in the source. */
  readonly bucket: string;
  /** Its name in DR. */
  readonly dr: string;
  /** The key that DR's bucket encrypts under; none for S3's own. */
  readonly key?: string;
  /** What there was to do; none when it could not be found out. */
  readonly totals?: BucketTotals;
  /** What was done; none when nothing was to be. */
  readonly report?: BucketReport;
  /** Why it could not be looked at. */
  readonly broken?: string;
  /** How many uploads were ended that earlier runs had left unfinished. */
  readonly ended?: number;
  /** Why that could not be seen to. */
  readonly unended?: string;
  /** Why nothing is written into DR's bucket, in the words of the error. */
  readonly refused?: string;
}

/** How many failures a problem names. --json names more. */
const NAMED = 5;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes for people. */
export function sizeText(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 1_024 && unit < UNITS.length - 1) {
    size /= 1_024;
    unit += 1;
  }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${UNITS[unit]}`;
}

/** What is wrong, a line each. A run with any of it fails. */
export function problemsOf(
  { bucket, dr, totals, report, broken, refused, unended }: BucketRun,
  ceiling: CopyCeiling,
): string[] {
  const problems: string[] = refused === undefined ? [] : [refused];
  const why = broken ?? report?.broken;
  if (why !== undefined)
    problems.push(
      `${bucket} could not be looked through to its end: ${why}; nothing in DR was changed for it`,
    );
  if (unended !== undefined)
    problems.push(
      `uploads into ${dr} that earlier runs left unfinished, and that are billed, could not be ended: ${unended}; as an administrator of DR: aws s3api list-multipart-uploads --bucket ${dr}`,
    );
  if (report && report.failed + report.gone > 0) {
    const named = report.failures
      .slice(0, NAMED)
      .map(
        ({ key, end, reason }) =>
          `${JSON.stringify(key)} (${end === 'gone' ? 'gone from the source: ' : ''}${reason})`,
      );
    const more = report.failed + report.gone - named.length;
    problems.push(
      `${bucket}: ${report.failed} versions could not be copied, ${report.gone} went from the source before they were: ` +
        `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    );
  }
  if (report && report.over > 0 && totals) {
    const objects = totals.changed.objects + totals.fresh.objects;
    const gib = Math.max(1, Math.ceil((totals.changed.bytes + totals.fresh.bytes) / 1024 ** 3));
    problems.push(
      `${bucket}: ${report.over} keys are over the ceiling of a run (${ceiling.gib} GiB, ${ceiling.objects} versions) and are left; ` +
        `if they are meant: npx lifeboat copy-buckets --bucket ${bucket} --most-gib ${gib} --most-objects ${objects}`,
    );
  }
  return problems;
}

/** What is worth knowing and is no failure. */
export function notesOf({ bucket, dr, totals, key, ended = 0 }: BucketRun): string[] {
  if (!totals) return [];
  const { hidden, goneFromSource } = totals;
  return [
    ...(ended > 0 ? [`${ended} uploads into ${dr} that earlier runs left unfinished were ended`] : []),
    ...(hidden > 0
      ? [`${hidden} keys of ${bucket} have a delete marker on top in the source and stay readable in ${dr}`]
      : []),
    ...(goneFromSource > 0
      ? [`${goneFromSource} keys of ${dr} have no version in ${bucket} any more, and stay`]
      : []),
    ...(key === undefined
      ? [`${dr} encrypts under S3's own keys: whoever may read the bucket can read it`]
      : []),
  ];
}

/** What would be copied, for people. */
export function planText(runs: readonly BucketRun[]): string {
  const rows = runs.map(({ bucket, dr, totals }) =>
    totals
      ? [
          bucket,
          dr,
          String(totals.fresh.objects + totals.changed.objects),
          sizeText(totals.fresh.bytes + totals.changed.bytes),
          String(totals.already),
        ]
      : [bucket, dr, '?', '?', '?'],
  );
  return table(['bucket', 'in DR', 'versions to copy', 'size', 'copied already'], rows);
}

/** What a run did, for people. */
export function reportText(runs: readonly BucketRun[], took: number): string {
  const rows = runs.map(({ bucket, dr, report }) =>
    report
      ? [
          bucket,
          dr,
          String(report.copied),
          sizeText(report.copiedBytes),
          String(report.already),
          String(report.failed + report.gone),
          result(report),
        ]
      : [bucket, dr, '', '', '', '', 'could not be looked at'],
  );
  const copied = runs.reduce((sum, { report }) => sum + (report?.copied ?? 0), 0);
  const bytes = runs.reduce((sum, { report }) => sum + (report?.copiedBytes ?? 0), 0);
  return (
    table(['bucket', 'in DR', 'copied', 'size', 'already', 'not copied', 'result'], rows) +
    `${copied} versions copied (${sizeText(bytes)}) in ${prettyMs(took, { secondsDecimalDigits: 0 })}.\n`
  );
}

function result({ isCut, over, failed, gone, broken }: BucketReport): string {
  if (broken !== undefined) return 'not to its end';
  if (isCut) return 'the time is over: run it again';
  if (over > 0) return 'over the ceiling';
  return failed + gone > 0 ? 'some failed' : 'complete';
}

/** The same for a script. */
export function runJson(
  runs: readonly BucketRun[],
  said: { readonly problems: readonly string[]; readonly notes: readonly string[] },
  took?: number,
): string {
  const seconds = took === undefined ? {} : { seconds: Math.round(took / 1_000) };
  return `${JSON.stringify({ buckets: runs, ...said, ...seconds }, null, 2)}\n`;
}
