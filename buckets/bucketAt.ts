import { DeleteObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { NAMED, type ObjectFailure } from './copyBucket';
import { copyProblem } from './copyErrors';
import { type CopyRoute, copyObject } from './copyObject';
import type { Journal } from './journal';
import { type KeyLineage, knownOf, type Pair, wholeSecond } from './lineage';
import { type BucketPlace, listVersions } from './listVersions';
import { mergeKeys } from './mergeKeys';
import { identityOf, type KeyVersions, type ObjectVersion } from './objectVersion';

/** What is to be done so that reading a key gives what it gave at a moment. */
export type KeyAt =
  | { readonly kind: 'same'; readonly key: string }
  /** An older version is copied on top. */
  | {
      readonly kind: 'back';
      readonly key: string;
      readonly version: ObjectVersion;
      readonly pair: Omit<Pair, 'dr'>;
    }
  /** It was not there yet. */
  | { readonly kind: 'newer'; readonly key: string };

/** Before the identity of what a recovery put on top: it is no copy that `copy-buckets` made, and stays on top. */
const RECOVERED = 'recovered ';

/**
 * What a key was at a moment of the source. The time of a version is that of the source's: what was written down when it was copied, or, for
 * a replica, its own, which S3 keeps. A key that the source had deleted by then is there all the same: delete markers are not copied. Pure.
 */
export function keyAt(dr: KeyVersions, { pairs }: Pick<KeyLineage, 'pairs'>, at: Date): KeyAt {
  const { key } = dr;
  const told = new Map(pairs.map((pair) => [pair.dr, pair]));
  const seen = dr.versions.map((version) => {
    const pair = told.get(version.versionId);
    const of = (pair?.source ?? identityOf(version)).replace(RECOVERED, '');
    return { version, of, time: pair?.time ?? version.lastModified.toISOString() };
  });
  const [top] = seen;
  // Newest in the source; of the same second, the one that S3 has above.
  const then = seen
    .filter(({ time }) => Date.parse(time) <= at.getTime())
    .reduce<(typeof seen)[number] | undefined>(
      (best, one) => (best === undefined || Date.parse(one.time) > Date.parse(best.time) ? one : best),
      undefined,
    );
  if (then === undefined) return { kind: dr.isHidden || top === undefined ? 'same' : 'newer', key };
  if (!dr.isHidden && top?.of === then.of) return { kind: 'same', key };
  const { version, of, time } = then;
  return { kind: 'back', key, version, pair: { key, source: `${RECOVERED}${of}`, time, size: version.size } };
}

/** What a recovery did, or would do, to a bucket. */
export interface BucketAtReport {
  same: number;
  back: number;
  backBytes: number;
  /** Keys that were not there then. */
  newer: number;
  /** Those of them that were hidden. */
  hidden: number;
  failed: number;
  /** The first of those that failed. */
  readonly failures: ObjectFailure[];
}

/** How a bucket is brought to a moment. */
export interface BucketAtOptions {
  readonly dr: BucketPlace;
  readonly journal: Journal;
  readonly at: Date;
  /** None: look only. */
  readonly route?: Omit<CopyRoute, 'from' | 'to'>;
  /** Whether keys that were not there then get a delete marker on top. Nothing is lost by it: removing the marker brings them back. */
  readonly hideNewer: boolean;
  readonly atOnce: number;
}

const WINDOW = 1_000;
const NOTHING: Pick<KeyLineage, 'pairs' | 'planned'> = { pairs: [], planned: [] };

interface Work {
  readonly what: KeyAt;
  /** What a run that was killed had made of the key, to be written down. */
  readonly found: readonly Pair[];
}

/**
 * What runs that were killed had made of a key, and could not write down: it is not to be made again, and its time is that of the source. The
 * source is not asked here, so that its listing does not tell replicas; S3 does. A replica is whatever the source wrote, and of whichever size.
 */
async function foundOf(
  versions: KeyVersions,
  lineage: Pick<KeyLineage, 'pairs' | 'planned'>,
  { s3, bucket, owner }: BucketPlace,
): Promise<readonly Pair[]> {
  if (lineage.planned.length === 0) return [];
  const { attributed } = knownOf(undefined, versions, unsettled(versions, lineage));
  const own = await Promise.all(
    attributed.map(async (pair) => {
      try {
        const head = { Bucket: bucket, Key: pair.key, VersionId: pair.dr, ExpectedBucketOwner: owner };
        const { ReplicationStatus } = await s3.send(new HeadObjectCommand(head));
        return ReplicationStatus !== 'REPLICA';
      } catch (error) {
        // Credentials that have ended end the run. Whatever else: it is not counted as ours, and is made once more rather than left out.
        copyProblem(error);
        return false;
      }
    }),
  );
  return attributed.filter((_, index) => own[index]);
}

/** Lineage without what an earlier recovery of the same version put on top: that is not what a later run, which was killed, was about to do. */
function unsettled({ versions }: KeyVersions, { pairs, planned }: Pick<KeyLineage, 'pairs' | 'planned'>) {
  const times = new Map(versions.map(({ versionId, lastModified }) => [versionId, lastModified.getTime()]));
  const isBefore = ({ source, dr }: Pair) =>
    source.startsWith(RECOVERED) &&
    planned.some((entry) => entry.source === source && (times.get(dr) ?? 0) < wholeSecond(entry.at) * 1_000);
  return { pairs: pairs.filter((pair) => !isBefore(pair)), planned };
}

/**
 * Makes reading a bucket of DR give what it gave at a moment, by copies on top of what is there: nothing is deleted. Needs nothing of the source.
 *
 * @throws LifeboatError when credentials end or the vault cannot be read or written
 */
export async function bucketAt(options: BucketAtOptions): Promise<BucketAtReport> {
  const { dr, journal, at } = options;
  const report: BucketAtReport = {
    ...{ same: 0, back: 0, backBytes: 0, newer: 0, hidden: 0, failed: 0, failures: [] },
  };
  let window: Work[] = [];
  let number = 0;
  const flush = async () => {
    number += 1;
    await act(number, window, options, report);
    window = [];
  };
  type Part = { key: string; versions?: KeyVersions; lineage?: typeof NOTHING };
  const streams: AsyncIterable<Part>[] = [
    named(listVersions(dr), 'versions'),
    named(journal.read(), 'lineage'),
  ];
  for await (const { key, items } of mergeKeys(streams)) {
    const { versions, lineage = NOTHING }: Part = Object.assign({ key }, ...items);
    if (versions === undefined) continue;
    const found = await foundOf(versions, lineage, dr);
    const what = keyAt(versions, { pairs: [...lineage.pairs, ...found] }, at);
    report[what.kind] += 1;
    if (what.kind === 'back') report.backBytes += what.version.size;
    if (what.kind !== 'same' || found.length > 0) window.push({ what, found });
    if (window.length >= WINDOW) await flush();
  }
  if (window.length > 0) await flush();
  return report;
}

async function act(
  number: number,
  window: readonly Work[],
  { dr, journal, route, hideNewer, atOnce }: BucketAtOptions,
  report: BucketAtReport,
): Promise<void> {
  if (!route) return;
  const limit = pLimit(atOnce);
  const place = { bucket: dr.bucket, owner: dr.owner };
  const failed = (key: string, versionId: string, error: unknown) => {
    const problem = copyProblem(error);
    report.failed += 1;
    if (report.failures.length < NAMED) report.failures.push({ key, versionId, ...problem });
  };
  const back = window.flatMap(({ what }) => (what.kind === 'back' ? [what] : []));
  const found = window.flatMap((work) => work.found);
  if (back.length > 0 || found.length > 0)
    await journal.planned(
      number,
      1,
      back.map(({ pair }) => pair),
      found,
    );
  const pairs: Pair[] = [];
  await Promise.all(
    back.map(({ key, version, pair }) =>
      limit(async () => {
        try {
          pairs.push({ ...pair, dr: await copyObject(version, { ...route, from: place, to: place }) });
        } catch (error) {
          failed(key, version.versionId, error);
        }
      }),
    ),
  );
  if (back.length > 0) await journal.copied(number, 1, pairs);
  if (!hideNewer) return;
  await Promise.all(
    window
      .filter(({ what }) => what.kind === 'newer')
      .map(({ what: { key } }) =>
        limit(async () => {
          try {
            // Without a version id S3 puts a marker on top and deletes nothing.
            await route.s3.send(
              new DeleteObjectCommand({ Bucket: dr.bucket, Key: key, ExpectedBucketOwner: dr.owner }),
            );
            report.hidden += 1;
          } catch (error) {
            failed(key, '', error);
          }
        }),
      ),
  );
}

async function* named<T extends { key: string }>(stream: AsyncIterable<T>, name: string) {
  for await (const item of stream) yield { key: item.key, [name]: item };
}
