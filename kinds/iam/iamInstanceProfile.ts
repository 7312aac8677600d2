import { GetInstanceProfileCommand, paginateListInstanceProfiles } from '@aws-sdk/client-iam';
import type { InstanceProfileArgs } from '@pulumi/aws/iam/instanceProfile';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { iamOf } from './iamDetails';
import { notMirrored, pathInDr, pathOfSource } from './iamPath';

export interface IamInstanceProfile extends Item {
  readonly path: string;
  /** Name of the role that machines have by it. AWS allows one. */
  readonly role?: string;
}

/** What a machine has its role by. */
export const iamInstanceProfile: Kind<IamInstanceProfile> = {
  name: 'iam-instance-profile',
  title: 'IAM instance profile',
  cost: 'free',
  isGlobal: true,
  types: ['aws:iam/instanceProfile:InstanceProfile'],
  iamActions: ['iam:ListInstanceProfiles', 'iam:GetInstanceProfile'],

  async list(account) {
    const client = iamOf(account);
    const listed = await allPages(
      paginateListInstanceProfiles({ client }, {}),
      (page) => page.InstanceProfiles,
    );
    return Promise.all(
      listed.map(async (found) => {
        const id = present(found.InstanceProfileName, 'InstanceProfileName');
        // It alone tells tags.
        const asked = await perObject(client, () =>
          client.send(new GetInstanceProfileCommand({ InstanceProfileName: id })),
        );
        return {
          id,
          tags: tagRecord(present(asked.InstanceProfile, 'InstanceProfile').Tags),
          path: present(found.Path, 'Path'),
          role: present(found.Roles, 'Roles')[0]?.RoleName,
        };
      }),
    );
  },

  skip: notMirrored,

  mirror: (item, ctx) =>
    resource<InstanceProfileArgs>('aws:iam/instanceProfile:InstanceProfile', {
      name: item.id,
      path: pathInDr(item.path),
      role: item.role === undefined ? undefined : ctx.attempt('iam-role', item.role, 'the role'),
      tags: ctx.tags(item),
    }),

  // IAM knows no two of one name, whatever their case and path.
  identity: (item) => item.id.toLowerCase(),

  taggedWhenMade: true,

  fixed: (item) => [item.id, pathOfSource(item.path) ?? item.path],

  danger: (item, former) =>
    former !== undefined && item.role !== undefined && item.role !== former.role
      ? `gives machines the role ${item.role} now`
      : undefined,

  quotas: [{ service: 'iam', code: 'L-6E65F664', name: 'Instance profiles per account' }],
};
