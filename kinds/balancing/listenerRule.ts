import {
  type Action,
  paginateDescribeRules,
  type RuleCondition,
  type RuleTransform,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRuleArgs } from '@pulumi/aws/lb/listenerRule';
import { allPages, type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { listenerId } from './listener';
import { actionsOf, changedActions } from './listenerActions';
import { listenerRuleArgs, sourcesOf } from './listenerRuleArgs';
import { listListeners, loadBalancing, loadBalancingTags } from './loadBalancing';

/** A rule of a listener, by that and its priority: AWS allows one of each. */
export interface ListenerRule extends Item {
  readonly arn: string;
  readonly listener: string;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
  readonly transforms: readonly RuleTransform[];
}

/** Protocols of listeners that have rules. Others have the default one, which is the listener's own. */
const WITH_RULES = ['HTTP', 'HTTPS'];

/** A rule of an Application Load Balancer's listener, and made with that. */
export const listenerRule: Kind<ListenerRule> = {
  name: 'listener-rule',
  title: 'Rule of a listener',
  cost: 'billed',
  madeAtRecovery: true,
  types: ['aws:lb/listenerRule:ListenerRule'],
  iamActions: [
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeListeners',
    'elasticloadbalancing:DescribeRules',
    'elasticloadbalancing:DescribeTags',
  ],

  async list(account) {
    const client = loadBalancing(account);
    const listeners = (await listListeners(account)).filter(({ listener: { Protocol = '' } }) =>
      WITH_RULES.includes(Protocol),
    );
    const lists = await Promise.all(
      listeners.map(async ({ balancer, listener }) => {
        const { ListenerArn } = listener;
        const rules = await perObject(client, () =>
          allPages(paginateDescribeRules({ client }, { ListenerArn }), (page) => page.Rules),
        );
        const id = listenerId(balancer, listener);
        return rules.filter(({ IsDefault }) => !IsDefault).map((rule) => ({ id, rule }));
      }),
    );
    const found = lists.flat();
    const arns = found.map(({ rule: { RuleArn } }) => present(RuleArn, 'RuleArn'));
    const tags = await loadBalancingTags(account, arns);
    return found.map(({ id, rule }, index) => ({
      id: `${id}_${present(rule.Priority, 'Priority')}`,
      tags: present(tags[index], 'Tags'),
      arn: present(arns[index], 'RuleArn'),
      listener: id,
      priority: Number(rule.Priority),
      conditions: inOrder(present(rule.Conditions, 'Conditions')),
      actions: actionsOf(rule.Actions),
      transforms: inOrder(rule.Transforms ?? []),
    }));
  },

  atRecovery: (item) => `a rule of the listener ${item.listener}, and made with that`,

  mirror: (item, ctx) =>
    resource<ListenerRuleArgs>('aws:lb/listenerRule:ListenerRule', {
      ...listenerRuleArgs(item, ctx),
      tags: ctx.tags(item),
    }),

  identity: (item, dr) => dr.id('listener', item.listener) && item.id,
  importId: (item) => item.arn,
  taggedWhenMade: true,
  fixed: (item, _zone, dr) => [dr.id('listener', item.listener)],

  danger(item, former) {
    if (!former) return undefined;
    const before = sourcesOf(former);
    const more = sourcesOf(item).filter((source) => !before.includes(source));
    if (before.length > 0 && sourcesOf(item).length === 0) return 'no longer asks where a request comes from';
    if (before.length > 0 && more.length > 0) return `holds for ${more.join(', ')} too`;
    return changedActions(item.actions, former.actions);
  },
};

/** As plain data, with each list in an order of its own: AWS promises none. */
function inOrder<T extends object>(all: readonly T[]): T[] {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain).sort(byText);
    if (value === null || typeof value !== 'object') return value;
    const fields = Object.entries(value).filter(([, part]) => part !== undefined);
    return Object.fromEntries(fields.map(([name, part]) => [name, plain(part)]));
  };
  return plain(all) as T[];
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
