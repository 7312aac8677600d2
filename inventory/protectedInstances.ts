import { LifeboatError } from '../errors';
import { type BlockDevice, type Instance, instance as instanceKind } from '../kinds/machines/instance';
import { type Volume, volume as volumeKind } from '../kinds/machines/volume';
import { MUST_SNAP } from '../snapshots/mustSnap';
import { claimOn } from './claimOn';
import { type Inventory, itemName, itemsOf } from './inventory';

/** A protected machine: one with disks that are to be snapshotted. */
export interface ProtectedInstance {
  readonly instance: Instance;
  readonly name: string;
  readonly disks: readonly (BlockDevice & { readonly volume: Volume })[];
}

/**
 * The instances of an inventory that have disks tagged `MUSTSNAP: True`. Pure.
 *
 * Where one is gone and held, and another has its Name or address, it is the one that is gone: the guard has let nobody take its place,
 * see guardSuccessors.ts.
 *
 * @param running ids of the machines under recovery: they stay, whatever else has their Name. Default: none
 * @throws LifeboatError when one has no Name, shares its Name with another, or has a system disk that is not tagged
 */
export function protectedInstances(
  inventory: Pick<Inventory, 'kinds' | 'gone'>,
  running: ReadonlySet<string> = new Set(),
): {
  instances: ProtectedInstance[];
  notes: string[];
} {
  const notes: string[] = [];
  const volumes = new Map(itemsOf(inventory.kinds, volumeKind).map((found) => [found.id, found]));
  const candidates: ProtectedInstance[] = [];
  for (const instance of itemsOf(inventory.kinds, instanceKind)) {
    const disks = instance.blockDevices.flatMap((device) => {
      const volume = volumes.get(device.volumeId);
      return volume?.tags[MUST_SNAP.key] === MUST_SNAP.value ? [{ ...device, volume }] : [];
    });
    if (disks.length === 0) continue;
    const name = instance.tags.Name ?? '';
    const left = instance.blockDevices.filter(
      (device) => !disks.some((disk) => disk.volumeId === device.volumeId),
    );
    if (left.some((device) => device.deviceName === instance.rootDeviceName)) {
      throw new LifeboatError({
        what: `The system disk of ${name || instance.id} is not tagged, so the machine could not boot in DR`,
        got: `${instance.rootDeviceName} of ${instance.id} without ${MUST_SNAP.key}: ${MUST_SNAP.value}`,
        expected: `${MUST_SNAP.key}: ${MUST_SNAP.value} on its system disk, or on none of its disks`,
        next: 'tag the disk in the source, then: npx lifeboat tag-volumes',
      });
    }
    for (const device of left)
      notes.push(`${name}: the disk ${device.deviceName} is not tagged, and is left out`);
    candidates.push({ instance, name, disks });
  }
  const instances: ProtectedInstance[] = [];
  const isGone = ({ instance }: ProtectedInstance) =>
    Object.hasOwn(inventory.gone, itemName(instanceKind.name, instance.id));
  // Of two, the one that runs in DR, or else the one that is gone.
  const comesFirst = (one: ProtectedInstance, other: ProtectedInstance) => {
    if (running.has(other.instance.id)) return false;
    return running.has(one.instance.id) || isGone(one);
  };
  for (const candidate of candidates) {
    const { instance, name } = candidate;
    const others = candidates.filter((other) => other !== candidate);
    const first = others.find(
      (other) =>
        isGone(other) !== isGone(candidate) &&
        claimOn(other.instance, instance) !== undefined &&
        comesFirst(other, candidate),
    );
    if (first) {
      const held = isGone(first) ? first : candidate;
      notes.push(
        `${name}: ${instance.id} is left out, for ${first.instance.id} has its Name or address, and ${held.instance.id}, which is gone, is held; npx lifeboat prune ${itemName(instanceKind.name, held.instance.id)} lets it go`,
      );
      continue;
    }
    const rivals = others.filter((other) => other.name === name && isGone(other) === isGone(candidate));
    if (name === '' || rivals.length > 0) {
      throw new LifeboatError({
        what:
          name === ''
            ? 'An instance with tagged disks has no Name'
            : 'Instances with tagged disks share one Name',
        got:
          name === ''
            ? instance.id
            : `${name}: ${[candidate, ...rivals].map((each) => each.instance.id).join(', ')}`,
        expected: 'a Name tag for each that no other has',
        next: `aws ec2 create-tags --resources ${instance.id} --tags Key=Name,Value=…`,
      });
    }
    // What an older program has accepted tells no more of them.
    if (instance.networkInterfaces > 1 && instance.interfaces === undefined)
      notes.push(
        `${name}: only the first of its ${instance.networkInterfaces} network interfaces is recovered, until a run has looked the source up`,
      );
    instances.push(candidate);
  }
  return { instances, notes };
}

/** The disks of a machine that are to be copied, with when each was attached: undefined where an older program has accepted it. */
export function attachedDisks({ instance, disks }: ProtectedInstance): Map<string, Date | undefined> {
  return new Map(
    disks.map(({ volumeId }) => {
      const since = instance.attachedSince?.[volumeId];
      return [volumeId, since === undefined ? undefined : new Date(since)];
    }),
  );
}

/**
 * Why protected machines could not be launched from this mirror, whatever copies there are. Pure.
 *
 * @param mirrored names of the planned mirror
 */
export function launchProblems(
  instances: readonly ProtectedInstance[],
  mirrored: ReadonlySet<string>,
): { id: string; name: string; problem: string }[] {
  return instances.flatMap(({ instance, name }) => {
    const unmirrored = [
      itemName('subnet', instance.subnetId),
      ...instance.securityGroupIds.map((id) => itemName('security-group', id)),
    ].filter((needed) => !mirrored.has(needed));
    return unmirrored.length === 0
      ? []
      : [{ id: instance.id, name, problem: `${unmirrored.join(', ')} not in the mirror` }];
  });
}
