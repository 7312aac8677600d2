import { GetBucketOwnershipControlsCommand } from '@aws-sdk/client-s3';
import type { BucketOwnershipControlsArgs } from '@pulumi/aws/s3/bucketOwnershipControls';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets, settingOfBucket } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketOwnership extends Item {
  /** `BucketOwnerEnforced`, `BucketOwnerPreferred` or `ObjectWriter`. */
  readonly objectOwnership: string;
}

const ENFORCED = 'BucketOwnerEnforced';

/**
 * Who owns what is written, and whether access control lists count. In DR the bucket's owner does, and none counts, whatever the source says:
 * otherwise a list that comes with an object would let outsiders read it, and an object could belong to another account, which neither a policy
 * nor a copy of DR's reaches. Programs that send a list are refused then.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
export const bucketOwnership: Kind<BucketOwnership> = {
  name: 'bucket-ownership',
  title: 'Object ownership of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketOwnershipControls:BucketOwnershipControls'],
  iamActions: ['s3:GetBucketOwnershipControls', 's3:ListAllMyBuckets'],

  list: (account, options) =>
    ofBuckets(account, options, async (id, ask) => {
      const found = await ask(
        (s3, Bucket) => s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
        'OwnershipControlsNotFoundError',
      );
      // Buckets from before April 2023 may say nothing, which means the writer.
      const objectOwnership = found?.OwnershipControls?.Rules?.[0]?.ObjectOwnership ?? 'ObjectWriter';
      return { id, tags: {}, objectOwnership };
    }),

  mirror(item, ctx) {
    if (item.objectOwnership !== ENFORCED)
      ctx.note(
        "lets no access control list count in DR, though the source does: programs that send one with an object are refused (but bucket-owner-full-control), and the bucket's own is not mirrored",
      );
    return resource<BucketOwnershipControlsArgs>('aws:s3/bucketOwnershipControls:BucketOwnershipControls', {
      bucket: ctx.ref('bucket', item.id),
      rule: { objectOwnership: ENFORCED },
    });
  },

  settingOf: settingOfBucket,
  madeAgain: true,
  retained: 'access control lists would count again',
};
