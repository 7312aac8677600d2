import {
  CopySnapshotCommand,
  CreateSnapshotsCommand,
  type EC2Client,
  ModifySnapshotAttributeCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { present, tagRecord } from '../kinds/kind';
import { TAG } from '../names';
import { carriedTags } from '../tags';
import { type Attempted, attempt } from './attempt';
import { percent } from './catalogue';
import { copyDescription } from './copyDescription';
import { MUST_SNAP } from './mustSnap';
import { Pace } from './pace';
import { type RecoveredMachine, volumeTags } from './recoveredMachines';
import { SET_WINDOW } from './select';
import { NO_VOLUME } from './shared';
import { findOwnSnapshots } from './snapshotSearch';

/** Where snapshots for the way home are taken, and for whom. */
export interface WayHomeContext {
  readonly dr: Account;
  /** EC2 of DR, without repeats; see clients.ts. */
  readonly once: EC2Client;
  /** ARN of the key of DR that the account at home may use: the one that source/ made there. */
  readonly keyArn: string;
  /** The account at home. */
  readonly home: string;
  readonly settleMs: number;
  readonly pollMs: number;
  note(text: string): void;
}

/** One disk's snapshot that the account at home can copy. */
export interface SharedHome {
  readonly machine: string;
  readonly volumeId: string;
  /** Of the disk, under the vault's key, which no other account may use. */
  readonly snapshotId: string;
  /** Its copy under the key that can be shared. */
  readonly copyId: string;
}

/** One disk on its way. */
interface Taken extends Omit<SharedHome, 'copyId'> {
  readonly instance: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Takes a set of snapshots of each recovered machine, copies it within DR under a key that can be shared, and shares it. A set that an earlier
 * call took and did not bring to an end is gone on with, unless the machine was stopped since.
 *
 * @returns what is shared now
 * @throws LifeboatError when a snapshot or a copy cannot be made
 */
export async function shareHome(
  machines: readonly RecoveredMachine[],
  context: WayHomeContext,
): Promise<SharedHome[]> {
  const { dr, note } = context;
  const [tags, earlier] = await Promise.all([
    volumeTags(
      dr,
      machines.flatMap(({ volumeIds }) => volumeIds),
    ),
    wayHomeSnapshots(
      dr,
      machines.map(({ id }) => id),
    ),
  ]);
  const taken: Taken[] = [];
  for (const machine of machines) {
    const disks = machine.volumeIds.filter((id) => tags.get(id)?.[MUST_SNAP.key] === MUST_SNAP.value);
    for (const id of machine.volumeIds.filter((each) => !disks.includes(each)))
      note(`${machine.name}: ${id} is not tagged ${MUST_SNAP.key}: ${MUST_SNAP.value}, and stays in DR`);
    if (disks.length === 0) continue;
    const set = unfinishedSet(machine, disks, earlier) ?? (await take(machine, disks, context));
    for (const [volumeId, snapshotId] of set)
      taken.push({
        machine: machine.name,
        instance: machine.id,
        volumeId,
        snapshotId,
        tags: tags.get(volumeId) ?? {},
      });
  }
  await completed(
    taken.map(({ snapshotId }) => snapshotId),
    'snapshots',
    context,
  );
  const copies = await rekeyed(taken, context);
  await completed([...copies.values()], 'copies under the key that is shared', context);
  const shared = taken.map(({ machine, volumeId, snapshotId }) => ({
    machine,
    volumeId,
    snapshotId,
    copyId: present(copies.get(snapshotId), 'the copy'),
  }));
  for (const { copyId } of shared)
    await dr.ec2.send(
      new ModifySnapshotAttributeCommand({
        SnapshotId: copyId,
        Attribute: 'createVolumePermission',
        CreateVolumePermission: { Add: [{ UserId: context.home }] },
      }),
    );
  return shared;
}

/** All that was ever taken of machines for the way home, the copies among them. */
function wayHomeSnapshots(dr: Account, machineIds: readonly string[]): Promise<Snapshot[]> {
  return findOwnSnapshots(dr.ec2, `tag:${TAG.wayHomeOf}`, machineIds);
}

const isCopy = ({ VolumeId }: Snapshot): boolean => VolumeId?.startsWith(NO_VOLUME) ?? true;
const isOf = (snapshot: Snapshot, machine: Pick<RecoveredMachine, 'id'>): boolean =>
  tagRecord(snapshot.Tags)[TAG.wayHomeOf] === machine.id && snapshot.State !== 'error';

/** The newest set of a machine, where a disk of it has no copy yet and nothing was written since; by disk. Pure. */
export function unfinishedSet(
  machine: Pick<RecoveredMachine, 'id' | 'state' | 'stoppedAt'>,
  disks: readonly string[],
  earlier: readonly Snapshot[],
): Map<string, string> | undefined {
  const own = earlier.filter((snapshot) => isOf(snapshot, machine));
  const newestFirst = own
    .filter((snapshot) => !isCopy(snapshot))
    .sort((a, b) => Number(b.StartTime) - Number(a.StartTime));
  const newest = Number(newestFirst[0]?.StartTime);
  const set = disks.flatMap((id) => newestFirst.find(({ VolumeId }) => VolumeId === id) ?? []);
  if (set.length !== disks.length) return undefined;
  if (set.some(({ StartTime }) => newest - Number(StartTime) > SET_WINDOW)) return undefined;
  if (machine.stoppedAt && set.some(({ StartTime }) => Number(StartTime) < Number(machine.stoppedAt)))
    return undefined;
  const copied = own.filter(isCopy).map(({ Description = '' }) => Description);
  const isShared = ({ SnapshotId = '' }: Snapshot) => copied.some((text) => text.includes(`${SnapshotId} `));
  // Of a machine that stands still there is nothing newer to be had.
  const isLast = machine.state === 'stopped' && machine.stoppedAt !== undefined;
  if (set.every(isShared) && !isLast) return undefined;
  return new Map(set.map(({ VolumeId = '', SnapshotId = '' }) => [VolumeId, SnapshotId]));
}

async function take(
  machine: RecoveredMachine,
  disks: readonly string[],
  { dr, once, settleMs, pollMs, note }: WayHomeContext,
): Promise<Map<string, string>> {
  const known = new Set((await wayHomeSnapshots(dr, [machine.id])).map(({ SnapshotId }) => SnapshotId));
  const command = new CreateSnapshotsCommand({
    InstanceSpecification: { InstanceId: machine.id },
    Description: `Lifeboat: ${machine.id} on its way home`,
    // Not the disks' tags: what carries MUSTSNAP is looked for at home, and these cannot be read there.
    TagSpecifications: [
      { ResourceType: 'snapshot', Tags: tagList({ Name: machine.name, [TAG.wayHomeOf]: machine.id }) },
    ],
  });
  const asSet = (snapshots: readonly Snapshot[]) =>
    new Map(
      snapshots
        .filter(({ VolumeId = '' }) => disks.includes(VolumeId))
        .map(({ VolumeId = '', SnapshotId = '' }) => [VolumeId, SnapshotId]),
    );
  const set = await patiently(`take the snapshots of ${machine.name}`, pollMs, note, () =>
    attempt({
      what: `take the snapshots of ${machine.name}`,
      settleMs,
      call: async () => asSet(present((await once.send(command)).Snapshots, 'Snapshots')),
      find: async () => {
        const found = (await wayHomeSnapshots(dr, [machine.id])).filter(
          (snapshot) => !known.has(snapshot.SnapshotId) && !isCopy(snapshot),
        );
        return asSet(found).size === disks.length ? asSet(found) : undefined;
      },
    }),
  );
  note(`${machine.name}: snapshots of ${set.size} disks begun`);
  return set;
}

/** Copies under the key that can be shared; by the snapshot that each is of. AWS limits how many run at once, so this waits. */
async function rekeyed(
  taken: readonly Taken[],
  { dr, once, keyArn, settleMs, pollMs, note }: WayHomeContext,
): Promise<Map<string, string>> {
  const find = async ({ snapshotId, volumeId, instance }: Taken) => {
    const text = copyDescription({ id: snapshotId, volumeId }, dr);
    const all = await wayHomeSnapshots(dr, [instance]);
    return all.find((found) => isCopy(found) && isOf(found, { id: instance }) && found.Description === text)
      ?.SnapshotId;
  };
  const copies = new Map<string, string>();
  for (const disk of taken) {
    const { tags } = carriedTags(disk.tags, { [TAG.wayHomeOf]: disk.instance });
    const command = new CopySnapshotCommand({
      SourceRegion: dr.region,
      SourceSnapshotId: disk.snapshotId,
      Description: copyDescription({ id: disk.snapshotId, volumeId: disk.volumeId }, dr),
      Encrypted: true,
      KmsKeyId: keyArn,
      TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagList(tags) }],
    });
    const id =
      (await find(disk)) ??
      (await patiently(`copy ${disk.snapshotId}`, pollMs, note, () =>
        attempt({
          what: `copy ${disk.snapshotId}`,
          settleMs,
          call: async () => present((await once.send(command)).SnapshotId, 'SnapshotId'),
          find: () => find(disk),
        }),
      ));
    copies.set(disk.snapshotId, id);
  }
  return copies;
}

async function patiently<T>(
  what: string,
  pollMs: number,
  note: (text: string) => void,
  tried: () => Promise<Attempted<T>>,
): Promise<T> {
  const pace = new Pace(Math.min(1_000, pollMs), pollMs);
  for (;;) {
    const outcome = await tried();
    if (outcome.kind === 'done') return outcome.value;
    if (outcome.kind === 'refused') {
      throw new LifeboatError({
        what: `AWS refused to ${what}`,
        got: outcome.reason,
        expected: 'a snapshot of every disk that goes home, and a copy of it',
        next: 'mend what AWS says, then npx lifeboat failback snapshots again: it goes on from there',
      });
    }
    note('AWS takes no snapshot or copy more now; waiting');
    await pace.wait();
  }
}

async function completed(
  ids: readonly string[],
  what: string,
  { dr, pollMs, note }: Pick<WayHomeContext, 'dr' | 'pollMs' | 'note'>,
): Promise<void> {
  const pace = new Pace(Math.min(1_000, pollMs), pollMs);
  for (let unseen = 0; ; ) {
    const found = await findOwnSnapshots(dr.ec2, 'snapshot-id', ids);
    const failed = found.filter(({ State }) => State === 'error');
    unseen = found.length < ids.length ? unseen + 1 : 0;
    if (failed.length > 0 || unseen > 10) {
      throw new LifeboatError({
        what: `Not all ${what} were completed, so nothing more was shared`,
        got:
          failed
            .map(({ SnapshotId, StateMessage }) => `${SnapshotId}: ${StateMessage || 'no reason'}`)
            .join(', ') || `${ids.length - found.length} are not there any more`,
        expected: 'each completed',
        next: 'mend what AWS says, then npx lifeboat failback snapshots again: it makes another',
      });
    }
    const pending = found.filter(({ State }) => State !== 'completed');
    if (pending.length === 0 && found.length === ids.length) return;
    const done = found.reduce((sum, snapshot) => sum + percent(snapshot), 0) / Math.max(1, ids.length);
    note(`${what}: ${ids.length - pending.length} of ${ids.length} completed, ${Math.floor(done)} %`);
    await pace.wait();
  }
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
