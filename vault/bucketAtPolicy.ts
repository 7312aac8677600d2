import { endUploads } from './copyBucketsPolicy';
import { context, type VaultPlace } from './place';
import { type Policy, policy } from './policyDocument';

/**
 * Brings a bucket of DR back to a moment: reads its versions and puts older ones on top. A deletion without a version id is a delete marker,
 * which hides and loses nothing; the right to delete a version is not given.
 */
export function bucketAtPolicy(place: VaultPlace): Policy {
  const { inventory, state } = context(place);
  return policy(
    {
      Sid: 'BringBack',
      Effect: 'Allow',
      Action: [
        's3:DeleteObject',
        's3:GetBucketTagging',
        's3:GetBucketVersioning',
        's3:GetEncryptionConfiguration',
        's3:GetObjectVersion',
        's3:GetObjectVersionTagging',
        's3:ListBucketVersions',
        's3:PutObject',
        's3:PutObjectTagging',
      ],
      NotResource: [inventory, state, `${inventory}/*`, `${state}/*`],
      Condition: { StringEquals: { 'aws:ResourceAccount': place.drAccount } },
    },
    endUploads(place),
    {
      Sid: 'KeysThroughS3',
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: `arn:aws:kms:${place.drRegion}:${place.drAccount}:key/*`,
      Condition: { StringEquals: { 'kms:ViaService': `s3.${place.drRegion}.amazonaws.com` } },
    },
    {
      Sid: 'WriteLineageOnce',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${inventory}/buckets/*`,
      Condition: { Null: { 's3:if-none-match': 'false' } },
    },
  );
}
