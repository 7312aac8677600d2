import { ListKeyGroupsCommand } from '@aws-sdk/client-cloudfront';
import type { KeyGroupArgs } from '@pulumi/aws/cloudfront/keyGroup';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { cloudFront, filled, markedPages } from './cloudFront';

export interface KeyGroup extends Item {
  readonly groupName: string;
  readonly comment?: string;
  /** Ids of public keys. */
  readonly keys: readonly string[];
}

/** The keys of which any may have signed what a behaviour serves. */
export const keyGroup: Kind<KeyGroup> = {
  name: 'key-group',
  title: 'CloudFront key group',
  cost: 'free',
  isGlobal: true,
  types: ['aws:cloudfront/keyGroup:KeyGroup'],
  iamActions: ['cloudfront:ListKeyGroups'],

  async list(account) {
    const client = cloudFront(account);
    const groups = await markedPages(
      (Marker) => client.send(new ListKeyGroupsCommand({ Marker })),
      'KeyGroupList',
    );
    return groups.map(({ KeyGroup: found }) => {
      const config = present(found?.KeyGroupConfig, 'KeyGroupConfig');
      return {
        id: present(found?.Id, 'Id'),
        tags: {},
        groupName: present(config.Name, 'Name'),
        comment: filled(config.Comment),
        keys: [...(config.Items ?? [])].sort(),
      };
    });
  },

  mirror: (item, ctx) =>
    resource<KeyGroupArgs>('aws:cloudfront/keyGroup:KeyGroup', {
      name: item.groupName,
      comment: item.comment,
      items: item.keys.map((id) => ctx.ref('public-key', id)),
    }),

  // Names are unique in an account, and AWS knows no tags on it.
  identity: (item) => item.groupName,

  danger(item, former) {
    if (!former) return undefined;
    const more = item.keys.filter((id) => !former.keys.includes(id));
    return more.length > 0 ? `takes what the keys ${more.join(', ')} signed` : undefined;
  },

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-key-groups
  quotas: [{ service: 'cloudfront', name: 'Key groups per AWS account', documented: 10 }],
};
