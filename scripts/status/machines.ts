import { type Inventory, type Items, itemName, itemsOf } from '../../inventory/inventory';
import { type ProtectedInstance, protectedInstances } from '../../inventory/protectedInstances';
import { type Instance, instance as instanceKind } from '../../kinds/machines/instance';
import { type Volume, volume as volumeKind } from '../../kinds/machines/volume';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { LEFT_OUT } from '../tagVolumes/tagProblems';
import { asFinding, type Finding } from './finding';

/** A machine that status has a row for. */
export interface Machine extends ProtectedInstance {
  /** Whether the accepted inventory knows it; if not, a recovery would pass it over. */
  readonly isAccepted: boolean;
  /** When a run first missed it in the source, ISO 8601. */
  readonly goneSince?: string;
  /** As the source shows it now; undefined when it is not there, or the source does not answer. */
  readonly live?: WholeMachine;
  /** Its disks that are not tagged, in the source now; by the accepted inventory where it does not answer. */
  readonly left: readonly LeftDisk[];
}

/** A machine with all its disks. */
export interface WholeMachine extends ProtectedInstance {
  readonly left: readonly LeftDisk[];
}

/** A disk of a machine that is not tagged to be snapshotted. */
export interface LeftDisk {
  readonly volumeId: string;
  readonly deviceName: string;
  readonly isSystem: boolean;
  /** Whether somebody decided so: it is tagged to be left out. */
  readonly isMeant: boolean;
}

/**
 * The machines that are protected, by the accepted inventory, and those that the source shows beside them; by name. Pure.
 *
 * @param accepted undefined before the first good run, and when it cannot be read
 * @param live the source's machines and disks; undefined when it does not answer
 */
export function statusMachines(
  accepted: Inventory | undefined,
  live: Items | undefined,
): { machines: Machine[]; problems: Finding[] } {
  const problems: Finding[] = [];
  let known: readonly ProtectedInstance[] = [];
  const gone = accepted?.gone ?? {};
  if (accepted) {
    try {
      known = protectedInstances(accepted).instances;
    } catch (error) {
      problems.push(
        asFinding(error, 'inventory', 'the accepted inventory names machines that cannot be recovered', ''),
      );
    }
  }
  const acceptedMachines = byId(accepted ? allMachines(accepted.kinds) : []);
  const liveMachines = byId(live ? allMachines(live) : []);
  const isShown = (machine: WholeMachine) =>
    machine.disks.length > 0 && !Object.hasOwn(gone, itemName(instanceKind.name, machine.instance.id));
  // Accepted ones first: a recovery goes by them, however the source has changed since.
  const all = new Map<string, ProtectedInstance>(
    [
      ...known,
      ...[...acceptedMachines.values()].filter(isShown),
      ...[...liveMachines.values()].filter(isShown),
    ]
      .reverse()
      .map((machine) => [machine.instance.id, machine]),
  );
  const machines = [...all].map(([id, { instance, name, disks }]): Machine => {
    const found = liveMachines.get(id);
    return {
      instance,
      name,
      disks,
      isAccepted: (acceptedMachines.get(id)?.disks.length ?? 0) > 0,
      goneSince: gone[itemName(instanceKind.name, id)],
      live: found,
      left: (found ?? acceptedMachines.get(id))?.left ?? [],
    };
  });
  return {
    machines: machines.sort((a, b) => compare(a.name, b.name) || compare(a.instance.id, b.instance.id)),
    problems,
  };
}

function byId(machines: readonly WholeMachine[]): Map<string, WholeMachine> {
  return new Map(machines.map((machine) => [machine.instance.id, machine]));
}

function allMachines(items: Items): WholeMachine[] {
  const volumes = new Map(itemsOf(items, volumeKind).map((volume) => [volume.id, volume]));
  return itemsOf(items, instanceKind).map((instance) => ({
    instance,
    name: instance.tags.Name ?? '',
    disks: instance.blockDevices.flatMap((device) => {
      const volume = volumes.get(device.volumeId);
      return volume && isTagged(volume) ? [{ ...device, volume }] : [];
    }),
    left: instance.blockDevices
      .filter(({ volumeId }) => !isTagged(volumes.get(volumeId)))
      .map((device) => leftDisk(instance, device, volumes.get(device.volumeId))),
  }));
}

function isTagged(volume: Volume | undefined): boolean {
  return volume?.tags[MUST_SNAP.key] === MUST_SNAP.value;
}

function leftDisk(
  instance: Instance,
  { volumeId, deviceName }: Instance['blockDevices'][number],
  volume: Volume | undefined,
): LeftDisk {
  return {
    volumeId,
    deviceName,
    isSystem: deviceName === instance.rootDeviceName,
    isMeant: volume?.tags[MUST_SNAP.key] === LEFT_OUT,
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
