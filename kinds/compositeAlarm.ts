import { ALARM_QUOTAS, type AlarmActions, actionsOf, actsByItself, notOurs } from './alarmActions';
import { ALARM_LOOK_UP, alarms, watchTags } from './alarms';
import { type Kind, present } from './kind';

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
  types: [],
  iamActions: ALARM_LOOK_UP,

  async list(account) {
    const { composite } = await alarms(account);
    const tags = await Promise.all(composite.map(({ AlarmArn }) => watchTags(account, AlarmArn)));
    return composite.map((found, index) => ({
      id: present(found.AlarmName, 'AlarmName'),
      tags: tags[index] ?? {},
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
    if (reason !== undefined || !item.isNewer) return reason;
    return 'it has ActionConfiguration, which the AWS provider cannot make';
  },

  atRecovery: () => 'an alarm, which is billed by the month',
  danger: actsByItself,
  quotas: ALARM_QUOTAS,
};
