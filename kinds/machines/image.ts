import { type Image as AwsImage, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Account } from '../../accounts';
import { TAG } from '../../names';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { defaultTemplateVersions } from './defaultTemplateVersions';

export interface Image extends Item {
  readonly imageName: string;
  /** `amazon`, `aws-marketplace`, or the account that owns it. */
  readonly owner: string;
  /** Whether it belongs to the account that was looked up. */
  readonly isOwn: boolean;
  /** The id in the source of what it is a copy of: set of DR's own images only, from our tag. */
  readonly copyOf?: string;
}

/** AWS takes as many values in one filter. */
const VALUES_A_FILTER = 200;

/** Images by their ids. One that is gone, or was never shared, is not among them. */
async function imagesById({ ec2 }: Account, ids: readonly string[]): Promise<AwsImage[]> {
  const found: AwsImage[] = [];
  for (let start = 0; start < ids.length; start += VALUES_A_FILTER) {
    const Filters = [{ Name: 'image-id', Values: ids.slice(start, start + VALUES_A_FILTER) }];
    found.push(
      ...(await allPages(
        paginateDescribeImages({ client: ec2 }, { Filters, IncludeDeprecated: true }),
        (page) => page.Images,
      )),
    );
  }
  return found;
}

/** An answer of DescribeImages as an item. */
export function imageItem(found: AwsImage, account: string): Image {
  const ownerId = present(found.OwnerId, 'OwnerId');
  return {
    id: present(found.ImageId, 'ImageId'),
    tags: tagRecord(found.Tags),
    imageName: present(found.Name, 'Name'),
    owner: found.ImageOwnerAlias && found.ImageOwnerAlias !== 'self' ? found.ImageOwnerAlias : ownerId,
    isOwn: ownerId === account,
    copyOf: undefined,
  };
}

/**
 * An image that a launch template names, and in DR each that carries our tag. Nothing is made for it: others' images are in DR's region
 * under the same owner and name (see inventory/imagesLike.ts), and the account's own are made of copied snapshots.
 */
export const image: Kind<Image> = {
  name: 'image',
  title: 'Image of launch templates',
  cost: 'free',
  types: [],
  iamActions: ['ec2:DescribeImages', 'ec2:DescribeLaunchTemplateVersions'],

  async list(account) {
    const versions = await defaultTemplateVersions(account);
    const named = versions.flatMap(({ LaunchTemplateData }) => LaunchTemplateData?.ImageId ?? []);
    const ids = [...new Set(named.filter((id) => id.startsWith('ami-')))].sort();
    const ours = { Owners: ['self'], Filters: [{ Name: 'tag-key', Values: [TAG.sourceId] }] };
    const [byId, tagged] = await Promise.all([
      imagesById(account, ids),
      allPages(paginateDescribeImages({ client: account.ec2 }, ours), (page) => page.Images),
    ]);
    const items = [...byId, ...tagged].map((found) => imageItem(found, account.id));
    return [...new Map(items.map((item) => [item.id, item])).values()];
  },

  awsOwn: (item) => (item.isOwn ? `copy of ${item.copyOf ?? item.id}` : `${item.owner}/${item.imageName}`),

  atRecovery: (item) =>
    item.isOwn ? 'an image of the account itself, of whose snapshots DR has yet to make one' : undefined,
};
