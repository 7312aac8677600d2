import {
  CreateSnapshotsCommand,
  CreateTagsCommand,
  type EC2Client,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError, reason } from '../errors';
import { present, tagRecord } from '../kinds/kind';
import { TAG } from '../names';
import { carriedTags } from '../tags';
import { attempt } from './attempt';
import { percent } from './catalogue';
import { Pace } from './pace';
import { type RecoveredMachine, volumeTags } from './recoveredMachines';
import { findOwnSnapshots } from './snapshotSearch';

const STAND_DOWN = 'npx lifeboat stand-down';

/** The final snapshots of one machine: the snapshot's id by the disk's. */
export type FinalSet = ReadonlyMap<string, string>;

/** Where final snapshots are taken, and how long to wait at the most between looks, in milliseconds. */
export interface FinalContext {
  readonly dr: Account;
  /** EC2 of DR, without repeats; see clients.ts. */
  readonly once: EC2Client;
  readonly settleMs: number;
  readonly pollMs: number;
  /** What an error says is to be typed again. Default: stand-down */
  readonly command?: string;
  note(text: string): void;
}

/**
 * Makes sure of a final snapshot of every disk of each machine, taken together. A set that an earlier run took counts when the
 * machine was stopped before it and not started since; otherwise it may have written more, and another set is taken.
 *
 * @returns the sets by the machines' ids; they may still be pending, see `awaitFinalSnapshots`
 * @throws LifeboatError when one cannot be taken
 */
export async function takeFinalSnapshots(
  machines: readonly RecoveredMachine[],
  context: FinalContext,
): Promise<ReadonlyMap<string, FinalSet>> {
  const { dr, note } = context;
  const earlier = await finalsOf(
    dr,
    machines.map(({ id }) => id),
  );
  const tags = await volumeTags(
    dr,
    machines.flatMap(({ volumeIds }) => volumeIds),
  );
  const sets = new Map<string, FinalSet>();
  for (const machine of machines) {
    const own = earlier.filter((snapshot) => isFinalOf(snapshot, machine));
    const usable = completeSet(
      machine,
      own.filter((snapshot) => isLast(snapshot, machine)),
    );
    if (usable) note(`${machine.name}: its final snapshots are there already`);
    const snapshots = usable ?? (await take(machine, own, context));
    await addTags(machine, snapshots, tags, context);
    sets.set(
      machine.id,
      new Map(snapshots.map(({ VolumeId = '', SnapshotId = '' }) => [VolumeId, SnapshotId])),
    );
  }
  return sets;
}

/**
 * Waits until every final snapshot is completed.
 *
 * @throws LifeboatError with AWS's reason when one fails or vanishes
 */
export async function awaitFinalSnapshots(
  sets: ReadonlyMap<string, FinalSet>,
  { dr, pollMs, command = STAND_DOWN, note }: Pick<FinalContext, 'dr' | 'pollMs' | 'command' | 'note'>,
): Promise<void> {
  const ids = [...sets.values()].flatMap((set) => [...set.values()]);
  const pace = new Pace(Math.min(1_000, pollMs), pollMs);
  let unseen = 0;
  for (;;) {
    const found = await findOwnSnapshots(dr.ec2, 'snapshot-id', ids);
    const failed = found.filter(({ State }) => State === 'error');
    unseen = found.length < ids.length ? unseen + 1 : 0;
    if (failed.length > 0 || unseen > 10) {
      throw new LifeboatError({
        what: 'A final snapshot failed, so no machine is removed',
        got:
          failed
            .map(({ SnapshotId, StateMessage }) => `${SnapshotId}: ${StateMessage || 'no reason'}`)
            .join(', ') || `${ids.length - found.length} snapshots are not there any more`,
        expected: 'every final snapshot completed',
        next: `mend what AWS says, then ${command} again: it takes another`,
      });
    }
    const pending = found.filter(({ State }) => State !== 'completed');
    if (pending.length === 0 && found.length === ids.length) return;
    const done = found.reduce((sum, snapshot) => sum + percent(snapshot), 0) / ids.length;
    note(`final snapshots: ${ids.length - pending.length} of ${ids.length} completed, ${Math.floor(done)} %`);
    await pace.wait();
  }
}

function finalsOf(dr: Account, machineIds: readonly string[]): Promise<Snapshot[]> {
  return findOwnSnapshots(dr.ec2, `tag:${TAG.finalOf}`, machineIds);
}

function isFinalOf({ Tags, State }: Snapshot, { id }: RecoveredMachine): boolean {
  return tagRecord(Tags)[TAG.finalOf] === id && (State === 'pending' || State === 'completed');
}

/** Whether nothing can have been written since. */
function isLast({ StartTime }: Snapshot, { state, stoppedAt }: RecoveredMachine): boolean {
  return state === 'stopped' && stoppedAt !== undefined && StartTime !== undefined && StartTime >= stoppedAt;
}

/** The newest snapshot of every disk; undefined when one is missing. */
function completeSet(
  { volumeIds }: RecoveredMachine,
  snapshots: readonly Snapshot[],
): Snapshot[] | undefined {
  const newestFirst = [...snapshots].sort((a, b) => Number(b.StartTime) - Number(a.StartTime));
  const set = volumeIds.flatMap(
    (volumeId) => newestFirst.find(({ VolumeId }) => VolumeId === volumeId) ?? [],
  );
  return set.length === volumeIds.length ? set : undefined;
}

async function take(
  machine: RecoveredMachine,
  earlier: readonly Snapshot[],
  { dr, once, settleMs, pollMs, command = STAND_DOWN, note }: FinalContext,
): Promise<Snapshot[]> {
  const pace = new Pace(Math.min(1_000, pollMs), pollMs);
  const known = new Set(earlier.map(({ SnapshotId }) => SnapshotId));
  const create = new CreateSnapshotsCommand({
    InstanceSpecification: { InstanceId: machine.id },
    Description: `Lifeboat: final snapshot of ${machine.name}, ${machine.id}`,
    TagSpecifications: [
      { ResourceType: 'snapshot', Tags: tagList({ Name: machine.name, ...ownTags(machine) }) },
    ],
  });
  for (;;) {
    const outcome = await attempt({
      what: `take the final snapshots of ${machine.name}`,
      settleMs,
      call: async () => present((await once.send(create)).Snapshots, 'Snapshots'),
      find: async () => {
        const found = await finalsOf(dr, [machine.id]);
        return completeSet(
          machine,
          found.filter((snapshot) => isFinalOf(snapshot, machine) && !known.has(snapshot.SnapshotId)),
        );
      },
    });
    if (outcome.kind === 'done') {
      note(`${machine.name}: final snapshots of ${machine.volumeIds.length} disks begun`);
      return outcome.value;
    }
    if (outcome.kind === 'refused') {
      throw new LifeboatError({
        what: `The final snapshots of ${machine.name} could not be taken, so no machine is removed`,
        got: outcome.reason,
        expected: 'a snapshot of every disk',
        next: `mend what AWS says, then: ${command}`,
      });
    }
    note(`${machine.name}: AWS takes no snapshot more now; waiting`);
    await pace.wait();
  }
}

function ownTags({ id, sourceId, tags }: RecoveredMachine): Record<string, string> {
  return {
    [TAG.finalOf]: id,
    [TAG.sourceId]: sourceId,
    ...(tags[TAG.recoveryPoint] && { [TAG.recoveryPoint]: tags[TAG.recoveryPoint] }),
  };
}

/** Gives each final snapshot its machine's tags and its disk's own. Which disk it is of is known only once it is there. */
async function addTags(
  machine: RecoveredMachine,
  snapshots: readonly Snapshot[],
  tagsByVolume: ReadonlyMap<string, Record<string, string>>,
  { dr, note }: FinalContext,
): Promise<void> {
  for (const { SnapshotId = '', VolumeId = '', Tags } of snapshots) {
    const disk = tagsByVolume.get(VolumeId) ?? {};
    // Not source-snapshot and source-time: these are not the bytes of the copy that the disk was made of.
    const sourceVolume = disk[TAG.sourceVolume];
    const { tags } = carriedTags(
      { ...machine.tags, ...disk },
      { ...ownTags(machine), ...(sourceVolume && { [TAG.sourceVolume]: sourceVolume }) },
    );
    const there = tagRecord(Tags);
    if (Object.entries(tags).every(([key, value]) => there[key] === value)) continue;
    try {
      await dr.ec2.send(new CreateTagsCommand({ Resources: [SnapshotId], Tags: tagList(tags) }));
    } catch (error) {
      // The data is safe, and found by the tags that it has from the start.
      if (!(error instanceof Error) || error.name !== 'UnauthorizedOperation') throw error;
      note(`${machine.name}: its final snapshots go without its disks' own tags: ${reason(error)}`);
      return;
    }
  }
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}
