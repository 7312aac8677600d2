import type { InstanceNetworkInterface } from '@aws-sdk/client-ec2';
import { present } from '../kind';

/** A network interface of a machine, with everything that it is made of. */
export interface MachineInterface {
  /** The source's, `eni-…`. */
  readonly id: string;
  /** 0 is the machine's first. */
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly subnetId: string;
  /** `interface`, `efa`, … */
  readonly interfaceType?: string;
  readonly description?: string;
  readonly sourceDestCheck: boolean;
  readonly securityGroupIds: readonly string[];
  /** Its primary address. Absent in an IPv6-only subnet. */
  readonly privateIpAddress?: string;
  readonly secondaryPrivateIpAddresses: readonly string[];
  readonly ipv6Addresses: readonly string[];
  /** Whether the first of its IPv6 addresses is one that AWS keeps as its primary. */
  readonly primaryIpv6: boolean;
  readonly ipv4Prefixes: readonly string[];
  readonly ipv6Prefixes: readonly string[];
  /** Of protected machines alone. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * The interfaces of a machine as DescribeInstances tells them, by their place. Pure.
 *
 * @param tags of interfaces, by id: DescribeInstances does not tell them
 */
export function machineInterfaces(
  found: readonly InstanceNetworkInterface[] = [],
  tags: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(),
): MachineInterface[] {
  return found
    .map((each): MachineInterface => {
      const id = present(each.NetworkInterfaceId, 'NetworkInterfaceId');
      const sixes = each.Ipv6Addresses ?? [];
      const isFirst = ({ IsPrimaryIpv6 = false }: (typeof sixes)[number]) => IsPrimaryIpv6;
      return {
        id,
        deviceIndex: present(each.Attachment?.DeviceIndex, 'Attachment.DeviceIndex'),
        networkCardIndex: each.Attachment?.NetworkCardIndex ?? 0,
        subnetId: present(each.SubnetId, 'SubnetId'),
        interfaceType: each.InterfaceType,
        description: each.Description || undefined,
        sourceDestCheck: each.SourceDestCheck ?? true,
        securityGroupIds: (each.Groups ?? []).map(({ GroupId }) => present(GroupId, 'GroupId')).sort(),
        privateIpAddress: each.PrivateIpAddress,
        secondaryPrivateIpAddresses: (each.PrivateIpAddresses ?? [])
          .filter(({ Primary }) => !Primary)
          .map(({ PrivateIpAddress }) => present(PrivateIpAddress, 'PrivateIpAddress'))
          .sort(),
        ipv6Addresses: [
          ...sixes.filter(isFirst),
          ...sixes
            .filter((six) => !isFirst(six))
            .sort((a, b) => ((a.Ipv6Address ?? '') < (b.Ipv6Address ?? '') ? -1 : 1)),
        ].map(({ Ipv6Address }) => present(Ipv6Address, 'Ipv6Address')),
        primaryIpv6: sixes.some(isFirst),
        ipv4Prefixes: (each.Ipv4Prefixes ?? [])
          .map(({ Ipv4Prefix }) => present(Ipv4Prefix, 'Ipv4Prefix'))
          .sort(),
        ipv6Prefixes: (each.Ipv6Prefixes ?? [])
          .map(({ Ipv6Prefix }) => present(Ipv6Prefix, 'Ipv6Prefix'))
          .sort(),
        tags: tags.get(id) ?? {},
      };
    })
    .sort((a, b) => a.networkCardIndex - b.networkCardIndex || a.deviceIndex - b.deviceIndex);
}
