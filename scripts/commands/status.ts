import { drAccount } from '../../accounts';
import type { Command, CommonArgs } from '../command';
import { readSettings } from '../stack';
import { facts } from '../status/facts';
import { putHeartbeat } from '../status/heartbeat';
import { statusJson } from '../status/statusJson';
import { statusReport } from '../status/statusReport';
import { statusText } from '../status/statusText';

interface StatusArgs extends CommonArgs {
  readonly heartbeat: boolean;
}

/** `lifeboat status`: in the DR account, with the reader role in the source. It changes nothing. */
export const statusCommand: Command<StatusArgs> = {
  examples: [
    ['npx lifeboat status', 'How old the data of each machine is in DR, what is wrong, and what to do'],
    ['npx lifeboat status --json', 'The same for a script; exit code 0 only when all is well'],
    ['npx lifeboat status --heartbeat', "The end of a daily run: tells the vault's alarm that all is well"],
  ],

  builder: (yargs) =>
    yargs.option('heartbeat', {
      type: 'boolean',
      default: false,
      describe: 'When all is well, put the metric that the missing-run alarm waits for',
    }),

  async run(args, deps) {
    const settings = readSettings(args);
    const dr = await drAccount(settings);
    const report = statusReport(await facts(settings, dr, { stack: args.stack, now: deps.now() }));
    deps.stdout.write(args.json ? statusJson(report) : statusText(report, deps));
    if (args.heartbeat) {
      if (report.isWell) await putHeartbeat(dr);
      deps.stderr.write(
        report.isWell ? 'The heartbeat was put.\n' : 'No heartbeat was put: not all is well.\n',
      );
    }
    return report.isWell ? 0 : 1;
  },
};
