import type { UserArgs } from '@pulumi/aws/iam/user';
import { type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { type Bounded, boundaryOf } from './iamBoundary';
import { DETAILS_ACTION, iamDetails } from './iamDetails';
import { notMirrored, pathInDr } from './iamPath';
import { mirroredBoundaryArn, noteRightless, otherBoundary } from './iamRole';

export interface IamUser extends Bounded {
  readonly path: string;
}

/** A user under the mirror's own path and boundary. Passwords, keys and MFA devices are never mirrored: nobody can sign in as it. */
export const iamUser: Kind<IamUser> = {
  name: 'iam-user',
  title: 'IAM user',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/user:User'],
  iamActions: [DETAILS_ACTION],

  async list(account) {
    const details = await iamDetails(account);
    return details.users.map((found) => ({
      id: present(found.UserName, 'UserName'),
      tags: tagRecord(found.Tags),
      path: present(found.Path, 'Path'),
      ...boundaryOf(found, details),
    }));
  },

  secrets: ['boundary'],

  skip: notMirrored,

  mirror(item, ctx) {
    noteRightless(item, ctx, 'user');
    return resource<UserArgs>('aws:iam/user:User', {
      name: item.id,
      path: pathInDr(item.path),
      permissionsBoundary: mirroredBoundaryArn(ctx.dr),
      tags: ctx.tags(item),
    });
  },

  // IAM knows no two of one name, whatever their case and path.
  identity: (item) => item.id.toLowerCase(),

  taggedWhenMade: true,

  fixed: (item) => [item.id],

  danger(item, former) {
    const why = otherBoundary(item, former);
    return why.length > 0 ? why.join('; ') : undefined;
  },

  quotas: [{ service: 'iam', code: 'L-F55AF5E4', name: 'Users per account' }],
};
