import { type Bucket as Listed, paginateListBuckets, type S3Client } from '@aws-sdk/client-s3';
import type { Account } from '../../accounts';
import { LifeboatError, reason } from '../../errors';
import { allPages, type LookUpOptions, once, present } from '../kind';
import { perObject } from '../perObject';

/** A bucket as ListBuckets names it. */
export interface ListedBucket {
  readonly id: string;
  readonly region: string;
}

/** Buckets to a page: asked for in pages, S3 says which region each is in. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
const PAGE = 1_000;

/** Buckets that a vault of Lifeboat's owns, in whichever account: see names.ts. */
const OF_A_VAULT = /^lifeboat-(inventory|state)-\d{12}-/;

/** Names that AWS keeps for its other sorts of buckets, which hold no objects of S3's own. */
const NO_GENERAL_PURPOSE = /--(x-s3|table-s3)$/;

/** All buckets of the account, in every region. */
export function listedBuckets(account: Account): Promise<ListedBucket[]> {
  return once(account, 'ListBuckets', async () => {
    const pages = paginateListBuckets({ client: account.s3, pageSize: PAGE }, {});
    const buckets = await allPages<{ Buckets?: Listed[] }, Listed>(pages, (page) => page.Buckets);
    return buckets.map(({ Name, BucketRegion }) => ({
      id: present(Name, 'Name'),
      region: present(BucketRegion, 'BucketRegion'),
    }));
  });
}

/**
 * Why a bucket is neither mirrored nor asked about; undefined when it is both. Pure.
 *
 * @param region the account's
 * @param except `lifeboat:bucketsExcept`
 */
export function unaskedFor(
  bucket: ListedBucket,
  region: string,
  except: readonly string[],
): string | undefined {
  if (except.includes(bucket.id)) return 'lifeboat:bucketsExcept names it';
  if (bucket.region !== region) return `it is in ${bucket.region}, and ${region} is protected`;
  if (OF_A_VAULT.test(bucket.id)) return "it is of a vault of Lifeboat's";
  if (NO_GENERAL_PURPOSE.test(bucket.id)) return 'it is no general purpose bucket';
  return undefined;
}

/** What S3 says where a bucket has none of what it was asked for. */
type None =
  | 'NoSuchBucketPolicy'
  | 'NoSuchCORSConfiguration'
  | 'NoSuchLifecycleConfiguration'
  | 'NoSuchPublicAccessBlockConfiguration'
  | 'NoSuchTagSet'
  | 'NoSuchWebsiteConfiguration'
  | 'ObjectLockConfigurationNotFoundError'
  | 'OwnershipControlsNotFoundError'
  | 'ReplicationConfigurationNotFoundError'
  | 'ServerSideEncryptionConfigurationNotFoundError';

/** Asks about one bucket. */
export type AskBucket = <T>(
  ask: (s3: S3Client, Bucket: string) => Promise<T>,
  none?: None,
) => Promise<T | undefined>;

/**
 * Something of every bucket that is asked about, in the order of their list: as many calls side by side as `perObject` makes.
 *
 * @param read makes it of answers; those of errors that say that there is none are undefined
 * @throws LifeboatError naming the bucket that keeps the reader out, and how to leave it out. What could not be read is not taken for
 * nothing: a look-up that cannot see everything concludes nothing
 */
export async function ofBuckets<T>(
  account: Account,
  options: LookUpOptions | undefined,
  read: (id: string, ask: AskBucket) => Promise<T>,
): Promise<T[]> {
  const except = options?.bucketsExcept ?? [];
  const buckets = await listedBuckets(account);
  return Promise.all(
    buckets
      .filter((bucket) => unaskedFor(bucket, account.region, except) === undefined)
      .map(({ id }) => read(id, asker(account, id, except))),
  );
}

function asker(account: Account, bucket: string, except: readonly string[]): AskBucket {
  return async (ask, none) => {
    try {
      return await perObject(account.s3, () => ask(account.s3, bucket));
    } catch (cause) {
      const name = (cause as Error).name;
      if (none !== undefined && name === none) return undefined;
      if (name !== 'AccessDenied') throw new Error(`The bucket ${bucket}: ${reason(cause)}`, { cause });
      throw new LifeboatError({
        what: `The bucket ${bucket} of ${account.id} could not be looked up, so nothing is changed`,
        got: 'AccessDenied',
        expected: 'a bucket policy, and a policy of this role, that let it read how the bucket is set up',
        next: `mend the policy; or leave the bucket out: npm run pulumi -- config set lifeboat:bucketsExcept ${[...except, bucket].join(',')}`,
        cause,
      });
    }
  };
}

/** The Pulumi name and import id of a setting are its bucket's; it is a setting of that. */
export const settingOfBucket = (item: { readonly id: string }) => ({ kind: 'bucket', id: item.id });
