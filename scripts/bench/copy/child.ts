import { connect } from '../../../test/emulator/emulator';
import { emulatorClock } from '../../../test/emulator/emulatorClock';
import { processDeps } from '../../deps';
import { main } from '../../lifeboat';
import { copyInBatches } from './others';

/** One way of copying in a process of its own, so that its memory is its own: `child.ts WAY EMULATOR DIR KEY`. */
async function run([way, url = '', dir = '', keyArn = '']: readonly string[]): Promise<number> {
  const clock = await emulatorClock(connect(url));
  if (way === 'lifeboat')
    return main(['copy-snapshots', '--dir', dir, '--json'], { ...processDeps(), clock });
  await copyInBatches(keyArn, way === 'batches' ? 20 : 1, clock);
  return 0;
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exitCode = 1;
  },
);
