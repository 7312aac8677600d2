import * as sdk from '@aws-sdk/client-s3';
import { SOURCE } from '../../../scripts/demo/stage';

const of = { Bucket: 'one-of-each' };

const policy = (Action: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${SOURCE.account}:root` },
        Action,
        Resource: `arn:aws:s3:::${of.Bucket}/*`,
      },
    ],
  });

/** Sets up what can change of the bucket: another way in each round, and with a tag more in each odd one. */
async function setUp(s3: sdk.S3Client, round: number): Promise<void> {
  const odd = round % 2 === 1;
  const extra = odd ? [{ Key: 'extra', Value: '' }] : [];
  await s3.send(
    new sdk.PutBucketTaggingCommand({
      ...of,
      Tagging: { TagSet: [{ Key: 'round', Value: String(round) }, ...extra] },
    }),
  );
  await s3.send(
    new sdk.PutBucketOwnershipControlsCommand({
      ...of,
      OwnershipControls: { Rules: [{ ObjectOwnership: odd ? 'ObjectWriter' : 'BucketOwnerEnforced' }] },
    }),
  );
  await s3.send(
    new sdk.PutBucketPolicyCommand({ ...of, Policy: policy(odd ? 's3:GetObject' : 's3:PutObject') }),
  );
  const CORSRules = [{ AllowedMethods: ['GET'], AllowedOrigins: [`https://${round}.example.com`] }];
  await s3.send(new sdk.PutBucketCorsCommand({ ...of, CORSConfiguration: { CORSRules } }));
  await s3.send(
    new sdk.PutBucketWebsiteCommand({
      ...of,
      WebsiteConfiguration: { IndexDocument: { Suffix: `${round}.html` } },
    }),
  );
}

/** Makes one bucket with one of each setting that is mirrored. */
export async function makeBucketOfEach(s3: sdk.S3Client): Promise<void> {
  const CreateBucketConfiguration = { LocationConstraint: SOURCE.region };
  await s3.send(new sdk.CreateBucketCommand({ ...of, CreateBucketConfiguration }));
  await setUp(s3, 0);
}

/**
 * Changes what of it can change.
 *
 * @param round 1, 2, 3 …
 */
export const changeBucketOfEach = setUp;

/** Takes it away. */
export async function removeBucketOfEach(s3: sdk.S3Client): Promise<void> {
  await s3.send(new sdk.DeleteBucketCommand(of));
}

/** Takes away what DR keeps of it, as its administrator. */
export async function removeKeptBuckets(dr: sdk.S3Client): Promise<void> {
  const { Buckets = [] } = await dr.send(new sdk.ListBucketsCommand({}));
  for (const { Name = '' } of Buckets)
    if (Name.startsWith(of.Bucket)) await dr.send(new sdk.DeleteBucketCommand({ Bucket: Name }));
}
