import type { LifeboatErrorDetails } from '../../errors';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { MAX_TAGS } from '../../tags';
import type { Disk, Estate, Machine } from './estate';
import { quoted } from './quoted';

/** The tag of system disks, as users of the older scripts have it. */
export const SYS_DISK = { key: 'SYSDISK', value: 'True' } as const;

/** What the value of MUSTSNAP is on what is left out on purpose. */
export const LEFT_OUT = 'False';

/** Whether a disk is to be snapshotted. */
export function isMustSnap({ tags }: Pick<Disk, 'tags'>): boolean {
  return tags[MUST_SNAP.key] === MUST_SNAP.value;
}

/** The machines that are to be in DR: those with at least one disk that is to be snapshotted. */
export function protectedMachines({ machines }: Estate): Machine[] {
  return machines.filter(({ disks }) => disks.some(isMustSnap));
}

/** Whether a tag counts towards AWS's limit: those that AWS sets itself do not. */
export function isOwnKey(key: string): boolean {
  return !key.startsWith('aws:');
}

interface Offender {
  /** What is found, for `got`. */
  readonly got: string;
  /** The command that mends it. */
  readonly next: string;
}

/**
 * What is wrong with the tags that people set, one entry for each rule that is broken, with all that break it. Pure.
 *
 * @returns nothing when all is well; otherwise nothing must be changed
 */
export function tagProblems(estate: Estate): LifeboatErrorDetails[] {
  const { region } = estate;
  const machines = protectedMachines(estate);
  const problems: LifeboatErrorDetails[] = [];
  const rule = (what: string, expected: string, offenders: readonly Offender[]) => {
    if (offenders.length === 0) return;
    problems.push({
      what,
      expected,
      got: offenders.map(({ got }) => got).join('\n            '),
      next: [...new Set(offenders.map(({ next }) => next))].join('\n            '),
    });
  };
  const disks = machines.flatMap((machine) => machine.disks.map((disk) => ({ machine, disk })));
  const roots = disks.filter(({ disk }) => disk.isRoot);

  rule(
    'Machines with disks to be copied have no Name',
    'a Name tag on each, unique in the account and region',
    machines
      .filter(({ tags }) => !tags.Name)
      .map(({ id }) => ({ got: id, next: createTags(region, id, 'Name', '…') })),
  );
  rule(
    'Machines with disks to be copied share their Name with another',
    'a Name tag on each that no other machine has',
    machines.flatMap(({ id, tags }) => {
      const same = estate.machines.filter((other) => tags.Name && other.tags.Name === tags.Name);
      if (same.length < 2) return [];
      const others = same.filter((other) => other.id !== id).map((other) => other.id);
      return [
        { got: `${tags.Name}: ${id}, as ${others.join(', ')}`, next: createTags(region, id, 'Name', '…') },
      ];
    }),
  );
  rule(
    'Machines with disks to be copied have a system disk that is not an EBS volume',
    'an EBS volume as system disk: an instance store cannot be snapshotted',
    machines
      .filter(({ disks: own }) => !own.some((disk) => disk.isRoot))
      .map((machine) => ({
        got: `${titled(machine)}: ${machine.rootDevice ?? 'an instance store'}`,
        next: `move ${titled(machine)} to an image with an EBS system disk, or take ${MUST_SNAP.key} off its disks`,
      })),
  );
  rule(
    `Machines have no room for the tag ${MUST_SNAP.key}, by which the snapshot policy finds them`,
    `at most ${MAX_TAGS - 1} other tags: AWS allows ${MAX_TAGS}`,
    machines
      .filter(
        ({ tags }) =>
          tags[MUST_SNAP.key] === undefined && Object.keys(tags).filter(isOwnKey).length >= MAX_TAGS,
      )
      .map((machine) => ({
        got: `${titled(machine)}: ${MAX_TAGS} tags`,
        next: `aws ec2 delete-tags --region ${region} --resources ${machine.id} --tags Key=…`,
      })),
  );
  rule(
    "Disks have no Name that begins with their machine's Name",
    'such as MASTER for the system disk of MASTER and MASTER-DATA for another',
    disks
      .filter(({ machine, disk }) => machine.tags.Name && !disk.tags.Name?.startsWith(machine.tags.Name))
      .map(({ machine, disk }) => ({
        got: `${disk.volumeId}, ${disk.device} of ${titled(machine)}: ${disk.tags.Name ? `Name ${disk.tags.Name}` : 'no Name'}`,
        next: createTags(region, disk.volumeId, 'Name', diskName(machine, disk)),
      })),
  );
  rule(
    `Disks have a ${MUST_SNAP.key} that is neither ${MUST_SNAP.value} nor ${LEFT_OUT}`,
    `${MUST_SNAP.key}: ${MUST_SNAP.value}, or ${LEFT_OUT} for a disk that is left out on purpose`,
    disks
      .filter(({ disk }) => ![undefined, MUST_SNAP.value, LEFT_OUT].includes(disk.tags[MUST_SNAP.key]))
      .map(({ machine, disk }) => ({
        got: `${disk.volumeId}, ${disk.device} of ${titled(machine)}: ${MUST_SNAP.key}: ${disk.tags[MUST_SNAP.key]}`,
        next: createTags(region, disk.volumeId, MUST_SNAP.key, MUST_SNAP.value),
      })),
  );
  for (const { key, value } of [MUST_SNAP, SYS_DISK]) {
    rule(
      `System disks are not tagged ${key}: ${value}`,
      `${key}: ${value} on the system disk of each machine that has disks to be copied`,
      roots
        .filter(({ disk }) => disk.tags[key] !== value)
        .map(({ machine, disk }) => ({
          got: `${disk.volumeId}, ${disk.device} of ${titled(machine)}: ${disk.tags[key] ?? `no ${key}`}`,
          next: createTags(region, disk.volumeId, key, value),
        })),
    );
  }
  return problems;
}

/** A machine for people: its Name, or its id. */
export function titled({ id, tags }: Pick<Machine, 'id' | 'tags'>): string {
  return tags.Name || id;
}

/** The command that sets one tag, as typed in a shell. */
function createTags(region: string, resource: string, key: string, value: string): string {
  const tag = quoted(`Key=${key},Value=${value}`);
  return `aws ec2 create-tags --region ${region} --resources ${resource} --tags ${tag}`;
}

/** A Name for a disk that lacks one: the machine's, with the device's last part for data disks. */
function diskName(machine: Machine, disk: Disk): string {
  const name = machine.tags.Name ?? '';
  return disk.isRoot ? name : `${name}-${disk.device.split('/').at(-1)?.toUpperCase()}`;
}
