import type { CompositeAlarmArgs } from '@pulumi/aws/cloudwatch/compositeAlarm';
import { type Kind, present } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import {
  ALARM_QUOTAS,
  type AlarmActions,
  actionArgs,
  actionsOf,
  actsByItself,
  alarmTags,
  namedTags,
  notOurs,
} from './alarmActions';
import { alarmName, ruleParts } from './alarmRule';
import { ALARM_LOOK_UP, alarms, watchTags } from './alarms';
import { metricAlarm } from './metricAlarm';

/** A CloudWatch alarm on other alarms, by its name, and not the state that it is in. */
export interface CompositeAlarm extends AlarmActions {
  /** The expression, as AWS has it: `ALARM("busy") AND NOT OK("deploying")`. */
  readonly rule: string;
  /** The alarm that holds its actions back, by its name or ARN. */
  readonly suppressor?: string;
  /** Seconds. */
  readonly suppressorWaitPeriod?: number;
  /** Seconds. */
  readonly suppressorExtensionPeriod?: number;
  /** Whether it has what the provider does not know. */
  readonly isNewer: boolean;
}

/** A composite alarm. AWS bills it by the month, so at rest it is in the inventory alone. https://aws.amazon.com/cloudwatch/pricing/ */
export const compositeAlarm: Kind<CompositeAlarm> = {
  name: 'composite-alarm',
  title: 'CloudWatch composite alarm',
  cost: 'billed',
  types: ['aws:cloudwatch/compositeAlarm:CompositeAlarm'],
  iamActions: ALARM_LOOK_UP,

  async list(account) {
    const { composite } = await alarms(account);
    const tags = await Promise.all(composite.map(({ AlarmArn }) => watchTags(account, AlarmArn)));
    return composite.map((found, index) => ({
      id: present(found.AlarmName, 'AlarmName'),
      tags: namedTags(present(found.AlarmName, 'AlarmName'), tags[index]),
      ...actionsOf(found),
      rule: present(found.AlarmRule, 'AlarmRule'),
      suppressor: found.ActionsSuppressor || undefined,
      suppressorWaitPeriod: found.ActionsSuppressorWaitPeriod,
      suppressorExtensionPeriod: found.ActionsSuppressorExtensionPeriod,
      isNewer: found.ActionConfiguration !== undefined,
    }));
  },

  skip(item, options) {
    const reason = notOurs(item, options);
    if (reason !== undefined) return reason;
    if (item.isNewer) return 'it has ActionConfiguration, which the AWS provider cannot make';
    return ruleParts(item.rule) ? undefined : `its rule cannot be read: ${item.rule}`;
  },

  atRecovery: () => 'an alarm, which is billed by the month',
  madeAtRecovery: true,
  danger: actsByItself,

  inOrder(items) {
    const left = new Map(items.map((item) => [item.id, item]));
    const sorted: CompositeAlarm[] = [];
    const add = (item: CompositeAlarm): void => {
      if (!left.delete(item.id)) return;
      for (const name of namesIn(item)) {
        const other = left.get(name);
        if (other) add(other);
      }
      sorted.push(item);
    };
    items.forEach(add);
    return sorted;
  },

  mirror(item, ctx) {
    const parts = ruleParts(item.rule) ?? [];
    const rule = parts.flatMap((part) =>
      typeof part === 'string' ? [part] : ['"', alarmInDr(part.alarm, ctx), '"'],
    );
    return resource<CompositeAlarmArgs>('aws:cloudwatch/compositeAlarm:CompositeAlarm', {
      alarmName: item.id,
      alarmRule: ctx.text(...rule),
      ...(item.suppressor !== undefined && {
        actionsSuppressor: {
          alarm: alarmInDr(item.suppressor, ctx),
          waitPeriod: present(item.suppressorWaitPeriod, 'ActionsSuppressorWaitPeriod'),
          extensionPeriod: present(item.suppressorExtensionPeriod, 'ActionsSuppressorExtensionPeriod'),
        },
      }),
      ...actionArgs(item, ctx),
      tags: alarmTags(item, ctx),
    });
  },

  // A second put of a name changes the first alarm.
  identity: (item) => item.id,
  taggedWhenMade: true,
  quotas: ALARM_QUOTAS,
};

/** The names of the alarms that one names; ARNs are as good as names here, for those of other places are nobody's. */
function namesIn({ rule, suppressor }: CompositeAlarm): string[] {
  const named = (ruleParts(rule) ?? []).flatMap((part) => (typeof part === 'string' ? [] : [part.alarm]));
  return [...named, ...(suppressor === undefined ? [] : [suppressor])].map((alarm) =>
    alarm.replace(/^arn:[^:]*:cloudwatch:[^:]*:[^:]*:alarm:/, ''),
  );
}

/** What DR calls an alarm that another needs: AWS makes no composite alarm before those that it names. */
function alarmInDr(alarm: string, ctx: MirrorContext) {
  const name = alarmName(alarm, ctx.source);
  const kind = [metricAlarm.name, 'composite-alarm'].find((each) =>
    ctx.all(each).some(({ id }) => id === name),
  );
  if (name === undefined || kind === undefined)
    return ctx.skip(`it needs the alarm ${alarm}, which is no metric or composite alarm of the source`);
  // One that names itself in the end has nothing that could be made first.
  if (kind === metricAlarm.name || ctx.known(kind, name) !== undefined) return ctx.ref(kind, name);
  return ctx.skip(`it needs ${kind}/${name}, and that is not made`);
}
