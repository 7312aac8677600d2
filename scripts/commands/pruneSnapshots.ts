import { LifeboatError } from '../../errors';
import { bucketOf } from '../../inventory/accepted';
import { type Inventory, itemName, itemsOf } from '../../inventory/inventory';
import { protectedInstances } from '../../inventory/protectedInstances';
import { present } from '../../kinds/kind';
import { instance as instanceKind } from '../../kinds/machines/instance';
import { deleteSets, refuseWithoutRight } from '../../snapshots/deleteSets';
import { provenCopies } from '../../snapshots/provenCopies';
import { doomedSets, type RetainMachine, retentionPlan } from '../../snapshots/retain';
import { findSnapshots } from '../../snapshots/snapshotSearch';
import { type UsedCopies, usedCopies } from '../../snapshots/usedCopies';
import type { Command, CommonArgs } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { accepted, type Opened, openVault } from '../inventory/openVault';
import { copiesOf, doneText, type Pruning, pruningJson, pruningText } from '../pruneSnapshots/report';

interface PruneSnapshotsArgs extends CommonArgs {
  readonly delete: boolean;
  readonly confirm: string | undefined;
}

/** `lifeboat prune-snapshots`: in the DR account. */
export const pruneSnapshotsCommand: Command<PruneSnapshotsArgs> = {
  examples: [
    ['npx lifeboat prune-snapshots', 'Show which copies are kept, which would go, and why'],
    ['npx lifeboat prune-snapshots --delete', "Delete those; asks for the DR account's alias"],
    [
      'npx lifeboat prune-snapshots --delete --confirm my-dr-account',
      'The same where nobody is there to type it',
    ],
  ],

  builder: (yargs) =>
    yargs
      .option('delete', {
        type: 'boolean',
        default: false,
        describe: 'Delete what would go, once the account is confirmed',
      })
      .option('confirm', CONFIRM_OPTION),

  async run(args, deps) {
    if (args.confirm !== undefined && !args.delete)
      throw new LifeboatError({
        what: '--confirm confirms nothing without --delete',
        got: `--confirm ${args.confirm}`,
        expected: '--delete as well, or neither of them to look only',
        next: 'npx lifeboat prune-snapshots',
      });
    const vault = await openVault(args);
    const { dr, stack } = vault;
    const look = () => pruning(vault, deps.now());
    const shown = await look();
    const chosen = doomedSets(shown.plan);
    const isToBeDone = args.delete;
    if (!args.json) deps.stdout.write(pruningText(shown));
    const [first] = copiesOf(chosen);
    if (!isToBeDone || first === undefined) {
      if (args.json)
        deps.stdout.write(pruningJson(shown, isToBeDone ? { deleted: [], failed: [] } : undefined));
      else if (first !== undefined) deps.stdout.write('Nothing was changed; with --delete it is.\n');
      return 0;
    }
    const command = `npx lifeboat prune-snapshots --stack ${stack} --delete`;
    await refuseWithoutRight(dr.ec2, first, command);
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Deleting copies',
      question: `${copiesOf(chosen).length} copies of ${chosen.length} sets in ${dr.id}, ${dr.region}, are deleted.`,
      command,
    });
    // Somebody may have begun a recovery while that was read. What goes now was shown, and may still go.
    const agreed = new Set(copiesOf(chosen));
    const now = await look();
    const going = doomedSets(now.plan).filter(({ copies }) => copies.every(({ id }) => agreed.has(id)));
    const done = await deleteSets(dr.ec2, going, (text) => deps.stderr.write(`${text}\n`));
    deps.stdout.write(args.json ? pruningJson(now, done) : doneText(done, stack));
    return done.failed.length > 0 ? 1 : 0;
  },
};

/** Looks everything up and decides; changes nothing. Throws when any part cannot be had. */
async function pruning(vault: Opened, now: Date): Promise<Pruning> {
  const { dr, settings } = vault;
  const source = { account: settings.sourceAccount, region: settings.sourceRegion };
  const [{ inventory }, { proven, foreign }, used, shared] = await Promise.all([
    accepted(vault),
    provenCopies(dr, bucketOf(dr), source),
    usedCopies(dr, bucketOf(dr)),
    sharedIds(vault),
  ]);
  const rules = settings.keepCopies;
  const plan = retentionPlan({
    now,
    rules,
    guardShare: settings.guardShare,
    machines: retainMachines(inventory, used, settings.rpoHours),
    copies: proven,
    used: used.copies,
    shared,
  });
  return { plan, foreign, rules, now };
}

/** The source's snapshots that DR can see, by DR's own eyes: no way into the source is needed, but its region is. */
async function sharedIds({ dr, settings }: Opened): Promise<Set<string>> {
  const { sourceAccount, sourceRegion } = settings;
  try {
    const search = { OwnerIds: [sourceAccount], RestorableByUserIds: ['self'] };
    const found = await findSnapshots(dr.in(sourceRegion).ec2, search);
    return new Set(found.map(({ SnapshotId }) => present(SnapshotId, 'SnapshotId')));
  } catch (cause) {
    throw new LifeboatError({
      what: 'What the source shares could not be looked up, so no copy can be let go',
      got: `snapshots of ${sourceAccount} in ${sourceRegion}, as ${dr.id}`,
      expected:
        'every page of them, by ec2:DescribeSnapshots; a source that is gone is no reason to delete copies',
      next: 'wait for the region, or mend the rights; nothing was changed',
      cause,
    });
  }
}

/** The protected machines, and all that are gone: whatever they were replaced by, their copies stay. */
function retainMachines(inventory: Inventory, { recovering }: UsedCopies, rpoHours: number): RetainMachine[] {
  const goneSince = (id: string) => {
    const since = inventory.gone[itemName(instanceKind.name, id)];
    return since === undefined ? undefined : new Date(since);
  };
  const { instances } = protectedInstances(inventory);
  const known = new Set(instances.map(({ instance }) => instance.id));
  const replaced = itemsOf(inventory.kinds, instanceKind).filter(
    ({ id }) => !known.has(id) && goneSince(id) !== undefined,
  );
  return [
    ...instances.map(({ instance: { id }, name, disks }) => ({ id, name, disks })),
    ...replaced.map(({ id, tags, blockDevices }) => ({ id, name: tags.Name ?? '', disks: blockDevices })),
  ]
    .map(({ id, name, disks }) => ({
      id,
      name,
      volumeIds: disks.map(({ volumeId }) => volumeId),
      goneSince: goneSince(id),
      held: recovering.get(id),
      rpoHours,
    }))
    .sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
}
