import type { Argv } from 'yargs';
import { LifeboatError } from '../../errors';
import type { CommonArgs } from '../command';
import { CONFIRM_COMPLIANCE_OPTION } from '../confirmCompliance';

/** What `copy-snapshots` was typed with. */
export interface CopySnapshotsArgs extends CommonArgs {
  readonly 'dry-run': boolean;
  readonly plan: boolean;
  readonly submit: boolean;
  readonly rate: number | undefined;
  readonly 'poll-seconds': number | undefined;
  readonly 'most-gib': number | undefined;
  readonly 'most-snapshots': number | undefined;
  readonly 'confirm-compliance': string | undefined;
}

/** MiB a second of one copy that `--plan` takes without `--rate`: a guess, for AWS promises none. */
const RATE = 100;
const POLL_SECONDS = 300;

/** Adds the options. */
export function copySnapshotsOptions(yargs: Argv<CommonArgs>): Argv<CopySnapshotsArgs> {
  return yargs
    .option('dry-run', { type: 'boolean', default: false, describe: 'Show what would be copied' })
    .option('plan', {
      type: 'boolean',
      default: false,
      describe: 'Show which slot would copy what, and when; changes nothing',
    })
    .option('rate', {
      type: 'number',
      describe: `With --plan: MiB a second of one copy, ${RATE} without`,
      requiresArg: true,
    })
    .option('submit', {
      type: 'boolean',
      default: false,
      describe: 'Start what there is room for and leave; the next call goes on',
    })
    .option('most-gib', {
      type: 'number',
      describe: 'GiB that this run may copy, instead of the setting copyMostGiB',
      requiresArg: true,
    })
    .option('most-snapshots', {
      type: 'number',
      describe: 'Snapshots that this run may copy, instead of the setting copyMostSnapshots',
      requiresArg: true,
    })
    .option('poll-seconds', {
      type: 'number',
      describe: `Longest time between two looks at AWS, ${POLL_SECONDS} without; most come when a copy should have ended`,
      requiresArg: true,
    })
    .option('confirm-compliance', CONFIRM_COMPLIANCE_OPTION);
}

/** Options as the run uses them. */
export interface CopySnapshotsOptions {
  readonly mode: 'copy' | 'submit' | 'plan' | 'dry-run';
  /** MiB a second. */
  readonly rate: number;
  readonly pollMs: number;
  /** Given on the command line; otherwise settings or what is known say it. */
  readonly most: { readonly gib?: number; readonly snapshots?: number };
}

/**
 * Checks the options. Pure.
 *
 * @throws LifeboatError for a malformed one, and for two that contradict each other
 */
export function parseCopySnapshots(args: CopySnapshotsArgs): CopySnapshotsOptions {
  const modes = (['dry-run', 'plan', 'submit'] as const).filter((mode) => args[mode]);
  const [mode = 'copy'] = modes;
  if (modes.length > 1)
    throw contradiction(`--${modes.join(' and --')}`, `npx lifeboat copy-snapshots --${mode}`);
  if (args.rate !== undefined && mode !== 'plan')
    throw contradiction('--rate without --plan', 'npx lifeboat copy-snapshots --plan --rate 100');
  if (args['poll-seconds'] !== undefined && mode !== 'copy')
    throw contradiction(
      `--poll-seconds with --${mode}, which waits for nothing`,
      `npx lifeboat copy-snapshots --${mode}`,
    );
  return {
    mode,
    rate: positive('rate', args.rate) ?? RATE,
    pollMs: (positive('poll-seconds', args['poll-seconds']) ?? POLL_SECONDS) * 1_000,
    most: {
      gib: whole('most-gib', args['most-gib']),
      snapshots: whole('most-snapshots', args['most-snapshots']),
    },
  };
}

function contradiction(got: string, next: string): LifeboatError {
  return new LifeboatError({
    what: 'The flags contradict each other',
    got,
    expected: 'one of --dry-run, --plan and --submit, or none of them; --rate with --plan only',
    next,
  });
}

function positive(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (value > 0 && Number.isFinite(value))) return value;
  throw malformed(name, value, 'a number above 0');
}

function whole(name: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw malformed(name, value, 'a whole number from 1');
}

function malformed(name: string, value: unknown, expected: string): LifeboatError {
  return new LifeboatError({
    what: `--${name} is malformed`,
    got: String(value),
    expected,
    next: `npx lifeboat copy-snapshots --${name} ${name === 'rate' ? '100 --plan' : '500'}`,
  });
}
