import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LifeboatError, reason } from '../../errors';
import { startEmulator } from './emulator';

/** `npm run emulator -- --port N`: runs until it is told to end, and prints one line, `ready http://127.0.0.1:N`. */
async function main(argv: string[]): Promise<void> {
  const port = readPort(argv);
  const emulator = await startEmulator({ port });
  process.stdout.write(`ready ${emulator.url}\n`);
  await ended();
  await emulator.stop();
}

function readPort(argv: string[]): number {
  let value: string;
  try {
    value = parseArgs({ args: argv, options: { port: { type: 'string', default: '5055' } }, strict: true })
      .values.port;
  } catch (error) {
    throw usage(reason(error), '--port N and nothing else');
  }
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65535)
    throw usage(`--port ${value}`, 'a port from 1 to 65535, or 0 for a free one');
  return Number(value);
}

function usage(got: string, expected: string): LifeboatError {
  return new LifeboatError({
    what: 'The emulator was started wrongly',
    got,
    expected,
    next: 'npm run emulator -- --port 5055',
  });
}

/** A signal, or the end of a pipe that somebody holds: a terminal and /dev/null say nothing. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
    process.once('SIGHUP', () => resolve());
    const input = fstatSync(0);
    if (input.isFIFO() || input.isSocket()) process.stdin.once('end', () => resolve()).resume();
  });
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof LifeboatError ? error.message : error?.stack}\n`);
    process.exit(1);
  },
);
