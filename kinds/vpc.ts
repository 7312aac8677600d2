import { DescribeVpcAttributeCommand, paginateDescribeVpcs } from '@aws-sdk/client-ec2';
import type { VpcArgs } from '@pulumi/aws/ec2/vpc';
import { allPages, type Item, type Kind, present, resource, tagRecord } from './kind';

export interface Vpc extends Item {
  readonly cidrBlock: string;
  readonly ipv6CidrBlock?: string;
  readonly instanceTenancy: string;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly isDefault: boolean;
}

/** A VPC with its first IPv4 range and, where the source has one, an IPv6 range that AWS assigns anew. */
export const vpc: Kind<Vpc> = {
  name: 'vpc',
  title: 'VPC',
  cost: 'free',
  types: ['aws:ec2/vpc:Vpc'],
  iamActions: ['ec2:DescribeVpcs', 'ec2:DescribeVpcAttribute'],

  async list({ ec2 }) {
    const vpcs = await allPages(paginateDescribeVpcs({ client: ec2 }, {}), (page) => page.Vpcs);
    // DescribeVpcs does not tell the DNS attributes, and DescribeVpcAttribute answers one VPC and attribute a call.
    const attribute = async (VpcId: string, Attribute: 'enableDnsSupport' | 'enableDnsHostnames') => {
      const answer = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
      return present(
        (Attribute === 'enableDnsSupport' ? answer.EnableDnsSupport : answer.EnableDnsHostnames)?.Value,
        Attribute,
      );
    };
    return Promise.all(
      vpcs.map(async (found) => {
        const id = present(found.VpcId, 'VpcId');
        const [enableDnsSupport, enableDnsHostnames] = await Promise.all([
          attribute(id, 'enableDnsSupport'),
          attribute(id, 'enableDnsHostnames'),
        ]);
        return {
          id,
          tags: tagRecord(found.Tags),
          cidrBlock: present(found.CidrBlock, 'CidrBlock'),
          ipv6CidrBlock: found.Ipv6CidrBlockAssociationSet?.find(
            (set) => set.Ipv6CidrBlockState?.State === 'associated',
          )?.Ipv6CidrBlock,
          instanceTenancy: found.InstanceTenancy ?? 'default',
          enableDnsSupport,
          enableDnsHostnames,
          isDefault: found.IsDefault ?? false,
        };
      }),
    );
  },

  skip: (item, { mirrorDefaultVpc }) =>
    item.isDefault && !mirrorDefaultVpc
      ? 'the default VPC, mirrored only with lifeboat:mirrorDefaultVpc'
      : undefined,

  mirror: (item, ctx) =>
    resource<VpcArgs>('aws:ec2/vpc:Vpc', {
      cidrBlock: item.cidrBlock,
      instanceTenancy: item.instanceTenancy,
      enableDnsSupport: item.enableDnsSupport,
      enableDnsHostnames: item.enableDnsHostnames,
      // A range that AWS assigned cannot be kept: the mirror gets one of its own.
      assignGeneratedIpv6CidrBlock: item.ipv6CidrBlock !== undefined,
      tags: ctx.tags(item),
    }),

  fixed: (item) => [item.cidrBlock],
};
