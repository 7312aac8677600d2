import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { LifeboatError, reason } from '../errors';
import { bucket } from '../kinds/buckets/bucket';
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

/** A bucket of the source whose name in DR somebody else has. */
export interface TakenBucket {
  /** The name in DR. */
  readonly name: string;
  /** S3's own words. */
  readonly why: string;
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

/** What S3 answers about a bucket of another owner, and about one in another region. Anything else says nothing about the name. */
const TAKEN = new Set([
  'AccessDenied',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
]);

/**
 * Asks S3 for names that are to be made, since names of buckets are everybody's, and DR's are easily guessed: before anything is made, and not
 * halfway. Who takes one keeps that bucket from being mirrored, and must keep nothing else.
 *
 * @returns those that somebody else has, by the name in the source
 * @throws what S3 answers that does not say whose the name is
 */
export async function takenNames(
  dr: Account,
  wanted: readonly NewBucket[],
): Promise<ReadonlyMap<string, TakenBucket>> {
  const asked = await Promise.all(
    wanted.map(async (each) => [each, await perObject(dr.s3, () => taken(dr, each.name))] as const),
  );
  return new Map(
    asked.flatMap(([{ source, name }, why]) => (why === undefined ? [] : [[source, { name, why }] as const])),
  );
}

async function taken(dr: Account, Bucket: string): Promise<string | undefined> {
  try {
    // What the look-up may ask of any bucket.
    await dr.s3.send(new GetBucketTaggingCommand({ Bucket, ExpectedBucketOwner: dr.id }));
  } catch (cause) {
    const { name: code } = cause as Error;
    if (TAKEN.has(code)) return reason(cause);
    // What has no tags is DR's own, made since the look-up.
    if (code !== 'NoSuchBucket' && code !== 'NoSuchTagSet') throw cause;
  }
  return undefined;
}

/** What the plan says first of each, with the way out. Pure. */
export function takenNotes(found: ReadonlyMap<string, TakenBucket>): string[] {
  return [...found].map(
    ([source, { name, why }]) =>
      `The bucket ${source} is NOT mirrored: its name in DR, ${name}, is taken by another account or region (${why}). Choose another, here and in vault/: ${chooseAnother(source)}`,
  );
}

/** The command that gives a bucket of the source another name in DR. */
export const chooseAnother = (source: string) =>
  `npm run pulumi -- config set lifeboat:buckets ${source}=OTHER-NAME, beside the pairs that are there`;
