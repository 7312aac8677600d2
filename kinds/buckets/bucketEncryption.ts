import { GetBucketEncryptionCommand } from '@aws-sdk/client-s3';
import type { BucketServerSideEncryptionConfigurationArgs } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration';
import { vaultNames } from '../../names';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { ofBuckets, settingOfBucket } from './bucketLookUp';

/** Its id is the bucket's name. */
export interface BucketEncryption extends Item {
  /** `AES256`, `aws:kms` or `aws:kms:dsse`. */
  readonly algorithm?: string;
  /** As the bucket names it: an ARN, an id or an alias. */
  readonly keyId?: string;
  readonly bucketKeyEnabled: boolean;
}

/**
 * How a bucket encrypts what it is given. DR's always do under the vault's key for data, whose end the source has no say in; see
 * docs/adr/0019-buckets-in-dr.md.
 */
export const bucketEncryption: Kind<BucketEncryption> = {
  name: 'bucket-encryption',
  title: 'Encryption of a bucket',
  cost: 'usage',
  types: ['aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration'],
  iamActions: ['s3:GetEncryptionConfiguration', 's3:ListAllMyBuckets'],

  list: (account, options) =>
    ofBuckets(account, options, async (id, ask) => {
      const found = await ask(
        (s3, Bucket) => s3.send(new GetBucketEncryptionCommand({ Bucket })),
        'ServerSideEncryptionConfigurationNotFoundError',
      );
      // AWS takes one rule.
      const [rule] = found?.ServerSideEncryptionConfiguration?.Rules ?? [];
      return {
        id,
        tags: {},
        algorithm: rule?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
        keyId: rule?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID,
        bucketKeyEnabled: rule?.BucketKeyEnabled ?? false,
      };
    }),

  mirror: (item, ctx) =>
    resource<BucketServerSideEncryptionConfigurationArgs>(
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
      {
        bucket: ctx.ref('bucket', item.id),
        rules: [
          {
            applyServerSideEncryptionByDefault: {
              sseAlgorithm: 'aws:kms',
              // With its account: an alias alone would be looked for in the account of whoever writes.
              kmsMasterKeyId: `arn:aws:kms:${ctx.dr.region}:${ctx.dr.account}:${vaultNames(ctx.dr.account, ctx.dr.region).dataKeyAlias}`,
            },
            // One data key for many objects: KMS bills each call.
            bucketKeyEnabled: true,
          },
        ],
      },
    ),

  settingOf: settingOfBucket,
  madeAgain: true,
  retained: 'what is written from then on would be under no key of the vault',
};
