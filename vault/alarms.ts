import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as sns from '@pulumi/aws/sns';
import * as pulumi from '@pulumi/pulumi';
import { bucketInDr } from '../inventory/bucketNames';
import { growthAlarm, HEARTBEAT, type VaultNames, vaultNames } from '../names';
import { growthAlarmArgs } from './growthAlarmArgs';
import { topicPolicy } from './resourcePolicies';
import type { VaultSettings } from './settings';

/**
 * What nobody calls by accident, by the service's name in CloudTrail: the ends of keys, of what guards copies and of these alarms. A call
 * that was refused counts too: it is what an attack looks like.
 */
export const GUARDED_CALLS = {
  kms: ['ScheduleKeyDeletion', 'DisableKey', 'DeleteImportedKeyMaterial', 'PutKeyPolicy'],
  rbin: ['DeleteRule', 'UnlockRule', 'UpdateRule'],
  ec2: ['DisableSnapshotBlockPublicAccess', 'UnlockSnapshot'],
  monitoring: ['DeleteAlarms', 'DisableAlarmActions', 'PutAlarmMuteRule'],
  events: ['DeleteRule', 'DisableRule', 'RemoveTargets'],
  sns: ['DeleteTopic', 'Unsubscribe'],
  cloudtrail: ['DeleteTrail', 'PutEventSelectors', 'StopLogging', 'UpdateTrail'],
} as const;

/**
 * Alarms come and go with each recovery, so that calls about them are those about the vault's own alarms, and those of which CloudTrail does not
 * say what they are about: a call that was refused may have lost its parameters.
 */
const aboutAlarms = (missingRun: string) => ({
  requestParameters: { alarmNames: [missingRun, { prefix: growthAlarm('') }, { exists: false }] },
});

/** The pattern of EventBridge that matches GUARDED_CALLS, once a trail of CloudTrail logs them. */
export function guardPattern({ missingRunAlarm }: Pick<VaultNames, 'missingRunAlarm'>) {
  return {
    'detail-type': ['AWS API Call via CloudTrail'],
    detail: {
      $or: Object.entries(GUARDED_CALLS).map(([service, eventName]) => ({
        eventSource: [`${service}.amazonaws.com`],
        eventName,
        ...(service === 'monitoring' && aboutAlarms(missingRunAlarm)),
      })),
    },
  };
}

const HOUR = 3_600;

/** What the alarm mails say, filled in by EventBridge. */
const GUARD_MAIL = {
  inputPaths: {
    call: '$.detail.eventName',
    error: '$.detail.errorCode',
    key: '$.detail.requestParameters.keyId',
    service: '$.detail.eventSource',
    time: '$.time',
    who: '$.detail.userIdentity.arn',
  },
  inputTemplate: [
    '"Lifeboat: <who> called <call> of <service> at <time>. Refused: <error>. Key: <key>."',
    '"Was it none of you? See \'The alarm rang\' in docs/runbook.md."',
  ].join('\n'),
};

export interface AlarmsArgs {
  readonly settings: VaultSettings;
  /** The options of what lasts. */
  readonly kept: pulumi.CustomResourceOptions;
}

/**
 * A topic for people, an alarm when no good run was seen for too long, one on what each replicated bucket grows a day, and a rule that hears
 * who touches what guards the copies.
 */
export class Alarms extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, { settings, kept }: AlarmsArgs, options?: pulumi.ComponentResourceOptions) {
    super('lifeboat:vault:Alarms', name, {}, options);
    const names = vaultNames(settings.drAccount, settings.drRegion);
    // All of it is put by name, so that what is there already is taken over without being looked up.
    const lasting = { ...kept, parent: this };

    const topic = new sns.Topic('alarm-topic', { name: names.alarmTopic }, lasting);
    const policy = new sns.TopicPolicy(
      'alarm-topic-policy',
      { arn: topic.arn, policy: JSON.stringify(topicPolicy(settings)) },
      lasting,
    );
    for (const endpoint of settings.alarmEmails) {
      const subscription = { topic: topic.arn, protocol: 'email', endpoint };
      // Neither protected nor retained: who is taken out of the setting is to hear no more.
      new sns.TopicSubscription(`alarm-to-${endpoint}`, subscription, { parent: this });
    }
    new cloudwatch.MetricAlarm(
      'missing-run',
      {
        name: names.missingRunAlarm,
        alarmDescription: `No good run of Lifeboat for ${settings.alarmAfterHours} hours. See 'The alarm rang' in docs/runbook.md.`,
        namespace: HEARTBEAT.namespace,
        metricName: HEARTBEAT.metric,
        statistic: 'SampleCount',
        period: HOUR,
        evaluationPeriods: settings.alarmAfterHours,
        threshold: 1,
        comparisonOperator: 'LessThanThreshold',
        // Silence is the alarm.
        treatMissingData: 'breaching',
        alarmActions: [topic.arn],
        okActions: [topic.arn],
      },
      { ...lasting, dependsOn: [policy] },
    );
    for (const bucket of settings.replicateBuckets) {
      const there = bucketInDr(bucket, settings);
      // Neither protected nor retained: it costs by the month, and ends with the bucket's place in the setting.
      new cloudwatch.MetricAlarm(
        `growth-${there}`,
        {
          ...growthAlarmArgs(there, settings.replicatedGiBPerDay),
          alarmActions: [topic.arn],
        },
        { parent: this, dependsOn: [policy] },
      );
    }
    const rule = new cloudwatch.EventRule(
      'guards',
      {
        name: names.guardRule,
        description: 'Lifeboat: somebody touched what guards the copies',
        eventPattern: JSON.stringify(guardPattern(names)),
      },
      lasting,
    );
    new cloudwatch.EventTarget(
      'guards-to-topic',
      { rule: rule.name, targetId: 'alarms', arn: topic.arn, inputTransformer: GUARD_MAIL },
      { ...lasting, dependsOn: [policy] },
    );
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
