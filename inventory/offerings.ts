import { type InstanceTypeOffering, paginateDescribeInstanceTypeOfferings } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { allPages, present } from '../kinds/kind';
import type { Subnet } from '../kinds/network/subnet';
import { type InstanceTypeMap, instanceTypesFor } from './instanceTypes';
import type { ProtectedInstance } from './protectedInstances';

/** AWS's limit of values of one filter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html */
const TYPES_AT_ONCE = 200;

/** Instance types by the ids of the zones that have them. */
export type Offered = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which of some instance types each zone of DR has. No two zones of AWS have all the same.
 *
 * @throws LifeboatError when any page of it cannot be had
 */
export async function offeredTypes(dr: Account, types: ReadonlySet<string>): Promise<Offered> {
  const all = [...types].sort();
  const parts = Array.from({ length: Math.ceil(all.length / TYPES_AT_ONCE) }, (_, index) =>
    all.slice(index * TYPES_AT_ONCE, (index + 1) * TYPES_AT_ONCE),
  );
  const ask = (Values: string[]): Promise<InstanceTypeOffering[]> =>
    allPages(
      paginateDescribeInstanceTypeOfferings(
        { client: dr.ec2 },
        { LocationType: 'availability-zone-id', Filters: [{ Name: 'instance-type', Values }] },
      ),
      (page) => page.InstanceTypeOfferings,
    );
  try {
    const found = (await Promise.all(parts.map(ask))).flat();
    const zones = new Map<string, Set<string>>();
    for (const { Location, InstanceType } of found) {
      const zone = present(Location, 'Location');
      zones.set(zone, (zones.get(zone) ?? new Set()).add(present(InstanceType, 'InstanceType')));
    }
    return zones;
  } catch (cause) {
    throw new LifeboatError({
      what: 'Which instance types DR has could not be looked up, so nothing is changed',
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'every page of it, by ec2:DescribeInstanceTypeOfferings',
      next: 'mend the permissions of this role in DR (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  }
}

/**
 * The machines whose type is not to be had in the zone that they would be launched in. Pure.
 *
 * @param zones zone ids of the source to zone ids of DR
 */
export function notOffered(
  instances: readonly ProtectedInstance[],
  subnets: readonly Subnet[],
  zones: Readonly<Record<string, string>>,
  offered: Offered,
  instanceTypes: InstanceTypeMap,
): { name: string; problem: string }[] {
  const zoneOf = new Map(subnets.map(({ id, availabilityZoneId }) => [id, zones[availabilityZoneId]]));
  return instances.flatMap((machine) => {
    const { name, instance } = machine;
    const [instanceType] = instanceTypesFor(machine, instanceTypes);
    const zone = zoneOf.get(instance.subnetId);
    // What has no subnet in the mirror is said elsewhere.
    if (zone === undefined || offered.get(zone)?.has(instanceType)) return [];
    const others = [...offered].flatMap(([id, types]) => (types.has(instanceType) ? [id] : [])).sort();
    const elsewhere =
      others.length > 0 ? `; ${others.join(', ')} ${others.length > 1 ? 'have' : 'has'} it` : '';
    return [{ name, problem: `its type ${instanceType} is not to be had in ${zone}${elsewhere}` }];
  });
}
