import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
} from '@aws-sdk/client-s3';
import type { BucketArgs } from '@pulumi/aws/s3/bucket';
import { type Item, type Kind, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { type AskBucket, listedBuckets, ofBuckets, unaskedFor } from './bucketLookUp';

/** Its id is its name. */
export interface Bucket extends Item {
  readonly region: string;
  /** What of it is never mirrored, in AWS's words, in order. Empty for a bucket that is not asked about. */
  readonly leftOut: readonly string[];
}

/** A bucket, empty, with its tags. All that it is set up with is of kinds of their own. */
export const bucket: Kind<Bucket> = {
  name: 'bucket',
  title: 'S3 bucket',
  cost: 'usage',
  types: ['aws:s3/bucket:Bucket'],
  iamActions: [
    's3:GetAccelerateConfiguration',
    's3:GetBucketLogging',
    's3:GetBucketNotification',
    's3:GetBucketRequestPayment',
    's3:GetBucketTagging',
    's3:GetReplicationConfiguration',
    's3:ListAllMyBuckets',
  ],

  async list(account, options) {
    const asked = await ofBuckets(account, options, async (id, ask) => {
      const [tagging, leftOut] = await Promise.all([
        ask((s3, Bucket) => s3.send(new GetBucketTaggingCommand({ Bucket })), 'NoSuchTagSet'),
        neverMirrored(ask),
      ]);
      return [id, { tags: tagRecord(tagging?.TagSet), leftOut }] as const;
    });
    const byId = new Map(asked);
    return (await listedBuckets(account)).map(({ id, region }) => ({
      id,
      tags: byId.get(id)?.tags ?? {},
      region,
      leftOut: byId.get(id)?.leftOut ?? [],
    }));
  },

  skip(item, { source, bucketsExcept, takenBuckets }) {
    const taken = takenBuckets?.get(item.id);
    if (taken) return `its name in DR, ${taken.name}, is somebody else's`;
    return unaskedFor(item, source.region, bucketsExcept);
  },

  mirror(item, ctx) {
    if (item.leftOut.length > 0) ctx.note(`does without ${item.leftOut.join(', ')}`);
    return resource<BucketArgs>('aws:s3/bucket:Bucket', {
      bucket: ctx.bucket(item.id),
      forceDestroy: false,
      tags: ctx.tags(item),
    });
  },

  // A name is one bucket in all of AWS.
  identity: (item, dr) => dr.bucket(item.id),

  taggedWhenMade: true,

  removedByContent: true,

  retained: 'it may hold data that is nowhere else',

  fixed: (item, _zone, dr) => dr.bucket(item.id),

  // Service Quotas tells this one in us-east-1 alone: https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
  quotas: [{ service: 's3', name: 'General purpose buckets', documented: 10_000 }],
};

/**
 * What refers to objects of other services (notifications, access logs), sends data away (replication), or is of use to outsiders alone
 * (acceleration, paying requesters).
 */
async function neverMirrored(ask: AskBucket): Promise<string[]> {
  const [notifications, logging, replication, acceleration, payment] = await Promise.all([
    ask((s3, Bucket) => s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))),
    ask((s3, Bucket) => s3.send(new GetBucketLoggingCommand({ Bucket }))),
    ask(
      (s3, Bucket) => s3.send(new GetBucketReplicationCommand({ Bucket })),
      'ReplicationConfigurationNotFoundError',
    ),
    ask((s3, Bucket) => s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))),
    ask((s3, Bucket) => s3.send(new GetBucketRequestPaymentCommand({ Bucket }))),
  ]);
  const { EventBridgeConfiguration, LambdaFunctionConfigurations, QueueConfigurations, TopicConfigurations } =
    notifications ?? {};
  const notifies =
    EventBridgeConfiguration ??
    [LambdaFunctionConfigurations, QueueConfigurations, TopicConfigurations].find((each) => each?.length);
  return [
    ...(logging?.LoggingEnabled ? ['its access logs'] : []),
    ...(notifies ? ['its event notifications'] : []),
    ...(replication ? ['its replication'] : []),
    ...(payment?.Payer === 'Requester' ? ['its requesters paying'] : []),
    ...(acceleration?.Status === 'Enabled' ? ['its transfer acceleration'] : []),
  ];
}
