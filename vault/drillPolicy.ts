import { drillSchedule, TAG, vaultNames } from '../names';
import { context, type VaultPlace } from './place';
import { type Policy, policy, tagged } from './policyDocument';

/** AWS's own document that ends machines, whoever's ARN it goes by: AWS has named such documents with an account and without. */
const endDocument = ({ drAccount, drRegion }: VaultPlace): string[] =>
  ['', drAccount].map(
    (account) => `arn:aws:ssm:${drRegion}:${account}:automation-definition/AWS-TerminateEC2Instance:*`,
  );

/** ARN of the role that ends the machines of a drill. */
export function drillEndRoleArn({ drAccount, drRegion }: Pick<VaultPlace, 'drAccount' | 'drRegion'>): string {
  return `arn:aws:iam::${drAccount}:role/${vaultNames(drAccount, drRegion).drillEndRole}`;
}

/** What `drill` may beside a recovery itself: the schedules that end drills, which that role alone is handed to, and its reports. */
export function drillPolicy(place: VaultPlace): Policy {
  const { inventory } = context(place);
  const schedules = `arn:aws:scheduler:${place.drRegion}:${place.drAccount}:schedule/default/${drillSchedule('*')}`;
  return policy(
    {
      Sid: 'EndDrills',
      Effect: 'Allow',
      Action: ['scheduler:CreateSchedule', 'scheduler:DeleteSchedule'],
      Resource: schedules,
    },
    { Sid: 'FindEndsOfDrills', Effect: 'Allow', Action: 'scheduler:ListSchedules', Resource: '*' },
    {
      Sid: 'HandOverTheEnd',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: drillEndRoleArn(place),
      Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    },
    { Sid: 'KeepReports', Effect: 'Allow', Action: 's3:PutObject', Resource: `${inventory}/drills/*` },
    {
      Sid: 'KeepRecordsOfDrills',
      Effect: 'Allow',
      Action: ['s3:PutObject', 's3:DeleteObject'],
      Resource: `${inventory}/drill-records/*`,
    },
  );
}

/** EventBridge starts the end of a drill, and Systems Manager carries it out; for this account alone. */
export function drillEndTrust({ drAccount }: VaultPlace): Policy {
  return policy(
    ...(['scheduler', 'ssm'] as const).map((service) => ({
      Sid: service === 'ssm' ? 'CarryOut' : 'Start',
      Effect: 'Allow' as const,
      Principal: { Service: `${service}.amazonaws.com` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': drAccount } },
    })),
  );
}

/** Ends machines that carry a drill's tag, and nothing else. */
export function drillEndPolicy(place: VaultPlace): Policy {
  return policy(
    { Sid: 'Start', Effect: 'Allow', Action: 'ssm:StartAutomationExecution', Resource: endDocument(place) },
    {
      Sid: 'GoOn',
      Effect: 'Allow',
      // What it is of targets by tag is an automation for each of them.
      Action: ['ssm:GetAutomationExecution', 'ssm:StartAutomationExecution'],
      Resource: `arn:aws:ssm:${place.drRegion}:${place.drAccount}:automation-execution/*`,
    },
    {
      Sid: 'HandItself',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: drillEndRoleArn(place),
      Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    },
    {
      Sid: 'FindMachines',
      Effect: 'Allow',
      Action: ['ec2:DescribeInstanceStatus', 'ec2:DescribeInstances', 'tag:GetResources'],
      Resource: '*',
    },
    {
      Sid: 'EndMachinesOfDrills',
      Effect: 'Allow',
      Action: 'ec2:TerminateInstances',
      Resource: `arn:aws:ec2:${place.drRegion}:${place.drAccount}:instance/*`,
      Condition: tagged(TAG.drill),
    },
  );
}
