import type { VpcIpv6CidrBlockAssociationArgs } from '@pulumi/aws/ec2/vpcIpv6CidrBlockAssociation';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { describeVpcs } from '../sharedLookUps';
import { type AssignedIpv6, assignedIpv6, unassignable } from './assignedIpv6';

export interface VpcIpv6Range extends Item, Omit<AssignedIpv6, 'ipv6CidrBlock'> {
  readonly vpcId: string;
  readonly cidrBlock: string;
  /** Which of the VPC's IPv6 ranges it is, from 1, those that DR cannot have last; the first, 0, is the VPC's own. */
  readonly position: number;
}

/** A further IPv6 range of a VPC. AWS assigns it, so that DR has another of the same size. */
export const vpcIpv6Range: Kind<VpcIpv6Range> = {
  name: 'vpc-ipv6-range',
  title: 'Further IPv6 range of a VPC',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation'],
  iamActions: ['ec2:DescribeVpcs'],

  async list(account) {
    const vpcs = await describeVpcs(account);
    return vpcs.flatMap((vpc) =>
      assignedIpv6(vpc)
        .map(({ id, range: { ipv6CidrBlock, ...pool } }, position) => ({
          id: present(id, 'AssociationId'),
          tags: {},
          vpcId: present(vpc.VpcId, 'VpcId'),
          cidrBlock: present(ipv6CidrBlock, 'Ipv6CidrBlock'),
          ...pool,
          position,
        }))
        .slice(1),
    );
  },

  skip: (item, { find }) =>
    why(item) ??
    // It would be the first in DR, and taken for the VPC's own.
    (unassignable((find('vpc', item.vpcId) ?? {}) as AssignedIpv6) &&
      `its VPC ${item.vpcId} is made without IPv6`),

  mirror: (item, ctx) =>
    resource<VpcIpv6CidrBlockAssociationArgs>(
      'aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation',
      { vpcId: ctx.ref('vpc', item.vpcId), assignGeneratedIpv6CidrBlock: true },
    ),

  ipv6Range: (item) => item.cidrBlock,

  unassignable: why,

  // A range is told by its place among the VPC's: AWS knows no tags on it.
  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    return vpcId && `${vpcId} ${item.position}`;
  },

  // In the source its place shifts when one before it goes, which must not be taken for that one.
  remade: (item) => `${item.vpcId} ${item.cidrBlock}`,

  quotas: [
    { service: 'vpc', code: 'L-085A6257', name: 'IPv6 CIDR blocks per VPC', per: (item) => item.vpcId },
  ],
};

function why({ cidrBlock, ...pool }: VpcIpv6Range): string | undefined {
  return unassignable({ ...pool, ipv6CidrBlock: cidrBlock });
}
