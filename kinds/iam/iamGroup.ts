import type { GroupArgs } from '@pulumi/aws/iam/group';
import { TAG } from '../../names';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { DETAILS_ACTION, iamDetails } from './iamDetails';
import { notMirrored, pathInDr, pathOfSource } from './iamPath';

export interface IamGroup extends Item {
  readonly path: string;
}

/** A group of users. Its policies and members are kinds of their own. */
export const iamGroup: Kind<IamGroup> = {
  name: 'iam-group',
  title: 'IAM group',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/group:Group'],
  iamActions: [DETAILS_ACTION],

  async list(account) {
    const { groups } = await iamDetails(account);
    return groups.map((found) => {
      const id = present(found.GroupName, 'GroupName');
      const path = present(found.Path, 'Path');
      // AWS knows no tags on groups. What stands under the mirror's path is the mirror's.
      const tags: Record<string, string> = pathOfSource(path) === undefined ? {} : { [TAG.sourceId]: id };
      return { id, tags, path };
    });
  },

  skip: notMirrored,

  mirror: (item) => resource<GroupArgs>('aws:iam/group:Group', { name: item.id, path: pathInDr(item.path) }),

  // IAM knows no two of one name, whatever their case and path.
  identity: (item) => item.id.toLowerCase(),

  taggedWhenMade: true,

  fixed: (item) => [item.id],

  quotas: [{ service: 'iam', code: 'L-F4A5425F', name: 'Groups per account' }],
};
