import yargs from 'yargs';
import { LifeboatError } from '../errors';
import { benchProgress } from './bench/progress';
import { reportText } from './bench/report';
import { runBench } from './bench/run';
import { SMALL, WHOLE } from './bench/size';

// Which releases of the SDK are used is for the lockfile to say, not for each run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { small, rounds, json } = yargs(process.argv.slice(2))
  .scriptName('npm run bench --')
  .usage(
    '$0 [--small] [--rounds N] [--json]\n\nMeasures the program on a large emulated estate, against targets that are ratios; docs/bench.md says what each line means. Exits with 0 also where a target is missed.',
  )
  .option('small', {
    type: 'boolean',
    default: false,
    describe: 'a tenth of the estate: a check of the bench itself',
  })
  .option('rounds', {
    type: 'number',
    default: 1,
    describe: 'how often the no-op runs are measured; the shortest counts',
  })
  .option('json', {
    type: 'boolean',
    default: false,
    describe: 'what was measured, as one JSON document on stdout',
  })
  .check(({ rounds: given }) => (Number.isInteger(given) && given > 0) || '--rounds is a whole number from 1')
  .strict()
  .parseSync();

runBench({ size: small ? SMALL : WHOLE, rounds, progress: benchProgress(process.stderr) })
  .then((measured) =>
    process.stdout.write(json ? `${JSON.stringify(measured, undefined, 2)}\n` : reportText(measured)),
  )
  .catch((error: unknown) => {
    process.stderr.write(`\n${error instanceof LifeboatError ? error.message : (error as Error).stack}\n`);
    process.exitCode = 1;
  });
