import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import type { Account } from '../../accounts';
import { bucketInDr } from '../../inventory/bucketNames';
import type { Inventory } from '../../inventory/inventory';
import { chooseAnother, takenNames } from '../../inventory/takenBuckets';
import { type Bucket, bucket } from '../../kinds/buckets/bucket';
import { unaskedFor } from '../../kinds/buckets/bucketLookUp';
import { perObject } from '../../kinds/perObject';
import { TAG } from '../../names';
import type { Settings } from '../../settings';
import type { Finding } from './finding';

/**
 * The buckets of the accepted inventory that have no mirror in DR: a run goes on without one whose name somebody else has, and would not be
 * heard to do so. DR is asked, and nobody's word is taken for it.
 *
 * @throws when S3 does not answer
 */
export async function bucketFindings(
  dr: Account,
  accepted: Inventory,
  settings: Pick<Settings, 'buckets' | 'bucketsExcept' | 'drAccount' | 'sourceRegion'>,
  stack: string,
): Promise<Finding[]> {
  const { sourceRegion, bucketsExcept } = settings;
  const wanted = ((accepted.kinds[bucket.name] ?? []) as readonly Bucket[]).filter(
    (each) => unaskedFor(each, sourceRegion, bucketsExcept) === undefined,
  );
  const names = wanted.map(({ id }) => ({ source: id, name: bucketInDr(id, settings) }));
  const taken = await takenNames(dr, names);
  const found = await Promise.all(
    names.map(async ({ source, name }): Promise<Finding[]> => {
      const what = `the bucket ${source} is not mirrored: its name in DR, ${name}, is`;
      const next = `${chooseAnother(source)}; in vault/ likewise; then npm run pulumi -- up --stack ${stack}`;
      const why = taken.get(source)?.why;
      if (why !== undefined)
        return [{ code: 'bucket-name', what: `${what} taken by another account or region (${why})`, next }];
      const of = await perObject(dr.s3, () => mirrorOf(dr, name));
      if (of === source) return [];
      if (of !== null)
        return [
          { code: 'bucket-name', what: `${what} that of a bucket that Lifeboat did not make for it`, next },
        ];
      return [
        {
          code: 'bucket-name',
          what: `the bucket ${source} is not in DR: no run has made ${name}`,
          next: `npm run pulumi -- up --stack ${stack}`,
        },
      ];
    }),
  );
  return found.flat();
}

/** The source's bucket that one of DR says it is of; undefined where it does not say, null where there is none. */
async function mirrorOf(dr: Account, Bucket: string): Promise<string | undefined | null> {
  try {
    const { TagSet = [] } = await dr.s3.send(
      new GetBucketTaggingCommand({ Bucket, ExpectedBucketOwner: dr.id }),
    );
    return TagSet.find(({ Key }) => Key === TAG.sourceId)?.Value;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'NoSuchTagSet') return undefined;
    if (name === 'NoSuchBucket') return null;
    throw error;
  }
}
