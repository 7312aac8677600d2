import { instance as instanceKind } from '../kinds/machines/instance';
import { type Volume, volume as volumeKind } from '../kinds/machines/volume';
import { MUST_SNAP } from '../snapshots/mustSnap';
import { type Inventory, itemsOf } from './inventory';

/**
 * The disks tagged `MUSTSNAP: True` of each machine of an inventory, and those of no machine, each for itself. Unlike
 * `protectedInstances` it refuses nothing: copying goes on also where a recovery would not. Pure.
 */
export function protectedDisks(inventory: Pick<Inventory, 'kinds'>): (readonly Volume[])[] {
  const volumes = new Map(
    itemsOf(inventory.kinds, volumeKind)
      .filter(({ tags }) => tags[MUST_SNAP.key] === MUST_SNAP.value)
      .map((volume) => [volume.id, volume]),
  );
  const machines = itemsOf(inventory.kinds, instanceKind).map(({ blockDevices }) =>
    blockDevices.flatMap(({ volumeId }) => {
      const volume = volumes.get(volumeId);
      volumes.delete(volumeId);
      return volume ? [volume] : [];
    }),
  );
  return [
    ...machines.filter((disks) => disks.length > 0),
    ...[...volumes.values()].map((volume) => [volume]),
  ];
}
