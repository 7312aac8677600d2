import type { Argv } from 'yargs';
import type { Clock } from '../snapshots/clock';

/** What every command takes; `lifeboat.ts` defines these options once. */
export interface CommonArgs {
  /** The stack whose settings are used. Default: dr. */
  readonly stack: string;
  /** The directory of Pulumi.yaml and Pulumi.<stack>.yaml. Default: the current one. */
  readonly dir: string;
  /** Whether the result is one JSON document on stdout. Default: false. */
  readonly json: boolean;
}

/** A stream as commands use it; tests give one that collects. */
export interface Output {
  write(text: string): unknown;
  /** Whether it is a terminal, which shows colours. Default: it is not. */
  readonly isTTY?: boolean;
}

/** A finished run of the Pulumi engine. */
export interface PulumiRun {
  /** The exit code. */
  readonly code: number;
  /** What it wrote to stdout. */
  readonly stdout: string;
}

/** What a command is given of the world, so that a test can give another. */
export interface Deps {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Progress, warnings and errors. */
  readonly stderr: Output;
  /** Whether stderr is a terminal, on which lines may be drawn over. */
  readonly isTerminal: boolean;
  /** Whether somebody is there to answer: stdin and stderr are both terminals. */
  readonly canAsk: boolean;
  /** Asks on stderr and reads a line from stdin, trimmed. Throws a LifeboatError when `canAsk` is false. */
  ask(question: string): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  now(): Date;
  /** What copying waits by. Default: the real one. */
  readonly clock?: Clock;
  /**
   * Runs the engine that `toolchain/` finds, its stderr (and, unless `capture`, its stdout too) going to ours.
   *
   * @param args as typed after `pulumi`
   */
  pulumi(
    args: readonly string[],
    options: { cwd: string; env?: Record<string, string>; capture?: boolean },
  ): Promise<PulumiRun>;
}

/**
 * One command. Its name and its line in `lifeboat --help` are in the list of `lifeboat.ts`, so that help is printed
 * without loading any command.
 */
export interface Command<Args extends CommonArgs = CommonArgs> {
  /** Command lines as typed, each with what it does. Shown by `lifeboat <name> --help`. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Adds the command's own options. Unknown ones are refused by `lifeboat.ts`. */
  builder(yargs: Argv<CommonArgs>): Argv<Args>;
  /**
   * Does the work.
   *
   * @returns the exit code: 0 when all is well, 1 when a part failed and was reported
   * @throws LifeboatError for what the user can mend; its message is printed and the exit code is 1
   */
  run(args: Args, deps: Deps): Promise<number>;
}
