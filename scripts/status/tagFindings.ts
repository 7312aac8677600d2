import { MUST_SNAP } from '../../snapshots/mustSnap';
import type { Finding, Findings } from './finding';
import type { Around } from './machineReport';
import type { LeftDisk, Machine } from './machines';

const TAG_VOLUMES = 'in the source, as its owner: npx lifeboat tag-volumes';
const MUST = `${MUST_SNAP.key}: ${MUST_SNAP.value}`;

/** What is wrong with a machine's tags, by the source as it is now; by the accepted inventory where it does not answer. Pure. */
export function tagFindings(machine: Machine, around: Around): Findings {
  const problems: Finding[] = [];
  const notes: Finding[] = [];
  const { instance } = machine;
  if (!machine.isAccepted)
    problems.push({
      code: 'not-accepted',
      what: 'is tagged in the source, and no run of the mirror has accepted it: it would not be recovered',
      next: `npm run pulumi -- up --stack ${around.stack}`,
    });
  if (machine.goneSince !== undefined)
    notes.push({
      code: 'instance-gone',
      what: `is gone from the source since ${machine.goneSince}, and held with its copies`,
      next: `if it is to go: npx lifeboat prune --stack ${around.stack}`,
    });
  else if (around.isLive && !machine.live)
    problems.push({
      code: 'instance-gone',
      what: 'is gone from the source, and no run of the mirror has taken note of it',
      next: `npx lifeboat guard --stack ${around.stack}; was it meant? if not: docs/runbook.md, The source is hostile`,
    });
  const namesakes = around.machines.filter((other) => isNamesake(machine, other));
  if (currentName(machine) === '' || namesakes.length > 0)
    problems.push({
      code: 'name-not-unique',
      what:
        currentName(machine) === ''
          ? 'has no Name tag: what is recovered is called by it'
          : `shares its Name ${currentName(machine)} with ${namesakes.map((other) => other.instance.id).join(', ')}`,
      next: `in the source: aws ec2 create-tags --region ${around.settings.sourceRegion} --resources ${instance.id} --tags Key=Name,Value=…`,
    });
  if (machine.live) compareLive(machine, machine.live, around, problems);
  for (const { deviceName, volumeId, isSystem, isMeant } of notLost(machine)) {
    const which = `its disk ${deviceName} (${volumeId})`;
    if (isSystem)
      problems.push({
        code: 'system-disk-untagged',
        what: `its system disk ${deviceName} (${volumeId}) is not tagged ${MUST}: it could not boot in DR`,
        next: `in the source: aws ec2 create-tags --region ${around.settings.sourceRegion} --resources ${volumeId} --tags Key=${MUST_SNAP.key},Value=${MUST_SNAP.value}; then: npx lifeboat tag-volumes`,
      });
    else if (isMeant)
      notes.push({ code: 'disk-left-out', what: `${which} is left out, as its tag ${MUST_SNAP.key} says` });
    else
      problems.push({
        code: 'disk-left-out',
        what: `${which} is left out, and nobody has said so: it is not tagged`,
        next: `tag it ${MUST} if it is needed; else ${TAG_VOLUMES}, which marks it as left out`,
      });
  }
  return { problems, notes };
}

function isNamesake(one: Machine, other: Machine): boolean {
  const name = currentName(one);
  return (
    one.instance.id !== other.instance.id &&
    name !== '' &&
    name === currentName(other) &&
    // One that is gone from the source and one that came in its place may share it.
    (one.goneSince === undefined) === (other.goneSince === undefined)
  );
}

/** The disks that are left out; less those that have lost their tag, which are told of as that. */
function notLost({ left, disks }: Machine): readonly LeftDisk[] {
  return left.filter(
    ({ volumeId, isSystem }) => isSystem || !disks.some((disk) => disk.volumeId === volumeId),
  );
}

function currentName({ live, name }: Machine): string {
  return live ? live.name : name;
}

function compareLive(
  { disks, instance, isAccepted }: Machine,
  live: NonNullable<Machine['live']>,
  { takesInstances, stack }: Around,
  problems: Finding[],
): void {
  const lost = disks.filter(({ volumeId }) => live.left.some((left) => left.volumeId === volumeId));
  if (lost.length > 0)
    problems.push({
      code: 'tags-lost',
      what: `${lost.map(({ deviceName, volumeId }) => `${deviceName} (${volumeId})`).join(', ')}: the tag ${MUST} is gone`,
      next: `put it back, if that was not meant: aws ec2 create-tags --resources ${lost.map(({ volumeId }) => volumeId).join(' ')} --tags Key=${MUST_SNAP.key},Value=${MUST_SNAP.value}`,
    });
  const isTagged = live.instance.tags[MUST_SNAP.key] === MUST_SNAP.value;
  const wasTagged = isAccepted && instance.tags[MUST_SNAP.key] === MUST_SNAP.value;
  if (!isTagged && (wasTagged || takesInstances))
    problems.push({
      code: 'tags-lost',
      what: wasTagged
        ? `the machine's own tag ${MUST} is gone: the snapshot policy passes it over`
        : `the machine itself is not tagged ${MUST}: the snapshot policy passes it over`,
      next: TAG_VOLUMES,
    });
  const attached = new Set(live.instance.blockDevices.map(({ volumeId }) => volumeId));
  const detached = disks.filter(({ volumeId }) => !attached.has(volumeId));
  const added = live.disks.filter(({ volumeId }) => !disks.some((disk) => disk.volumeId === volumeId));
  const changes = [
    ...detached.map(({ volumeId }) => `${volumeId} is no longer attached`),
    ...added.map(({ volumeId }) => `${volumeId} is new`),
  ];
  if (isAccepted && changes.length > 0)
    problems.push({
      code: 'not-accepted',
      what: `its disks have changed, and no run of the mirror has accepted that: ${changes.join(', ')}`,
      next: `npm run pulumi -- up --stack ${stack}`,
    });
}
