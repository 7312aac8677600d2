import { type Account, drAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { drillId, drillStack, drillTimes, MOST_MINUTES } from '../../inventory/drill/drillId';
import { instanceTypesFor } from '../../inventory/instanceTypes';
import { prepare } from '../../inventory/prepare';
import { withoutProbes } from '../../inventory/waves';
import type { Settings } from '../../settings';
import { REAL_CLOCK } from '../../snapshots/clock';
import type { Command, CommonArgs, Deps } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { clear } from '../drill/clear';
import { drillCost, refuseCost } from '../drill/cost';
import { type DrillProject, drillProject } from '../drill/project';
import { refuseBeside } from '../drill/refuseBeside';
import { isGoodDrill } from '../drill/report';
import { runDrill } from '../drill/runDrill';
import { stackOfDrill } from '../drill/stackOfDrill';
import { storeReport } from '../drill/storeReport';
import { sweepDrills } from '../drill/sweepDrills';
import { drillText } from '../drill/text';
import { DRIVE_OPTIONS } from '../recover/options';
import { orderOf, stepsOf, typesText } from '../recover/order';
import { recoverProgress } from '../recover/progress';
import { readSettings } from '../stack';
import { printable } from '../table';

interface DrillArgs extends CommonArgs {
  readonly confirm: string | undefined;
  readonly 'dry-run': boolean;
  readonly sweep: boolean;
  readonly ttl: number;
  readonly 'most-usd': number;
  readonly report: string | undefined;
  readonly 'go-on': boolean;
  readonly 'gate-minutes': number;
  readonly 'poll-seconds': number;
}

/** `lifeboat drill`: in the DR account, as the recover role. It asks nothing of the source, and changes nothing of the mirror. */
export const drillCommand: Command<DrillArgs> = {
  examples: [
    ['npx lifeboat drill --dry-run', 'What a drill would launch, in which order, and what it may cost'],
    [
      'npx lifeboat drill --report reports',
      'Recover into a sealed network, measure, remove it; keep the report here too',
    ],
    ['npx lifeboat drill --sweep', 'Remove what a drill that was killed has left'],
  ],

  builder: (yargs) =>
    yargs
      .option('confirm', CONFIRM_OPTION)
      .option('dry-run', { type: 'boolean', default: false, describe: 'Show it; change nothing' })
      .option('sweep', {
        type: 'boolean',
        default: false,
        describe: 'Remove what drills have left, a running one too, and do nothing else',
      })
      .option('ttl', {
        type: 'number',
        default: 120,
        describe: 'Minutes after which AWS itself ends the machines',
      })
      .option('most-usd', { type: 'number', default: 20, describe: 'What the drill may cost at the most' })
      .option('report', {
        type: 'string',
        requiresArg: true,
        describe: 'A directory that the report is written to as well',
      })
      .options(DRIVE_OPTIONS)
      .check(checked),

  async run(args, deps) {
    const settings = readSettings(args);
    const dr = await drAccount(settings);
    return args.sweep ? sweepDrills(args, settings, dr, deps) : drill(args, settings, dr, deps);
  },
};

async function drill(args: DrillArgs, settings: Settings, dr: Account, deps: Deps): Promise<number> {
  const command = `npx lifeboat drill --stack ${args.stack}`;
  await refuseBeside(settings, args, dr, deps.now());
  const drilled: Settings = {
    ...settings,
    recover: true,
    inventory: 'saved',
    drill: drillId(deps.now(), args.ttl),
  };
  const { inventory, recovery, recovered, notes } = await prepare(
    drilled,
    drillStack(args.stack),
    true,
    new Map(),
  );
  if (!recovery) throw new Error('recover: true has planned no recovery');
  // A function of AWS's keeps its interface in a network for a while after it is gone, and a drill leaves nothing.
  const steps = withoutProbes(stepsOf(inventory, recovery));
  const types = Object.fromEntries(
    recovery.machines.map((machine) => [
      machine.instance.id,
      instanceTypesFor(machine, settings.instanceTypes, recovered.types.get(machine.instance.id)),
    ]),
  );
  const cost = drillCost(recovery.machines, args.ttl, types);
  refuseCost(cost, args['most-usd'], command);
  const order = `${orderOf(steps, recovery, deps.now())}At most ${cost.usd.toFixed(2)} USD: ${cost.assumptions}.\n`;
  if (args['dry-run']) {
    if (args.json)
      deps.stdout.write(`${JSON.stringify({ steps, cost, notRecovered: recovery.failed }, null, 2)}\n`);
    else deps.stdout.write(order);
    return recovery.failed.length === 0 ? 0 : 1;
  }
  for (const note of notes) deps.stderr.write(`${printable(note)}\n`);
  deps.stderr.write(order);
  await confirmAccount(dr, deps, {
    confirm: args.confirm,
    doing: 'A drill',
    question: `${recovery.machines.length} machines are brought up in ${dr.id}, ${dr.region}, in a network that nothing leads out of, and removed again.`,
    command,
    orId: true,
  });
  const progress = recoverProgress(recovery.machines.length, deps);
  const options = {
    clock: deps.clock ?? REAL_CLOCK,
    pollMs: args['poll-seconds'] * 1000,
    note: progress.note,
  };
  let project = drillProject(args, {});
  try {
    await clearEnded(args, dr, project, options, deps);
    project.close();
    // Its time begins now, and not while somebody thought about it.
    const id = drillId(deps.now(), args.ttl);
    project = drillProject(args, { drill: id, recover: 'true' });
    const report = await runDrill({
      dr,
      deps,
      id,
      stack: args.stack,
      project,
      steps,
      recovery,
      cost,
      types,
      typesText: typesText(settings),
      gateMs: args['gate-minutes'] * 60_000,
      isGated: !args['go-on'],
      stepDone: progress.stepDone,
      ...options,
    });
    progress.stop();
    const places = await storeReport(dr, report, args.report);
    deps.stdout.write(args.json ? `${JSON.stringify(report, null, 2)}\n` : drillText(report, places));
    return isGoodDrill(report) ? 0 : 1;
  } finally {
    progress.stop();
    project.close();
  }
}

/**
 * Removes what drills have left whose time is up. Asked once more after somebody has confirmed: another may have begun meanwhile.
 *
 * @throws LifeboatError when one runs, or what an earlier one left could not be removed: the next would be measured beside it
 */
async function clearEnded(
  args: DrillArgs,
  dr: Account,
  project: DrillProject,
  options: Omit<Parameters<typeof clear>[3], 'isMeant' | 'isThere'>,
  deps: Deps,
): Promise<void> {
  const stack = stackOfDrill(project, deps);
  // Before the look at DR: whoever makes that stack has made his schedule before, by which he is seen.
  const isThere = await stack.isThere();
  // The settings are read anew: a recovery may have been begun meanwhile.
  const isLeft = await refuseBeside(readSettings(args), args, dr, deps.now());
  if (!isLeft && !isThere) return;
  const isMeant = (id: string) => Number(drillTimes(id)?.end) <= Number(deps.now());
  const { left, engine } = await clear(dr, stack, project.stack, { ...options, isMeant, isThere });
  if (left.length === 0 && engine === undefined) return;
  throw new LifeboatError({
    what: 'What an earlier drill has left could not be removed, so no drill was begun',
    got: [...left.map(({ type, id, problem }) => `${type} ${id}: ${problem}`), engine ?? []]
      .flat()
      .join('; '),
    expected: 'nothing that carries the tag of a drill',
    next: `mend what is named, then: npx lifeboat drill --sweep --stack ${args.stack}`,
  });
}

function checked(args: Readonly<Record<string, unknown>>): true {
  if (args.sweep && args['dry-run'])
    throw new LifeboatError({
      what: '--sweep and --dry-run do not go together',
      got: 'both',
      expected: 'one of them: a dry run is of a drill',
      next: 'npx lifeboat drill --help',
    });
  for (const [flag, from, to] of [
    ['ttl', 10, MOST_MINUTES],
    ['most-usd', 0, 1_000_000],
    ['gate-minutes', 0, MOST_MINUTES],
    ['poll-seconds', 0.01, MOST_MINUTES],
  ] as const) {
    const value = args[flag];
    const isWhole = flag !== 'ttl' || Number.isInteger(value);
    if (typeof value === 'number' && isWhole && value >= from && value <= to) continue;
    throw new LifeboatError({
      what: `--${flag} is not what a drill can be given`,
      got: String(value),
      expected: `a ${flag === 'ttl' ? 'whole ' : ''}number from ${from} to ${to}`,
      next: 'npx lifeboat drill --help',
    });
  }
  return true;
}
