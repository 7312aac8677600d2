import type { Argv } from 'yargs';
import { LifeboatError } from '../../errors';
import type { Settings } from '../../settings';
import type { CommonArgs } from '../command';

/** What `copy-buckets` was typed with. */
export interface CopyBucketsArgs extends CommonArgs {
  readonly plan: boolean;
  readonly policy: boolean;
  readonly bucket: readonly string[] | undefined;
  readonly 'at-once': number | undefined;
  readonly minutes: number | undefined;
  readonly 'most-gib': number | undefined;
  readonly 'most-objects': number | undefined;
}

/** Copies at once: S3 takes 3,500 writes a second for each prefix, and a copy across regions takes a fraction of a second. */
const AT_ONCE = 64;
const MOST_AT_ONCE = 500;

/** Adds the options. */
export function copyBucketsOptions(yargs: Argv<CommonArgs>): Argv<CopyBucketsArgs> {
  return yargs
    .option('plan', {
      type: 'boolean',
      default: false,
      describe: 'Show what would be copied; changes nothing',
    })
    .option('policy', {
      type: 'boolean',
      default: false,
      describe: 'Print what the owner of each bucket adds to its policy; asks nobody, changes nothing',
    })
    .option('bucket', {
      type: 'string',
      array: true,
      describe: 'This bucket of the source alone; may be given again. Default: the setting copyBuckets',
      requiresArg: true,
    })
    .option('at-once', {
      type: 'number',
      describe: `Versions copied at once, ${AT_ONCE} without`,
      requiresArg: true,
    })
    .option('minutes', {
      type: 'number',
      describe: 'Stop cleanly after so many minutes; the next call goes on',
      requiresArg: true,
    })
    .option('most-gib', {
      type: 'number',
      describe: 'GiB that this run may copy, instead of the setting copyBucketsMostGiB',
      requiresArg: true,
    })
    .option('most-objects', {
      type: 'number',
      describe: 'Versions that this run may copy, instead of the setting copyBucketsMostObjects',
      requiresArg: true,
    });
}

/** Options as the run uses them. */
export interface CopyBucketsOptions {
  readonly mode: 'copy' | 'plan' | 'policy';
  /** Names in the source. */
  readonly buckets: readonly string[];
  readonly atOnce: number;
  /** Milliseconds after which the run stops. Default: none. */
  readonly forMs: number;
  readonly most: { readonly gib?: number; readonly objects?: number };
}

/**
 * Checks the options. Pure.
 *
 * @throws LifeboatError for a malformed one, for two that contradict each other, and when no bucket is named anywhere
 */
export function parseCopyBuckets(
  args: CopyBucketsArgs,
  settings: Pick<Settings, 'copyBuckets'>,
): CopyBucketsOptions {
  if (args.plan && args.policy) {
    throw new LifeboatError({
      what: 'The flags contradict each other',
      got: '--plan and --policy',
      expected: 'one of them, or neither',
      next: 'npx lifeboat copy-buckets --plan',
    });
  }
  const buckets = [...new Set(args.bucket ?? settings.copyBuckets)];
  if (buckets.length === 0) {
    throw new LifeboatError({
      what: 'No bucket is named',
      got: 'neither --bucket nor the setting copyBuckets',
      expected: "names of the source's buckets",
      next: 'npm run pulumi -- config set lifeboat:copyBuckets shop-images,shop-invoices',
    });
  }
  const atOnce = whole('at-once', args['at-once']) ?? AT_ONCE;
  if (atOnce > MOST_AT_ONCE) throw malformed('at-once', atOnce, `a whole number from 1 to ${MOST_AT_ONCE}`);
  return {
    mode: args.policy ? 'policy' : args.plan ? 'plan' : 'copy',
    buckets,
    atOnce,
    forMs: (whole('minutes', args.minutes) ?? Number.POSITIVE_INFINITY) * 60_000,
    most: { gib: whole('most-gib', args['most-gib']), objects: whole('most-objects', args['most-objects']) },
  };
}

function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw malformed(name, value, 'a whole number from 1');
}

function malformed(name: string, value: unknown, expected: string): LifeboatError {
  return new LifeboatError({
    what: `--${name} is malformed`,
    got: String(value),
    expected,
    next: `npx lifeboat copy-buckets --${name} ${name === 'minutes' ? 50 : 100}`,
  });
}
