import {
  GetBucketEncryptionCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
} from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { TAG } from '../names';

/**
 * Refuses a bucket of DR that is not the mirror of the source's, whatever its name: somebody made it for something else, and would find the
 * source's objects in it, and perhaps let others read them. And one that would lose what is copied into it: without versions a copy is written
 * over the one before.
 *
 * @param of the bucket's name in the source
 * @returns the key that its own default encryption names; undefined for S3's own keys
 * @throws LifeboatError when it is not there, is another account's, is not tagged as this source bucket's, or keeps no versions
 */
export async function checkDrBucket(
  dr: Pick<Account, 'id' | 's3'>,
  bucket: string,
  of: string,
): Promise<string | undefined> {
  const input = { Bucket: bucket, ExpectedBucketOwner: dr.id };
  const failed = (cause: unknown) =>
    new LifeboatError({
      what: `DR's bucket for ${of} was not found, or cannot be used`,
      got: bucket,
      expected: `a bucket of ${dr.id} by that name`,
      next: `npm run pulumi -- up, which mirrors buckets; or name another: npm run pulumi -- config set lifeboat:buckets ${of}=NAME`,
      cause,
    });
  const [versioning, encryption, tagging] = await Promise.all([
    dr.s3.send(new GetBucketVersioningCommand(input)),
    dr.s3.send(new GetBucketEncryptionCommand(input)),
    dr.s3.send(new GetBucketTaggingCommand(input)).catch((error: unknown) => {
      if ((error as Error).name === 'NoSuchTagSet') return { TagSet: [] };
      throw error;
    }),
  ]).catch((cause: unknown) => {
    throw failed(cause);
  });
  const tag = tagging.TagSet?.find(({ Key }) => Key === TAG.sourceId)?.Value;
  if (tag !== of) {
    throw new LifeboatError({
      what: `DR's bucket ${bucket} is not Lifeboat's mirror of ${of}, so nothing is written into it`,
      got: tag === undefined ? `no tag ${TAG.sourceId}` : `${TAG.sourceId}: ${tag}`,
      expected: `${TAG.sourceId}: ${of}, which the mirror gives each bucket that it makes`,
      next: `let the mirror make one under another name: npm run pulumi -- config set lifeboat:buckets ${of}=OTHER-NAME, beside the pairs that are there, then npm run pulumi -- up`,
    });
  }
  if (versioning.Status !== 'Enabled') {
    throw new LifeboatError({
      what: `DR's bucket ${bucket} keeps no versions, so nothing is copied into it`,
      got: versioning.Status ?? 'never enabled',
      expected: 'Enabled',
      next: `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Enabled`,
    });
  }
  const [rule] = encryption.ServerSideEncryptionConfiguration?.Rules ?? [];
  return rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID;
}
