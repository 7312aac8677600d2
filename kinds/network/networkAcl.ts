import type { DefaultNetworkAclArgs } from '@pulumi/aws/ec2/defaultNetworkAcl';
import type { NetworkAclArgs } from '@pulumi/aws/ec2/networkAcl';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { describeNetworkAcls } from '../sharedLookUps';

export interface NetworkAcl extends Item {
  readonly vpcId: string;
  /** Whether AWS made it with its VPC. It is so for ever. */
  readonly isDefault: boolean;
}

/** A network ACL without its entries and associations, which are kinds of their own. */
export const networkAcl: Kind<NetworkAcl> = {
  name: 'network-acl',
  title: 'Network ACL',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/networkAcl:NetworkAcl', 'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl'],
  iamActions: ['ec2:DescribeNetworkAcls'],

  async list(account) {
    const acls = await describeNetworkAcls(account);
    return acls.map((found) => ({
      id: present(found.NetworkAclId, 'NetworkAclId'),
      tags: tagRecord(found.Tags),
      vpcId: present(found.VpcId, 'VpcId'),
      isDefault: found.IsDefault ?? false,
    }));
  },

  mirror: (item, ctx) =>
    item.isDefault
      ? resource<DefaultNetworkAclArgs>(
          'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl',
          {
            defaultNetworkAclId: ctx.output('vpc', item.vpcId, 'defaultNetworkAclId'),
            tags: ctx.tags(item),
          },
          // The provider would take out of it what the entries and associations put in.
          ['ingress', 'egress', 'subnetIds'],
        )
      : resource<NetworkAclArgs>('aws:ec2/networkAcl:NetworkAcl', {
          vpcId: ctx.ref('vpc', item.vpcId),
          tags: ctx.tags(item),
        }),

  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    return item.isDefault && vpcId ? `default of ${vpcId}` : undefined;
  },

  quotas: [
    { service: 'vpc', code: 'L-B4A6D682', name: 'Network ACLs per VPC', per: (item) => item.vpcId },
    {
      service: 'vpc',
      code: 'L-2AEEBF1A',
      name: 'Rules per network ACL',
      // Its last rule, which denies the rest, counts in each direction and for each address family.
      per: ({ id }) =>
        ['inbound', 'outbound'].flatMap((way) => ['IPv4', 'IPv6'].map((family) => `${id} ${way} ${family}`)),
    },
  ],
};
