import { paginateDescribeInstanceStatus } from '@aws-sdk/client-ec2';
import {
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeTargetGroups,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Account } from '../../accounts';
import { loadBalancing } from '../../kinds/balancing/loadBalancing';
import { allPages, present } from '../../kinds/kind';
import { inParts, perObject } from '../../kinds/perObject';

/** AWS's limit of ids in one call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceStatus.html */
const IDS_AT_ONCE = 100;

/** A machine in DR that others may wait for. */
export interface Watched {
  readonly id: string;
  /** Its private address, by which a load balancer may know it. */
  readonly address?: string;
}

/**
 * What machines in DR still wait for before others may count on them: the status checks of EC2, and the health of each target that they
 * are of a load balancer.
 *
 * @returns by id, for each one that is not ready, why; those that are ready are not in it
 * @throws when any page cannot be had
 */
export async function notReady(dr: Account, machines: readonly Watched[]): Promise<Map<string, string>> {
  if (machines.length === 0) return new Map();
  const ids = machines.map(({ id }) => id);
  const byTarget = new Map(
    machines.flatMap(
      ({ id, address }) => [[id, id], ...(address ? [[address, id]] : [])] as [string, string][],
    ),
  );
  const [statuses, targets] = await Promise.all([statusOf(dr, ids), unhealthyTargets(dr, byTarget)]);
  return new Map([...targets, ...statuses]);
}

async function statusOf(dr: Account, ids: readonly string[]): Promise<Map<string, string>> {
  const found = await Promise.all(
    inParts(ids, IDS_AT_ONCE).map((InstanceIds) =>
      allPages(
        paginateDescribeInstanceStatus({ client: dr.ec2 }, { InstanceIds, IncludeAllInstances: true }),
        (page) => page.InstanceStatuses,
      ),
    ),
  );
  const byId = new Map(found.flat().map((status) => [present(status.InstanceId, 'InstanceId'), status]));
  return new Map(
    ids.flatMap((id): [string, string][] => {
      const status = byId.get(id);
      const state = status?.InstanceState?.Name;
      if (state !== 'running') return [[id, `it is ${state ?? 'gone'}`]];
      const checks = [
        ['the instance', status?.InstanceStatus?.Status],
        ['the system', status?.SystemStatus?.Status],
      ].filter(([, each]) => each !== 'ok');
      return checks.length === 0
        ? []
        : [[id, `the status check of ${checks.map(([what, each]) => `${what} is ${each}`).join(', of ')}`]];
    }),
  );
}

/** States in which a target answers, or in which nobody asks it. */
const FINE = ['healthy', 'unused', 'unavailable'];

/** @param machines ids of machines, by what a target group may know them by */
async function unhealthyTargets(
  dr: Account,
  machines: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const client = loadBalancing(dr);
  const groups = await allPages(paginateDescribeTargetGroups({ client }, {}), (page) => page.TargetGroups);
  const inUse = groups.filter(({ LoadBalancerArns = [] }) => LoadBalancerArns.length > 0);
  const all = await Promise.all(
    inUse.map(async ({ TargetGroupArn, TargetGroupName }) =>
      (await healthOf(client, present(TargetGroupArn, 'TargetGroupArn'))).flatMap(
        ({ Target, TargetHealth }): [string, string][] => {
          const id = machines.get(Target?.Id ?? '');
          const { State = 'unknown', Description } = TargetHealth ?? {};
          if (id === undefined || FINE.includes(State)) return [];
          const why = Description ? `: ${Description}` : '';
          return [
            [id, `the target group ${TargetGroupName} finds it ${State} on port ${Target?.Port}${why}`],
          ];
        },
      ),
    ),
  );
  return new Map(all.flat());
}

async function healthOf(
  client: ElasticLoadBalancingV2Client,
  TargetGroupArn: string,
): Promise<TargetHealthDescription[]> {
  const { TargetHealthDescriptions } = await perObject(client, () =>
    client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
  );
  return present(TargetHealthDescriptions, 'TargetHealthDescriptions');
}
