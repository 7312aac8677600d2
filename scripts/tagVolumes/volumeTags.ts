import { MUST_SNAP } from '../../snapshots/mustSnap';
import { MAX_TAGS } from '../../tags';
import type { Disk, Estate, Machine } from './estate';
import { isMustSnap, isOwnKey, LEFT_OUT, protectedMachines, SYS_DISK, titled } from './tagProblems';

/** AWS's limit of a tag's value, in characters. */
const MAX_VALUE = 256;

/** One tag that is to be written. */
export interface TagChange {
  readonly resource: string;
  /** Its Name, or that of the machine it belongs to. */
  readonly name: string;
  readonly key: string;
  /** The value now; undefined without such a tag. */
  readonly was?: string;
  readonly becomes: string;
}

/** What `tag-volumes` writes, and what its reader should know. */
export interface TagPlan {
  readonly changes: readonly TagChange[];
  readonly warnings: readonly string[];
}

/** The keys that say what a machine is. Older scripts know the first nine; they are on its system disk. */
type MachineKey =
  | 'InstanceType'
  | 'Architecture'
  | 'EnaSupport'
  | 'AvailabilityZone'
  | 'IamProfileArn'
  | 'IamProfileId'
  | 'SecurityGroups'
  | 'BootMode'
  | 'TpmSupport'
  | 'AvailabilityZoneId'
  | 'PrivateIpAddress'
  | 'Platform'
  | 'RootDevice';

/** The tags that an estate's disks and machines lack, or have with another value. Pure; for an estate without problems. */
export function tagPlan(estate: Estate): TagPlan {
  const changes: TagChange[] = [];
  const warnings: string[] = [...estate.warnings];
  for (const { volumeId, tags } of estate.looseDisks) {
    if (isMustSnap({ tags }))
      warnings.push(
        `${volumeId} is tagged ${MUST_SNAP.key} but attached to no machine, so nothing is recovered from it`,
      );
  }
  for (const machine of protectedMachines(estate)) {
    const name = titled(machine);
    changes.push(...changesOf(machine, name, { [MUST_SNAP.key]: MUST_SNAP.value }, warnings));
    for (const disk of machine.disks) {
      if (disk.attachedTo.length > 1 && disk.attachedTo[0] !== machine.id) {
        warnings.push(
          `${disk.volumeId} of ${name} is attached to ${disk.attachedTo[0]} too, and tagged as that one's`,
        );
        continue;
      }
      warnings.push(...diskWarnings(estate, machine, disk));
      const wanted = isMustSnap(disk) ? diskTags(machine, disk) : { [MUST_SNAP.key]: LEFT_OUT };
      changes.push(
        ...changesOf({ id: disk.volumeId, tags: disk.tags }, disk.tags.Name ?? name, wanted, warnings),
      );
    }
  }
  return { changes, warnings };
}

function diskTags(machine: Machine, disk: Disk): Record<string, string | undefined> {
  const own = { Instance: machine.tags.Name, Device: disk.device };
  return disk.isRoot ? { ...own, ...machineTags(machine) } : own;
}

function machineTags(machine: Machine): Record<MachineKey, string | undefined> {
  return {
    InstanceType: machine.instanceType,
    Architecture: machine.architecture,
    EnaSupport: machine.enaSupport ? 'True' : 'False',
    AvailabilityZone: machine.availabilityZone,
    IamProfileArn: machine.iamProfile?.arn,
    IamProfileId: machine.iamProfile?.id,
    SecurityGroups: machine.securityGroups.map(({ name, id }) => `${name}:${id}:`).join(''),
    BootMode: machine.bootMode,
    TpmSupport: machine.tpmSupport,
    AvailabilityZoneId: machine.availabilityZoneId,
    PrivateIpAddress: machine.privateIpAddress,
    Platform: machine.platform,
    RootDevice: machine.rootDevice,
  };
}

function changesOf(
  { id, tags }: { id: string; tags: Readonly<Record<string, string>> },
  name: string,
  wanted: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): TagChange[] {
  const changes: TagChange[] = [];
  let room = MAX_TAGS - Object.keys(tags).filter(isOwnKey).length;
  for (const [key, becomes] of Object.entries(wanted)) {
    const was = tags[key];
    if (becomes === undefined || becomes === '') {
      if (was !== undefined) warnings.push(`${id} (${name}) says ${key}: ${was}, which is not so any more`);
    } else if (becomes.length > MAX_VALUE) {
      warnings.push(
        `${id} (${name}): ${key} has ${becomes.length} characters, and a tag ${MAX_VALUE}: left out`,
      );
    } else if (was === undefined && room <= 0) {
      warnings.push(`${id} (${name}) has ${MAX_TAGS} tags, the most that AWS allows: ${key} is left out`);
    } else if (was === undefined || !isSame(key, was, becomes)) {
      if (was === undefined) room -= 1;
      changes.push({ resource: id, name, key, was, becomes });
    }
  }
  return changes;
}

/** Whether two values say the same: older scripts wrote groups in AWS's order, and truth in Python's or JSON's way. */
function isSame(key: string, a: string, b: string): boolean {
  if (key === 'SecurityGroups') return groupList(a) === groupList(b);
  if (key === 'EnaSupport') return a.toLowerCase() === b.toLowerCase();
  return a === b;
}

function groupList(text: string): string {
  // A group's name may hold colons itself, an id cannot.
  return [...text.matchAll(/(.+?):(sg-[0-9a-z]+)(?::|$)/g)]
    .map(([, name, id]) => `${id} ${name}`)
    .sort()
    .join('\n');
}

function diskWarnings({ isAwsManagedKey }: Estate, machine: Machine, disk: Disk): string[] {
  const where = `${disk.volumeId}, ${disk.device} of ${titled(machine)},`;
  const warnings: string[] = [];
  if (!isMustSnap(disk)) {
    if (disk.tags[MUST_SNAP.key] === undefined)
      warnings.push(`${where} is not tagged ${MUST_SNAP.key}: ${MUST_SNAP.value}, and is left out of DR`);
    return warnings;
  }
  if (disk.kmsKeyId && isAwsManagedKey.get(disk.kmsKeyId))
    warnings.push(
      `${where} is encrypted under a key that AWS manages, so its snapshots can never be shared and nothing of it is copied; ` +
        'the commands for its machine are below',
    );
  if (!disk.isRoot && disk.tags[SYS_DISK.key] === SYS_DISK.value)
    warnings.push(`${where} is tagged ${SYS_DISK.key} but is not the system disk`);
  return warnings;
}
