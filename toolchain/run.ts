import { spawn } from 'node:child_process';
import { LifeboatError } from '../errors';

/** How a program is run. */
export interface RunOptions {
  /** Default: the current directory. */
  readonly cwd?: string;
  /** The whole environment. Default: ours. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds after which the program is killed. Default: no limit. */
  readonly limitMs?: number;
  /** Kills the program when it fires. */
  readonly signal?: AbortSignal;
}

/** So many lines of a failed program's output are shown: Go puts what matters last. */
const shownLines = 15;

/**
 * Runs a program to its end.
 *
 * @returns what it wrote to stdout
 * @throws LifeboatError with the end of its output, when it cannot be started, fails, or takes longer than its limit
 */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const line = [command, ...args].join(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: options.signal,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let all = '';
    let late = false;
    const timer =
      options.limitMs === undefined
        ? undefined
        : setTimeout(() => {
            late = true;
            child.kill('SIGKILL');
          }, options.limitMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      all += text;
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new LifeboatError({ what: 'A program could not be run', got: line, cause }));
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) return resolve(stdout);
      const ending = late
        ? `no end after ${(options.limitMs ?? 0) / 1000} s`
        : (signal ?? `exit code ${code}`);
      const tail = all.trimEnd().split('\n').slice(-shownLines).join('\n    ');
      reject(
        new LifeboatError({
          what: `A program failed: ${line}`,
          got: `${ending}\n    ${tail}`,
          expected: 'exit code 0',
        }),
      );
    });
  });
}
