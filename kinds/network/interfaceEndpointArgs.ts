import type { VpcEndpointArgs } from '@pulumi/aws/ec2/vpcEndpoint';
import type { Output } from '@pulumi/pulumi';
import type { MirrorContext } from '../mirrorContext';
import type { NatGateway } from './natGateway';
import type { Subnet } from './subnet';
import type { VpcEndpoint } from './vpcEndpoint';

/** What an interface endpoint has beside what all have: where it is, who reaches it, and by which names. */
export function interfaceEndpointArgs(item: VpcEndpoint, ctx: MirrorContext): Partial<VpcEndpointArgs> {
  const subnets = oneOfEachZone(item, ctx);
  if (subnets.length === 0) ctx.skip('it is in no subnet that is mirrored');
  const securityGroupIds = (item.securityGroupIds ?? []).flatMap(
    (id) => ctx.attempt('security-group', id, 'the group') ?? [],
  );
  // AWS would give it the default group, and who asks for the service by its name would get no answer.
  if (securityGroupIds.length === 0) ctx.skip('none of its security groups is mirrored');
  afterOthers(item, ctx);
  const isFour = losesIpv6(item, subnets, ctx);
  return {
    serviceRegion: item.serviceRegion,
    subnetIds: subnets.map(({ reference }) => reference),
    securityGroupIds,
    privateDnsEnabled: item.privateDnsEnabled,
    ipAddressType: isFour ? 'ipv4' : item.ipAddressType,
    dnsOptions: {
      dnsRecordIpType: isFour ? 'ipv4' : item.dnsRecordIpType,
      ...(item.privateDnsOnlyForInboundResolverEndpoint && {
        privateDnsOnlyForInboundResolverEndpoint: true,
      }),
    },
  };
}

interface Placed {
  readonly subnet: Subnet;
  readonly reference: Output<string>;
}

/** AWS takes one subnet of each zone, and two zones of the source may be one of DR. */
function oneOfEachZone({ subnetIds = [] }: VpcEndpoint, ctx: MirrorContext): Placed[] {
  const byZone = new Map<string, Placed>();
  for (const id of subnetIds) {
    const subnet = ctx.find('subnet', id) as Subnet | undefined;
    const taken = subnet && byZone.get(ctx.zone(subnet.availabilityZoneId));
    if (taken) {
      ctx.note(
        `does without the subnet ${id}: AWS takes one of a zone, and in DR ${taken.subnet.id} is in the same`,
      );
      continue;
    }
    const reference = ctx.attempt('subnet', id, 'the subnet');
    if (subnet && reference) byZone.set(ctx.zone(subnet.availabilityZoneId), { subnet, reference });
  }
  return [...byZone.values()];
}

/** AWS chooses its addresses, which a private NAT gateway may need; and an endpoint for outsiders needs the gateway endpoint. */
function afterOthers({ subnetIds = [], serviceName, vpcId, ...item }: VpcEndpoint, ctx: MirrorContext): void {
  for (const gateway of ctx.all('nat-gateway') as readonly NatGateway[]) {
    const isBeside = gateway.connectivityType === 'private' && subnetIds.includes(gateway.subnetId ?? '');
    if (isBeside && ctx.known('nat-gateway', gateway.id)) ctx.after('nat-gateway', gateway.id);
  }
  if (!item.privateDnsOnlyForInboundResolverEndpoint) return;
  for (const other of ctx.all('vpc-endpoint') as readonly VpcEndpoint[]) {
    const isGateway = other.endpointType === 'Gateway' && other.serviceName === serviceName;
    if (isGateway && other.vpcId === vpcId && ctx.known('vpc-endpoint', other.id))
      ctx.after('vpc-endpoint', other.id);
  }
}

/** Whether it has IPv4 alone in DR, for want of a range of IPv6 in each of its subnets. */
function losesIpv6({ ipAddressType }: VpcEndpoint, subnets: readonly Placed[], ctx: MirrorContext): boolean {
  if (ipAddressType === undefined || ipAddressType === 'ipv4') return false;
  const isWhole = subnets.every(
    ({ subnet: { id, ipv6CidrBlock } }) =>
      ipv6CidrBlock !== undefined && ctx.attemptIpv6(ipv6CidrBlock, `the IPv6 range of ${id}`) !== undefined,
  );
  if (!isWhole && ipAddressType === 'ipv6') ctx.skip('it has IPv6 alone, and its subnets have none in DR');
  if (!isWhole) ctx.note('does without IPv6: not all of its subnets have a range in DR');
  return !isWhole;
}
