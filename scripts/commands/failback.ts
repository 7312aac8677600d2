import { LifeboatError } from '../../errors';
import type { Command, CommonArgs, Deps } from '../command';
import { CONFIRM_OPTION } from '../confirmAccount';
import { claim } from '../failback/claim';
import { planned } from '../failback/planned';
import { prepareHome } from '../failback/prepareHome';
import { snapshots } from '../failback/snapshots';

const ACTIONS = ['prepare', 'plan', 'claim', 'snapshots'] as const;

/** What `failback` was typed with. */
export interface FailbackArgs extends CommonArgs {
  readonly action: (typeof ACTIONS)[number];
  readonly home: string;
  readonly administrator: string | undefined;
  readonly days: number | undefined;
  readonly 'dry-run': boolean;
  readonly revoke: boolean;
  readonly stop: boolean;
  readonly confirm: string | undefined;
  readonly 'poll-seconds': number;
}

/** The flags that each action alone has. */
const FLAGS: Readonly<Record<FailbackArgs['action'], readonly string[]>> = {
  prepare: ['administrator', 'days'],
  plan: [],
  claim: ['dry-run', 'revoke', 'confirm'],
  snapshots: ['stop', 'confirm'],
};

const RUN: Readonly<Record<FailbackArgs['action'], (args: FailbackArgs, deps: Deps) => Promise<number>>> = {
  prepare: prepareHome,
  plan: planned,
  claim,
  snapshots,
};

/** `lifeboat failback`: what the way home needs beside the three programs. Each action says whose credentials it asks for. */
export const failbackCommand: Command<FailbackArgs> = {
  examples: [
    [
      'npx lifeboat failback prepare --administrator arn:aws:iam::111111111111:role/admin',
      'In DR: write the settings of the way home',
    ],
    ['npx lifeboat failback plan', 'The steps, in order, with who does each; anywhere'],
    ['npx lifeboat failback claim --dry-run', 'At home, administrator: what survived, and what was put in'],
    ['npx lifeboat failback claim', 'The same, and tag what survived, so that the mirror takes it over'],
    ['npx lifeboat failback snapshots', 'In DR, administrator: snapshots that home can copy'],
    ['npx lifeboat failback snapshots --stop', 'The last ones: stop the machines in DR first'],
  ],

  builder: (yargs) =>
    yargs
      .positional('action', { choices: ACTIONS, demandOption: true, describe: 'What to do' })
      .option('home', {
        type: 'string',
        default: 'home',
        requiresArg: true,
        describe: 'The name of the stacks of the way home',
      })
      .option('administrator', {
        type: 'string',
        requiresArg: true,
        describe: 'prepare: ARN of the role or user at home who does what is to be done there',
      })
      .option('days', {
        type: 'number',
        requiresArg: true,
        describe: 'prepare: for how long DR is to be open to home. Default: 7',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'claim: show it, and change nothing' })
      .option('revoke', {
        type: 'boolean',
        default: false,
        describe: 'claim: take rules out of the groups that survived which DR has not',
      })
      .option('stop', { type: 'boolean', default: false, describe: 'snapshots: stop the machines first' })
      .option('confirm', CONFIRM_OPTION)
      .option('poll-seconds', {
        type: 'number',
        default: 10,
        describe: 'Longest time between two looks at AWS',
      }),

  async run(args, deps) {
    refuseFlags(args);
    return RUN[args.action](args, deps);
  },
};

function refuseFlags(args: FailbackArgs): void {
  const given = Object.values(FLAGS)
    .flat()
    .filter((flag) => ![undefined, false].includes(args[flag as keyof FailbackArgs] as undefined | false));
  const wrong = given.filter((flag) => !FLAGS[args.action].includes(flag));
  if (wrong.length === 0 && args.home !== args.stack) return;
  throw new LifeboatError({
    what: `failback ${args.action} cannot be done so`,
    got:
      wrong.length > 0
        ? wrong.map((flag) => `--${flag}`).join(', ')
        : `--home ${args.home}, which is --stack too`,
    expected:
      wrong.length > 0
        ? FLAGS[args.action].map((flag) => `--${flag}`).join(', ') || 'no flag of its own'
        : 'two stacks: the one that recovered, and one for the way home',
    next: 'npx lifeboat failback --help',
  });
}
