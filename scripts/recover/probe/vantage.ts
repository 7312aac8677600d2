import type { IpPermission } from '@aws-sdk/client-ec2';
import { contains } from '../../../kinds/contains';
import type { Probed } from './functionCode';

/** A security group of DR. */
export interface ProbeGroup {
  readonly id: string;
  readonly vpc: string;
  readonly inbound: readonly IpPermission[];
  readonly outbound: readonly IpPermission[];
}

/** The network of the machines that are probed. */
export interface ProbeNetwork {
  readonly groups: readonly ProbeGroup[];
  readonly subnets: readonly { readonly id: string; readonly vpc: string; readonly cidr: string }[];
  /** The ranges of prefix lists, by their ids. */
  readonly prefixLists: ReadonlyMap<string, readonly string[]>;
  /** VPCs of dedicated tenancy, which no function of Lambda can be in. https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html */
  readonly dedicated: ReadonlySet<string>;
}

/** One port of a machine, and where the machine is. */
export interface ProbeTarget extends Probed {
  readonly vpc: string;
  readonly subnet: string;
  /** Of its primary interface. */
  readonly groups: readonly string[];
}

/** From where a port is asked. */
export interface Vantage {
  readonly subnet: string;
  readonly groups: readonly string[];
}

/**
 * From where a port can be asked: somewhere in the machine's VPC that its own rules let in, and by groups that let out. In the machine's own
 * subnet where that does, since no network ACL stands between there. Network ACLs are not looked at. Pure.
 *
 * @returns where, or why nobody inside the VPC can ask
 */
export function vantageOf(target: ProbeTarget, network: ProbeNetwork): Vantage | string {
  if (network.dedicated.has(target.vpc)) return 'its VPC is of dedicated tenancy, where no function can be';
  const near = network.groups.filter(({ vpc }) => vpc === target.vpc).sort(byId);
  const own = near.filter(({ id }) => target.groups.includes(id));
  const rules = own.flatMap(({ inbound }) => inbound).filter((rule) => admitsPort(rule, target.port));
  // Of another VPC, by a peering, no function of this one can have it.
  const referred = new Set(
    rules.flatMap(({ UserIdGroupPairs = [] }) => UserIdGroupPairs.map(({ GroupId }) => GroupId)),
  );
  const named = near.filter(({ id }) => referred.has(id));
  const ranges = rules.flatMap((rule) => rangesOf(rule, network));
  const subnets = network.subnets
    .filter(({ vpc, cidr }) => vpc === target.vpc && ranges.some((range) => contains(range, cidr)))
    .sort(
      (a, b) => Number(b.id === target.subnet) - Number(a.id === target.subnet) || (a.id < b.id ? -1 : 1),
    );
  if (named.length === 0 && subnets.length === 0)
    return 'no rule of its security groups admits it from a group or a whole subnet of its VPC';

  const opens = (group: ProbeGroup) => letsOut(group, target, network);
  // The machine's own first: nobody else's rules are counted on without need.
  const out = own.find(opens) ?? near.find(opens);
  const reference = named.find(opens);
  if (reference) return { subnet: target.subnet, groups: [reference.id] };
  if (!out) return 'no security group of its VPC lets anything out to it';
  const [place] = subnets;
  if (place && (place.id === target.subnet || named.length === 0))
    return { subnet: place.id, groups: [out.id] };
  // The rules of all groups of an interface count together: one is let in, and another lets out.
  return { subnet: target.subnet, groups: [named[0]?.id ?? '', out.id].sort() };
}

const byId = (a: ProbeGroup, b: ProbeGroup): number => (a.id < b.id ? -1 : 1);

function admitsPort({ IpProtocol, FromPort, ToPort }: IpPermission, port: number): boolean {
  if (IpProtocol === '-1') return true;
  if (IpProtocol !== 'tcp' && IpProtocol !== '6') return false;
  return FromPort !== undefined && ToPort !== undefined && FromPort <= port && port <= ToPort;
}

/** The IPv4 ranges that a rule names, itself or by prefix lists. */
function rangesOf(
  { IpRanges = [], PrefixListIds = [] }: IpPermission,
  { prefixLists }: ProbeNetwork,
): string[] {
  return [
    ...IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []),
    ...PrefixListIds.flatMap(({ PrefixListId }) => prefixLists.get(PrefixListId ?? '') ?? []),
  ];
}

function letsOut({ outbound }: ProbeGroup, target: ProbeTarget, network: ProbeNetwork): boolean {
  return outbound
    .filter((rule) => admitsPort(rule, target.port))
    .some(
      (rule) =>
        (rule.UserIdGroupPairs ?? []).some(({ GroupId }) => target.groups.includes(GroupId ?? '')) ||
        rangesOf(rule, network).some((range) => contains(range, `${target.address}/32`)),
    );
}
