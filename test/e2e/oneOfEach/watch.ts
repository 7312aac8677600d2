import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DeleteDashboardsCommand,
  PutCompositeAlarmCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import type { EC2Client } from '@aws-sdk/client-ec2';

const client = ({ config: { region, endpoint, credentials } }: EC2Client) =>
  new CloudWatchClient({ region, endpoint, credentials });

/** Makes, or changes, one of each that CloudWatch has. */
export async function putWatch(ec2: EC2Client, round: number): Promise<void> {
  const watch = client(ec2);
  await watch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'busy',
      Namespace: 'Shop',
      MetricName: 'Orders',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: round,
      ComparisonOperator: 'GreaterThanThreshold',
      Tags: [{ Key: 'round', Value: '0' }],
    }),
  );
  const AlarmRule = round % 2 === 1 ? 'ALARM(busy)' : 'NOT OK(busy)';
  await watch.send(new PutCompositeAlarmCommand({ AlarmName: 'any', AlarmRule }));
  const widget = { type: 'text', properties: { markdown: `round ${round}` } };
  const DashboardBody = JSON.stringify({ widgets: [widget] });
  await watch.send(new PutDashboardCommand({ DashboardName: 'shop', DashboardBody }));
}

/** Takes all of it away. */
export async function removeWatch(ec2: EC2Client): Promise<void> {
  const watch = client(ec2);
  for (const name of ['any', 'busy']) await watch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));
  await watch.send(new DeleteDashboardsCommand({ DashboardNames: ['shop'] }));
}
