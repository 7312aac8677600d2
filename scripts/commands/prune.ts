import { LifeboatError } from '../../errors';
import { replaceAccepted } from '../../inventory/acceptedVersions';
import { pruned, type Tombstone, tombstones } from '../../inventory/prune';
import { someNames } from '../../inventory/summary';
import { nameTyped, typedName } from '../../inventory/typedName';
import { readRecords } from '../../snapshots/recoveryRecords';
import { age } from '../age';
import type { Command, CommonArgs } from '../command';
import { CONFIRM_OPTION, confirmAccount } from '../confirmAccount';
import { accepted, openVault } from '../inventory/openVault';
import { table } from '../table';

interface PruneArgs extends CommonArgs {
  readonly names: readonly string[] | undefined;
  readonly 'older-than': string | undefined;
  readonly yes: boolean;
  readonly confirm: string | undefined;
}

const DAY_MS = 86_400_000;

/** `lifeboat prune`: in the DR account. */
export const pruneCommand: Command<PruneArgs> = {
  examples: [
    ['npx lifeboat prune', 'List what is gone from the source and held, and what depends on it'],
    ['npx lifeboat prune subnet/subnet-0a1b2c3d', 'Show what would go; changes nothing'],
    ['npx lifeboat prune subnet/subnet-0a1b2c3d --yes', "Let it go; asks for the DR account's alias"],
    ['npx lifeboat prune --older-than 30d --yes', 'Let all go that has been gone for 30 days'],
  ],

  builder: (yargs) =>
    yargs
      .positional('names', { type: 'string', array: true, describe: 'What may go: kind/id' })
      .option('older-than', {
        type: 'string',
        requiresArg: true,
        describe: 'And all that has been gone for so many days, such as 30d',
      })
      .option('yes', { type: 'boolean', default: false, describe: 'Do it, once the account is confirmed' })
      .option('confirm', CONFIRM_OPTION),

  async run(args, deps) {
    const days = daysOf(args['older-than']);
    const vault = await openVault(args);
    const { settings, dr, stack } = vault;
    const [{ inventory, etag }, records] = await Promise.all([accepted(vault), readRecords(dr, stack)]);
    const now = deps.now();
    const all = tombstones(inventory, settings);
    const isOld = ({ since }: Tombstone) =>
      days !== undefined && Number(now) - Date.parse(since) > days * DAY_MS;
    const chosen = [
      ...new Set([...(args.names ?? []).map(nameTyped), ...all.filter(isOld).map(({ name }) => name)]),
    ];
    const left = chosen.length > 0 ? pruned(inventory, chosen, { ...settings, stack }) : undefined;
    const isDone = args.yes || args.confirm !== undefined;
    if (isDone && args.names?.length === 0 && days === undefined) throw nothingChosen(stack);
    const report = (done: boolean) =>
      args.json
        ? `${JSON.stringify({ pruned: done, chosen, tombstones: all }, null, 2)}\n`
        : text(all, chosen, { done, now, stack });
    if (!isDone || !left) {
      deps.stdout.write(report(false));
      return 0;
    }
    if (records.keys.length > 0) {
      throw new LifeboatError({
        what: 'A recovery is active, and it works from the accepted inventory: nothing was changed',
        got: `${records.own.size} machines under recovery: ${someNames([...records.own])}`,
        expected: 'no recovery',
        next: `npx lifeboat stand-down --stack ${stack}, then the same command again`,
      });
    }
    await confirmAccount(dr, deps, {
      confirm: args.confirm,
      doing: 'Pruning',
      question: `The next run removes from ${dr.id}, ${dr.region}, for good: ${chosen.join(', ')}.`,
      command: `npx lifeboat prune ${chosen.map(typedName).join(' ')} --stack ${stack} --yes`,
    });
    await replaceAccepted(dr, stack, left, etag);
    deps.stdout.write(report(true));
    return 0;
  },
};

function daysOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, days] = /^(\d{1,5})d$/.exec(text) ?? [];
  if (days !== undefined) return Number(days);
  throw new LifeboatError({
    what: '--older-than is malformed',
    got: text,
    expected: 'a number of days such as 30d',
    next: 'npx lifeboat prune --older-than 30d',
  });
}

function nothingChosen(stack: string): LifeboatError {
  return new LifeboatError({
    what: 'Nothing was chosen to be pruned',
    got: '--yes, without a name or --older-than',
    expected: 'names of tombstones, or their age',
    next: `npx lifeboat prune --stack ${stack} lists them`,
  });
}

function text(
  all: readonly Tombstone[],
  chosen: readonly string[],
  { done, now, stack }: { done: boolean; now: Date; stack: string },
): string {
  const listed = table(
    ['gone and held', 'Name', 'since', 'age', 'what depends on it', chosen.length > 0 ? 'to go' : ''],
    all.map(({ name, label, since, dependents }) => [
      name,
      label,
      since,
      age(new Date(since), now),
      someNames(dependents),
      chosen.includes(name) ? (done ? 'pruned' : 'yes') : '',
    ]),
    [10, 10, 10, 8, 40, 8],
  );
  if (done)
    return `${listed}${chosen.length} pruned from the accepted inventory. The next run removes them from DR: npm run pulumi -- up --stack ${stack}\n`;
  if (chosen.length > 0)
    return `${listed}${chosen.length} of ${all.length} would go. Nothing was changed; with --yes it is.\n`;
  return all.length === 0
    ? 'Nothing is gone from the source and held.\n'
    : `${listed}${all.length} are gone from the source and held. Nothing was changed; name those that may go.\n`;
}
