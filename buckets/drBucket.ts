import { GetBucketEncryptionCommand, GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';

/**
 * Refuses a bucket of DR that would lose what is copied into it: without versions a copy is written over the one before.
 *
 * @returns the key that its own default encryption names; undefined for S3's own keys
 * @throws LifeboatError when it is not there, is another account's, or keeps no versions
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
  const [versioning, encryption] = await Promise.all([
    dr.s3.send(new GetBucketVersioningCommand(input)),
    dr.s3.send(new GetBucketEncryptionCommand(input)),
  ]).catch((cause: unknown) => {
    throw failed(cause);
  });
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
