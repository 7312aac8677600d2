import type { RuleCondition, RuleTransform } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerRuleArgs } from '@pulumi/aws/lb/listenerRule';
import type { Unwrap } from '@pulumi/pulumi';
import { present } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import { actionArgs, CLOSED } from './listenerActions';
import type { ListenerRule } from './listenerRule';

type ConditionArgs = Unwrap<ListenerRuleArgs['conditions']>[number];
type TransformArgs = NonNullable<Unwrap<ListenerRuleArgs['transforms']>>[number];

/** The ranges that a rule's requests come from; empty where it holds for all. */
export function sourcesOf({ conditions }: ListenerRule): string[] {
  return conditions.flatMap(({ SourceIpConfig }) => SourceIpConfig?.Values ?? []);
}

/**
 * A rule's arguments but for its tags. One that cannot do in DR what it does in the source answers 503: without it its requests would fall
 * to the next rule, past whatever it asked for.
 */
export function listenerRuleArgs(item: ListenerRule, ctx: MirrorContext): ListenerRuleArgs {
  const listenerArn = ctx.ref('listener', item.listener);
  const made = actionArgs(item.actions, ctx);
  if (typeof made === 'string') ctx.note(`answers 503 in DR: ${made}`);
  return {
    listenerArn,
    priority: item.priority,
    conditions: item.conditions.map((condition) => conditionArgs(condition, ctx)),
    actions: typeof made === 'string' ? [CLOSED] : made,
    transforms: typeof made === 'string' ? [] : item.transforms.map(transformArgs),
  };
}

function conditionArgs(condition: RuleCondition, ctx: MirrorContext): ConditionArgs {
  const { Field, Values, RegexValues } = condition;
  const by = (config: { Values?: string[]; RegexValues?: string[] } | undefined) => {
    const [values, regexValues] = [config?.Values ?? Values ?? [], config?.RegexValues ?? RegexValues ?? []];
    return { ...(values.length > 0 && { values }), ...(regexValues.length > 0 && { regexValues }) };
  };
  switch (Field) {
    case 'host-header':
      return { hostHeader: by(condition.HostHeaderConfig) };
    case 'path-pattern':
      return { pathPattern: by(condition.PathPatternConfig) };
    case 'http-header': {
      const httpHeaderName = present(condition.HttpHeaderConfig?.HttpHeaderName, 'HttpHeaderName');
      return { httpHeader: { httpHeaderName, ...by(condition.HttpHeaderConfig) } };
    }
    case 'http-request-method':
      return { httpRequestMethod: { values: present(condition.HttpRequestMethodConfig?.Values, 'Values') } };
    case 'query-string':
      return {
        queryStrings: present(condition.QueryStringConfig?.Values, 'Values').map(({ Key, Value }) => ({
          key: Key,
          value: present(Value, 'Value'),
        })),
      };
    case 'source-ip':
      return { sourceIp: { values: sourcesInDr(condition, ctx) } };
    default:
      return ctx.skip(`it asks for ${Field}, which Lifeboat does not know`);
  }
}

function sourcesInDr({ SourceIpConfig }: RuleCondition, ctx: MirrorContext): string[] {
  const values = present(SourceIpConfig?.Values, 'Values').flatMap((cidr) => {
    if (!cidr.includes(':')) return cidr;
    const inDr: unknown = ctx.attemptIpv6(cidr, 'the range');
    return inDr === undefined ? [] : (inDr as string);
  });
  return values.length > 0 ? values : ctx.skip('DR has none of the ranges that it holds for');
}

function transformArgs({ Type, HostHeaderRewriteConfig, UrlRewriteConfig }: RuleTransform): TransformArgs {
  const rewrite = (config: RuleTransform['UrlRewriteConfig']) => {
    const [first] = config?.Rewrites ?? [];
    return (
      first && {
        rewrite: { regex: present(first.Regex, 'Regex'), replace: present(first.Replace, 'Replace') },
      }
    );
  };
  return {
    type: present(Type, 'Type'),
    hostHeaderRewriteConfig: rewrite(HostHeaderRewriteConfig),
    urlRewriteConfig: rewrite(UrlRewriteConfig),
  };
}
