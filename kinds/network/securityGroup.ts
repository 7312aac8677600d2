import { paginateDescribeSecurityGroups } from '@aws-sdk/client-ec2';
import type { DefaultSecurityGroupArgs } from '@pulumi/aws/ec2/defaultSecurityGroup';
import type { SecurityGroupArgs } from '@pulumi/aws/ec2/securityGroup';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

export interface SecurityGroup extends Item {
  readonly vpcId: string;
  readonly groupName: string;
  readonly description: string;
}

/**
 * A security group without its rules, which are a kind of their own: so groups may refer to each other in circles. Each
 * VPC's default group is AWS's own; the one in DR is taken over, and emptied of the rules that AWS puts into it.
 */
export const securityGroup: Kind<SecurityGroup> = {
  name: 'security-group',
  title: 'Security group',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/securityGroup:SecurityGroup', 'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup'],
  iamActions: ['ec2:DescribeSecurityGroups'],

  async list({ ec2 }) {
    const groups = await allPages(
      paginateDescribeSecurityGroups({ client: ec2 }, {}),
      (page) => page.SecurityGroups,
    );
    return groups.map((found) => ({
      id: present(found.GroupId, 'GroupId'),
      tags: tagRecord(found.Tags),
      vpcId: present(found.VpcId, 'VpcId'),
      groupName: present(found.GroupName, 'GroupName'),
      description: found.Description ?? '',
    }));
  },

  mirror: (item, ctx) =>
    item.groupName === 'default'
      ? resource<DefaultSecurityGroupArgs>('aws:ec2/defaultSecurityGroup:DefaultSecurityGroup', {
          vpcId: ctx.ref('vpc', item.vpcId),
          tags: ctx.tags(item),
        })
      : resource<SecurityGroupArgs>('aws:ec2/securityGroup:SecurityGroup', {
          vpcId: ctx.ref('vpc', item.vpcId),
          name: item.groupName,
          description: item.description,
          tags: ctx.tags(item),
        }),

  // A group's name is its own within a VPC; the default group is there as soon as its VPC is, untagged.
  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    return vpcId && `${vpcId} ${item.groupName}`;
  },

  fixed: (item) => [item.groupName, item.groupName === 'default' ? '' : item.description],

  quotas: [{ service: 'vpc', code: 'L-E79EC296', name: 'VPC security groups per Region' }],
};
