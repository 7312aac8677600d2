import { type Instance, instance } from '../kinds/machines/instance';
import { type Volume, volume } from '../kinds/machines/volume';
import { MUST_SNAP } from '../snapshots/mustSnap';
import { type Inventory, itemName, itemsOf } from './inventory';

/** `kind/id` of the disks that are to be snapshotted, and of the machines that have one. Pure. */
export function protectedNames({ kinds }: Pick<Inventory, 'kinds'>): Set<string> {
  const volumes = itemsOf(kinds, volume) as readonly Volume[];
  const disks = new Set(
    volumes.filter(({ tags }) => tags[MUST_SNAP.key] === MUST_SNAP.value).map(({ id }) => id),
  );
  const machines = (itemsOf(kinds, instance) as readonly Instance[]).filter(({ blockDevices }) =>
    blockDevices.some(({ volumeId }) => disks.has(volumeId)),
  );
  return new Set([
    ...[...disks].map((id) => itemName(volume.name, id)),
    ...machines.map(({ id }) => itemName(instance.name, id)),
  ]);
}
