import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Account, drAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { bucketOf } from '../../inventory/accepted';
import { chosenMachines } from '../../inventory/chosenMachines';
import { MOMENT_FORM, parseMoment, timeOf } from '../../inventory/moment';
import { prepare } from '../../inventory/prepare';
import {
  launchProblems,
  type ProtectedInstance,
  protectedInstances,
} from '../../inventory/protectedInstances';
import { recoveryCopies } from '../../inventory/recoveryCopies';
import { choosePoint } from '../../inventory/recoveryPlan';
import { savedInventory } from '../../inventory/savedInventory';
import { type Pin, readVault } from '../../inventory/store';
import { TAG, VAULT_KEY } from '../../names';
import type { Settings } from '../../settings';
import { recoveredMachines } from '../../snapshots/recoveredMachines';
import { secureMachines } from '../../snapshots/secureMachines';
import type { RecoveryPoint } from '../../snapshots/select';
import { age } from '../age';
import type { Command, CommonArgs, Deps } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { engineAt } from '../engineAt';
import { readSettings } from '../stack';

interface MoveOnArgs extends CommonArgs {
  readonly machine: string;
  readonly to: string;
  readonly 'dry-run': boolean;
  readonly confirm: string | undefined;
  readonly 'poll-seconds': number;
}

const NEWEST = 'newest';

/** `lifeboat move-on`: in the DR account, in a recovery. */
export const moveOnCommand: Command<MoveOnArgs> = {
  examples: [
    [
      'npx lifeboat move-on SHOP-DB --to "2 days ago" --dry-run',
      'Show what it would come from; changes nothing',
    ],
    ['npx lifeboat move-on SHOP-DB --to 2026-01-31T04:00:00Z', "Do it; asks for the DR account's alias"],
    ['npx lifeboat move-on SHOP-DB', 'From its newest recovery point'],
  ],

  builder: (yargs) =>
    yargs
      .positional('machine', {
        type: 'string',
        demandOption: true,
        describe: 'Its Name, or its id in the source',
      })
      .option('to', {
        type: 'string',
        default: NEWEST,
        requiresArg: true,
        describe: 'The newest recovery point at or before this moment, or newest',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Show it, and change nothing' })
      .option('confirm', CONFIRM_OPTION)
      .option('poll-seconds', {
        type: 'number',
        default: 10,
        describe: 'Longest time between two looks at AWS',
      }),

  async run(args, deps) {
    const { stack } = args;
    const settings = readSettings(args);
    const dr = await drAccount(settings);
    const note = (text: string) => deps.stderr.write(`${text}\n`);
    const { machine, point, pin } = await chosen(args, settings, dr, deps.now());
    const { name, instance } = machine;
    const running = (await recoveredMachines(dr)).find(({ sourceId }) => sourceId === instance.id);
    const runsFrom = running?.tags[TAG.recoveryPoint];
    const report = (moved: boolean) =>
      deps.stdout.write(
        args.json
          ? `${JSON.stringify({ moved, name, instance: instance.id, from: runsFrom ?? null, to: point.id, dataFrom: point.time.toISOString() }, null, 2)}\n`
          : `${name}: ${moved ? 'is' : 'would be'} recovered from ${point.id}, its data ${age(point.time, deps.now(), { inWords: true })} old${runsFrom ? `; before from ${runsFrom}` : ''}\n`,
      );
    if (runsFrom === point.id && pin?.point === point.id) {
      deps.stdout.write(
        args.json
          ? `${JSON.stringify({ moved: false, name })}\n`
          : `${name} runs from ${point.id} already.\n`,
      );
      return 0;
    }
    if (args['dry-run']) {
      report(false);
      return 0;
    }
    const command = `npx lifeboat move-on ${args.machine} --to '${args.to}' --stack ${stack}`;
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Moving a machine to another recovery point',
      question: running
        ? `${name} (${running.id}) is stopped, its disks are snapshotted one last time, and it is replaced by one with its data of ${point.time.toISOString()}. What it has written since is in the final snapshots alone.`
        : `${name} is brought up with its data of ${point.time.toISOString()}.`,
      command,
    });
    // One that the engine has replaced already, in a run that failed later, is not ended.
    const moved =
      running && runsFrom !== point.id
        ? {
            stopped: true,
            machines: await secureMachines([running], {
              dr,
              pollMs: args['poll-seconds'] * 1000,
              stop: true,
              command,
              note,
            }),
            time: deps.now().toISOString(),
          }
        : pin?.moved;
    await writePin(dr, stack, {
      instance: instance.id,
      point: point.id,
      time: point.time.toISOString(),
      copies: Object.fromEntries([...point.copies].map(([volumeId, { id }]) => [volumeId, id])),
      ...(moved && { moved }),
      ...(pin?.image && { image: pin.image }),
    });
    await bringUp(args, deps, command);
    report(true);
    return 0;
  },
};

/** The machine, and the point to bring it up from. */
async function chosen(
  args: MoveOnArgs,
  settings: Settings,
  dr: Account,
  now: Date,
): Promise<{ machine: ProtectedInstance; point: RecoveryPoint; pin: Pin | undefined }> {
  const { stack } = args;
  const moment = args.to === NEWEST ? undefined : parseMoment(args.to);
  if (args.to !== NEWEST && !moment) {
    throw new LifeboatError({
      what: '--to is malformed',
      got: args.to,
      expected: `${MOMENT_FORM}, or ${NEWEST}`,
      next: `npx lifeboat move-on ${args.machine} --to ${NEWEST} --stack ${stack}`,
    });
  }
  const vault = await readVault(dr, { ...settings, stack });
  if (!settings.recover || (vault.pins.size === 0 && !vault.recovery)) {
    throw new LifeboatError({
      what: 'No recovery is active, so there is nothing to be moved on',
      got: `recover: ${settings.recover}, ${vault.pins.size} machines under recovery`,
      expected: 'a recovery that was begun',
      next: `npm run pulumi -- config set lifeboat:recoverAt '${args.to}' --stack ${stack}, and recover`,
    });
  }
  const inventory = await savedInventory(dr, vault, { ...settings, stack }, now);
  const { instances } = protectedInstances(inventory, new Set(vault.pins.keys()));
  const machine = chosenMachines(instances, settings).find(
    ({ name, instance }) => name === args.machine || instance.id === args.machine,
  );
  if (!machine) {
    throw new LifeboatError({
      what: 'There is no such machine in this recovery',
      got: args.machine,
      expected: `one of ${instances.map(({ name }) => name).join(', ')}, that recoverOnly and recoverExcept do not leave out`,
      next: `npm run pulumi -- preview --stack ${stack}`,
    });
  }
  const id = machine.instance.id;
  const others = new Map([...vault.pins].filter(([other]) => other !== id));
  const recoverAt = moment && timeOf(moment, now);
  const { copies } = await recoveryCopies(dr, inventory, others, { recoverAt });
  const point = choosePoint(machine, copies, undefined, false, recoverAt);
  const { plan } = await prepare(settings, stack, true, new Map());
  const [unlaunchable] = launchProblems([machine], new Set(plan.resources.map(({ item }) => item)));
  if (typeof point !== 'string' && !unlaunchable) return { machine, point, pin: vault.pins.get(id) };
  throw new LifeboatError({
    what: `${machine.name} cannot be moved on, and nothing was changed`,
    got: typeof point === 'string' ? point : unlaunchable?.problem,
    expected: 'a complete recovery point, and its subnet and groups in the mirror',
    next: `npx lifeboat status --stack ${stack}`,
  });
}

/** From now on every run brings the machine up from this point, and may replace the one that was secured. */
async function writePin(dr: Account, stack: string, pin: Pin): Promise<void> {
  await dr.s3.send(
    new PutObjectCommand({
      Bucket: bucketOf(dr),
      Key: VAULT_KEY.recovery(stack, pin.instance),
      ExpectedBucketOwner: dr.id,
      Body: JSON.stringify(pin),
      ContentType: 'application/json',
    }),
  );
}

/** Lets the mirror's own program replace it. */
async function bringUp(args: MoveOnArgs, deps: Deps, command: string): Promise<void> {
  const { cwd, where } = engineAt(args);
  const lines = [
    // An image goes before what is made of it, and the engine then asks its state what is protected. The run protects all of it again.
    ['state', 'unprotect', '--all', '--yes', '--stack', args.stack],
    ['up', '--yes', '--skip-preview', ...where],
  ];
  for (const line of lines) {
    const { code } = await deps.pulumi(line, { cwd });
    if (code !== 0) throw notBroughtUp(line, code, command);
  }
}

function notBroughtUp(line: readonly string[], code: number, command: string): LifeboatError {
  return new LifeboatError({
    what: 'The engine could not bring the machine up; its final snapshots are there, and where it comes from is written down',
    got: `exit code ${code} of pulumi ${line.join(' ')}`,
    expected: '0',
    next: `mend what the engine says, then the same again: ${command}`,
  });
}
