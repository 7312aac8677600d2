import { type Account, drAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { recoveredInterfaces } from '../../inventory/recovered';
import { liftProtection } from '../../snapshots/liftProtection';
import { type RecoveredMachine, recoveredMachines } from '../../snapshots/recoveredMachines';
import {
  deleteRecords,
  readRecords,
  type StandDownRecord,
  writeStandDown,
} from '../../snapshots/recoveryRecords';
import { removeInterfaces } from '../../snapshots/removeInterfaces';
import { secureMachines } from '../../snapshots/secureMachines';
import type { Command, CommonArgs, Deps } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { engineAt } from '../engineAt';
import { removeLeftProbes } from '../recover/probe/functions';
import { readSettings } from '../stack';
import { billedMirrors, refuseBilledMirrors } from '../standDown/billedMirrors';
import { refuseFilledGroups } from '../standDown/refuseFilledGroups';
import { refuseUntagged } from '../standDown/refuseUntagged';
import { putSitesBack, servingSites } from '../standDown/servingSites';
import { table } from '../table';

interface StandDownArgs extends CommonArgs {
  readonly confirm: string | undefined;
  readonly stop: boolean;
  readonly 'poll-seconds': number;
}

/** `lifeboat stand-down`: in the DR account. */
export const standDownCommand: Command<StandDownArgs> = {
  examples: [
    ['npx lifeboat stand-down', "End the recovery; asks for the DR account's alias"],
    ['npx lifeboat stand-down --confirm my-dr-account', 'The same where nobody is there to type it'],
  ],

  builder: (yargs) =>
    yargs
      .option('confirm', CONFIRM_OPTION)
      .option('stop', {
        type: 'boolean',
        default: true,
        describe:
          'Stop the machines before their final snapshots; --no-stop may lose what they write meanwhile',
      })
      .option('poll-seconds', {
        type: 'number',
        default: 10,
        describe: 'Longest time between two looks at AWS',
      }),

  async run(args, deps) {
    const { stack } = args;
    const dr = await drAccount(readSettings(args));
    const note = (text: string) => deps.stderr.write(`${text}\n`);
    const [everybodys, records] = await Promise.all([recoveredMachines(dr), readRecords(dr, stack)]);
    const machines = everybodys.filter(({ sourceId }) => !records.elsewhere.has(sourceId));
    for (const { name, id } of everybodys.filter((machine) => !machines.includes(machine)))
      note(`${name} (${id}) is under recovery by another stack, and is left alone`);
    const [sites, others, interfaces] = await Promise.all([
      servingSites(dr, note),
      billedMirrors(dr, note),
      recoveredInterfaces(dr),
    ]);
    const isAnyLeft = machines.length + sites.length + others.length + interfaces.size > 0;
    if (!isAnyLeft && records.keys.length === 0 && !records.standDown) {
      await removeLeftProbes(dr, note);
      if (args.json) deps.stdout.write(json([], false));
      else deps.stdout.write(`Nothing is under recovery in ${dr.id}, ${dr.region}.\n`);
      return 0;
    }
    await refuseFilledGroups(dr);
    const isMissing = [...records.own].some((id) => !machines.some(({ sourceId }) => sourceId === id));
    if (isMissing)
      await refuseUntagged(machines, { dr, pulumi: deps.pulumi, stack, cwd: engineAt(args).cwd });
    note(`To be ended in ${dr.id}, ${dr.region}: the recovery of ${machines.length} machines`);
    for (const { name, id, sourceId, state } of machines) note(`  ${name}: ${id}, for ${sourceId}, ${state}`);
    for (const { id, aliases } of sites)
      note(`  the distribution ${id}, which serves ${aliases.join(', ') || 'under its own name'}`);
    for (const name of others) note(`  ${name}`);
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Ending a recovery',
      question:
        'Their disks are snapshotted one last time, then the machines are removed. Distributions are disabled and lose their names.',
      command: `npx lifeboat stand-down --stack ${stack}`,
    });

    await putSitesBack(dr, sites, note);
    const record = await secured(machines, records.standDown, args, { dr, note });
    await liftProtection(machines, 'termination', { dr, note });
    // Snapshots take long, and somebody may have raised one meanwhile.
    await refuseFilledGroups(dr);
    await writeStandDown(dr, stack, { ...record, time: deps.now().toISOString() });
    await removeRecovered(args, deps);
    const left = (await recoveredMachines(dr)).filter(({ id }) =>
      machines.some((machine) => machine.id === id),
    );
    if (left.length > 0) {
      throw new LifeboatError({
        what: 'The engine ended well, but recovered machines are still there',
        got: left.map(({ name, id }) => `${name} (${id})`).join(', '),
        expected: 'none: the stack that made them removes them',
        next: `npm run pulumi -- refresh --stack ${stack}, then: npx lifeboat stand-down --stack ${stack}`,
      });
    }
    // What is there may be the other recovery's.
    if (records.elsewhere.size === 0) {
      await refuseBilledMirrors(dr, note, stack);
      for (const id of await removeInterfaces(dr)) note(`the network interface ${id} is removed`);
    }
    await removeLeftProbes(dr, note);
    await deleteRecords(dr, stack, records.keys);
    deps.stdout.write(args.json ? json(record.machines, true) : summary(record));
    return 0;
  },
};

/** Secures the machines, and keeps what an earlier run has secured of others. */
async function secured(
  machines: readonly RecoveredMachine[],
  earlier: StandDownRecord | undefined,
  args: StandDownArgs,
  { dr, note }: { dr: Account; note(text: string): void },
): Promise<StandDownRecord> {
  const pollMs = args['poll-seconds'] * 1000;
  const fresh = await secureMachines(machines, { dr, pollMs, stop: args.stop, note });
  const kept = (earlier?.machines ?? []).filter(
    ({ instance }) => !fresh.some((other) => other.instance === instance),
  );
  return { time: '', stopped: args.stop, machines: [...kept, ...fresh] };
}

/** Lets the mirror's own program remove what recovery made. */
async function removeRecovered(args: StandDownArgs, deps: Deps): Promise<void> {
  const { cwd, where } = engineAt(args);
  const lines = [
    // While machines are under recovery all of the stack is protected, so that nothing but this command removes them.
    ['state', 'unprotect', '--all', '--yes', '--stack', args.stack],
    ['config', 'set', 'lifeboat:recover', 'false', ...where],
    ['up', '--yes', '--skip-preview', ...where],
  ];
  for (const line of lines) {
    const { code } = await deps.pulumi(line, { cwd });
    if (code === 0) continue;
    throw new LifeboatError({
      what: 'The engine could not remove what recovery made; the final snapshots are there',
      got: `exit code ${code} of pulumi ${line.join(' ')}`,
      expected: '0',
      next: `mend what the engine says, then: npx lifeboat stand-down --stack ${args.stack}`,
    });
  }
}

function summary({ machines }: StandDownRecord): string {
  const rows = machines.flatMap(({ name, source, snapshots }) =>
    Object.entries(snapshots).map(([volume, snapshot]) => [name, source, volume, snapshot]),
  );
  return (
    table(['name', 'source', 'disk', 'final snapshot'], rows) +
    `The recovery of ${machines.length} machines is ended. Every copy and ${rows.length} final snapshots stay.\n`
  );
}

function json(machines: StandDownRecord['machines'], ended: boolean): string {
  return `${JSON.stringify({ ended, machines }, null, 2)}\n`;
}
