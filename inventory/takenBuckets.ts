import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { LifeboatError, reason } from '../errors';
import { bucket } from '../kinds/bucket';
import { perObject } from '../kinds/perObject';
import { type Items, partsOf } from './inventory';
import type { Plan } from './planned';

/** A bucket to be made. */
export interface NewBucket {
  /** Its name in the source. */
  readonly source: string;
  /** Its name in DR. */
  readonly name: string;
}

/**
 * The buckets of a plan that DR does not have yet. Pure.
 *
 * @param dr what DR holds
 * @throws LifeboatError when two of the plan come to one name
 */
export function newBuckets({ resources }: Pick<Plan, 'resources'>, dr: Items): NewBucket[] {
  const held = new Set((dr[bucket.name] ?? []).map(({ id }) => id));
  const sources = new Map<string, string>();
  for (const { item, type, args } of resources) {
    if (!bucket.types.includes(type)) continue;
    const { id } = partsOf(item);
    const name = String((args as { bucket?: unknown }).bucket);
    const other = sources.get(name);
    if (other !== undefined)
      throw new LifeboatError({
        what: 'Two buckets of the source come to one name in DR',
        got: `${other} and ${id}, both ${name}`,
        expected: 'a name for each',
        next: chooseAnother(id),
      });
    sources.set(name, id);
  }
  return [...sources].filter(([name]) => !held.has(name)).map(([name, source]) => ({ source, name }));
}

/**
 * Asks S3 for names that are to be made, since names of buckets are everybody's: before anything is made, and not halfway.
 *
 * @throws LifeboatError when somebody else has one of them
 */
export async function refuseTakenNames(dr: Account, wanted: readonly NewBucket[]): Promise<void> {
  await Promise.all(wanted.map((each) => perObject(dr.s3, () => refuseTaken(dr, each))));
}

async function refuseTaken(dr: Account, { source, name }: NewBucket): Promise<void> {
  try {
    // What the look-up may ask of any bucket; one of another owner answers 403, one in another region 301 or 400.
    await dr.s3.send(new GetBucketTaggingCommand({ Bucket: name, ExpectedBucketOwner: dr.id }));
  } catch (cause) {
    const { name: code, $metadata } = cause as { name?: string; $metadata?: { httpStatusCode?: number } };
    // What has no tags is DR's own, made since the look-up.
    if (code === 'NoSuchBucket' || code === 'NoSuchTagSet') return;
    if (![301, 400, 403].includes($metadata?.httpStatusCode ?? 0)) throw cause;
    throw new LifeboatError({
      what: `The name in DR of the bucket ${source} is taken: names of buckets are everybody's`,
      got: `${name}, which another account or region has (${reason(cause)})`,
      expected: 'a name that nobody has',
      next: chooseAnother(source),
    });
  }
}

const chooseAnother = (source: string) =>
  `npm run pulumi -- config set lifeboat:buckets ${source}=OTHER-NAME, beside the pairs that are there`;
