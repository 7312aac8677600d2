import { drAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { instanceTypesFor } from '../../inventory/instanceTypes';
import { prepare } from '../../inventory/prepare';
import { withoutProbes } from '../../inventory/waves';
import { REAL_CLOCK } from '../../snapshots/clock';
import { recoveredMachines } from '../../snapshots/recoveredMachines';
import type { Command, CommonArgs, Deps } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { drillsBeside } from '../drill/drillsBeside';
import { engineAt } from '../engineAt';
import { drive } from '../recover/drive';
import { notReady } from '../recover/health';
import { DRIVE_OPTIONS } from '../recover/options';
import { orderOf, portsOf, stepsOf, typesText, unplanned, unreadableProbes } from '../recover/order';
import { probeFunctions, removeLeftProbes } from '../recover/probe/functions';
import { lastWork } from '../recover/probe/lastWork';
import { probeNetwork } from '../recover/probe/network';
import { PortProbe } from '../recover/probe/portProbe';
import { recoverProgress } from '../recover/progress';
import { isWhole, recoverText } from '../recover/text';
import { readSettings } from '../stack';
import { printable } from '../table';

interface RecoverArgs extends CommonArgs {
  readonly confirm: string | undefined;
  readonly 'dry-run': boolean;
  readonly 'go-on': boolean;
  readonly probe: boolean;
  readonly 'gate-minutes': number;
  readonly 'poll-seconds': number;
}

/** `lifeboat recover`: in the DR account, as the recover role. It asks nothing of the source. */
export const recoverCommand: Command<RecoverArgs> = {
  examples: [
    [
      'npx lifeboat recover --dry-run',
      'Which machines would come up, in which order, and how old their data is',
    ],
    ['npx lifeboat recover', "Bring the estate up, wave by wave; asks for the DR account's alias"],
    ['npx lifeboat recover --go-on', 'The same, and no wave waits for a machine that does not get ready'],
  ],

  builder: (yargs) =>
    yargs
      .option('confirm', CONFIRM_OPTION)
      .option('dry-run', { type: 'boolean', default: false, describe: 'Show the order; change nothing' })
      .options(DRIVE_OPTIONS)
      .option('probe', {
        type: 'boolean',
        default: true,
        describe: 'Wait for the ports that tags name; --no-probe waits for none',
      })
      .check(checked),

  async run(args, deps) {
    const settings = { ...readSettings(args), recover: true, inventory: 'saved' } as const;
    const { inventory, recovery, points, recovered, notes } = await prepare(
      settings,
      args.stack,
      true,
      new Map(),
    );
    if (!recovery) throw new Error('recover: true has planned no recovery');
    const all = stepsOf(inventory, recovery);
    const steps = args.probe ? all : withoutProbes(all);
    const order = orderOf(steps, recovery, deps.now());
    if (args['dry-run']) {
      if (args.json)
        deps.stdout.write(`${JSON.stringify({ steps, notRecovered: recovery.failed }, null, 2)}\n`);
      else deps.stdout.write(order);
      return recovery.failed.length === 0 ? 0 : 1;
    }
    for (const note of notes) deps.stderr.write(`${printable(note)}\n`);
    deps.stderr.write(order);
    const dr = await drAccount(settings);
    for (const note of await drillsBeside(dr, args.stack)) deps.stderr.write(`${note}\n`);
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'A recovery',
      question: `${recovery.machines.length} machines are brought up in ${dr.id}, ${dr.region}, and billed from then on.`,
      command: `npx lifeboat recover --stack ${args.stack}`,
      orId: true,
    });
    // Loaded here: help and --dry-run need no engine.
    const { recoverEngine } = require('../recover/engine') as typeof import('../recover/engine');
    await setFlag(args, deps);
    const engine = await recoverEngine(args);
    const progress = recoverProgress(recovery.machines.length, deps);
    const unreadable = unreadableProbes(steps);
    for (const text of unreadable) progress.note(text);
    const ports = portsOf(steps);
    const probe = new PortProbe({
      functions: probeFunctions(dr),
      network: (ids) => probeNetwork(dr, ids),
      note: progress.note,
    });
    const stopListening = lastWork(() => probe.close());
    try {
      await removeLeftProbes(dr, progress.note);
      const driven = await drive(steps, {
        up: engine.up,
        look: async () => {
          const machines = await recoveredMachines(dr);
          return new Map(
            machines.map(({ sourceId, id, address, name }) => [
              sourceId,
              { id, address, name, ports: ports.get(sourceId) },
            ]),
          );
        },
        async notReady(machines) {
          const unwell = await notReady(dr, machines);
          return new Map([...(await probe.problems(machines, (id) => !unwell.has(id))), ...unwell]);
        },
        begun: (points?.chosen ?? []).flatMap(({ sourceId, isPinned }) => (isPinned ? sourceId : [])),
        unplanned: unplanned(recovery),
        types: Object.fromEntries(
          recovery.machines.map((machine) => [
            machine.instance.id,
            instanceTypesFor(machine, settings.instanceTypes, recovered.types.get(machine.instance.id)),
          ]),
        ),
        typesText: typesText(settings),
        gateMs: args['gate-minutes'] * 60_000,
        pollMs: args['poll-seconds'] * 1000,
        isGated: !args['go-on'],
        switchDns: settings.switchDns,
        clock: deps.clock ?? REAL_CLOCK,
        now: deps.now,
        ...progress,
      });
      const notAsked = [...unreadable, ...probe.notes];
      const report = { ...driven, ...(notAsked.length > 0 && { notAsked }) };
      progress.stop();
      deps.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : recoverText(report, args.stack));
      return isWhole(report) ? 0 : 1;
    } finally {
      await probe.close();
      stopListening();
      progress.stop();
      engine.close();
    }
  },
};

function checked(args: { 'gate-minutes'?: unknown; 'poll-seconds'?: unknown }): true {
  for (const [flag, from] of [
    ['gate-minutes', 0],
    ['poll-seconds', 0.01],
  ] as const) {
    const value = args[flag];
    if (typeof value === 'number' && value >= from && value <= 1440) continue;
    throw new LifeboatError({
      what: `--${flag} is not a time that can be waited`,
      got: String(value),
      expected: `a number from ${from} to 1440`,
      next: 'npx lifeboat recover --help',
    });
  }
  return true;
}

/** Writes the flag where every other run finds it. */
async function setFlag(args: RecoverArgs, deps: Deps): Promise<void> {
  const { cwd, where } = engineAt(args);
  const line = ['config', 'set', 'lifeboat:recover', 'true', ...where];
  const { code } = await deps.pulumi(line, { cwd });
  if (code === 0) return;
  throw new LifeboatError({
    what: 'The flag of the recovery could not be set, so nothing is changed',
    got: `exit code ${code} of pulumi ${line.join(' ')}`,
    expected: '0',
    next: `mend what the engine says, then: npx lifeboat recover --stack ${args.stack}`,
  });
}
