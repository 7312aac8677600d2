import type { VpcDhcpOptionsAssociationArgs } from '@pulumi/aws/ec2/vpcDhcpOptionsAssociation';
import { type Item, type Kind, present, resource } from './kind';
import { describeVpcs } from './sharedLookUps';

export interface DhcpOptionsAssociation extends Item {
  /** `default` for a VPC without any. */
  readonly dhcpOptionsId: string;
}

/** Which DHCP options a VPC has. Its id is the VPC's. */
export const dhcpOptionsAssociation: Kind<DhcpOptionsAssociation> = {
  name: 'dhcp-options-association',
  title: 'DHCP options of a VPC',
  cost: 'free',
  types: ['aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation'],
  iamActions: ['ec2:DescribeVpcs'],

  async list(account) {
    const vpcs = await describeVpcs(account);
    return vpcs.map((vpc) => ({
      id: present(vpc.VpcId, 'VpcId'),
      tags: {},
      dhcpOptionsId: present(vpc.DhcpOptionsId, 'DhcpOptionsId'),
    }));
  },

  mirror: (item, ctx) =>
    resource<VpcDhcpOptionsAssociationArgs>('aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation', {
      vpcId: ctx.ref('vpc', item.id),
      dhcpOptionsId:
        item.dhcpOptionsId === 'default' ? 'default' : ctx.ref('dhcp-options', item.dhcpOptionsId),
    }),

  settingOf: (item) => ({ kind: 'vpc', id: item.id }),
  madeAgain: true,
};
