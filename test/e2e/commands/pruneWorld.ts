import { DeleteSnapshotCommand, DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { CreateAccountAliasCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import type { Deps } from '../../../scripts/command';
import { accept } from './guardWorld';
import { type LaunchedMachine, launcher } from './machines';
import { type Ran, SOURCE, startWorld, type World, writeSettings } from './world';

/** What `prune-snapshots --json` says, as far as the tests ask. */
export interface Pruned {
  readonly done: boolean;
  readonly sick?: string;
  readonly machines: readonly {
    readonly instance: string;
    readonly name: string;
    readonly held?: string;
    readonly sets: readonly {
      readonly kind: string;
      readonly point?: string;
      readonly copies: readonly string[];
      readonly keep: boolean;
      readonly why: readonly string[];
    }[];
  }[];
  readonly strays: readonly { readonly copy: string }[];
  readonly foreign: readonly { readonly copy: string; readonly why: string }[];
  readonly deleted: readonly string[];
  readonly failed: readonly { readonly copy: string; readonly reason: string }[];
}

/** Two machines with seventeen sets of copies: sixteen a day apart, and one that is fresh, three days after them. */
export interface PruneWorld extends World {
  readonly master: LaunchedMachine;
  readonly db: LaunchedMachine;
  /** Runs the command at the emulator's time. */
  prune(argv?: readonly string[], deps?: Partial<Deps>): Promise<Ran>;
  /** What it would do. */
  plan(): Promise<Pruned>;
  /** The ids of all copies in DR. */
  copyIds(): Promise<string[]>;
  /** The emulator's time. */
  clock(): Promise<Date>;
}

const DAYS = 15;
const DAY = 86_400;

export async function startPruneWorld(): Promise<PruneWorld> {
  const world = await startWorld();
  const { emulator, source, dr } = world;
  await emulator.config({ copyMiBps: 1_000_000 });
  await dr.iam.send(new CreateAccountAliasCommand({ AccountAlias: 'our-dr' }));
  const launch = await launcher(source.ec2, SOURCE.region, (seconds) => emulator.advance(seconds));
  const disk = { tags: { MUSTSNAP: 'True' } };
  const master = await launch({ tags: { Name: 'MASTER' }, disks: [disk, disk] });
  const db = await launch({ tags: { Name: 'DB' }, disks: [disk] });
  await accept(world);
  const volumes = [...master.volumeIds, ...db.volumeIds];
  const snapshots = async () => {
    for (const volumeId of volumes) await world.snapshot(volumeId);
    const ran = await world.run(['copy-snapshots', '--poll-seconds', '1']);
    expect(ran.code, ran.stderr).to.equal(0);
  };
  const old: string[] = [];
  for (let day = 0; day < DAYS; day += 1) {
    for (const volumeId of volumes) old.push(await world.snapshot(volumeId));
    await emulator.advance(DAY);
  }
  // Copied together, and long enough ago.
  await snapshots();
  // As the source's own policy does. What it still has would be copied again.
  for (const SnapshotId of old) await source.ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  await emulator.advance(3 * DAY);
  await snapshots();
  const clock = async () => new Date((await emulator.state()).now);
  const prune = async (argv: readonly string[] = [], deps: Partial<Deps> = {}) => {
    const now = await clock();
    return world.run(['prune-snapshots', ...argv], 'dr', { now: () => now, ...deps });
  };
  return {
    ...world,
    master,
    db,
    clock,
    prune,
    async plan() {
      const ran = await prune(['--json']);
      expect(ran.code, ran.stderr).to.equal(0);
      return JSON.parse(ran.stdout) as Pruned;
    },
    async copyIds() {
      const { Snapshots = [] } = await dr.ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
      return Snapshots.filter(({ Tags }) => TAG.sourceSnapshot in tagRecord(Tags)).map(
        ({ SnapshotId = '' }) => SnapshotId,
      );
    },
  };
}

/** The rules that the commands find. */
export function keep(world: World, keepCopies: string): void {
  writeSettings(world.dir, { keepCopies });
}

/** The copies that would go. */
export function goingOf(plan: Pruned, name?: string): string[] {
  return plan.machines
    .filter((machine) => name === undefined || machine.name === name)
    .flatMap(({ sets }) => sets.filter((set) => !set.keep).flatMap(({ copies }) => copies));
}

/** One of the machines. */
export function machineOf(plan: Pruned, name: string) {
  return plan.machines.find((machine) => machine.name === name);
}

/** The set that holds a copy. */
export function setWith(plan: Pruned, copy: string | undefined) {
  return plan.machines.flatMap(({ sets }) => sets).find(({ copies }) => copies.includes(copy ?? ''));
}
