import type { InstanceArgs } from '@pulumi/aws/ec2/instance';
import type { NetworkInterfaceArgs } from '@pulumi/aws/ec2/networkInterface';
import type { Output } from '@pulumi/pulumi';
import type { Instance } from '../kinds/machines/instance';
import type { MachineInterface } from '../kinds/machines/machineInterface';
import { TAG } from '../names';
import { recoveredTags } from '../tags';
import { itemName } from './inventory';
import type { Ipv6InDr } from './machineIpv6';
import { Ref } from './refs';

/** A network interface that is made before its machine, which is launched with it. */
export interface PlannedInterface {
  /** The source's, `eni-…`. */
  readonly id: string;
  readonly deviceIndex: number;
  readonly networkCardIndex: number;
  readonly args: NetworkInterfaceArgs;
}

/** What a machine's network is made of in DR. */
export interface LaunchNetwork {
  /** Arguments of the launch, where AWS makes the one interface with the machine. */
  readonly launch: Omit<InstanceArgs, 'ami'>;
  /** The machine's interfaces, all of them or none: AWS takes no launch with both. */
  readonly interfaces: readonly PlannedInterface[];
  /** What of it is not as it was, in words that follow the machine's name. */
  readonly notes: readonly string[];
}

/** What is known of DR when a network is planned. */
export interface NetworkOptions {
  /** Names of the planned mirror. */
  readonly mirrored: ReadonlySet<string>;
  readonly ipv6: (cidr: string) => Ipv6InDr;
  /** Of the recovery point, for the tags. */
  readonly point: string;
}

/** Types of interfaces that may be asked for. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html */
const TYPES = ['efa', 'efa-only'];

/**
 * The network of a machine: its addresses, groups and further interfaces. A machine with one simple interface is launched into its
 * subnet. Any other gets its interfaces first, for a launch can neither tag one nor make two as they were, nor tell their order. Pure.
 */
export function launchNetwork(instance: Instance, options: NetworkOptions): LaunchNetwork {
  const notes: string[] = [];
  const interfaces = (instance.interfaces ?? []).filter((each) => {
    const missing = [
      itemName('subnet', each.subnetId),
      ...each.securityGroupIds.map((id) => itemName('security-group', id)),
    ].filter((name) => !options.mirrored.has(name));
    // Without the first there is no launch at all, see launchProblems.
    if (missing.length === 0 || each.deviceIndex === 0) return true;
    notes.push(`launched without its network interface ${each.id}: ${missing.join(', ')} not in the mirror`);
    return false;
  });
  const moved = (addresses: readonly string[]) =>
    addresses.flatMap((cidr) => {
      const there = options.ipv6(cidr);
      if ('value' in there) return there.value;
      notes.push(`launched without its address ${cidr}: ${there.reason}`);
      return [];
    });
  const [first] = interfaces;
  // Made with a prefix an interface cannot be tagged in the same call, and what has no tag is nobody's.
  for (const { id, ipv4Prefixes, ipv6Prefixes } of interfaces)
    for (const prefix of [...ipv4Prefixes, ...ipv6Prefixes])
      notes.push(`launched without the prefix ${prefix} of its network interface ${id}`);
  if (interfaces.length <= 1 && (first === undefined || isSimple(first)))
    return { launch: oneInterface(instance, first, moved), interfaces: [], notes };
  return {
    launch: {},
    interfaces: interfaces.map((each) => planned(each, options.point, moved, notes)),
    notes,
  };
}

type Move = (addresses: readonly string[]) => Output<string>[];

/** Whether a launch into a subnet makes an interface that is no other. */
function isSimple(each: MachineInterface): boolean {
  return (
    // AWS promises no order of several, and the provider makes a machine anew for another order.
    each.ipv6Addresses.length <= 1 &&
    !each.primaryIpv6 &&
    !TYPES.includes(each.interfaceType ?? '') &&
    each.description === undefined &&
    Object.keys(each.tags).length === 0
  );
}

function oneInterface(
  instance: Instance,
  first: MachineInterface | undefined,
  moved: Move,
): LaunchNetwork['launch'] {
  const secondary = first?.secondaryPrivateIpAddresses ?? [];
  const sixes = moved(first?.ipv6Addresses ?? []);
  return {
    subnetId: reference('subnet', instance.subnetId),
    privateIp: instance.privateIpAddress,
    ...(secondary.length > 0 && { secondaryPrivateIps: [...secondary] }),
    ...(sixes.length > 0 && { ipv6Addresses: sixes }),
    vpcSecurityGroupIds: instance.securityGroupIds.map((id) => reference('security-group', id)),
    sourceDestCheck: instance.sourceDestCheck,
  };
}

function planned(each: MachineInterface, point: string, moved: Move, notes: string[]): PlannedInterface {
  const { id, interfaceType = '', deviceIndex, networkCardIndex } = each;
  const { tags, leftOut } = recoveredTags(each.tags, { [TAG.sourceId]: id, [TAG.recoveryPoint]: point });
  if (leftOut.length > 0)
    notes.push(
      `no room on the interface ${id} for the tags ${leftOut.join(', ')}; the accepted inventory has them`,
    );
  if (!['', 'interface', ...TYPES].includes(interfaceType))
    notes.push(`its network interface ${id} becomes a plain one: it is of the type ${interfaceType}`);
  if (each.primaryIpv6 && each.ipv6Addresses.length > 1)
    notes.push(`which of the IPv6 addresses of ${id} is its primary one may change`);
  const sixes = moved(each.ipv6Addresses);
  const { privateIpAddress: primary } = each;
  return {
    id,
    deviceIndex,
    networkCardIndex,
    args: {
      subnetId: reference('subnet', each.subnetId),
      description: each.description,
      ...(TYPES.includes(interfaceType) && { interfaceType }),
      ...(primary !== undefined && {
        // A set would make any of them the first.
        privateIpListEnabled: true,
        privateIpLists: [primary, ...each.secondaryPrivateIpAddresses],
      }),
      ...(sixes.length > 0 && { ipv6Addresses: sixes }),
      ...(each.primaryIpv6 && sixes.length > 0 && { enablePrimaryIpv6: true }),
      securityGroups: each.securityGroupIds.map((group) => reference('security-group', group)),
      sourceDestCheck: each.sourceDestCheck,
      tags,
    },
  };
}

function reference(kind: string, id: string): Output<string> {
  return new Ref(itemName(kind, id)) as unknown as Output<string>;
}
