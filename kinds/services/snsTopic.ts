import type { TopicArgs } from '@pulumi/aws/sns/topic';
import type { Item, Kind } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { TOPIC_ACTIONS, topics, topicTags } from './topics';

/** An SNS topic, by its name. Its policy is a kind of its own. */
export interface SnsTopic extends Item {
  readonly arn: string;
  /** What was set on it, by AWS's own names. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether anybody is subscribed. */
  readonly isSubscribed: boolean;
}

type Part = Partial<TopicArgs>;

/** What AWS counts, works out by itself or says elsewhere; no setting. https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html */
const NO_SETTING =
  /^(Owner|Policy|TopicArn|Subscriptions(Confirmed|Deleted|Pending)|EffectiveDeliveryPolicy|BeginningArchiveTime)$/;

/** The one key that every account has. */
const OWN_KEY = 'alias/aws/sns';

/** What each attribute becomes; undefined where it is left out, and noted. */
const ATTRIBUTES: Readonly<Record<string, (value: string) => Part | undefined>> = {
  ContentBasedDeduplication: (value) => ({ contentBasedDeduplication: value === 'true' }),
  DeliveryPolicy: (deliveryPolicy) => ({ deliveryPolicy }),
  DisplayName: (displayName) => ({ displayName }),
  FifoThroughputScope: (fifoThroughputScope) => ({ fifoThroughputScope }),
  FifoTopic: (value) => ({ fifoTopic: value === 'true' }),
  KmsMasterKeyId: (value) => (value === OWN_KEY ? { kmsMasterKeyId: value } : undefined),
  SignatureVersion: (value) => ({ signatureVersion: Number(value) }),
  TracingConfig: (tracingConfig) => ({ tracingConfig }),
};

/** Why an attribute is left out. */
function because(name: string): string {
  if (name === 'KmsMasterKeyId') return 'the key is of the source; nothing in DR encrypts the topic';
  if (name === 'ArchivePolicy') return 'an archive is billed';
  return /Feedback/.test(name) ? 'the log of its deliveries is billed' : 'this program does not know it';
}

/** A topic without those who are subscribed: a message in DR would reach them, and others than DR's own. See docs/adr/0017. */
export const snsTopic: Kind<SnsTopic> = {
  name: 'sns-topic',
  title: 'SNS topic',
  cost: 'usage',
  types: ['aws:sns/topic:Topic'],
  iamActions: [...TOPIC_ACTIONS, 'sns:ListTagsForResource'],

  async list(account) {
    const found = await topics(account);
    const tags = await Promise.all(found.map(({ arn }) => topicTags(account, arn)));
    return found.map(({ name, arn, attributes }, index) => ({
      id: name,
      tags: tags[index] ?? {},
      arn,
      attributes: Object.fromEntries(
        Object.entries(attributes)
          .filter(([attribute, value]) => value !== '' && !NO_SETTING.test(attribute))
          .sort(([one], [other]) => (one < other ? -1 : 1)),
      ),
      isSubscribed: Number(attributes.SubscriptionsConfirmed ?? '0') > 0,
    }));
  },

  mirror(item, ctx) {
    if (item.isSubscribed)
      ctx.note('is mirrored without its subscriptions, through which DR would send: make them at a recovery');
    return resource<TopicArgs>('aws:sns/topic:Topic', {
      name: item.id,
      ...settings(item, ctx),
      tags: ctx.tags(item),
    });
  },

  // AWS answers a second CreateTopic of one name with the first topic.
  identity: (item) => item.id,
  importId: (item) => item.arn,
  taggedWhenMade: true,

  fixed: (item) => [item.id, item.attributes.FifoTopic ?? 'false'],

  quotas: [{ service: 'sns', code: 'L-61103206', name: 'Topics per Account' }],
};

function settings({ attributes }: SnsTopic, ctx: MirrorContext): Part {
  const parts = Object.entries(attributes).map(([name, value]): Part => {
    const part = ATTRIBUTES[name]?.(value);
    if (part) return part;
    ctx.note(`leaves out ${name}: ${because(name)}`);
    return {};
  });
  return Object.assign({}, ...parts);
}
