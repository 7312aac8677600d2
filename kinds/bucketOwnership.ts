import { GetBucketOwnershipControlsCommand } from '@aws-sdk/client-s3';
import type { BucketOwnershipControlsArgs } from '@pulumi/aws/s3/bucketOwnershipControls';
import { ofBuckets, settingOfBucket } from './bucketLookUp';
import { type Item, type Kind, resource } from './kind';

/** Its id is the bucket's name. */
export interface BucketOwnership extends Item {
  /** `BucketOwnerEnforced`, `BucketOwnerPreferred` or `ObjectWriter`. */
  readonly objectOwnership: string;
}

/**
 * Who owns what is written, and whether access control lists count: programs that send one are refused where they do not. The lists
 * themselves are never mirrored.
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
    if (item.objectOwnership !== 'BucketOwnerEnforced')
      ctx.note("lets access control lists count, as in the source; the bucket's own list is not mirrored");
    return resource<BucketOwnershipControlsArgs>('aws:s3/bucketOwnershipControls:BucketOwnershipControls', {
      bucket: ctx.ref('bucket', item.id),
      rule: { objectOwnership: item.objectOwnership },
    });
  },

  settingOf: settingOfBucket,
  madeAgain: true,
  retained: 'access control lists would count again',
};
