import { type NatGateway as Found, paginateDescribeNatGateways } from '@aws-sdk/client-ec2';
import type { NatGatewayArgs } from '@pulumi/aws/ec2/natGateway';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { type Vpc, vpc } from './vpc';

export interface NatGateway extends Item {
  readonly vpcId: string;
  /** Absent of a regional one. */
  readonly subnetId?: string;
  /** `public`, or `private`: the latter leads to other networks and not to the world. */
  readonly connectivityType: string;
  /** `zonal`, or `regional`: in no subnet, and wherever its VPC has machines. */
  readonly availabilityMode: string;
  /** Its own; absent of one that is being made. */
  readonly privateIp?: string;
  /** Its Elastic IP address, of a public one. */
  readonly allocationId?: string;
  /** What it has beside: allocations of Elastic IP addresses, and private addresses of a private one. */
  readonly furtherAddresses: readonly string[];
}

/**
 * A NAT gateway: how machines without an address of their own reach the world. AWS bills it by the hour from the moment it is made.
 * https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-pricing.html
 */
export const natGateway: Kind<NatGateway> = {
  name: 'nat-gateway',
  title: 'NAT gateway',
  cost: 'billed',
  madeAtRecovery: true,
  types: ['aws:ec2/natGateway:NatGateway'],
  iamActions: ['ec2:DescribeNatGateways'],

  async list({ ec2 }) {
    const gateways = await allPages(
      // One that was deleted, or could not be made, is described for about an hour.
      paginateDescribeNatGateways(
        { client: ec2 },
        { Filter: [{ Name: 'state', Values: ['pending', 'available'] }] },
      ),
      (page) => page.NatGateways,
    );
    return gateways.map((found) => {
      const { own, others } = addressesOf(found);
      const connectivityType = found.ConnectivityType ?? 'public';
      return {
        id: present(found.NatGatewayId, 'NatGatewayId'),
        tags: tagRecord(found.Tags),
        vpcId: present(found.VpcId, 'VpcId'),
        subnetId: found.SubnetId,
        connectivityType,
        availabilityMode: found.AvailabilityMode ?? 'zonal',
        privateIp: own?.PrivateIp,
        allocationId: own?.AllocationId,
        furtherAddresses: others
          .flatMap(({ AllocationId, PrivateIp }) => AllocationId ?? PrivateIp ?? [])
          .sort(),
      };
    });
  },

  skip({ availabilityMode, vpcId }, options) {
    if (availabilityMode !== 'zonal')
      return `it is ${availabilityMode}, and AWS itself chooses its zones and addresses`;
    // Of what would not be made either, no quota is asked ahead.
    const own = options.find(vpc.name, vpcId);
    const reason = own && vpc.skip?.(own as Vpc, options);
    return reason && `it is in ${vpcId}, which is not mirrored: ${reason}`;
  },

  atRecovery: () => 'a NAT gateway, which is billed by the hour',

  mirror(item, ctx) {
    const subnetId = ctx.ref('subnet', present(item.subnetId, 'SubnetId'));
    for (const address of item.furtherAddresses) ctx.note(`does without its further address ${address}`);
    return resource<NatGatewayArgs>('aws:ec2/natGateway:NatGateway', {
      subnetId,
      connectivityType: item.connectivityType,
      // A private one is known to others by its address.
      ...(item.connectivityType === 'private'
        ? { privateIp: item.privateIp }
        : { allocationId: addressInDr(item, ctx) }),
      tags: ctx.tags(item),
    });
  },

  taggedWhenMade: true,

  fixed: (item, _zone, dr) => [
    item.subnetId && dr.id('subnet', item.subnetId),
    item.connectivityType,
    item.connectivityType === 'private' && item.privateIp,
  ],

  // An address is one gateway's.
  remade: ({ allocationId, subnetId, privateIp }) =>
    allocationId ?? (privateIp && `${subnetId} ${privateIp}`),

  quotas: [
    {
      service: 'vpc',
      code: 'L-FE5A380F',
      name: 'NAT gateways per Availability Zone',
      atRecovery: true,
      per: ({ subnetId }, find) =>
        (find('subnet', subnetId ?? '') as { availabilityZoneId?: string } | undefined)?.availabilityZoneId ??
        null,
    },
  ],
};

/** The one that has an Elastic IP address, as its own or beside that. */
export function gatewayOn(
  allocationId: string,
  all: (kind: string) => readonly Item[],
): NatGateway | undefined {
  return (all(natGateway.name) as readonly NatGateway[]).find(
    (each) => each.allocationId === allocationId || each.furtherAddresses.includes(allocationId),
  );
}

/** Skips what would be of no use: AWS makes a public one only where its VPC has an internet gateway, which then comes first. */
export function needsWayOut({ vpcId, subnetId }: NatGateway, ctx: MirrorContext): void {
  ctx.after('subnet', present(subnetId, 'SubnetId'));
  const gateway = ctx.all('internet-gateway').find((each) => (each as { vpcId?: string }).vpcId === vpcId);
  if (!gateway) ctx.skip(`its VPC ${vpcId} has no internet gateway`);
  ctx.after('internet-gateway', gateway.id);
}

function addressInDr(item: NatGateway, ctx: MirrorContext) {
  const { allocationId } = item;
  if (allocationId === undefined) ctx.skip('AWS did not tell its address');
  const address = ctx.find('elastic-ip', allocationId) as { instanceId?: string } | undefined;
  if (address?.instanceId) ctx.skip(`its address ${allocationId} is on ${address.instanceId} by now`);
  needsWayOut(item, ctx);
  return ctx.ref('elastic-ip', allocationId);
}

function addressesOf({ NatGatewayAddresses: all = [] }: Found) {
  // AWS did not always tell which is the first of several; then there was one.
  const own = all.find(({ IsPrimary }) => IsPrimary) ?? all[0];
  return { own, others: all.filter((each) => each !== own) };
}
