import { AutoScalingClient, paginateDescribeAutoScalingGroups } from '@aws-sdk/client-auto-scaling';
import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { allPages, present, tagRecord } from '../../kinds/kind';
import { TAG } from '../../names';

/**
 * Refuses to end a recovery while a mirrored Auto Scaling group has machines: they would go with it, and what they wrote is on no copy.
 *
 * @throws LifeboatError naming each such group
 */
export async function refuseFilledGroups(dr: Account): Promise<void> {
  const client = dr.client(AutoScalingClient);
  const groups = await allPages(
    paginateDescribeAutoScalingGroups({ client }, {}),
    (page) => page.AutoScalingGroups,
  );
  const filled = groups
    .filter(({ Tags, Instances = [] }) => tagRecord(Tags)[TAG.sourceId] !== undefined && Instances.length > 0)
    .map(({ AutoScalingGroupName, Instances = [] }) => ({
      name: present(AutoScalingGroupName, 'AutoScalingGroupName'),
      machines: Instances.length,
    }));
  if (filled.length === 0) return;
  throw new LifeboatError({
    what: 'Auto Scaling groups of the recovery have machines, whose data no final snapshot would hold: nothing is changed',
    got: filled.map(({ name, machines }) => `${name}: ${machines}`).join(', '),
    expected: 'none in each',
    next: `save what they wrote, then: ${filled
      .map(
        ({ name }) =>
          `aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${name} --min-size 0 --desired-capacity 0`,
      )
      .join('; ')}`,
  });
}
