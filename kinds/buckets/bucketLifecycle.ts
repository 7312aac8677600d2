import { GetBucketLifecycleConfigurationCommand, type LifecycleRule } from '@aws-sdk/client-s3';
import { type Item, type Kind, present } from '../kind';
import { ofBuckets } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketLifecycle extends Item {
  /** As AWS answers them, in the order of their ids. */
  readonly rules: readonly LifecycleRule[];
}

/**
 * When a bucket expires or moves what it holds. Looked up, so that it can be put back by hand after a recovery, and never applied in DR: a
 * one-day expiry, set by whoever has the source's keys, would delete the data here too.
 */
export const bucketLifecycle: Kind<BucketLifecycle> = {
  name: 'bucket-lifecycle',
  title: 'Lifecycle rules of a bucket',
  cost: 'usage',
  types: [],
  iamActions: ['s3:GetLifecycleConfiguration', 's3:ListAllMyBuckets'],

  async list(account, options) {
    const found = await ofBuckets(account, options, async (id, ask) => {
      const answer = await ask(
        (s3, Bucket) => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
        'NoSuchLifecycleConfiguration',
      );
      if (answer === undefined) return [];
      const rules = [...present(answer.Rules, 'Rules')].sort((a, b) =>
        (a.ID ?? '') < (b.ID ?? '') ? -1 : 1,
      );
      // Dates are text in an inventory.
      return [{ id, tags: {}, rules: JSON.parse(JSON.stringify(rules)) as LifecycleRule[] }];
    });
    return found.flat();
  },

  neverMade: 'looked up and not applied in DR, where an expiry would delete the data',
};
