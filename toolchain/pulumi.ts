import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { progress } from './progress';
import { toolchain } from './toolchain';

/**
 * `npm run pulumi -- ARGS`: runs the engine that `toolchain` finds, on the same terminal, and ends as it ends.
 *
 * @returns its exit code; after a signal 128 and the signal's number, as shells have it; 1 when there is no engine
 */
export async function pulumi(args: readonly string[]): Promise<number> {
  const found = await toolchain({ progress: progress(process.stderr) });
  const child = spawn(found.pulumi, args, { stdio: 'inherit', env: { ...process.env, ...found.env } });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // A terminal gives Ctrl-C to the engine as well, and the engine takes a second one for "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

if (require.main === module) {
  pulumi(process.argv.slice(2)).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
      process.exit(1);
    },
  );
}
