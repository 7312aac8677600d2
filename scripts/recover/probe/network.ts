import {
  type Instance,
  type IpPermission,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  paginateGetManagedPrefixListEntries,
} from '@aws-sdk/client-ec2';
import type { Account } from '../../../accounts';
import { allPages, present } from '../../../kinds/kind';
import { inParts, perObject } from '../../../kinds/perObject';
import type { ProbeGroup, ProbeNetwork, ProbeTarget } from './vantage';

/** AWS's limit of values in one filter: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html */
const VALUES_AT_ONCE = 200;

/** Where a machine is. */
export type Place = Omit<ProbeTarget, 'port'>;

/** Machines in DR, and the network around them. */
export interface ProbedNetwork {
  readonly network: ProbeNetwork;
  /** By the machines' ids; without those that have no IPv4 address. */
  readonly places: ReadonlyMap<string, Place>;
}

/**
 * Looks up the network of machines as it is now, since somebody may mend a rule while a gate waits for it. All pages, or it throws.
 *
 * @param ids of machines in DR
 */
export async function probeNetwork(dr: Account, ids: readonly string[]): Promise<ProbedNetwork> {
  const client = dr.ec2;
  const reservations = await byFilter('instance-id', ids, (Filters) =>
    allPages(paginateDescribeInstances({ client }, { Filters }), (page) => page.Reservations),
  );
  const places = new Map(
    reservations.flatMap(({ Instances }) => present(Instances, 'Instances')).flatMap(placeOf),
  );
  const vpcs = [...new Set([...places.values()].map(({ vpc }) => vpc))];
  const [groups, subnets, around] = await Promise.all([
    byFilter('vpc-id', vpcs, (Filters) =>
      allPages(paginateDescribeSecurityGroups({ client }, { Filters }), (page) => page.SecurityGroups),
    ),
    byFilter('vpc-id', vpcs, (Filters) =>
      allPages(paginateDescribeSubnets({ client }, { Filters }), (page) => page.Subnets),
    ),
    byFilter('vpc-id', vpcs, (Filters) =>
      allPages(paginateDescribeVpcs({ client }, { Filters }), (page) => page.Vpcs),
    ),
  ]);
  const found = groups.map(
    (group): ProbeGroup => ({
      id: present(group.GroupId, 'GroupId'),
      vpc: present(group.VpcId, 'VpcId'),
      inbound: present(group.IpPermissions, 'IpPermissions'),
      outbound: present(group.IpPermissionsEgress, 'IpPermissionsEgress'),
    }),
  );
  return {
    places,
    network: {
      groups: found,
      subnets: subnets.flatMap(({ SubnetId, VpcId, CidrBlock }) =>
        // One of IPv6 alone has no range.
        CidrBlock ? { id: present(SubnetId, 'SubnetId'), vpc: present(VpcId, 'VpcId'), cidr: CidrBlock } : [],
      ),
      prefixLists: await entriesOf(
        dr,
        found.flatMap(({ inbound, outbound }) => [...inbound, ...outbound]),
      ),
      dedicated: new Set(
        around.flatMap(({ VpcId, InstanceTenancy }) =>
          InstanceTenancy === 'dedicated' ? present(VpcId, 'VpcId') : [],
        ),
      ),
    },
  };
}

async function byFilter<T>(
  Name: string,
  all: readonly string[],
  ask: (Filters: { Name: string; Values: string[] }[]) => Promise<T[]>,
): Promise<T[]> {
  return (await Promise.all(inParts(all, VALUES_AT_ONCE).map((Values) => ask([{ Name, Values }])))).flat();
}

function placeOf(machine: Instance): [string, Place][] {
  const { InstanceId, PrivateIpAddress, VpcId, SubnetId, NetworkInterfaces = [] } = machine;
  // One that is ending has none any more.
  if (!PrivateIpAddress || !VpcId || !SubnetId) return [];
  const primary = NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  const groups = present(primary?.Groups ?? machine.SecurityGroups, 'SecurityGroups');
  return [
    [
      present(InstanceId, 'InstanceId'),
      {
        address: PrivateIpAddress,
        vpc: VpcId,
        subnet: SubnetId,
        groups: groups.map(({ GroupId }) => present(GroupId, 'GroupId')),
      },
    ],
  ];
}

async function entriesOf(dr: Account, rules: readonly IpPermission[]): Promise<Map<string, string[]>> {
  const ids = new Set(
    rules.flatMap(({ PrefixListIds = [] }) =>
      PrefixListIds.map(({ PrefixListId }) => present(PrefixListId, 'PrefixListId')),
    ),
  );
  const found = await Promise.all(
    [...ids].map(async (PrefixListId): Promise<[string, string[]]> => {
      const entries = await perObject(dr.ec2, () =>
        allPages(
          paginateGetManagedPrefixListEntries({ client: dr.ec2 }, { PrefixListId }),
          (page) => page.Entries,
        ),
      );
      return [PrefixListId, entries.map(({ Cidr }) => present(Cidr, 'Cidr'))];
    }),
  );
  return new Map(found);
}
