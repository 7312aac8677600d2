import type { Dimension, MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import type { MetricAlarmArgs } from '@pulumi/aws/cloudwatch/metricAlarm';
import { present } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import type { MetricAlarm } from './metricAlarm';
import { dimensionInDr, type InDrsTerms, textInDr, watching } from './watched';

/** Dimensions by their names. */
export function dimensionsOf(found: readonly Dimension[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (found ?? []).map(({ Name, Value }) => [present(Name, 'Name'), present(Value, 'Value')]),
  );
}

/** What an alarm watches and against what, in DR's terms. Skips the alarm where DR does not have what it watches. */
export function metricAlarmArgs(item: MetricAlarm, ctx: MirrorContext): MetricAlarmArgs {
  const { settings, dimensions, queries } = item;
  return {
    name: item.id,
    comparisonOperator: present(settings.ComparisonOperator, 'ComparisonOperator'),
    evaluationPeriods: present(settings.EvaluationPeriods, 'EvaluationPeriods'),
    datapointsToAlarm: settings.DatapointsToAlarm,
    threshold: settings.Threshold,
    thresholdMetricId: settings.ThresholdMetricId,
    treatMissingData: settings.TreatMissingData,
    evaluateLowSampleCountPercentiles: settings.EvaluateLowSampleCountPercentile,
    metricName: settings.MetricName,
    namespace: settings.Namespace,
    period: settings.Period,
    statistic: settings.Statistic,
    extendedStatistic: settings.ExtendedStatistic,
    unit: settings.Unit,
    dimensions: dimensionArgs(dimensions, ctx),
    metricQueries: queries.length > 0 ? queries.map((query) => queryArgs(query, ctx)) : undefined,
  };
}

/** In DR's terms. An alarm on what DR does not have would be billed, and know nothing for ever. */
function whole({ value, foreign }: InDrsTerms, what: string, ctx: MirrorContext): string {
  return foreign.length > 0
    ? ctx.skip(`it watches ${what} ${foreign.join(', ')}, which DR does not have`)
    : (value as string);
}

function dimensionArgs(dimensions: MetricAlarm['dimensions'], ctx: MirrorContext) {
  const places = watching(ctx, (_kind, id) => ctx.machine(id));
  const entries = Object.entries(dimensions).map(([name, value]) => [
    name,
    whole(dimensionInDr(name, value, places), `the ${name}`, ctx),
  ]);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function queryArgs(query: MetricDataQuery, ctx: MirrorContext) {
  const { MetricStat: stat, Expression } = query;
  const places = watching(ctx, (_kind, id) => ctx.machine(id));
  return {
    id: present(query.Id, 'Id'),
    label: query.Label,
    period: query.Period,
    returnData: query.ReturnData ?? true,
    accountId: query.AccountId && ctx.dr.account,
    expression: Expression && whole(textInDr(Expression, places), 'what an expression names:', ctx),
    metric: stat && {
      metricName: present(stat.Metric?.MetricName, 'MetricName'),
      namespace: stat.Metric?.Namespace,
      dimensions: dimensionArgs(dimensionsOf(stat.Metric?.Dimensions), ctx),
      period: present(stat.Period, 'Period'),
      stat: present(stat.Stat, 'Stat'),
      unit: stat.Unit,
    },
  };
}
