import type { RouteTableAssociationArgs } from '@pulumi/aws/ec2/routeTableAssociation';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { describeRouteTables } from '../sharedLookUps';

export interface RouteTableAssociation extends Item {
  readonly routeTableId: string;
  /** One of these is set. */
  readonly subnetId?: string;
  /** The gateway whose arriving traffic the table steers. */
  readonly gatewayId?: string;
}

/** The table that a subnet, or a gateway, has of its own. Its id is the subnet's or gateway's. */
export const routeTableAssociation: Kind<RouteTableAssociation> = {
  name: 'route-table-association',
  title: 'Route table association',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/routeTableAssociation:RouteTableAssociation'],
  iamActions: ['ec2:DescribeRouteTables'],

  async list(account) {
    const tables = await describeRouteTables(account);
    return tables.flatMap((table) =>
      present(table.Associations, 'Associations')
        // A pool of addresses can have a table too; it is none of a VPC's.
        .filter(
          ({ Main, AssociationState, SubnetId, GatewayId }) =>
            !Main && AssociationState?.State !== 'disassociated' && (SubnetId ?? GatewayId),
        )
        .map(({ SubnetId, GatewayId }) => ({
          id: present(SubnetId ?? GatewayId, 'SubnetId'),
          tags: {},
          routeTableId: present(table.RouteTableId, 'RouteTableId'),
          subnetId: SubnetId,
          gatewayId: GatewayId,
        })),
    );
  },

  skip: (item) =>
    item.gatewayId?.startsWith('vgw-')
      ? `it is of the VPN gateway ${item.gatewayId}, and those are not mirrored`
      : undefined,

  mirror: (item, ctx) =>
    resource<RouteTableAssociationArgs>('aws:ec2/routeTableAssociation:RouteTableAssociation', {
      routeTableId: ctx.ref('route-table', item.routeTableId),
      subnetId: item.subnetId && ctx.ref('subnet', item.subnetId),
      gatewayId: item.gatewayId && ctx.ref('internet-gateway', item.gatewayId),
    }),

  settingOf: (item) => ({ kind: item.subnetId ? 'subnet' : 'internet-gateway', id: item.id }),

  importId: (item) => `${item.id}/${item.routeTableId}`,

  identity: (item, dr) => dr.id(item.subnetId ? 'subnet' : 'internet-gateway', item.id),
};
