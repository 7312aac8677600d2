import yargs, { type Argv } from 'yargs';
import { LifeboatError, reason } from '../errors';
import type { Command, CommonArgs, Deps } from './command';

/** What `lifeboat --help` lists. Each is loaded only when it is called. */
const COMMANDS: readonly { name: string; positional?: string; describe: string; load: () => Command }[] = [
  {
    name: 'init',
    describe: 'Make the state backend and the settings of a stack',
    load: () => (require('./commands/init') as typeof import('./commands/init')).initCommand,
  },
  {
    name: 'tag-volumes',
    describe: 'In the source: check the tags of machines and disks, and add what recovery needs',
    load: () =>
      (require('./commands/tagVolumes') as typeof import('./commands/tagVolumes')).tagVolumesCommand,
  },
  {
    name: 'copy-snapshots',
    describe: 'In DR: copy all shared, tagged snapshots that are not copied yet',
    load: () =>
      (require('./commands/copySnapshots') as typeof import('./commands/copySnapshots')).copySnapshotsCommand,
  },
  {
    name: 'copy-buckets',
    describe: "In DR: copy the versions of the source's objects that DR lacks; deletes nothing",
    load: () =>
      (require('./commands/copyBuckets') as typeof import('./commands/copyBuckets')).copyBucketsCommand,
  },
  {
    name: 'bucket-at',
    describe: 'In DR: make a bucket what it was at a moment; deletes nothing',
    load: () => (require('./commands/bucketAt') as typeof import('./commands/bucketAt')).bucketAtCommand,
  },
  {
    name: 'status',
    describe:
      'Show how old the data of each machine is in DR, what is wrong, and what to do; changes nothing',
    load: () => (require('./commands/status') as typeof import('./commands/status')).statusCommand,
  },
  {
    name: 'preflight',
    describe: 'Show what a recovery would fail by, were it today; changes nothing',
    load: () => (require('./commands/preflight') as typeof import('./commands/preflight')).preflightCommand,
  },
  {
    name: 'recover',
    describe: 'In DR: bring the estate up wave by wave, each once what it waits for is ready',
    load: () => (require('./commands/recover') as typeof import('./commands/recover')).recoverCommand,
  },
  {
    name: 'drill',
    describe: 'In DR: recover into a sealed network, measure it, and remove it again',
    load: () => (require('./commands/drill') as typeof import('./commands/drill')).drillCommand,
  },
  {
    name: 'prune-snapshots',
    describe: 'In DR: show which copies are kept and why, and delete the others if told to',
    load: () =>
      (require('./commands/pruneSnapshots') as typeof import('./commands/pruneSnapshots'))
        .pruneSnapshotsCommand,
  },
  {
    name: 'guard',
    describe: 'Show what would stop the next run, and what is held though gone; changes nothing',
    load: () => (require('./commands/guard') as typeof import('./commands/guard')).guardCommand,
  },
  {
    name: 'inventory',
    positional: '<action> [what..]',
    describe: 'Show, diff, list or export what was accepted of the source',
    load: () => (require('./commands/inventory') as typeof import('./commands/inventory')).inventoryCommand,
  },
  {
    name: 'prune',
    positional: '[names..]',
    describe: 'Let go what is gone from the source and held; shows it, unless told otherwise',
    load: () => (require('./commands/prune') as typeof import('./commands/prune')).pruneCommand,
  },
  {
    name: 'move-names',
    describe: 'In a recovery: enable the mirrored CloudFront distributions and move their names to them',
    load: () => (require('./commands/moveNames') as typeof import('./commands/moveNames')).moveNamesCommand,
  },
  {
    name: 'move-on',
    positional: '<machine>',
    describe: 'In a recovery: bring one machine up from another recovery point, after a final snapshot',
    load: () => (require('./commands/moveOn') as typeof import('./commands/moveOn')).moveOnCommand,
  },
  {
    name: 'failback',
    positional: '<action>',
    describe: 'Bring the estate home: the settings, the steps, what survived, and snapshots to be copied',
    load: () => (require('./commands/failback') as typeof import('./commands/failback')).failbackCommand,
  },
  {
    name: 'stand-down',
    describe: 'In DR: end a recovery, after a final snapshot of each machine',
    load: () => (require('./commands/standDown') as typeof import('./commands/standDown')).standDownCommand,
  },
];

/**
 * The command line.
 *
 * @param argv what was typed after `lifeboat`
 * @returns the exit code: 0 when all is well, 1 when something is not
 */
export async function main(argv: readonly string[], deps: Deps): Promise<number> {
  let exit = 0;
  const parser = commandLine(argv, async (command, args) => {
    exit = await command.run(args, deps);
  });
  try {
    let printed = '';
    await parser.parseAsync([...argv], {}, (_error: unknown, _args: unknown, output: string) => {
      printed = output;
    });
    if (printed !== '') deps.stdout.write(`${printed}\n`);
    return exit;
  } catch (error) {
    if (error instanceof LifeboatError) deps.stderr.write(`${error.message}\n`);
    else if (argv.includes('--debug') && error instanceof Error) deps.stderr.write(`${error.stack}\n`);
    else
      deps.stderr.write(
        `${reason(error)}\n  next:     the same command with --debug says where this came from\n`,
      );
    return 1;
  }
}

function commandLine(
  argv: readonly string[],
  run: (command: Command, args: CommonArgs) => Promise<void>,
): Argv<CommonArgs> {
  let parser = yargs()
    .scriptName('lifeboat')
    .usage('$0 <command>: disaster recovery for an AWS account')
    .locale('en')
    .option('stack', {
      type: 'string',
      default: 'dr',
      describe: 'The stack whose settings are used',
      requiresArg: true,
    })
    .option('dir', {
      type: 'string',
      default: '.',
      describe: 'Where Pulumi.<stack>.yaml lies',
      requiresArg: true,
    })
    .option('json', { type: 'boolean', default: false, describe: 'One JSON document on stdout' })
    .option('debug', { type: 'boolean', default: false, describe: 'Where an unexpected error came from' });
  for (const { name, positional, describe, load } of COMMANDS) {
    parser = parser.command(
      positional ? `${name} ${positional}` : name,
      describe,
      (own: Argv<CommonArgs>) => {
        const command = load();
        const built = command.builder(
          own.usage(`$0 ${name}${positional ? ` ${positional}` : ''}: ${describe}`),
        );
        return command.examples.reduce((line, [typed, does]) => line.example(typed, does), built);
      },
      (args) => run(load(), args as CommonArgs),
    ) as typeof parser;
  }
  return parser
    .example('npx lifeboat init', 'Set up a stack')
    .example('npx lifeboat copy-snapshots --dry-run', 'Show what would be copied')
    .demandCommand(1, 'No command was given')
    .strict()
    .recommendCommands()
    .wrap(110)
    .version(version())
    .exitProcess(false)
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : usageError(error?.message ?? message, argv);
    }) as unknown as Argv<CommonArgs>;
}

/** What yargs found wrong with the command line, in our own form. */
function usageError(message: string, argv: readonly string[]): LifeboatError {
  const name = COMMANDS.find((command) => argv.includes(command.name))?.name;
  const help = name ? `npx lifeboat ${name} --help` : 'npx lifeboat --help';
  const unknown = /^Unknown (?:argument|command)s?: (.*)$/s.exec(message)?.[1]?.split(', ');
  const meant = /^Did you mean (.*)\?$/s.exec(message)?.[1];
  return new LifeboatError({
    what: unknown || meant ? 'The command line holds something unknown' : 'The command line is not complete',
    got: unknown
      ? unknown
          .map((word) => argv.find((typed) => typed.replace(/^-+/, '').split('=')[0] === word) ?? word)
          .join(', ')
      : `lifeboat ${argv.join(' ')}`.trim(),
    expected: name
      ? 'the flags that the command knows'
      : `one of ${COMMANDS.map((command) => command.name).join(', ')}`,
    cause: unknown || meant ? undefined : message.split('\n')[0],
    next: meant ? `npx lifeboat ${meant}` : help,
  });
}

function version(): string {
  return (require('../package.json') as { version: string }).version;
}
