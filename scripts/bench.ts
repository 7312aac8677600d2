import yargs from 'yargs';
import { LifeboatError } from '../errors';
import { benchProgress } from './bench/progress';

// Which releases of the SDK are used is for the lockfile to say, not for each run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const usage =
  '$0 [copy|buckets|recover] [--small] [--rounds N] [--json]\n\nMeasures the program on a large emulated estate, with "copy" the copying of snapshots, with "buckets", that of objects, or, with "recover", a recovery in waves, against targets that are ratios; docs/bench.md says what each line means. Exits with 0 also where a target is missed.';

const { what, small, rounds, json } = yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .command('$0 [what]', usage, (own) =>
    own.positional('what', {
      type: 'string',
      choices: ['copy', 'buckets', 'recover'] as const,
      describe:
        'copy: the copying of snapshots, on the emulator’s clock; buckets: that of objects; these need no engine. recover: a recovery',
    }),
  )
  .option('small', {
    type: 'boolean',
    default: false,
    describe: 'a tenth of the estate: a check of the bench itself',
  })
  .option('rounds', {
    type: 'number',
    describe: 'how often the no-op runs are measured, once without; the shortest counts',
  })
  .option('json', {
    type: 'boolean',
    default: false,
    describe: 'what was measured, as one JSON document on stdout',
  })
  .check(
    ({ rounds: given }) =>
      given === undefined || (Number.isInteger(given) && given > 0) || '--rounds is a whole number from 1',
  )
  .check(
    (given) => given.what === undefined || given.rounds === undefined || '--rounds is for the program alone',
  )
  .strict()
  .parseSync() as { what?: 'copy' | 'buckets' | 'recover'; small: boolean; rounds?: number; json: boolean };

/** Runs what was asked for, and gives what was measured and how to show it. Each part is loaded only when it is run. */
async function measured(): Promise<{ data: unknown; text: () => string }> {
  const progress = benchProgress(process.stderr);
  if (what === 'copy') {
    const { runCopyBench } = require('./bench/copy/run') as typeof import('./bench/copy/run');
    const { copyReportText } = require('./bench/copy/report') as typeof import('./bench/copy/report');
    const { SMALL_COPY, WHOLE_COPY } = require('./bench/copy/sizes') as typeof import('./bench/copy/sizes');
    const data = await runCopyBench(small ? SMALL_COPY : WHOLE_COPY, progress);
    return { data, text: () => copyReportText(data) };
  }
  if (what === 'buckets') {
    const { runBucketsBench } = require('./bench/buckets/run') as typeof import('./bench/buckets/run');
    const { bucketsReportText } =
      require('./bench/buckets/report') as typeof import('./bench/buckets/report');
    const { SMALL_BUCKETS, WHOLE_BUCKETS } =
      require('./bench/buckets/sizes') as typeof import('./bench/buckets/sizes');
    const data = await runBucketsBench(small ? SMALL_BUCKETS : WHOLE_BUCKETS, progress);
    return { data, text: () => bucketsReportText(data) };
  }
  if (what === 'recover') {
    const { runRecoverBench } = require('./bench/recover/run') as typeof import('./bench/recover/run');
    const { recoverReportText } =
      require('./bench/recover/report') as typeof import('./bench/recover/report');
    const { SMALL_RECOVER, WHOLE_RECOVER } =
      require('./bench/recover/sizes') as typeof import('./bench/recover/sizes');
    const data = await runRecoverBench(small ? SMALL_RECOVER : WHOLE_RECOVER, progress);
    return { data, text: () => recoverReportText(data) };
  }
  const { runBench } = require('./bench/run') as typeof import('./bench/run');
  const { reportText } = require('./bench/report') as typeof import('./bench/report');
  const { SMALL, WHOLE } = require('./bench/size') as typeof import('./bench/size');
  const data = await runBench({ size: small ? SMALL : WHOLE, rounds: rounds ?? 1, progress });
  return { data, text: () => reportText(data) };
}

measured()
  .then(({ data, text }) => process.stdout.write(json ? `${JSON.stringify(data, undefined, 2)}\n` : text()))
  .catch((error: unknown) => {
    process.stderr.write(`\n${error instanceof LifeboatError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  });
