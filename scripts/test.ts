import { spawn } from 'node:child_process';
import prettyMs from 'pretty-ms';
import yargs from 'yargs';

/** The suites, in the order in which they fail fastest. */
const SUITES = ['unit', 'components', 'toolchain', 'emulator', 'e2e'] as const;

/**
 * Files of a suite that run side by side. The end-to-end ones wait for the provider's own waiters half of the time, and each has
 * accounts, state and engine of its own.
 */
const JOBS: Partial<Record<(typeof SUITES)[number], number>> = { e2e: 3 };

/** What one suite came to. */
interface Outcome {
  readonly suite: string;
  readonly passed: number;
  readonly failed: number;
  readonly milliseconds: number;
}

/**
 * Runs one suite in a process of its own, its output going to ours. A suite that ends badly without a failed test, or that ran
 * no test at all, counts as one failure: silence is not success.
 */
function runSuite(suite: (typeof SUITES)[number], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const jobs = JOBS[suite] ? ['--parallel', '--jobs', String(JOBS[suite])] : [];
    const mocha = require.resolve('mocha/bin/mocha.js');
    const child = spawn(process.execPath, [mocha, '--no-color', `test/${suite}/**/*.test.ts`, ...jobs], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      process.stdout.write(data);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const count = (word: string) =>
        Number(new RegExp(`^\\s+(\\d+) ${word}\\b`, 'm').exec(output)?.[1] ?? 0);
      const passed = count('passing');
      const failed = count('failing');
      const silent = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
      resolve({ suite, passed, failed: failed + silent, milliseconds: performance.now() - began });
    });
  });
}

async function main(): Promise<void> {
  const { full } = yargs(process.argv.slice(2))
    .scriptName('npm test --')
    .usage('$0 [--full]\n\nEvery test, suite by suite. Ends with a line "N passed, N failed".')
    .option('full', { type: 'boolean', default: false, describe: 'at full size: all seeds, all kills' })
    .strict()
    .parseSync();
  const env = {
    ...process.env,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...(full && { LIFEBOAT_FULL: '1' }),
  };
  const outcomes: Outcome[] = [];
  for (const suite of SUITES) {
    console.log(`\n== ${suite}`);
    outcomes.push(await runSuite(suite, env));
  }
  console.log();
  for (const { suite, passed, failed, milliseconds } of outcomes)
    console.log(`${suite.padEnd(12)} ${passed} passed, ${failed} failed in ${prettyMs(milliseconds)}`);
  const sum = (key: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
  if (sum('failed') > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
