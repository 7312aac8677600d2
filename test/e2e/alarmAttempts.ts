import { DeleteAlarmsCommand, DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { RemoveTargetsCommand } from '@aws-sdk/client-eventbridge';
import { DeleteTopicCommand } from '@aws-sdk/client-sns';
import { vaultNames } from '../../names';
import { DR } from '../../scripts/demo/stage';
import type { Tried } from './vaultAttempts';

const { alarmTopic, missingRunAlarm, guardRule } = vaultNames(DR.account, DR.region);
const TopicArn = `arn:aws:sns:${DR.region}:${DR.account}:${alarmTopic}`;
const AlarmNames = [missingRunAlarm];

/** What would silence the vault's alarms. */
export const ON_ALARMS: readonly Tried[] = [
  [
    'cloudwatch:DeleteAlarms',
    'cloudwatch:DeleteAlarms',
    (own) => own.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames })),
  ],
  [
    'cloudwatch:DisableAlarmActions',
    'cloudwatch:DisableAlarmActions',
    (own) => own.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames })),
  ],
  [
    'events:RemoveTargets',
    'events:RemoveTargets',
    (own) => own.events.send(new RemoveTargetsCommand({ Rule: guardRule, Ids: ['alarms'] })),
  ],
  ['sns:DeleteTopic', 'sns:DeleteTopic', (own) => own.sns.send(new DeleteTopicCommand({ TopicArn }))],
];
