import { type Image, paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { allPages, present } from '../kinds/kind';
import { type Licence, licenceOf } from '../kinds/machines/licence';

/** An image in DR that machines may be launched from. */
export interface ImageInDr {
  readonly id: string;
  readonly name: string;
  /** `available`, or why it is of no use. */
  readonly state: string;
  readonly architecture?: string;
  readonly rootDeviceName?: string;
  /** GiB of its root disk. */
  readonly rootSize?: number;
  /** All that it makes disks at. */
  readonly deviceNames: readonly string[];
  /** When it was made, ISO 8601. */
  readonly created?: string;
  readonly licence: Licence;
}

/** What DR has of images. */
export interface ImagesInDr {
  /** Those that recoveries registered, by their names. Without those that AWS has failed. */
  readonly registered: ReadonlyMap<string, ImageInDr>;
  /** Names of images that AWS has failed: none can be launched, and each keeps its name until it is deregistered. */
  readonly failed: ReadonlySet<string>;
  /** Those that `lifeboat:images` names, by their ids; one that is not there, or not to be launched by this account, is missing. */
  readonly named: ReadonlyMap<string, ImageInDr>;
}

/**
 * The images that recovery has made, and those that somebody names. Recovery's own are known by their names, which hold the recovery
 * point: the provider tags an image only after it is made, and may be killed in between.
 *
 * @param named ids of images
 * @throws LifeboatError when any page of them cannot be had
 */
export async function imagesInDr(dr: Account, named: readonly string[]): Promise<ImagesInDr> {
  const look = (filter: string, values: readonly string[], Owners?: string[]) =>
    allPages(
      // By a filter: an id that is not there is then no error, but none of the answer.
      paginateDescribeImages(
        { client: dr.ec2 },
        { Owners, Filters: [{ Name: filter, Values: [...values] }] },
      ),
      (page) => page.Images,
    );
  try {
    const [registered, others] = await Promise.all([
      look('name', ['lifeboat *'], ['self']),
      named.length > 0 ? look('image-id', named) : [],
    ]);
    const all = registered.map(asImage);
    const isUsable = ({ state }: ImageInDr) => state === 'available' || state === 'pending';
    return {
      registered: new Map(all.filter(isUsable).map((image) => [image.name, image])),
      failed: new Set(all.filter((image) => !isUsable(image)).map(({ name }) => name)),
      named: new Map(others.map(asImage).map((image) => [image.id, image])),
    };
  } catch (cause) {
    throw new LifeboatError({
      what: 'The images that an earlier recovery made, or that a setting names, could not be looked up, so nothing is changed',
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'every page of them, by ec2:DescribeImages',
      next: 'mend the permissions of this role in DR (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  }
}

/**
 * The name of the image of a recovery point: the one that is there, or one that no failed image has. Pure.
 *
 * @param name the name that it has the first time
 */
export function imageName(
  name: string,
  { registered, failed }: Pick<ImagesInDr, 'registered' | 'failed'>,
): string {
  const nth = (count: number) => (count === 1 ? name : `${name} (${count})`);
  // Also when what failed before it is gone: another name would replace the image, and the machine with it.
  const there = [...registered.keys()]
    .filter((each) => each === name || each.startsWith(`${name} (`))
    .sort()[0];
  const counts = Array.from({ length: failed.size + 1 }, (_, index) => index + 1);
  return there ?? nth(counts.find((count) => !failed.has(nth(count))) ?? 1);
}

function asImage(found: Image): ImageInDr {
  const mappings = found.BlockDeviceMappings ?? [];
  return {
    id: present(found.ImageId, 'ImageId'),
    name: present(found.Name, 'Name'),
    state: present(found.State, 'State'),
    architecture: found.Architecture,
    rootDeviceName: found.RootDeviceName,
    rootSize: mappings.find(({ DeviceName }) => DeviceName === found.RootDeviceName)?.Ebs?.VolumeSize,
    deviceNames: mappings.flatMap(({ DeviceName }) => DeviceName ?? []),
    created: found.CreationDate,
    licence: licenceOf(found),
  };
}
