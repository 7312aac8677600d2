import { DescribePlacementGroupsCommand } from '@aws-sdk/client-ec2';
import type { PlacementGroupArgs } from '@pulumi/aws/ec2/placementGroup';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

/** Its id is its name: that is what AWS and all that refers to it know it by. */
export interface PlacementGroup extends Item {
  /** `cluster`, `partition` or `spread`. */
  readonly strategy: string;
  /** Of the strategy `partition` only. */
  readonly partitionCount?: number;
  /** Of the strategy `spread` only: `host` or `rack`. */
  readonly spreadLevel?: string;
}

/** A placement group. It holds nothing and costs nothing until machines are launched into it. */
export const placementGroup: Kind<PlacementGroup> = {
  name: 'placement-group',
  title: 'Placement group',
  cost: 'free',
  types: ['aws:ec2/placementGroup:PlacementGroup'],
  iamActions: ['ec2:DescribePlacementGroups'],

  async list({ ec2, id: account }) {
    // AWS answers all of them at once.
    const { PlacementGroups } = await ec2.send(new DescribePlacementGroupsCommand({}));
    if (PlacementGroups === undefined)
      throw new Error('AWS answered without its list of placement groups; nothing is concluded from it');
    // One that another account shares may have the name of an own one.
    const isOwn = (arn: string | undefined) => arn?.split(':')[4] === account;
    return PlacementGroups.filter(
      ({ State, GroupArn }) => (State === 'available' || State === 'pending') && isOwn(GroupArn),
    ).map((found) => {
      const strategy = present(found.Strategy, 'Strategy');
      return {
        id: present(found.GroupName, 'GroupName'),
        tags: tagRecord(found.Tags),
        strategy,
        // AWS answers a count of 0 for the other strategies, and takes none.
        partitionCount: strategy === 'partition' ? found.PartitionCount : undefined,
        spreadLevel: strategy === 'spread' ? found.SpreadLevel : undefined,
      };
    });
  },

  mirror: (item, ctx) =>
    resource<PlacementGroupArgs>('aws:ec2/placementGroup:PlacementGroup', {
      name: item.id,
      strategy: item.strategy,
      partitionCount: item.partitionCount,
      spreadLevel: item.spreadLevel,
      tags: ctx.tags(item),
    }),

  // A name is one group in an account and region.
  identity: (item) => item.id,

  taggedWhenMade: true,

  removedByContent: true,

  fixed: (item) => [item.id, item.strategy, item.partitionCount, item.spreadLevel],

  quotas: [{ service: 'ec2', name: 'Placement groups per Region', documented: 500 }],
};
