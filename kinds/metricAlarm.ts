import type { MetricAlarm as Found, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { ALARM_QUOTAS, type AlarmActions, actionsOf, actsByItself, notOurs } from './alarmActions';
import { ALARM_LOOK_UP, alarms, watchTags } from './alarms';
import { type Kind, present } from './kind';

/** A CloudWatch alarm on a metric or an expression, by its name: what it was told, and not the state that it is in. */
export interface MetricAlarm extends AlarmActions {
  readonly settings: Partial<Settings>;
  /** Of the one metric that it watches; none of an alarm on an expression. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Under AWS's names; none of an alarm on one metric. */
  readonly queries: readonly MetricDataQuery[];
  /** What newer sorts of alarms have, by AWS's names. */
  readonly newer: readonly string[];
}

/** Under AWS's names. Periods are seconds. */
type Settings = Pick<Found, (typeof SETTINGS)[number]>;

const SETTINGS = [
  'ComparisonOperator',
  'DatapointsToAlarm',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'MetricName',
  'Namespace',
  'Period',
  'Statistic',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
] as const satisfies readonly (keyof Found)[];

/** What the provider does not know: without it an alarm would be another. */
const NEWER = [
  'ActionConfiguration',
  'EvaluationCriteria',
  'EvaluationInterval',
  'EvaluationWindow',
  'WarmUpConfiguration',
] as const satisfies readonly (keyof Found)[];

/** A metric alarm. AWS bills it by the month, so at rest it is in the inventory alone. https://aws.amazon.com/cloudwatch/pricing/ */
export const metricAlarm: Kind<MetricAlarm> = {
  name: 'metric-alarm',
  title: 'CloudWatch metric alarm',
  cost: 'billed',
  types: [],
  iamActions: ALARM_LOOK_UP,

  async list(account) {
    const { metric } = await alarms(account);
    const tags = await Promise.all(metric.map(({ AlarmArn }) => watchTags(account, AlarmArn)));
    return metric.map((found, index) => ({
      id: present(found.AlarmName, 'AlarmName'),
      tags: tags[index] ?? {},
      ...actionsOf(found),
      settings: Object.fromEntries(SETTINGS.map((name) => [name, found[name]])),
      dimensions: Object.fromEntries(
        (found.Dimensions ?? []).map(({ Name, Value }) => [present(Name, 'Name'), present(Value, 'Value')]),
      ),
      queries: [...(found.Metrics ?? [])].sort((a, b) =>
        present(a.Id, 'Id') < present(b.Id, 'Id') ? -1 : 1,
      ),
      newer: NEWER.filter((name) => found[name] !== undefined),
    }));
  },

  skip(item, options) {
    const reason = notOurs(item, options);
    if (reason !== undefined || item.newer.length === 0) return reason;
    return `it has ${item.newer.join(', ')}, which the AWS provider cannot make`;
  },

  atRecovery: () => 'an alarm, which is billed by the month',
  danger: actsByItself,
  quotas: ALARM_QUOTAS,
};
