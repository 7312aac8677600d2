import { GetPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import type { BucketPublicAccessBlockArgs } from '@pulumi/aws/s3/bucketPublicAccessBlock';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets, settingOfBucket } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketPublicAccessBlock extends Item {
  readonly blockPublicAcls: boolean;
  readonly ignorePublicAcls: boolean;
  readonly blockPublicPolicy: boolean;
  readonly restrictPublicBuckets: boolean;
}

/** What of public access is blocked. In DR all of it, whatever the source says: a public bucket is opened by hand, after a recovery. */
export const bucketPublicAccessBlock: Kind<BucketPublicAccessBlock> = {
  name: 'bucket-public-access-block',
  title: 'Public access block of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock'],
  iamActions: ['s3:GetBucketPublicAccessBlock', 's3:ListAllMyBuckets'],

  list: (account, options) =>
    ofBuckets(account, options, async (id, ask) => {
      const found = await ask(
        (s3, Bucket) => s3.send(new GetPublicAccessBlockCommand({ Bucket })),
        'NoSuchPublicAccessBlockConfiguration',
      );
      const block = found?.PublicAccessBlockConfiguration;
      return {
        id,
        tags: {},
        blockPublicAcls: block?.BlockPublicAcls ?? false,
        ignorePublicAcls: block?.IgnorePublicAcls ?? false,
        blockPublicPolicy: block?.BlockPublicPolicy ?? false,
        restrictPublicBuckets: block?.RestrictPublicBuckets ?? false,
      };
    }),

  mirror(item, ctx) {
    const { blockPublicAcls, ignorePublicAcls, blockPublicPolicy, restrictPublicBuckets } = item;
    if (!(blockPublicAcls && ignorePublicAcls && blockPublicPolicy && restrictPublicBuckets))
      ctx.note('is whole in DR though the source leaves some of it off: nothing in it is public');
    return resource<BucketPublicAccessBlockArgs>('aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', {
      bucket: ctx.ref('bucket', item.id),
      blockPublicAcls: true,
      ignorePublicAcls: true,
      blockPublicPolicy: true,
      restrictPublicBuckets: true,
    });
  },

  settingOf: settingOfBucket,
  madeAgain: true,
  retained: 'the bucket could be made public',
};
