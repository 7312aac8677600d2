import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { LifeboatError } from '../errors';
import type { Deps, PulumiRun } from './command';

/** The world as it is: this process's streams, environment and clock. */
export function processDeps(): Deps {
  const { stdin, stdout, stderr, env } = process;
  const canAsk = stdin.isTTY === true && stderr.isTTY === true;
  return {
    stdout,
    stderr,
    env,
    canAsk,
    isTerminal: stderr.isTTY === true,
    now: () => new Date(),
    async ask(question) {
      if (!canAsk) {
        throw new LifeboatError({
          what: 'Nobody is there to answer',
          got: question.trim(),
          expected: 'a terminal, or the answer as a flag',
          next: 'the same command with --help',
        });
      }
      const lines = createInterface({ input: stdin, output: stderr });
      try {
        return (await lines.question(question)).trim();
      } finally {
        lines.close();
      }
    },
    pulumi: runPulumi,
  };
}

const runPulumi: Deps['pulumi'] = async (args, { cwd, env, capture = false }) => {
  // Loaded here, because most commands never need an engine.
  const { toolchain } = require('../toolchain/toolchain') as typeof import('../toolchain/toolchain');
  const { progress } = require('../toolchain/progress') as typeof import('../toolchain/progress');
  const engine = await toolchain({ progress: progress(process.stderr) });
  return new Promise<PulumiRun>((resolve, reject) => {
    const child = spawn(engine.pulumi, args, {
      cwd,
      env: { ...process.env, ...engine.env, ...env },
      // Our stdout is for results alone, so what the engine says goes to stderr.
      stdio: ['inherit', capture ? 'pipe' : process.stderr, process.stderr],
    });
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout: output }));
  });
};
