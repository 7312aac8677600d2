import { paginateDescribeManagedPrefixLists, paginateGetManagedPrefixListEntries } from '@aws-sdk/client-ec2';
import type { ManagedPrefixListArgs } from '@pulumi/aws/ec2/managedPrefixList';
import { contains } from '../contains';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { prefixListWeight } from './prefixListWeight';
import { someRanges, worldIn } from './world';

/** One range of a list. */
export interface PrefixListEntry {
  readonly cidr: string;
  readonly description?: string;
}

export interface PrefixList extends Item {
  /** Of AWS's own lists with `<region>` in the place of the region: the same in every region. */
  readonly prefixListName: string;
  /** The account that owns it, or `AWS`. */
  readonly ownerId: string;
  readonly addressFamily: string;
  /** Absent where AWS does not tell it, as of its own lists. */
  readonly maxEntries?: number;
  /** By range. Not looked up of AWS's own lists, nor of other accounts'. */
  readonly entries: readonly PrefixListEntry[];
}

const AWS = 'AWS';

/** AWS takes at most as many entries in one call, and the provider makes one. */
const ENTRIES_A_CALL = 100;

/** A managed prefix list with its entries. AWS's own, that of S3 say, are in every region. */
export const prefixList: Kind<PrefixList> = {
  name: 'prefix-list',
  title: 'Managed prefix list',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/managedPrefixList:ManagedPrefixList'],
  iamActions: ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],

  async list({ ec2, id: account, region }) {
    const lists = await allPages(
      paginateDescribeManagedPrefixLists({ client: ec2 }, {}),
      (page) => page.PrefixLists,
    );
    // A list is described for a while after it was deleted.
    const alive = lists.filter(({ State }) => !/^delete-(in-progress|complete)$/.test(State ?? ''));
    const entriesOf = async (PrefixListId: string): Promise<PrefixListEntry[]> => {
      const entries = await allPages(
        paginateGetManagedPrefixListEntries({ client: ec2 }, { PrefixListId }),
        (page) => page.Entries,
      );
      return entries
        .map((found) => ({
          cidr: present(found.Cidr, 'Cidr'),
          description: found.Description || undefined,
        }))
        .sort((a, b) => (a.cidr < b.cidr ? -1 : 1));
    };
    return Promise.all(
      alive.map(async (found) => {
        const id = present(found.PrefixListId, 'PrefixListId');
        const ownerId = present(found.OwnerId, 'OwnerId');
        const name = present(found.PrefixListName, 'PrefixListName');
        return {
          id,
          tags: tagRecord(found.Tags),
          prefixListName: ownerId === AWS ? name.replaceAll(region, '<region>') : name,
          ownerId,
          addressFamily: present(found.AddressFamily, 'AddressFamily'),
          maxEntries: found.MaxEntries,
          entries: ownerId === account ? await entriesOf(id) : [],
        };
      }),
    );
  },

  awsOwn: (item) => (item.ownerId === AWS ? item.prefixListName : undefined),

  skip(item, { source }) {
    if (item.ownerId !== source.account)
      return `it is shared by the account ${item.ownerId}, which is outside the estate`;
    if (item.entries.length > ENTRIES_A_CALL)
      return `it has ${item.entries.length} entries, and AWS takes no more than ${ENTRIES_A_CALL} at once`;
    return undefined;
  },

  mirror: (item, ctx) =>
    resource<ManagedPrefixListArgs>('aws:ec2/managedPrefixList:ManagedPrefixList', {
      name: item.prefixListName,
      addressFamily: item.addressFamily,
      maxEntries: present(item.maxEntries, 'MaxEntries'),
      entries: item.entries.flatMap(({ cidr: own, description }) => {
        const cidr = item.addressFamily === 'IPv6' ? ctx.attemptIpv6(own, 'the entry') : own;
        return cidr === undefined ? [] : [{ cidr, description }];
      }),
      tags: ctx.tags(item),
    }),

  // No identity: AWS allows two lists of one name. It tags them while it makes them, so none is ever left without our tag.

  fixed: (item) => [item.addressFamily],

  danger(item, former) {
    const ranges = item.entries.map(({ cidr }) => cidr);
    const added = ranges.filter((range) => !former?.entries.some(({ cidr }) => contains(cidr, range)));
    const opened = worldIn(added, () => ranges);
    return opened.length > 0 ? `now holds ${someRanges(opened)}` : undefined;
  },

  quotas: [
    {
      service: 'vpc',
      name: 'Prefix lists per Region',
      documented: 100,
      per: (item) => (item.ownerId === AWS ? null : undefined),
    },
    {
      service: 'vpc',
      name: 'Maximum number of entries per prefix list',
      documented: 1000,
      per: (item) => (item.ownerId === AWS ? null : item.id),
      weight: prefixListWeight,
    },
  ],
};
