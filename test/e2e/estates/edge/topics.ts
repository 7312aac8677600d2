import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  SetTopicAttributesCommand,
  SNSClient,
  TagResourceCommand,
} from '@aws-sdk/client-sns';
import type { Random } from '../random';
import { comparableTags, type Part, plainTags, type Side } from './part';

/** DR's alarm topic, which is the vault's. */
const VAULTS = 'lifeboat-alarms';
const COMPARED = [
  'DisplayName',
  'FifoTopic',
  'ContentBasedDeduplication',
  'SignatureVersion',
  'TracingConfig',
  'DeliveryPolicy',
];

async function arns(side: Side): Promise<string[]> {
  const { Topics = [] } = await new SNSClient(side).send(new ListTopicsCommand({}));
  return Topics.flatMap(({ TopicArn = '' }) => (TopicArn.endsWith(VAULTS) ? [] : [TopicArn]));
}

function settings(random: Random, isFifo: boolean): Record<string, string> {
  return {
    DisplayName: random.pick(['Shop', 'All of it']),
    SignatureVersion: random.pick(['1', '2']),
    TracingConfig: random.pick(['Active', 'PassThrough']),
    ...(isFifo
      ? { ContentBasedDeduplication: random.pick(['true', 'false']) }
      : { DeliveryPolicy: JSON.stringify({ http: { disableSubscriptionOverrides: random.chance() } }) }),
  };
}

async function set(side: Side, TopicArn: string, all: Record<string, string>): Promise<void> {
  for (const [AttributeName, AttributeValue] of Object.entries(all))
    await new SNSClient(side).send(
      new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }),
    );
}

/** A policy for S3, whose buckets stand for nobody in particular, and for one other service. */
function policy(random: Random, Resource: string): string {
  const services = random.some(['s3', 'events', 'cloudwatch'], 1, 2).map((name) => `${name}.amazonaws.com`);
  const Statement = services.map((Service) => ({
    Effect: 'Allow',
    Principal: { Service },
    Action: 'SNS:Publish',
    Resource,
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

export const topics: Part = {
  name: 'sns-topic',
  async make(source, random) {
    for (const name of ['shop', 'audit', 'orders.fifo', 'jobs']) {
      const isFifo = name.endsWith('.fifo');
      const command = new CreateTopicCommand({
        Name: name,
        Tags: plainTags(random),
        Attributes: isFifo ? { FifoTopic: 'true' } : {},
      });
      const { TopicArn = '' } = await new SNSClient(source).send(command);
      await set(source, TopicArn, settings(random, isFifo));
      if (random.chance(0.6)) await set(source, TopicArn, { Policy: policy(random, TopicArn) });
    }
  },
  async change(source, random) {
    const [gone = '', ...kept] = random.shuffled(await arns(source));
    for (const TopicArn of kept) {
      await set(source, TopicArn, settings(random, TopicArn.endsWith('.fifo')));
      await set(source, TopicArn, { Policy: policy(random, TopicArn) });
      const Tags = [{ Key: 'team', Value: 'other' }];
      await new SNSClient(source).send(new TagResourceCommand({ ResourceArn: TopicArn, Tags }));
    }
    await new SNSClient(source).send(new DeleteTopicCommand({ TopicArn: gone }));
  },
  async read(side) {
    const sns = new SNSClient(side);
    const shown = await Promise.all(
      (await arns(side)).map(async (TopicArn) => {
        const [{ Attributes = {} }, { Tags }] = await Promise.all([
          sns.send(new GetTopicAttributesCommand({ TopicArn })),
          sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn })),
        ]);
        const compared = Object.fromEntries(COMPARED.map((name) => [name, Attributes[name]]));
        const { Statement } = JSON.parse(Attributes.Policy ?? '{}') as {
          Statement: { Principal: { AWS?: string; Service?: string | string[] } }[];
        };
        const principals = Statement.map(({ Principal: { AWS, Service } }) =>
          [AWS, Service].flat().join(),
        ).sort();
        return [TopicArn.split(':').at(-1), { ...compared, principals, tags: comparableTags(Tags) }];
      }),
    );
    return Object.fromEntries(shown);
  },
};
