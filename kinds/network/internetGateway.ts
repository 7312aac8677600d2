import { paginateDescribeInternetGateways } from '@aws-sdk/client-ec2';
import type { InternetGatewayArgs } from '@pulumi/aws/ec2/internetGateway';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

export interface InternetGateway extends Item {
  /** Absent while it is attached to no VPC. */
  readonly vpcId?: string;
}

/** An internet gateway with its attachment. */
export const internetGateway: Kind<InternetGateway> = {
  name: 'internet-gateway',
  title: 'Internet gateway',
  cost: 'free',
  types: ['aws:ec2/internetGateway:InternetGateway'],
  iamActions: ['ec2:DescribeInternetGateways'],

  async list({ ec2 }) {
    const gateways = await allPages(
      paginateDescribeInternetGateways({ client: ec2 }, {}),
      (page) => page.InternetGateways,
    );
    return gateways.map((found) => ({
      id: present(found.InternetGatewayId, 'InternetGatewayId'),
      tags: tagRecord(found.Tags),
      vpcId: present(found.Attachments, 'Attachments')[0]?.VpcId,
    }));
  },

  mirror: (item, ctx) =>
    resource<InternetGatewayArgs>('aws:ec2/internetGateway:InternetGateway', {
      vpcId: item.vpcId && ctx.ref('vpc', item.vpcId),
      tags: ctx.tags(item),
    }),

  // A VPC has one at most.
  identity(item, dr) {
    return item.vpcId && dr.id('vpc', item.vpcId);
  },

  danger: (item, former) =>
    former?.vpcId && former.vpcId !== item.vpcId
      ? `is no longer attached to ${former.vpcId}: in DR too, all that goes through it would end`
      : undefined,

  quotas: [{ service: 'vpc', code: 'L-A4707A72', name: 'Internet gateways per Region' }],
};
