import type { InstanceArgs } from '@pulumi/aws/ec2/instance';
import { OUR_PREFIX, TAG } from '../../names';
import { MAX_TAGS } from '../../tags';
import type { PlannedMachine } from '../plannedMachine';

/** How the names of images that drills make begin. A recovery's begin otherwise: neither takes the other's for its own. */
export const DRILL_IMAGE = 'lifeboat drill ';

/** How the names of one drill's images begin. */
export const drillImages = (drill: string): string => `${DRILL_IMAGE}${drill} `;

/** Ours comes first where AWS's limit of tags leaves no room for all. */
function marked(tags: Readonly<Record<string, string>>, drill: string): Record<string, string> {
  const theirs = Object.entries(tags).filter(([key]) => !key.startsWith(OUR_PREFIX));
  const ours = Object.entries(tags).filter(([key]) => key.startsWith(OUR_PREFIX));
  const room = MAX_TAGS - ours.length - 1;
  return { ...Object.fromEntries([...theirs.slice(0, room), ...ours]), [TAG.drill]: drill };
}

/**
 * A machine of a recovery as a drill makes it: marked as the drill's, with no rights in the account and no public address, free to be ended, on
 * shared hardware, and told nothing at its first boot. Pure.
 */
export function drillMachine(machine: PlannedMachine, drill: string): PlannedMachine {
  const { image, launch, interfaces } = machine;
  const mark = <Tagged extends object & { tags?: unknown }>(of: Tagged) => ({
    ...of,
    tags: marked((of.tags ?? {}) as Record<string, string>, drill),
  });
  const disks = (launch.ebsBlockDevices ?? []) as Extract<InstanceArgs['ebsBlockDevices'], unknown[]>;
  return {
    ...machine,
    image: mark(image),
    launch: {
      ...mark(launch),
      iamInstanceProfile: undefined,
      disableApiTermination: false,
      disableApiStop: false,
      monitoring: false,
      tenancy: undefined,
      userData: undefined,
      // Where it brings interfaces of its own along, none of them has a public address.
      ...(interfaces.length === 0 && { associatePublicIpAddress: false }),
      rootBlockDevice: launch.rootBlockDevice && mark(launch.rootBlockDevice as object),
      ebsBlockDevices: disks.map((disk) => mark(disk as object)),
    } as PlannedMachine['launch'],
    interfaces: interfaces.map((each) => ({ ...each, args: mark(each.args as object) as typeof each.args })),
  };
}
