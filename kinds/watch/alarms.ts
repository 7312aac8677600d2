import {
  CloudWatchClient,
  type CompositeAlarm,
  ListTagsForResourceCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import type { Account } from '../../accounts';
import { once, present, tagRecord } from '../kind';
import { perObject } from '../perObject';

/** The permissions of a look-up of alarms, of either type. */
export const ALARM_LOOK_UP = ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'] as const;

/** Alarms in one page. https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const PAGE = 100;

/** All alarms of a region, asked for once by the kinds of both types: AWS answers metric alarms alone to whom names no types. */
export function alarms(
  account: Account,
): Promise<{ readonly metric: MetricAlarm[]; readonly composite: CompositeAlarm[] }> {
  return once(account, 'DescribeAlarms', async () => {
    const [metric, composite]: [MetricAlarm[], CompositeAlarm[]] = [[], []];
    const client = account.client(CloudWatchClient);
    const asked = { AlarmTypes: ['CompositeAlarm' as const, 'MetricAlarm' as const] };
    for await (const page of paginateDescribeAlarms({ client, pageSize: PAGE }, asked)) {
      // One of a type that a page has none of may be left out; a page without either says nothing.
      present(page.MetricAlarms ?? page.CompositeAlarms, 'MetricAlarms and CompositeAlarms');
      metric.push(...(page.MetricAlarms ?? []));
      composite.push(...(page.CompositeAlarms ?? []));
    }
    return { metric, composite };
  });
}

/** The tags of an alarm or a dashboard. */
export async function watchTags(account: Account, arn: string | undefined): Promise<Record<string, string>> {
  const client = account.client(CloudWatchClient);
  const ResourceARN = present(arn, 'an ARN');
  const { Tags } = await perObject(client, () =>
    client.send(new ListTagsForResourceCommand({ ResourceARN })),
  );
  return tagRecord(present(Tags, 'Tags'));
}
