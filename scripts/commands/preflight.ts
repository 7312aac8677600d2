import { prepare } from '../../inventory/prepare';
import type { Command, CommonArgs } from '../command';
import { readSettings } from '../stack';
import { printable } from '../table';

/** `lifeboat preflight`: in the DR account, from what was accepted. It asks nothing of the source, and changes nothing. */
export const preflightCommand: Command<CommonArgs> = {
  examples: [
    ['npx lifeboat preflight', 'What a recovery would fail by, were it today, and what to do about each'],
    ['npx lifeboat preflight --json', 'The same for a script; exit code 0 only when nothing is in the way'],
  ],

  builder: (yargs) => yargs,

  async run(args, deps) {
    const settings = readSettings(args);
    const atRest = { ...settings, recover: false, inventory: 'saved' } as const;
    const { preflight } = await prepare(atRest, args.stack, true, new Map());
    if (args.json) deps.stdout.write(`${JSON.stringify({ problems: preflight }, null, 2)}\n`);
    else if (preflight.length === 0)
      deps.stdout.write(
        "Nothing is in the way of a recovery: types, quotas, subnets, groups, addresses and certificates are there, and the vault's key.\n",
      );
    else
      for (const { what, next } of preflight)
        deps.stdout.write(`${printable(what)}\n  next:     ${printable(next)}\n`);
    return preflight.length === 0 ? 0 : 1;
  },
};
