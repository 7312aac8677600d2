import { LifeboatError } from '../errors';
import type { Settings } from '../settings';
import type { Copy } from '../snapshots/catalogue';

import { missingFor, type RecoveryPoint, recoveryPointsInTime } from '../snapshots/select';
import { chosenMachines } from './chosenMachines';
import { imageName } from './imagesInDr';
import { instanceTypesFor } from './instanceTypes';
import type { Inventory } from './inventory';
import { launchImage, type NamedImages, namedImage } from './launchImage';
import { machineIpv6 } from './machineIpv6';
import { type PlannedMachine, plannedMachine } from './plannedMachine';
import {
  attachedDisks,
  launchProblems,
  type ProtectedInstance,
  protectedInstances,
} from './protectedInstances';
import type { Recovered } from './recovered';
import type { Pin } from './store';
import { unknownEntries } from './unknownEntries';

/** How the names of images that recoveries register begin. */
const RECOVERY_IMAGE = 'lifeboat ';

/** A machine that is wanted and cannot be recovered now. */
export interface FailedMachine {
  /** Of the source's instance. */
  readonly id: string;
  readonly name: string;
  readonly problem: string;
}

/** What a recovery makes, and what its reader should know of it. */
export interface RecoveryPlan {
  readonly machines: readonly PlannedMachine[];
  /** Those that are not launched, though some have an image by now. The others do not wait for them; the run fails after it has started those. */
  readonly failed: readonly FailedMachine[];
  readonly notes: readonly string[];
}

/**
 * Chooses a recovery point for each protected machine and says what to make of it. Pure.
 *
 * @param inventory the accepted inventory
 * @param copies every copy in DR
 * @param pins the points that machines were brought up from already; newer copies do not move them
 * @param mirrored names of the planned mirror: a machine's subnet and groups must be among them
 * @throws LifeboatError when not one machine can be recovered, and when one that runs could not be any more
 */
export function recoveryPlan(
  inventory: Inventory,
  copies: readonly Copy[],
  pins: ReadonlyMap<string, Pin>,
  mirrored: ReadonlySet<string>,
  options: Pick<Settings, 'recoverOnly' | 'recoverExcept' | 'instanceTypes'> &
    Partial<Pick<Settings, 'passUserData' | 'images'>> & {
      recoverAt?: Date;
      volumeKey?: string;
      /** How the names of its images begin. Default: `lifeboat ` */
      imagePrefix?: string;
      /** What earlier runs have made. */
      recovered: Recovered;
    },
): RecoveryPlan {
  const { passUserData = [], images = {}, recovered } = options;
  const { instances, notes } = protectedInstances(inventory, new Set(pins.keys()));
  const wanted = chosenMachines(instances, options);
  const underRecovery = new Map([...pins].filter(([id]) => recovered.types.has(id)));
  refuseToDrop(underRecovery, wanted);
  const problems = launchProblems(wanted, mirrored);
  const held: FailedMachine[] = [];
  notes.push(...unknownEntries({ passUserData, images }, instances));
  const ipv6 = machineIpv6(inventory.kinds, mirrored);
  const unlaunchable = new Set(problems.map(({ id }) => id));
  const machines = wanted.flatMap((machine): PlannedMachine[] => {
    const { instance, name } = machine;
    if (unlaunchable.has(instance.id)) return [];
    const point = choosePoint(
      machine,
      copies,
      pins.get(instance.id),
      underRecovery.has(instance.id),
      options.recoverAt,
    );
    if (typeof point === 'string') {
      problems.push({ id: instance.id, name, problem: point });
      return [];
    }
    for (const { volumeId, deviceName } of machine.disks)
      if (!point.copies.has(volumeId))
        notes.push(
          `${name}: recovered as of ${point.time.toISOString()}, before the disk ${volumeId} was attached as ${deviceName}: it is left out`,
        );
    const running = imageOfRunning(
      machine,
      pins.get(instance.id),
      recovered.instances.get(instance.id),
      images,
    );
    const first = `${options.imagePrefix ?? RECOVERY_IMAGE}${instance.id} ${point.id}`;
    const named = imageName(first, recovered.images);
    const from = launchImage(machine, named, images, recovered.images, running);
    if (from.kind === 'wrong') {
      problems.push({ id: instance.id, name, problem: from.reason });
      return [];
    }
    if (from.kind === 'held') held.push({ id: instance.id, name, problem: from.reason });
    const made = plannedMachine(machine, point, {
      mirrored,
      ipv6,
      passUserData,
      volumeKey: options.volumeKey,
      imageName: named,
      from,
    });
    notes.push(...made.notes.map((note) => `${name}: ${note}`));
    const moved = pins.get(instance.id)?.moved;
    const pin = { ...made.planned.pin, ...(moved && { moved }) };
    const planned = { ...made.planned, pin };
    const [instanceType] = instanceTypesFor(machine, options.instanceTypes, recovered.types.get(instance.id));
    if (instanceType === instance.instanceType) return [planned];
    notes.push(`${name}: a ${instanceType} in DR, where the source has a ${instance.instanceType}`);
    return [asType(planned, instanceType)];
  });
  refuseToLose(problems, underRecovery);
  if (machines.length === 0 && problems.length > 0) {
    throw new LifeboatError({
      what: `${problems.length} of ${wanted.length} machines cannot be recovered, so nothing is changed`,
      got: listed(problems),
      expected: 'for each machine a completed copy of all its tagged disks, taken together',
      next: 'npx lifeboat copy-snapshots; npx lifeboat status says what each machine lacks',
    });
  }
  return { machines, failed: [...problems, ...held], notes };
}

/** What a machine that runs stays on. One that is moved on is launched anew: from another image, where one is named. */
function imageOfRunning(
  machine: ProtectedInstance,
  pin: Pin | undefined,
  running: string | undefined,
  images: NamedImages,
): { readonly image: Pin['image'] } | undefined {
  if (running === undefined) return undefined;
  const isMoving = pin?.moved?.machines.some((each) => each.instance === running);
  return isMoving && namedImage(machine, images) !== undefined ? undefined : { image: pin?.image };
}

/** A machine of another type: cores and credits are what the type has, and others would be refused. */
function asType(planned: PlannedMachine, instanceType: string): PlannedMachine {
  const { cpuOptions: _cores, creditSpecification: _credits, ...launch } = planned.launch;
  return { ...planned, launch: { ...launch, instanceType } };
}

const listed = (problems: readonly FailedMachine[]): string =>
  problems.map(({ name, problem }) => `${name}: ${problem}`).join('\n            ');

/** One that runs already would be ended by a plan without it. */
function refuseToLose(problems: readonly FailedMachine[], pins: ReadonlyMap<string, Pin>): void {
  const lost = problems.filter(({ id }) => pins.has(id));
  if (lost.length === 0) return;
  throw new LifeboatError({
    what: 'Machines under recovery cannot be planned any more, so nothing is changed',
    got: listed(lost),
    expected: 'what each was recovered from, for as long as it runs',
    next: 'find out who removed it (CloudTrail in DR); the machines run on, and npx lifeboat stand-down ends them in order',
  });
}

/**
 * A machine under recovery holds data that no copy has. Nothing but stand-down ends it. One that was begun and never launched can be left
 * out: `lifeboat recover` does so until its wave comes.
 */
function refuseToDrop(running: ReadonlyMap<string, Pin>, wanted: readonly ProtectedInstance[]): void {
  const dropped = [...running.keys()].filter((id) => !wanted.some(({ instance }) => instance.id === id));
  if (dropped.length === 0) return;
  throw new LifeboatError({
    what: 'Machines under recovery would be removed without a final snapshot, so nothing is changed',
    got: dropped.join(', '),
    expected: 'every machine that was recovered stays until stand-down',
    next: 'npm run pulumi -- config rm lifeboat:recoverExcept, and recoverOnly; or, to end the recovery: npx lifeboat stand-down',
  });
}

/** The point to recover a machine from, or why there is none: the one that it is pinned to, or the newest at or before `recoverAt`. Pure. */
export function choosePoint(
  machine: ProtectedInstance,
  copies: readonly Copy[],
  pin: Pin | undefined,
  isRunning: boolean,
  recoverAt: Date | undefined,
): RecoveryPoint | string {
  const volumeIds = machine.disks.map((disk) => disk.volumeId);
  const points = recoveryPointsInTime(volumeIds, copies, attachedDisks(machine));
  if (pin) {
    // The machine runs from this point: it stays, whatever is newer, and whatever became of the copies since.
    const byId = new Map(copies.map((copy) => [copy.id, copy]));
    const pinned = Object.entries(pin.copies).map(
      ([volumeId, copyId]) => [volumeId, byId.get(copyId)] as const,
    );
    const lost = pinned.find(([, copy]) => copy === undefined);
    if (!lost)
      return {
        id: pin.point,
        time: new Date(pin.time),
        copies: new Map(pinned.flatMap(([volumeId, copy]) => (copy ? [[volumeId, copy]] : []))),
      };
    // One that was begun and never launched has nothing that another point would lose.
    if (isRunning) return `it is pinned to the recovery point ${pin.point}, whose copy of ${lost[0]} is gone`;
  }
  const point = points.find(({ time }) => recoverAt === undefined || time <= recoverAt);
  if (point) return point;
  if (points.length > 0) return `no complete recovery point at or before ${recoverAt?.toISOString()}`;
  return missingFor(volumeIds, copies);
}
