import { paginateDescribeSubnets } from '@aws-sdk/client-ec2';
import type { SubnetArgs } from '@pulumi/aws/ec2/subnet';
import { allPages, type Item, type Kind, present, resource, tagRecord } from './kind';

export interface Subnet extends Item {
  readonly vpcId: string;
  readonly cidrBlock: string;
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
      cidrBlock: present(found.CidrBlock, 'CidrBlock'),
      availabilityZoneId: present(found.AvailabilityZoneId, 'AvailabilityZoneId'),
      mapPublicIpOnLaunch: found.MapPublicIpOnLaunch ?? false,
    }));
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
    const vpcId = dr('vpc', item.vpcId);
    return vpcId && `${vpcId} ${item.cidrBlock}`;
  },
};
