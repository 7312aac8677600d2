import { paginateDescribeEgressOnlyInternetGateways } from '@aws-sdk/client-ec2';
import type { EgressOnlyInternetGatewayArgs } from '@pulumi/aws/ec2/egressOnlyInternetGateway';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

export interface EgressOnlyInternetGateway extends Item {
  readonly vpcId: string;
}

/** A way out for IPv6, and none in. */
export const egressOnlyInternetGateway: Kind<EgressOnlyInternetGateway> = {
  name: 'egress-only-internet-gateway',
  title: 'Egress-only internet gateway',
  cost: 'free',
  types: ['aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway'],
  iamActions: ['ec2:DescribeEgressOnlyInternetGateways'],

  async list({ ec2 }) {
    const gateways = await allPages(
      paginateDescribeEgressOnlyInternetGateways({ client: ec2 }, {}),
      (page) => page.EgressOnlyInternetGateways,
    );
    return gateways.map((found) => ({
      id: present(found.EgressOnlyInternetGatewayId, 'EgressOnlyInternetGatewayId'),
      tags: tagRecord(found.Tags),
      vpcId: present(found.Attachments?.[0]?.VpcId, 'Attachments'),
    }));
  },

  mirror: (item, ctx) =>
    resource<EgressOnlyInternetGatewayArgs>('aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway', {
      vpcId: ctx.ref('vpc', item.vpcId),
      tags: ctx.tags(item),
    }),

  // A VPC has one at most.
  identity: (item, dr) => dr.id('vpc', item.vpcId),

  quotas: [{ service: 'vpc', code: 'L-45FE3B85', name: 'Egress-only internet gateways per Region' }],
};
