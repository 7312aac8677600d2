import { paginateDescribeImages } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { allPages, present } from '../kinds/kind';
import { type Instance, instance } from '../kinds/machines/instance';
import { TAG } from '../names';
import { type Items, itemsOf } from './inventory';

/** Ids in DR of what recovery has made. */
export interface Recovered {
  /** By the image's name. */
  readonly images: ReadonlyMap<string, string>;
  /** By the source's instance id. */
  readonly instances: ReadonlyMap<string, string>;
  /** What each machine runs as, by the source's instance id. */
  readonly types: ReadonlyMap<string, string>;
}

/**
 * The images that recovery has made. By name, which holds the recovery point: the provider tags an image only after it is made, and may
 * be killed in between.
 *
 * @throws LifeboatError when any page of them cannot be had
 */
export async function recoveredImages(dr: Account): Promise<Map<string, string>> {
  const pages = paginateDescribeImages(
    { client: dr.ec2 },
    { Owners: ['self'], Filters: [{ Name: 'name', Values: ['lifeboat *'] }] },
  );
  try {
    const images = await allPages(pages, (page) => page.Images);
    return new Map(images.map((found) => [present(found.Name, 'Name'), present(found.ImageId, 'ImageId')]));
  } catch (cause) {
    throw new LifeboatError({
      what: 'The images that an earlier recovery made could not be looked up, so nothing is changed',
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'every page of them, by ec2:DescribeImages',
      next: 'mend the permissions of this role in DR (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  }
}

/** What recovered machines run as, by the source's instance id. Pure. */
export function recoveredTypes(dr: Items): Map<string, string> {
  return new Map(
    ofRecovery(dr).map(({ tags, instanceType }) => [tags[TAG.sourceId] ?? '', instanceType] as const),
  );
}

/**
 * The machines that recovery has made, by the source's instance id. Pure.
 *
 * @param dr what DR holds
 * @throws LifeboatError when two claim to be the recovery of one
 */
export function recoveredInstances(dr: Items): Map<string, string> {
  const machines = ofRecovery(dr);
  return new Map(
    machines.map(({ id, tags }) => {
      const sourceId = tags[TAG.sourceId] ?? '';
      refuseTwo(
        machines.filter((other) => other.tags[TAG.sourceId] === sourceId).map((other) => other.id),
        sourceId,
      );
      return [sourceId, id];
    }),
  );
}

function ofRecovery(dr: Items): Instance[] {
  return (itemsOf(dr, instance) as readonly Instance[]).filter((item) => item.tags[TAG.recoveryPoint]);
}

function refuseTwo(ids: readonly string[], sourceId: string): void {
  if (ids.length < 2) return;
  throw new LifeboatError({
    what: `Two objects in DR claim to be the recovery of ${sourceId}`,
    got: ids.join(', '),
    expected: 'one',
    next: `look at both, and take the tag ${TAG.sourceId} off the one that Lifeboat did not make: aws ec2 describe-instances --instance-ids ${ids.join(' ')}`,
  });
}
