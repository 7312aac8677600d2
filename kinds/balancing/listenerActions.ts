import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerArgs } from '@pulumi/aws/lb/listener';
import type { Unwrap } from '@pulumi/pulumi';
import { knownHost } from '../dns/hostInDr';
import { present } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import { targetGroupName } from '../policies/mirroredIds';

/** What a listener or a rule does with a request, as the provider takes it. */
export type ActionArgs = Unwrap<ListenerArgs['defaultActions']>[number];

/** What asks people, or programs, who they are before anything else is done. */
const ASKS: Readonly<Record<string, string>> = {
  'authenticate-cognito': 'it asks who people are by a user pool, which is not mirrored',
  'authenticate-oidc': 'it asks who people are, by a secret that AWS gives to nobody',
  'jwt-validation': 'it asks for tokens, which Lifeboat does not mirror',
};

/** In the place of what cannot be done in DR: whoever asks is told to come back, and let in nowhere. */
export const CLOSED: ActionArgs = {
  type: 'fixed-response',
  order: 1,
  fixedResponse: { contentType: 'text/plain', messageBody: 'Not available', statusCode: '503' },
};

/** AWS's answer, in order, without what an answer may hold of secrets. */
export function actionsOf(found: readonly Action[] | undefined): Action[] {
  const actions = present(found, 'Actions').map(({ AuthenticateOidcConfig: oidc, ...action }): Action => {
    const groups = action.ForwardConfig?.TargetGroups;
    return {
      ...action,
      ...(oidc && { AuthenticateOidcConfig: { ...oidc, ClientSecret: undefined } }),
      ...(groups && {
        ForwardConfig: { ...action.ForwardConfig, TargetGroups: [...groups].sort(byArn) },
      }),
    };
  });
  return JSON.parse(JSON.stringify(actions.sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0))));
}

function byArn(a: { TargetGroupArn?: string }, b: { TargetGroupArn?: string }): number {
  return (a.TargetGroupArn ?? '') < (b.TargetGroupArn ?? '') ? -1 : 1;
}

/** Why something is not done for everybody, in words; undefined when it is. */
export function asksWho(actions: readonly Action[]): string | undefined {
  return actions.map(({ Type }) => ASKS[Type ?? '']).find((why) => why !== undefined);
}

/** Where requests are sent: ARNs of target groups, and hosts that they are redirected to. */
export function leadsTo(actions: readonly Action[]): string[] {
  return actions.flatMap(({ ForwardConfig, TargetGroupArn, RedirectConfig }) => [
    ...(ForwardConfig?.TargetGroups ?? []).flatMap((each) => each.TargetGroupArn ?? []),
    ...(TargetGroupArn ? [TargetGroupArn] : []),
    ...(RedirectConfig?.Host && !isSameHost(RedirectConfig.Host) ? [RedirectConfig.Host] : []),
  ]);
}

/** What of a change of actions nobody may accept unseen, in words; undefined when nothing. */
export function changedActions(now: readonly Action[], former: readonly Action[]): string | undefined {
  if (asksWho(former) && !asksWho(now)) return 'no longer asks who people are';
  const before = leadsTo(former);
  const more = [...new Set(leadsTo(now))].filter((each) => !before.includes(each));
  return more.length > 0 ? `leads to ${more.map(shortly).join(', ')} now` : undefined;
}

/** The provider's arguments, or why there are none, in words. */
export function actionArgs(actions: readonly Action[], ctx: MirrorContext): ActionArgs[] | string {
  const made = actions.map((action) => actionInDr(action, ctx));
  return (
    made.find((each) => typeof each === 'string') ??
    made.filter((each): each is ActionArgs => typeof each !== 'string')
  );
}

const isSameHost = (host: string) => host.includes('#{host}');

const shortly = (target: string) => targetGroupName(target.split(':').at(-1) ?? '') ?? target;

function actionInDr(action: Action, ctx: MirrorContext): ActionArgs | string {
  const type = present(action.Type, 'Type');
  const order = action.Order;
  if (type === 'forward') return forward(action, ctx);
  if (type === 'fixed-response') {
    const { ContentType, MessageBody, StatusCode } = action.FixedResponseConfig ?? {};
    return {
      type,
      order,
      fixedResponse: {
        contentType: ContentType ?? 'text/plain',
        messageBody: MessageBody,
        statusCode: StatusCode,
      },
    };
  }
  if (type !== 'redirect') return ASKS[type] ?? `it does ${type}, which Lifeboat does not know`;
  const { Host, Path, Port, Protocol, Query, StatusCode } = action.RedirectConfig ?? {};
  const host = Host === undefined || isSameHost(Host) ? Host : knownHost(Host, ctx);
  if (Host !== undefined && host === undefined) return `it leads to ${Host}, which is the source's`;
  return {
    type,
    order,
    redirect: {
      host: host as string | undefined,
      path: Path,
      port: Port,
      protocol: Protocol,
      query: Query,
      statusCode: present(StatusCode, 'StatusCode'),
    },
  };
}

function forward({ ForwardConfig, TargetGroupArn, Order }: Action, ctx: MirrorContext): ActionArgs | string {
  const wanted = ForwardConfig?.TargetGroups ?? [{ TargetGroupArn }];
  const names = wanted.map((each) => shortly(each.TargetGroupArn ?? ''));
  const groups = wanted.flatMap(({ Weight }, index) => {
    const arn: unknown = ctx.attempt('target-group', names[index] ?? '', 'the target group');
    return arn === undefined ? [] : [{ arn: arn as string, weight: Weight }];
  });
  const [only] = groups;
  if (!only) return `it leads to ${names.join(', ')}, which has no mirror`;
  const sticky = ForwardConfig?.TargetGroupStickinessConfig;
  // The provider, and AWS, know a single one by another name.
  if (groups.length === 1 && !sticky?.Enabled)
    return { type: 'forward', order: Order, targetGroupArn: only.arn };
  return {
    type: 'forward',
    order: Order,
    forward: {
      targetGroups: groups,
      ...(sticky?.Enabled && {
        stickiness: { enabled: true, duration: present(sticky.DurationSeconds, 'DurationSeconds') },
      }),
    },
  };
}
