import type { UserGroupMembershipArgs } from '@pulumi/aws/iam/userGroupMembership';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { DETAILS_ACTION, iamDetails } from './iamDetails';
import { holderRightless, isAccepted } from './iamHolders';
import { afterDenial } from './iamInlinePolicies';

export interface IamUserMembership extends Item {
  readonly user: string;
  readonly group: string;
}

/** That a user is in a group. */
export const iamUserMembership: Kind<IamUserMembership> = {
  name: 'iam-user-membership',
  title: 'IAM user in a group',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/userGroupMembership:UserGroupMembership'],
  iamActions: [DETAILS_ACTION],

  async list(account) {
    const { users } = await iamDetails(account);
    return users.flatMap(({ UserName, GroupList }) => {
      const user = present(UserName, 'UserName');
      return (GroupList ?? []).map((group) => ({ id: `${user}/${group}`, tags: {}, user, group }));
    });
  },

  skip: (item, options) => holderRightless('user', item.user, options),

  mirror(item, ctx) {
    afterDenial('user', item.user, ctx);
    return resource<UserGroupMembershipArgs>('aws:iam/userGroupMembership:UserGroupMembership', {
      user: ctx.ref('iam-user', item.user),
      groups: [ctx.ref('iam-group', item.group)],
    });
  },

  identity: (item) => item.id,

  importId: (item) => item.id,

  partOf: { whole: (item) => item.user, argument: () => 'groups', madeByAws: () => false },

  danger: (item, former, options) =>
    former === undefined &&
    (isAccepted('user', item.user, options) || isAccepted('group', item.group, options))
      ? `puts the user ${item.user} into the group ${item.group}`
      : undefined,
};
