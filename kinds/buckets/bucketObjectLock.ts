import { GetObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import type { BucketObjectLockConfigurationArgs } from '@pulumi/aws/s3/bucketObjectLockConfiguration';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets, settingOfBucket } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketObjectLock extends Item {
  readonly isEnabled: boolean;
  /** `GOVERNANCE` or `COMPLIANCE`; undefined without a default rule. */
  readonly mode?: string;
  readonly days?: number;
  readonly years?: number;
}

/**
 * How long each new version of an object is locked. In DR by `lifeboat:bucketLock` alone, for all buckets alike: a lock costs, and by the
 * source's word somebody with its keys could have DR pay for a hundred years. It can be turned on later, and never off again:
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-configure.html
 */
export const bucketObjectLock: Kind<BucketObjectLock> = {
  name: 'bucket-object-lock',
  title: 'Object lock of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration'],
  iamActions: ['s3:GetBucketObjectLockConfiguration', 's3:ListAllMyBuckets'],

  list: (account, options) =>
    ofBuckets(account, options, async (id, ask) => {
      const found = await ask(
        (s3, Bucket) => s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
        'ObjectLockConfigurationNotFoundError',
      );
      const { ObjectLockEnabled, Rule } = found?.ObjectLockConfiguration ?? {};
      const { Mode, Days, Years } = Rule?.DefaultRetention ?? {};
      return {
        id,
        tags: {},
        isEnabled: ObjectLockEnabled === 'Enabled',
        mode: Mode,
        days: Days,
        years: Years,
      };
    }),

  skip: (_item, { bucketLock }) =>
    bucketLock === undefined ? 'lifeboat:bucketLock is off, whatever the source locks' : undefined,

  mirror(item, ctx) {
    const lock = ctx.bucketLock;
    if (lock === undefined) throw new Error('It is skipped where lifeboat:bucketLock is off');
    // AWS locks versions only.
    ctx.after('bucket-versioning', item.id);
    return resource<BucketObjectLockConfigurationArgs>(
      'aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration',
      {
        bucket: ctx.ref('bucket', item.id),
        objectLockEnabled: 'Enabled',
        rule: { defaultRetention: { mode: lock.mode.toUpperCase(), days: lock.days } },
      },
    );
  },

  settingOf: settingOfBucket,
  madeAgain: true,
  retained: 'what is written from then on would not be locked',
};
