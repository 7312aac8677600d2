import type { MetricAlarm as Found, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricAlarmArgs } from '@pulumi/aws/cloudwatch/metricAlarm';
import { type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
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
import { ALARM_LOOK_UP, alarms, watchTags } from './alarms';
import { dimensionsOf, metricAlarmArgs } from './metricAlarmArgs';
import { unwatchable } from './watched';

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
  types: ['aws:cloudwatch/metricAlarm:MetricAlarm'],
  iamActions: ALARM_LOOK_UP,

  async list(account) {
    const { metric } = await alarms(account);
    const tags = await Promise.all(metric.map(({ AlarmArn }) => watchTags(account, AlarmArn)));
    return metric.map((found, index) => ({
      id: present(found.AlarmName, 'AlarmName'),
      tags: namedTags(present(found.AlarmName, 'AlarmName'), tags[index]),
      ...actionsOf(found),
      settings: Object.fromEntries(SETTINGS.map((name) => [name, found[name]])),
      dimensions: dimensionsOf(found.Dimensions),
      queries: [...(found.Metrics ?? [])].sort((a, b) =>
        present(a.Id, 'Id') < present(b.Id, 'Id') ? -1 : 1,
      ),
      newer: NEWER.filter((name) => found[name] !== undefined),
    }));
  },

  skip(item, options) {
    const reason = notOurs(item, options);
    if (reason !== undefined) return reason;
    if (item.newer.length > 0) return `it has ${item.newer.join(', ')}, which the AWS provider cannot make`;
    const foreign = item.queries.find(({ AccountId }) => AccountId && AccountId !== options.source.account);
    if (foreign) return `it watches the account ${foreign.AccountId}`;
    return metricsOf(item)
      .map((metric) => unwatchable(metric, options))
      .find((why) => why !== undefined);
  },

  atRecovery: () => 'an alarm, which is billed by the month',
  madeAtRecovery: true,
  danger: actsByItself,

  mirror: (item, ctx) =>
    resource<MetricAlarmArgs>('aws:cloudwatch/metricAlarm:MetricAlarm', {
      ...metricAlarmArgs(item, ctx),
      ...actionArgs(item, ctx),
      tags: alarmTags(item, ctx),
    }),

  // A second put of a name changes the first alarm.
  identity: (item) => item.id,
  taggedWhenMade: true,
  quotas: ALARM_QUOTAS,
};

function metricsOf({ settings, dimensions, queries }: MetricAlarm) {
  const inQueries = queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
  return [
    { namespace: settings.Namespace, dimensions },
    ...inQueries.map(({ Namespace, Dimensions }) => ({
      namespace: Namespace,
      dimensions: dimensionsOf(Dimensions),
    })),
  ];
}
