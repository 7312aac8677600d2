import type { TypeActions } from './writeActions';

/** A setting of a bucket, which is put and read by one name of AWS's, and taken away by the right to put it. */
const setting = (put: string, ...reads: string[]): TypeActions => ({
  change: [put],
  remove: [],
  read: reads,
});

/**
 * Of what S3 holds, by Pulumi token. Buckets and what must not be taken off them are retained, so that nothing here deletes a bucket, an
 * object or a version; and nothing puts lifecycle rules or a replication. See docs/adr/0019-buckets-in-dr.md.
 */
export const BUCKETS_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:s3/bucket:Bucket': {
    change: ['s3:CreateBucket', 's3:TagResource', 's3:UntagResource'],
    remove: [],
    // HeadBucket asks for s3:ListBucket, which lists objects too: it is given for our names alone, see bucketsPolicy.ts.
    read: [
      's3:GetAccelerateConfiguration',
      's3:GetBucketAcl',
      's3:GetBucketCORS',
      's3:GetBucketLogging',
      's3:GetBucketObjectLockConfiguration',
      's3:GetBucketPolicy',
      's3:GetBucketRequestPayment',
      's3:GetBucketTagging',
      's3:GetBucketVersioning',
      's3:GetBucketWebsite',
      's3:GetEncryptionConfiguration',
      's3:GetLifecycleConfiguration',
      's3:GetReplicationConfiguration',
      's3:ListTagsForResource',
    ],
  },
  'aws:s3/bucketVersioning:BucketVersioning': setting('s3:PutBucketVersioning', 's3:GetBucketVersioning'),
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration': setting(
    's3:PutEncryptionConfiguration',
    's3:GetEncryptionConfiguration',
  ),
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': setting(
    's3:PutBucketOwnershipControls',
    's3:GetBucketOwnershipControls',
  ),
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': setting(
    's3:PutBucketPublicAccessBlock',
    's3:GetBucketPublicAccessBlock',
  ),
  'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration': setting(
    's3:PutBucketObjectLockConfiguration',
    's3:GetBucketObjectLockConfiguration',
  ),
  'aws:s3/bucketCorsConfiguration:BucketCorsConfiguration': setting('s3:PutBucketCORS', 's3:GetBucketCORS'),
  'aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration': {
    change: ['s3:PutBucketWebsite', 's3:DeleteBucketWebsite'],
    remove: [],
    read: ['s3:GetBucketWebsite', 's3:GetBucketLocation'],
  },
  'aws:s3/bucketPolicy:BucketPolicy': {
    change: ['s3:PutBucketPolicy', 's3:DeleteBucketPolicy'],
    remove: [],
    read: ['s3:GetBucketPolicy'],
  },
};
