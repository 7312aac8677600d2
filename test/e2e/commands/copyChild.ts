import { processDeps } from '../../../scripts/deps';
import { main } from '../../../scripts/lifeboat';
import { connect } from '../../emulator/emulator';
import { emulatorClock } from '../../emulator/emulatorClock';

/** The real program in a process of its own, which can be killed, by the emulator's clock: `copyChild.ts EMULATOR ARGS`. */
async function run([url = '', ...argv]: readonly string[]): Promise<void> {
  const clock = await emulatorClock(connect(url));
  process.exitCode = await main(argv, { ...processDeps(), clock });
}

void run(process.argv.slice(2));
