import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LifeboatError } from '../../errors';
import { acceptedVersions } from '../../inventory/acceptedVersions';
import { inventoryDiff, type Side } from '../../inventory/diff';
import { inventoryText } from '../../inventory/inventory';
import { redactedItems } from '../../inventory/redact';
import type { Command, CommonArgs, Deps } from '../command';
import { diffText } from '../inventory/diff';
import { accepted, liveItems, type Opened, openVault } from '../inventory/openVault';
import { show } from '../inventory/show';
import { versionsText, withCounts } from '../inventory/versions';

const ACTIONS = ['show', 'diff', 'versions', 'export'] as const;

interface InventoryArgs extends CommonArgs {
  readonly action: (typeof ACTIONS)[number];
  readonly what: readonly string[] | undefined;
  readonly live: boolean;
  readonly limit: number;
  readonly out: string | undefined;
}

/** `lifeboat inventory`: in the DR account; `diff --live` looks the source up as well. It changes nothing. */
export const inventoryCommand: Command<InventoryArgs> = {
  examples: [
    ['npx lifeboat inventory show', 'How many objects of each kind'],
    ['npx lifeboat inventory show subnet/subnet-0a1b2c3d', 'One object, or all of one kind'],
    ['npx lifeboat inventory diff', 'What the newest accepted inventory changed'],
    ['npx lifeboat inventory diff --live', 'What the source has changed since'],
    ['npx lifeboat inventory versions', 'The versions that diff takes'],
    ['npx lifeboat inventory export --out estate.json', 'A file of it, without the values of secrets'],
  ],

  builder: (yargs) =>
    yargs
      .positional('action', {
        choices: ACTIONS,
        demandOption: true,
        describe: 'What to do',
      })
      .positional('what', {
        type: 'string',
        array: true,
        describe: 'show: a kind or kind/id. diff: one or two versions; default: the newest two',
      })
      .option('live', {
        type: 'boolean',
        default: false,
        describe: 'diff: against what the source shows now',
      })
      .option('limit', { type: 'number', default: 20, describe: 'versions: how many, from the newest' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'export: the file to be made; one that is there is left alone',
      }),

  async run(args, deps) {
    const { action, what = [] } = args;
    refuseFlags(args, what);
    const vault = await openVault(args);
    if (action === 'show') {
      const shown = show((await accepted(vault)).inventory, what[0], args.stack);
      deps.stdout.write(args.json ? json(shown.data) : shown.text);
    } else if (action === 'diff') await diff(vault, what, args, deps);
    else if (action === 'versions') await versions(vault, args, deps);
    else await exported(vault, args, deps);
    return 0;
  },
};

async function diff(vault: Opened, what: readonly string[], args: InventoryArgs, deps: Deps): Promise<void> {
  let [from, to]: readonly (string | undefined)[] = what;
  let now: Side;
  if (args.live) now = { kinds: await liveItems(vault), gone: {} };
  else {
    if (from === undefined) {
      const [newest, before] = (await acceptedVersions(vault.dr, vault.stack)).filter(
        ({ isDeletion }) => !isDeletion,
      );
      if (!before) {
        throw new LifeboatError({
          what: 'There are no two versions of the accepted inventory to be compared',
          got: newest ? `one, of ${newest.time.toISOString()}` : 'none',
          expected: 'two runs that changed it',
          next: `npx lifeboat inventory diff --live --stack ${vault.stack}`,
        });
      }
      [from, to] = [before.versionId, newest?.versionId];
    }
    now = (await accepted(vault, to)).inventory;
  }
  const former: Side = (await accepted(vault, from)).inventory;
  const differences = inventoryDiff(args.live ? withoutHeld(former, now) : former, now);
  deps.stdout.write(
    args.json ? json({ from, to: args.live ? 'live' : to, differences }) : diffText(differences, deps),
  );
}

/** What is known to be gone is no news, as long as the source does not show it again. */
function withoutHeld({ kinds, gone }: Side, live: Side): Side {
  const isLive = (kind: string, id: string) => live.kinds[kind]?.some((item) => item.id === id);
  return {
    gone,
    kinds: Object.fromEntries(
      Object.entries(kinds).map(([kind, items]) => [
        kind,
        items.filter(({ id }) => !Object.hasOwn(gone, `${kind}/${id}`) || isLive(kind, id)),
      ]),
    ),
  };
}

async function versions(vault: Opened, args: InventoryArgs, deps: Deps): Promise<void> {
  const all = await acceptedVersions(vault.dr, vault.stack);
  const shown = await withCounts(vault, all.slice(0, args.limit));
  deps.stdout.write(
    args.json
      ? json({ versions: shown, more: all.length - shown.length })
      : versionsText(shown, all.length, deps.now()),
  );
}

async function exported(vault: Opened, args: InventoryArgs, deps: Deps): Promise<void> {
  const file = path.resolve(args.out ?? '');
  const { inventory } = await accepted(vault);
  const text = inventoryText({ ...inventory, kinds: redactedItems(inventory.kinds) });
  try {
    // Names and addresses of a whole estate are nobody else's on this machine.
    writeFileSync(file, `${text}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new LifeboatError({
      what: isThere ? 'The file is there already, and is left alone' : 'The file could not be written',
      got: file,
      expected: isThere ? 'a name that is free' : 'a directory that is there and may be written to',
      next: `npx lifeboat inventory export --out ${args.out}.new --stack ${vault.stack}`,
      cause: isThere ? undefined : cause,
    });
  }
  const objects = Object.values(inventory.kinds).flat().length;
  deps.stdout.write(
    args.json ? json({ file, objects }) : `${file}: ${objects} objects, without the values of secrets.\n`,
  );
}

/** Flags belong to actions; one that would do nothing was meant for another. */
function refuseFlags(args: InventoryArgs, what: readonly string[]): void {
  const most = { show: 1, diff: args.live ? 1 : 2, versions: 0, export: 0 }[args.action];
  const wrong =
    what.length > most
      ? what.slice(most).join(' ')
      : args.live && args.action !== 'diff'
        ? '--live'
        : args.out !== undefined && args.action !== 'export'
          ? '--out'
          : args.action === 'export' && args.out === undefined
            ? 'no --out'
            : !(Number.isInteger(args.limit) && args.limit > 0)
              ? `--limit ${args.limit}`
              : undefined;
  if (wrong === undefined) return;
  throw new LifeboatError({
    what: `lifeboat inventory ${args.action} cannot be done so`,
    got: wrong,
    expected:
      'show [kind|kind/id], diff [version] [version] or diff --live, versions [--limit N], export --out FILE',
    next: 'npx lifeboat inventory --help',
  });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
