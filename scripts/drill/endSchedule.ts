import {
  CreateScheduleCommand,
  DeleteScheduleCommand,
  paginateListSchedules,
  ResourceNotFoundException,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { drillTimes } from '../../inventory/drill/drillId';
import { allPages, present } from '../../kinds/kind';
import { drillSchedule, TAG, vaultNames } from '../../names';

/** AWS's own document that ends machines. */
export const END_DOCUMENT = 'AWS-TerminateEC2Instance';
const START = 'arn:aws:scheduler:::aws-sdk:ssm:startAutomationExecution';

/**
 * Has AWS itself end the machines of a drill when its time is up, whatever becomes of whoever runs it: EventBridge Scheduler starts an
 * automation of Systems Manager on whatever carries the drill's tag then. The schedule goes with its one call.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
 *
 * @throws LifeboatError when AWS does not take it: no drill begins without
 */
export async function makeEndSchedule(dr: Account, id: string): Promise<void> {
  const end = drillTimes(id)?.end;
  if (end === undefined) throw new Error(`${id} is no id of a drill`);
  const RoleArn = `arn:aws:iam::${dr.id}:role/${vaultNames(dr.id, dr.region).drillEndRole}`;
  const input = {
    DocumentName: END_DOCUMENT,
    TargetParameterName: 'InstanceId',
    Targets: [{ Key: `tag:${TAG.drill}`, Values: [id] }],
    Parameters: { AutomationAssumeRole: [RoleArn] },
    // One that cannot be ended is no reason to let another run on.
    MaxConcurrency: '100%',
    MaxErrors: '100%',
  };
  try {
    await dr.client(SchedulerClient).send(
      new CreateScheduleCommand({
        Name: drillSchedule(id),
        Description: 'Lifeboat: ends the machines of a drill whose time is up',
        ScheduleExpression: `at(${end.toISOString().slice(0, 19)})`,
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: { Arn: START, RoleArn, Input: JSON.stringify(input) },
      }),
    );
  } catch (cause) {
    throw new LifeboatError({
      what: 'The schedule that ends the drill could not be made, so no drill was begun',
      got: drillSchedule(id),
      expected: `scheduler:CreateSchedule for this role, and the role ${RoleArn} of the vault`,
      next: 'npm run pulumi -- -C vault up; then run the drill again, as the recover role',
      cause,
    });
  }
}

/** The ids of drills that have a schedule. All pages, or it throws. */
export async function endSchedules(dr: Account): Promise<string[]> {
  const client = dr.client(SchedulerClient);
  const NamePrefix = drillSchedule('');
  const found = await allPages(paginateListSchedules({ client }, { NamePrefix }), (page) => page.Schedules);
  return found
    .map(({ Name }) => present(Name, 'Name').slice(NamePrefix.length))
    .filter((id) => drillTimes(id) !== undefined);
}

/** Takes a drill's schedule away. One that is gone is no error. */
export async function removeEndSchedule(dr: Account, id: string): Promise<void> {
  try {
    await dr.client(SchedulerClient).send(new DeleteScheduleCommand({ Name: drillSchedule(id) }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}
