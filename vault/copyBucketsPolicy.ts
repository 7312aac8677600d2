import { READS_OF_SOURCE } from '../buckets/sourceStatement';
import { mirroredBuckets } from './bucketsPolicy';
import { context, type VaultPlace } from './place';
import { type Policy, policy, type Statement } from './policyDocument';

/** What `copy-buckets` looks up of DR's own buckets. */
const LOOK_UPS = [
  's3:GetBucketTagging',
  's3:GetBucketVersioning',
  's3:GetEncryptionConfiguration',
  's3:ListBucketMultipartUploads',
  's3:ListBucketVersions',
] as const;

/** Everything in a bucket of an account, and the bucket. S3 gives `aws:ResourceAccount` for each of its requests. */
const ofAccount = (account: string) => ({ StringEquals: { 'aws:ResourceAccount': account } });

/** Keys, through S3 alone. */
function throughS3(
  Sid: string,
  actions: readonly string[],
  place: VaultPlace,
  side: 'source' | 'dr',
): Statement {
  const [region, account] =
    side === 'source' ? [place.sourceRegion, place.sourceAccount] : [place.drRegion, place.drAccount];
  return {
    Sid,
    Effect: 'Allow',
    Action: actions,
    Resource: `arn:aws:kms:${region}:${account}:key/*`,
    Condition: { StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` } },
  };
}

/** Ends an upload in parts before it has become a version. No version is lost by it. */
export const endUploads = (place: VaultPlace): Statement => ({
  Sid: 'EndUploads',
  Effect: 'Allow',
  Action: 's3:AbortMultipartUpload',
  Resource: mirroredBuckets(place).map((arn) => `${arn}/*`),
  Condition: ofAccount(place.drAccount),
});

/**
 * Copies objects of the source into DR's buckets. The run role reads the source's, and never DR's: HeadObject needs the same right as
 * GetObject, so not even that. It may delete nothing, tag nothing that is there without writing it, and write no object of the vault's
 * own buckets but what runPolicy and this let it: a page of lineage, once.
 */
export function copyBucketsPolicy(place: VaultPlace): Policy {
  const { inventory, state } = context(place);
  const vault = [inventory, state, `${inventory}/*`, `${state}/*`];
  return policy(
    {
      Sid: 'ReadSource',
      Effect: 'Allow',
      Action: READS_OF_SOURCE,
      Resource: '*',
      Condition: ofAccount(place.sourceAccount),
    },
    {
      Sid: 'SeeBuckets',
      Effect: 'Allow',
      Action: LOOK_UPS,
      Resource: '*',
      Condition: ofAccount(place.drAccount),
    },
    {
      Sid: 'WriteCopies',
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:PutObjectTagging'],
      NotResource: vault,
      Condition: ofAccount(place.drAccount),
    },
    endUploads(place),
    {
      Sid: 'NoCopyIsRead',
      Effect: 'Deny',
      Action: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTorrent'],
      NotResource: vault,
      Condition: ofAccount(place.drAccount),
    },
    {
      Sid: 'NoCopyIsDeleted',
      Effect: 'Deny',
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
      NotResource: vault,
      Condition: ofAccount(place.drAccount),
    },
    throughS3('SourceKeys', ['kms:Decrypt'], place, 'source'),
    // A copy in parts is put together by S3, which opens what it has sealed:
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
    throughS3('DrKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], place, 'dr'),
    {
      Sid: 'WriteLineageOnce',
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: `${inventory}/buckets/*`,
      // As manifests are: only with If-None-Match.
      Condition: {
        Null: { 's3:if-none-match': 'false' },
        StringEqualsIfExists: { 's3:x-amz-storage-class': 'STANDARD' },
      },
    },
  );
}
