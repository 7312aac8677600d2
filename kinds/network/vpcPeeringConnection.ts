import { paginateDescribeVpcPeeringConnections } from '@aws-sdk/client-ec2';
import type { VpcPeeringConnectionArgs } from '@pulumi/aws/ec2/vpcPeeringConnection';
import { allPages, type Item, type Kind, type Place, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

interface Side extends Place {
  readonly vpcId: string;
  /** Whether this side resolves public names of the other's instances to their private addresses. */
  readonly allowRemoteVpcDnsResolution: boolean;
}

export interface VpcPeeringConnection extends Item {
  readonly requester: Side;
  readonly accepter: Side;
  readonly status: string;
}

/** States in which AWS still shows a connection that is no more. */
const ENDED = ['deleted', 'deleting', 'expired', 'failed', 'rejected'];

/** A peering of two VPCs of the estate. One that leads out of it cannot be mirrored: its other end is not ours. */
export const vpcPeeringConnection: Kind<VpcPeeringConnection> = {
  name: 'vpc-peering-connection',
  title: 'VPC peering connection',
  cost: 'free',
  types: ['aws:ec2/vpcPeeringConnection:VpcPeeringConnection'],
  iamActions: ['ec2:DescribeVpcPeeringConnections'],

  async list({ ec2 }) {
    const connections = await allPages(
      paginateDescribeVpcPeeringConnections({ client: ec2 }, {}),
      (page) => page.VpcPeeringConnections,
    );
    const side = (info: (typeof connections)[number]['RequesterVpcInfo'], field: string): Side => ({
      account: present(info?.OwnerId, `${field}.OwnerId`),
      region: present(info?.Region, `${field}.Region`),
      vpcId: present(info?.VpcId, `${field}.VpcId`),
      allowRemoteVpcDnsResolution: info?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc ?? false,
    });
    return connections
      .filter(({ Status }) => !ENDED.includes(present(Status?.Code, 'Status.Code')))
      .map((found) => ({
        id: present(found.VpcPeeringConnectionId, 'VpcPeeringConnectionId'),
        tags: tagRecord(found.Tags),
        requester: side(found.RequesterVpcInfo, 'RequesterVpcInfo'),
        accepter: side(found.AccepterVpcInfo, 'AccepterVpcInfo'),
        status: present(found.Status?.Code, 'Status.Code'),
      }));
  },

  skip(item, { source }) {
    for (const { account, region, vpcId } of [item.requester, item.accepter])
      if (account !== source.account || region !== source.region)
        return `it leads to ${vpcId} of ${account} in ${region}, which is outside the estate`;
    return item.status === 'active' ? undefined : `it is ${item.status}`;
  },

  mirror: (item, ctx) =>
    resource<VpcPeeringConnectionArgs>('aws:ec2/vpcPeeringConnection:VpcPeeringConnection', {
      vpcId: ctx.ref('vpc', item.requester.vpcId),
      peerVpcId: ctx.ref('vpc', item.accepter.vpcId),
      autoAccept: true,
      requester: { allowRemoteVpcDnsResolution: item.requester.allowRemoteVpcDnsResolution },
      accepter: { allowRemoteVpcDnsResolution: item.accepter.allowRemoteVpcDnsResolution },
      tags: ctx.tags(item),
    }),

  // AWS allows one between two VPCs, whoever asked for it.
  identity(item, dr) {
    const vpcs = [item.requester, item.accepter].map(({ vpcId }) => dr.id('vpc', vpcId));
    return vpcs.includes(undefined) ? undefined : vpcs.sort().join(' ');
  },

  fixed: (item, _zone, dr) => [dr.id('vpc', item.requester.vpcId), dr.id('vpc', item.accepter.vpcId)],

  quotas: [
    {
      service: 'vpc',
      code: 'L-7E9ECCDB',
      name: 'Active VPC peering connections per VPC',
      per: (item) => [item.requester.vpcId, item.accepter.vpcId],
    },
  ],
};
