import { DASHBOARD_PREFIX } from '../kinds/watch/dashboard';
import { TAG } from '../names';
import type { VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';
import type { TypeActions } from './writeActions';

/** Of CloudWatch, by Pulumi token. The recover role alone may do it. */
export const WATCH_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:cloudwatch/metricAlarm:MetricAlarm': {
    change: ['cloudwatch:PutMetricAlarm'],
    remove: ['cloudwatch:DeleteAlarms'],
    read: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
  },
  'aws:cloudwatch/compositeAlarm:CompositeAlarm': {
    change: ['cloudwatch:PutCompositeAlarm'],
    remove: ['cloudwatch:DeleteAlarms'],
    read: ['cloudwatch:DescribeAlarms', 'cloudwatch:ListTagsForResource'],
  },
  'aws:cloudwatch/dashboard:Dashboard': {
    change: ['cloudwatch:PutDashboard'],
    remove: ['cloudwatch:DeleteDashboards'],
    read: ['cloudwatch:GetDashboard'],
  },
};

/**
 * Makes and removes alarms and dashboards in a recovery. An alarm carries our tag from the moment it is made, and tells topics of the DR
 * account or nobody: what else an alarm may do by itself would be done with AWS's own rights. A dashboard is told by its name.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-alarm-actions.html
 */
export function watchPolicy({ drAccount, drRegion }: Pick<VaultPlace, 'drAccount' | 'drRegion'>): Policy {
  const alarms = `arn:aws:cloudwatch:${drRegion}:${drAccount}:alarm:*`;
  const asOurs = { [`aws:RequestTag/${TAG.sourceId}`]: 'false' };
  return policy(
    {
      Sid: 'MakeAlarms',
      Effect: 'Allow',
      Action: ['cloudwatch:PutCompositeAlarm', 'cloudwatch:PutMetricAlarm'],
      Resource: alarms,
      Condition: {
        Null: asOurs,
        'ForAllValues:StringLike': { 'cloudwatch:AlarmActions': `arn:aws:sns:${drRegion}:${drAccount}:*` },
      },
    },
    {
      // No condition tells that an alarm is being made: see docs/adr/0012.
      Sid: 'TagNewAlarms',
      Effect: 'Allow',
      Action: 'cloudwatch:TagResource',
      Resource: alarms,
      Condition: {
        Null: { ...asOurs, [`aws:ResourceTag/${TAG.sourceId}`]: 'true', 'aws:ResourceTag/Name': 'true' },
      },
    },
    {
      Sid: 'HandleOurAlarms',
      Effect: 'Allow',
      Action: ['cloudwatch:DeleteAlarms', 'cloudwatch:TagResource', 'cloudwatch:UntagResource'],
      Resource: alarms,
      Condition: tagged(TAG.sourceId),
    },
    {
      Sid: 'OurAlarmsStayOurs',
      Effect: 'Deny',
      Action: 'cloudwatch:UntagResource',
      Resource: alarms,
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': TAG.sourceId } },
    },
    {
      Sid: 'OurDashboards',
      Effect: 'Allow',
      Action: ['cloudwatch:DeleteDashboards', 'cloudwatch:PutDashboard'],
      Resource: `arn:aws:cloudwatch::${drAccount}:dashboard/${DASHBOARD_PREFIX}*`,
    },
  );
}
