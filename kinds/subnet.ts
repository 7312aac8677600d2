import { paginateDescribeSubnets } from '@aws-sdk/client-ec2';
import type { SubnetArgs } from '@pulumi/aws/ec2/subnet';
import { parseCIDR } from 'ipaddr.js';
import { allPages, type Item, type Kind, present, resource, tagRecord } from './kind';
import type { Vpc } from './vpc';

export interface Subnet extends Item {
  readonly vpcId: string;
  /** Absent in an IPv6-only subnet. */
  readonly cidrBlock?: string;
  readonly availabilityZoneId: string;
  readonly mapPublicIpOnLaunch: boolean;
}

/** A subnet with its IPv4 range, in the zone that stands for the source's. */
export const subnet: Kind<Subnet> = {
  name: 'subnet',
  title: 'Subnet',
  cost: 'free',
  types: ['aws:ec2/subnet:Subnet'],
  iamActions: ['ec2:DescribeSubnets'],

  async list({ ec2 }) {
    const subnets = await allPages(paginateDescribeSubnets({ client: ec2 }, {}), (page) => page.Subnets);
    return subnets.map((found) => ({
      id: present(found.SubnetId, 'SubnetId'),
      tags: tagRecord(found.Tags),
      vpcId: present(found.VpcId, 'VpcId'),
      cidrBlock: found.CidrBlock || undefined,
      availabilityZoneId: present(found.AvailabilityZoneId, 'AvailabilityZoneId'),
      mapPublicIpOnLaunch: found.MapPublicIpOnLaunch ?? false,
    }));
  },

  skip(item, { find }) {
    if (item.cidrBlock === undefined) return 'it has IPv6 only, and IPv6 ranges of subnets are not mirrored';
    const vpc = find('vpc', item.vpcId) as Vpc | undefined;
    if (vpc && !contains(vpc.cidrBlock, item.cidrBlock))
      return `its range ${item.cidrBlock} is in a secondary range of ${vpc.id}, and those are not mirrored`;
    return undefined;
  },

  mirror: (item, ctx) =>
    resource<SubnetArgs>('aws:ec2/subnet:Subnet', {
      vpcId: ctx.ref('vpc', item.vpcId),
      cidrBlock: item.cidrBlock,
      // By id, not by letter: euc1-az2 is the same zone in every account, eu-central-1b is not.
      availabilityZoneId: ctx.zone(item.availabilityZoneId),
      mapPublicIpOnLaunch: item.mapPublicIpOnLaunch,
      tags: ctx.tags(item),
    }),

  // Ranges within a VPC do not overlap, so a range is one subnet.
  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    return vpcId && item.cidrBlock && `${vpcId} ${item.cidrBlock}`;
  },

  fixed: (item, zone) => [item.cidrBlock, zone(item.availabilityZoneId)],

  excludes(item, inDr, dr) {
    if (dr.id('vpc', item.vpcId) !== inDr.vpcId || !item.cidrBlock || !inDr.cidrBlock) return false;
    return contains(item.cidrBlock, inDr.cidrBlock) || contains(inDr.cidrBlock, item.cidrBlock);
  },
};

/** Whether one IPv4 range holds all of another. Ranges are aligned, so two that overlap hold one another. */
function contains(outer: string, inner: string): boolean {
  const [address, bits] = parseCIDR(outer);
  const [first, innerBits] = parseCIDR(inner);
  return innerBits >= bits && first.match(address, bits);
}
