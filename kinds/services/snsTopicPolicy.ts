import type { TopicPolicyArgs } from '@pulumi/aws/sns/topicPolicy';
import { exceptOurs } from '../exceptOurs';
import type { Item, Kind } from '../kind';
import { resource } from '../mirrorContext';
import { closedPolicy, listOf, type Statement, statementsOf } from '../policies/closedPolicy';
import { samePolicy } from '../policies/policyDocument';
import { TOPIC_ACTIONS, topics } from './topics';

/** The access policy of an SNS topic, by the topic's name. */
export interface SnsTopicPolicy extends Item {
  /** The policy document as JSON. */
  readonly policy: string;
}

/** The statement that AWS gives to each new topic: everybody, as long as the topic's own account asks. */
const DEFAULT_SID = '__default_statement_ID';

/** What an account may do with its own topic by AWS's default. */
const OWN_ACTIONS = [
  'SNS:GetTopicAttributes',
  'SNS:SetTopicAttributes',
  'SNS:AddPermission',
  'SNS:RemovePermission',
  'SNS:DeleteTopic',
  'SNS:Subscribe',
  'SNS:ListSubscriptionsByTopic',
  'SNS:Publish',
];

/** A topic's own policy, closed to all outside of DR. The one that AWS gives to each topic is no setting, and DR's topics have it too. */
export const snsTopicPolicy: Kind<SnsTopicPolicy> = {
  name: 'sns-topic-policy',
  title: 'SNS topic policy',
  cost: 'usage',
  types: ['aws:sns/topicPolicy:TopicPolicy'],
  iamActions: TOPIC_ACTIONS,

  async list(account) {
    return (await topics(account)).flatMap(({ name, attributes }) => {
      const { Policy } = attributes;
      if (!Policy || isDefault(JSON.parse(Policy), account.id)) return [];
      return [{ id: name, tags: {}, policy: JSON.stringify(JSON.parse(Policy)) }];
    });
  },

  mirror(item, ctx) {
    const own = ownedBy(JSON.parse(item.policy), ctx.source.account);
    const closed = closedPolicy(own, ctx, { trusted: ctx.trusted, servicesForDrOnly: true });
    for (const what of closed.leftOut) ctx.note(`does without ${what}`);
    if (closed.foreign.length > 0)
      ctx.note(`names what only the source has, as it is: ${closed.foreign.join(', ')}`);
    const arn = ctx.ref('sns-topic', item.id);
    ctx.goesWith('sns-topic', item.id);
    const Statement = closed.document.Statement.map((each) => exceptOurs(each, ctx));
    // AWS takes no policy without a statement.
    const document =
      Statement.length > 0
        ? { ...closed.document, Statement }
        : { ...closed.document, Statement: [ofAccount(ctx.dr.account, arn)] };
    return resource<TopicPolicyArgs>('aws:sns/topicPolicy:TopicPolicy', { arn, policy: ctx.json(document) });
  },

  settingOf: (item) => ({ kind: 'sns-topic', id: item.id }),
  madeAgain: true,

  // Whether another policy allows more cannot be told in general. A new one opens nothing: it is closed.
  danger: (item, former) =>
    former?.policy === undefined || samePolicy(JSON.parse(item.policy), JSON.parse(former.policy))
      ? undefined
      : 'has another policy than was accepted',
};

/** Whether a statement is for whoever asks as the topic's owner. */
function isForOwner({ Principal, Condition }: Statement, account: string): boolean {
  const everybody =
    Principal === '*' || listOf((Principal as { AWS?: unknown } | undefined)?.AWS).join() === '*';
  const conditions = Object.entries((Condition ?? {}) as Record<string, Record<string, unknown>>);
  const [[operator, keys] = ['', {}]] = conditions;
  const [[key, value] = ['', '']] = Object.entries(keys);
  return (
    everybody &&
    conditions.length === 1 &&
    Object.keys(keys).length === 1 &&
    operator === 'StringEquals' &&
    key.toLowerCase() === 'aws:sourceowner' &&
    listOf(value).join() === account
  );
}

function isDefault(policy: unknown, account: string): boolean {
  const [first, ...more] = statementsOf(policy);
  return (
    first !== undefined &&
    more.length === 0 &&
    first.Sid === DEFAULT_SID &&
    first.Effect === 'Allow' &&
    isForOwner(first, account)
  );
}

/** A policy with the account named as the principal where a condition says that only the topic's owner is meant. Pure. */
function ownedBy(policy: unknown, account: string): unknown {
  const Statement = statementsOf(policy).map((statement) => {
    if (!isForOwner(statement, account)) return statement;
    const { Condition: _, ...rest } = statement;
    return { ...rest, Principal: { AWS: `arn:aws:iam::${account}:root` } };
  });
  return { ...(policy as object), Statement };
}

function ofAccount(account: string, Resource: unknown): Statement {
  return {
    Sid: 'Owner',
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: OWN_ACTIONS,
    Resource,
  };
}
