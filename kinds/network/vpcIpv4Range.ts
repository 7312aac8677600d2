import type { VpcIpv4CidrBlockAssociationArgs } from '@pulumi/aws/ec2/vpcIpv4CidrBlockAssociation';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { describeVpcs } from '../sharedLookUps';
import { overlap } from './overlap';

export interface VpcIpv4Range extends Item {
  readonly vpcId: string;
  readonly cidrBlock: string;
}

/** A further IPv4 range of a VPC, beside the first, which is the VPC's own. */
export const vpcIpv4Range: Kind<VpcIpv4Range> = {
  name: 'vpc-ipv4-range',
  title: 'Secondary IPv4 range of a VPC',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation'],
  iamActions: ['ec2:DescribeVpcs'],

  async list(account) {
    const vpcs = await describeVpcs(account);
    return vpcs.flatMap((vpc) =>
      (vpc.CidrBlockAssociationSet ?? [])
        .filter((set) => set.CidrBlockState?.State === 'associated' && set.CidrBlock !== vpc.CidrBlock)
        .map((set) => ({
          id: present(set.AssociationId, 'AssociationId'),
          tags: {},
          vpcId: present(vpc.VpcId, 'VpcId'),
          cidrBlock: present(set.CidrBlock, 'CidrBlock'),
        })),
    );
  },

  mirror: (item, ctx) =>
    resource<VpcIpv4CidrBlockAssociationArgs>(
      'aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation',
      { vpcId: ctx.ref('vpc', item.vpcId), cidrBlock: item.cidrBlock },
    ),

  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    return vpcId && `${vpcId} ${item.cidrBlock}`;
  },

  excludes: (item, other, there) =>
    there.id('vpc', item.vpcId) === other.vpcId && overlap(item.cidrBlock, other.cidrBlock),

  quotas: [
    { service: 'vpc', code: 'L-83CA0A9D', name: 'IPv4 CIDR blocks per VPC', per: (item) => item.vpcId },
  ],
};
