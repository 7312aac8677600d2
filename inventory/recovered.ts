import { paginateDescribeNetworkInterfaces } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { allPages, present, tagRecord } from '../kinds/kind';
import { type Instance, instance } from '../kinds/machines/instance';
import { TAG } from '../names';
import type { ImagesInDr } from './imagesInDr';
import { type Items, itemsOf } from './inventory';

/** Ids in DR of what recovery has made. */
export interface Recovered {
  readonly images: ImagesInDr;
  /** By the source's instance id. */
  readonly instances: ReadonlyMap<string, string>;
  /** What each machine runs as, by the source's instance id. */
  readonly types: ReadonlyMap<string, string>;
  /** By the source's id of the network interface. */
  readonly interfaces: ReadonlyMap<string, string>;
}

/** What recovered machines run as, by the source's instance id. Pure. */
export function recoveredTypes(dr: Items): Map<string, string> {
  return new Map(
    ofRecovery(dr).map(({ tags, instanceType }) => [tags[TAG.sourceId] ?? '', instanceType] as const),
  );
}

/**
 * The network interfaces that recovery has made, by the source's id. Told by tags that only DR sets.
 *
 * @param drill the drill whose they are. Default: those that no drill made
 * @throws LifeboatError when any page of them cannot be had, and when two claim to be the recovery of one
 */
export async function recoveredInterfaces(
  dr: Pick<Account, 'ec2' | 'id' | 'region'>,
  drill?: string,
): Promise<Map<string, string>> {
  const Filters = [{ Name: 'tag-key', Values: [TAG.recoveryPoint] }];
  let found: { id: string; sourceId: string }[];
  try {
    const all = await allPages(
      paginateDescribeNetworkInterfaces({ client: dr.ec2 }, { Filters }),
      (page) => page.NetworkInterfaces,
    );
    found = all
      .filter(({ TagSet }) => tagRecord(TagSet)[TAG.drill] === drill)
      .map(({ NetworkInterfaceId, TagSet }) => ({
        id: present(NetworkInterfaceId, 'NetworkInterfaceId'),
        sourceId: tagRecord(TagSet)[TAG.sourceId] ?? '',
      }));
  } catch (cause) {
    throw new LifeboatError({
      what: 'The network interfaces that an earlier recovery made could not be looked up, so nothing is changed',
      got: `account ${dr.id}, region ${dr.region}`,
      expected: 'every page of them, by ec2:DescribeNetworkInterfaces',
      next: 'mend the permissions of this role in DR (npm run pulumi -- -C vault up), or wait for AWS, and run it again',
      cause,
    });
  }
  for (const { sourceId } of found)
    refuseTwo(
      found.filter((other) => other.sourceId === sourceId).map(({ id }) => id),
      sourceId,
      'aws ec2 describe-network-interfaces --network-interface-ids',
    );
  return new Map(found.map(({ id, sourceId }) => [sourceId, id]));
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
        'aws ec2 describe-instances --instance-ids',
      );
      return [sourceId, id];
    }),
  );
}

function ofRecovery(dr: Items): Instance[] {
  return (itemsOf(dr, instance) as readonly Instance[]).filter((item) => item.tags[TAG.recoveryPoint]);
}

/** @param look the command that shows them, without their ids */
function refuseTwo(ids: readonly string[], sourceId: string, look: string): void {
  if (ids.length < 2) return;
  throw new LifeboatError({
    what: `Two objects in DR claim to be the recovery of ${sourceId}`,
    got: ids.join(', '),
    expected: 'one',
    next: `look at both, and take the tag ${TAG.sourceId} off the one that Lifeboat did not make: ${look} ${ids.join(' ')}`,
  });
}
