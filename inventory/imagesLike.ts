import { paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { allPages } from '../kinds/kind';
import { type Image, image, imageItem } from '../kinds/machines/image';
import { TAG } from '../names';
import { type Items, itemsOf } from './inventory';

/** AWS takes as many values in one filter. */
const VALUES_A_FILTER = 200;

/**
 * Finds in DR's region what stands for the images of the source: of others' images those of exactly the same owner and name, of the
 * account's own those of DR that are tagged as copies.
 *
 * @param source what the source holds, or held when it was accepted last
 * @param found what the look-up of DR has found
 * @returns DR's images, in the place of `found`'s
 * @throws LifeboatError when any page cannot be had
 */
export async function imagesLike(dr: Account, source: Items, found: Items): Promise<readonly Image[]> {
  const wanted = itemsOf<Image>(source, image).filter(({ isOwn }) => !isOwn);
  const own = itemsOf<Image>(found, image)
    .filter(({ isOwn }) => isOwn)
    .map((item) => ({ ...item, copyOf: item.tags[TAG.sourceId] }));
  try {
    const owners = [...new Set(wanted.map(({ owner }) => owner))];
    const like = await Promise.all(
      owners.map((owner) =>
        named(
          dr,
          owner,
          wanted.filter((item) => item.owner === owner).map(({ imageName }) => imageName),
        ),
      ),
    );
    return [...own, ...like.flat()];
  } catch (cause) {
    throw new LifeboatError({
      what: "The images of launch templates could not be looked up in DR's region, so nothing is changed",
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'every page of them, by ec2:DescribeImages',
      next: 'mend the permissions of this role in DR, or wait for AWS, and run it again',
      cause,
    });
  }
}

/** One owner's images of these names. */
async function named(dr: Account, owner: string, names: readonly string[]): Promise<Image[]> {
  const all: Image[] = [];
  const exact = [...new Set(names)].sort();
  for (let start = 0; start < exact.length; start += VALUES_A_FILTER) {
    const Values = exact.slice(start, start + VALUES_A_FILTER);
    const pages = paginateDescribeImages(
      { client: dr.ec2 },
      { Owners: [owner], Filters: [{ Name: 'name', Values }], IncludeDeprecated: true },
    );
    const images = await allPages(pages, (page) => page.Images);
    all.push(...images.map((each) => imageItem(each, dr.id)));
  }
  return all.filter((each) => exact.includes(each.imageName));
}
