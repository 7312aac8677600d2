import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  DescribeAlarmsCommand,
  ListDashboardsCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { vaultNames } from '../../../../names';
import { DR, SOURCE, type Stage } from '../../../../scripts/demo/stage';
import type { Area } from '../areas';
import { plainTags } from '../edge/part';
import { Random } from '../random';

const NAMES = ['busy', 'slow (eu), 2', 'no "orders"', 'données', 'TargetTracking-web-AlarmHigh-1'];
const METRICS = ['CPUUtilization', 'NetworkIn', 'Orders'];

function action(random: Random): string {
  const { account, region } = SOURCE;
  return random.pick([
    `arn:aws:sns:${region}:${account}:shop`,
    `arn:aws:automate:${region}:ec2:stop`,
    `arn:aws:autoscaling:${region}:${account}:scalingPolicy:1:autoScalingGroupName/web:policyName/up`,
  ]);
}

async function put(stage: Stage, random: Random): Promise<void> {
  const watch = new CloudWatchClient(stage.client(SOURCE));
  const dimension = { Name: 'InstanceId', Value: 'i-0123456789abcdef0' };
  for (const AlarmName of NAMES)
    await watch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: random.pick(['AWS/EC2', 'Shop']),
        MetricName: random.pick(METRICS),
        Dimensions: random.chance() ? [dimension] : [],
        ...(random.chance() ? { Statistic: 'Average' } : { ExtendedStatistic: 'p99.9' }),
        Period: random.pick([60, 300]),
        EvaluationPeriods: random.int(1, 5),
        Threshold: random.int(0, 100) / 4,
        ComparisonOperator: random.pick(['GreaterThanThreshold', 'LessThanThreshold']),
        AlarmActions: random.chance() ? [action(random)] : [],
        Tags: plainTags(random),
      }),
    );
  const named = random.some(NAMES, 1, 3).map((name) => `ALARM(${JSON.stringify(name)})`);
  const AlarmRule = named.join(random.pick([' AND ', ' OR ', ' AND NOT ']));
  await watch.send(new PutCompositeAlarmCommand({ AlarmName: 'any', AlarmRule }));
  const markdown = random.pick(['hello', 'see i-0123456789abcdef0']);
  const DashboardBody = JSON.stringify({ widgets: [{ type: 'text', properties: { markdown } }] });
  await watch.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));
}

/** Alarms and dashboards: at rest DR has none but the vault's. */
export const watchArea: Area = {
  name: 'CloudWatch',
  make: (stage, seed) => put(stage, new Random(seed)),
  async change(stage, seed) {
    await put(stage, new Random(seed + 1));
    const watch = new CloudWatchClient(stage.client(SOURCE));
    await watch.send(new DeleteAlarmsCommand({ AlarmNames: ['any'] }));
    await watch.send(new DeleteDashboardsCommand({ DashboardNames: ['shop'] }));
  },
  async differences(stage) {
    const watch = new CloudWatchClient(stage.client(DR));
    const types = { AlarmTypes: ['CompositeAlarm' as const, 'MetricAlarm' as const] };
    const { CompositeAlarms = [], MetricAlarms = [] } = await watch.send(new DescribeAlarmsCommand(types));
    const { DashboardEntries = [] } = await watch.send(new ListDashboardsCommand({}));
    const names = [
      ...[...CompositeAlarms, ...MetricAlarms].map(({ AlarmName }) => `alarm ${AlarmName}`),
      ...DashboardEntries.map(({ DashboardName }) => `dashboard ${DashboardName}`),
    ];
    const own = `alarm ${vaultNames(DR.account, DR.region).missingRunAlarm}`;
    return names.filter((name) => name !== own).map((name) => `${name} is in DR at rest`);
  },
};
