import {
  type Image,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeManagedPrefixLists,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Account } from '../../accounts';
import { drillTimes } from '../../inventory/drill/drillId';
import { DRILL_IMAGE } from '../../inventory/drill/drillMachines';
import { allPages, present, tagRecord } from '../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../names';
import { endSchedules } from './endSchedule';

/** One thing that a drill has made and DR still has. */
export interface Leftover {
  readonly type: 'instance' | 'image' | 'volume' | 'vpc' | 'prefix-list' | 'record' | 'schedule';
  /** Its id; of a record its key, of a schedule the drill's id. */
  readonly id: string;
  /** The drill's. Of a record, which a stack's next drill would write anew, undefined. */
  readonly drill: string | undefined;
  /** Whether our tags are on it: the provider tags an image only after it is made. */
  readonly isTagged: boolean;
}

/**
 * All that drills have made and DR still has, whatever any state says: by tag, images by name too, for the provider tags one only after it is
 * made. What is in a VPC goes with it, and is not told.
 *
 * @param stack of drills, whose records in the vault are meant
 * @throws when any page cannot be had
 */
export async function leftovers(dr: Account, stack: string): Promise<Leftover[]> {
  const { ec2 } = dr;
  const Filters = [{ Name: 'tag-key', Values: [TAG.drill as string] }];
  const running = {
    Name: 'instance-state-name',
    Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'],
  };
  const byName = [{ Name: 'name', Values: [`${DRILL_IMAGE}*`] }];
  const images = (filters: typeof Filters) =>
    allPages(
      paginateDescribeImages({ client: ec2 }, { Owners: ['self'], Filters: filters }),
      (page) => page.Images,
    );
  const [reservations, named, tagged, volumes, vpcs, lists, records, schedules] = await Promise.all([
    allPages(
      paginateDescribeInstances({ client: ec2 }, { Filters: [...Filters, running] }),
      (page) => page.Reservations,
    ),
    images(byName),
    images(Filters),
    allPages(paginateDescribeVolumes({ client: ec2 }, { Filters }), (page) => page.Volumes),
    allPages(paginateDescribeVpcs({ client: ec2 }, { Filters }), (page) => page.Vpcs),
    allPages(paginateDescribeManagedPrefixLists({ client: ec2 }, {}), (page) => page.PrefixLists),
    recordKeys(dr, stack),
    endSchedules(dr),
  ]);
  const instances = reservations.flatMap(({ Instances }) => present(Instances, 'Instances'));
  const found = (
    type: Leftover['type'],
    id: string | undefined,
    tags: Parameters<typeof tagRecord>[0],
  ): Leftover => ({
    type,
    id: present(id, 'an id'),
    drill: tagRecord(tags)[TAG.drill],
    isTagged: true,
  });
  const all: Leftover[] = [
    ...instances.map(({ InstanceId, Tags }) => found('instance', InstanceId, Tags)),
    ...imagesOf([...named, ...tagged]),
    // Those of a machine end with it.
    ...volumes
      .filter(({ State, Attachments = [] }) => State === 'available' || Attachments.length > 0)
      .map(({ VolumeId, Tags }) => found('volume', VolumeId, Tags)),
    ...vpcs.map(({ VpcId, Tags }) => found('vpc', VpcId, Tags)),
    // A list is described for a while after it was deleted.
    ...lists
      .filter(({ State }) => !/^delete-(in-progress|complete)$/.test(State ?? ''))
      .map(({ PrefixListId, Tags }) => found('prefix-list', PrefixListId, Tags)),
    ...schedules.map((id): Leftover => ({ type: 'schedule', id, drill: id, isTagged: true })),
  ];
  return [
    // A tag that is no drill's is none of ours, whatever it is called.
    ...all.filter((each) => drillTimes(each.drill ?? '')),
    ...records.map((id): Leftover => ({ type: 'record', id, drill: undefined, isTagged: true })),
  ];
}

function imagesOf(images: readonly Image[]): Leftover[] {
  const byId = new Map(images.map((image) => [present(image.ImageId, 'ImageId'), image]));
  return [...byId].map(([id, { Name = '', Tags }]) => {
    const tags = tagRecord(Tags);
    const drill = Name.startsWith(DRILL_IMAGE)
      ? Name.slice(DRILL_IMAGE.length).split(' ')[0]
      : tags[TAG.drill];
    return { type: 'image', id, drill, isTagged: tags[TAG.recoveryPoint] !== undefined };
  });
}

async function recordKeys(dr: Account, stack: string): Promise<string[]> {
  const Bucket = vaultNames(dr.id, dr.region).inventoryBucket;
  const pages = paginateListObjectsV2(
    { client: dr.s3 },
    { Bucket, Prefix: VAULT_KEY.drillRecordPrefix(stack), ExpectedBucketOwner: dr.id },
  );
  const keys: string[] = [];
  for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key }) => present(Key, 'Key')));
  return keys;
}
