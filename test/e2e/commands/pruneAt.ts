import { processDeps } from '../../../scripts/deps';
import { main } from '../../../scripts/lifeboat';

/** The real program in a process of its own, at another time than this machine's: `pruneAt.ts TIME ARGUMENTS`. */
const [time = '', ...argv] = process.argv.slice(2);
main(argv, { ...processDeps(), now: () => new Date(time) }).then((code) => {
  process.exitCode = code;
});
