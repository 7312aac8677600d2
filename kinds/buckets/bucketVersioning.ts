import { GetBucketVersioningCommand } from '@aws-sdk/client-s3';
import type { BucketVersioningArgs } from '@pulumi/aws/s3/bucketVersioning';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets, settingOfBucket } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketVersioning extends Item {
  /** `Enabled` or `Suspended`; undefined for a bucket that never was versioned. */
  readonly status?: string;
  /** Whether the root user's device is asked for to remove a version. */
  readonly mfaDelete: boolean;
}

/** Whether a bucket keeps former versions. DR's always do: what replication or a copy writes over is still there. */
export const bucketVersioning: Kind<BucketVersioning> = {
  name: 'bucket-versioning',
  title: 'Versioning of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketVersioning:BucketVersioning'],
  iamActions: ['s3:GetBucketVersioning', 's3:ListAllMyBuckets'],

  list: (account, options) =>
    ofBuckets(account, options, async (id, ask) => {
      const found = await ask((s3, Bucket) => s3.send(new GetBucketVersioningCommand({ Bucket })));
      return { id, tags: {}, status: found?.Status, mfaDelete: found?.MFADelete === 'Enabled' };
    }),

  mirror(item, ctx) {
    if (item.status !== 'Enabled')
      ctx.note('is on in DR though it is off in the source: nothing is written over');
    if (item.mfaDelete) ctx.note('does without MFA delete, which only a root user can ask for');
    return resource<BucketVersioningArgs>('aws:s3/bucketVersioning:BucketVersioning', {
      bucket: ctx.ref('bucket', item.id),
      versioningConfiguration: { status: 'Enabled' },
    });
  },

  settingOf: settingOfBucket,
  madeAgain: true,
  retained: 'without it what is written over would be lost',
};
