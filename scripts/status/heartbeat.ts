import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { HEARTBEAT } from '../../names';
import { configOf } from '../../snapshots/clients';

/**
 * Says in DR that all is well. The vault's alarm waits for it.
 *
 * @throws LifeboatError when CloudWatch does not take it
 */
export async function putHeartbeat(dr: Account): Promise<void> {
  const cloudwatch = new CloudWatchClient(configOf(dr));
  const { namespace: Namespace, metric: MetricName } = HEARTBEAT;
  try {
    await cloudwatch.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: 1 }] }));
  } catch (cause) {
    throw new LifeboatError({
      what: 'All is well, but the heartbeat could not be put, so that the missing-run alarm will be raised',
      got: `${Namespace}/${MetricName} in ${dr.id}, ${dr.region}`,
      expected: `cloudwatch:PutMetricData for the namespace ${Namespace}`,
      next: `as an administrator of ${dr.id}: npm run pulumi -- -C vault up`,
      cause,
    });
  } finally {
    cloudwatch.destroy();
  }
}
