import type { DefaultRouteTableArgs } from '@pulumi/aws/ec2/defaultRouteTable';
import type { RouteTableArgs } from '@pulumi/aws/ec2/routeTable';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { describeRouteTables } from '../sharedLookUps';

export interface RouteTable extends Item {
  readonly vpcId: string;
  /** Whether it is its VPC's main table, which subnets without one of their own use. */
  readonly isMain: boolean;
}

/**
 * What the main table of a VPC goes by. In DR it is the one that AWS made with the VPC, whichever table has the part in the source: so
 * the part may pass from one table to another without the routes of both being exchanged.
 */
export function mainTablePlace(vpcId: string): string {
  return `main-of-${vpcId}`;
}

/** A route table without its routes and associations, which are kinds of their own. */
export const routeTable: Kind<RouteTable> = {
  name: 'route-table',
  title: 'Route table',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/routeTable:RouteTable', 'aws:ec2/defaultRouteTable:DefaultRouteTable'],
  iamActions: ['ec2:DescribeRouteTables'],

  async list(account) {
    const tables = await describeRouteTables(account);
    return tables.map((found) => ({
      id: present(found.RouteTableId, 'RouteTableId'),
      tags: tagRecord(found.Tags),
      vpcId: present(found.VpcId, 'VpcId'),
      isMain: present(found.Associations, 'Associations').some(({ Main }) => Main),
    }));
  },

  place: (item) => (item.isMain ? mainTablePlace(item.vpcId) : undefined),

  mirror: (item, ctx) =>
    item.isMain
      ? resource<DefaultRouteTableArgs>('aws:ec2/defaultRouteTable:DefaultRouteTable', {
          defaultRouteTableId: ctx.output('vpc', item.vpcId, 'defaultRouteTableId'),
          tags: ctx.tags(item),
        })
      : resource<RouteTableArgs>('aws:ec2/routeTable:RouteTable', {
          vpcId: ctx.ref('vpc', item.vpcId),
          tags: ctx.tags(item),
        }),

  // The provider finds a main table by its VPC.
  importId: (item) => (item.isMain ? item.vpcId : item.id),

  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    return item.isMain && vpcId ? `main of ${vpcId}` : undefined;
  },

  fixed: (item) => item.isMain,

  quotas: [{ service: 'vpc', code: 'L-589F43AA', name: 'Route tables per VPC', per: (item) => item.vpcId }],
};
