import { readAccepted } from '../../inventory/accepted';
import { type GuardReport, look } from '../../inventory/guard/guard';
import { allowCommand, parseAllow } from '../../inventory/guard/guardAllow';
import { stopsTable } from '../../inventory/guard/guardError';
import { age } from '../age';
import type { Command } from '../command';
import { liveItems, openVault } from '../inventory/openVault';
import { table } from '../table';

/** `lifeboat guard`: in the DR account, with the reader role in the source. It changes nothing. */
export const guardCommand: Command = {
  examples: [
    [
      'npx lifeboat guard',
      'What would stop the next run, and what is held; exit code 1 when something stops',
    ],
    ['npx lifeboat guard --json', 'The same for a script'],
  ],

  builder: (yargs) => yargs,

  async run(args, deps) {
    const vault = await openVault(args);
    const { settings, dr, stack } = vault;
    const [accepted, live] = await Promise.all([readAccepted(dr, { ...settings, stack }), liveItems(vault)]);
    const now = deps.now();
    const { report } = look(live, accepted?.inventory, { ...settings, now, stack });
    const entries = report.stops.flatMap(({ allow }) => parseAllow(allow) ?? []);
    const command =
      entries.length > 0 ? allowCommand(entries, settings.allow, report.allowed, { now, stack }) : undefined;
    deps.stdout.write(
      args.json
        ? `${JSON.stringify({ isFirstRun: accepted === undefined, ...report, command }, null, 2)}\n`
        : text(report, { command, now, isFirstRun: accepted === undefined }),
    );
    return report.stops.length > 0 ? 1 : 0;
  },
};

function text(
  report: GuardReport,
  { command, now, isFirstRun }: { command: string | undefined; now: Date; isFirstRun: boolean },
): string {
  const { stops, allowed, tombstones, superseded, baseline, warnings } = report;
  const parts: string[] = [];
  if (isFirstRun) parts.push('Nothing was accepted yet: the first run accepts everything as the baseline.\n');
  parts.push(
    stops.length > 0
      ? `${stopsTable(stops)}${stops.length} ${stops.length === 1 ? 'change' : 'changes'} would stop the next run. If every one is meant:\n  ${command}\n`
      : 'Nothing would stop the next run.\n',
  );
  if (allowed.length > 0)
    parts.push(
      table(
        ['allowed', 'what happened', 'why it would stop', 'until'],
        allowed.map(({ name, happened, why, until }) => [name, happened, why, until]),
        [10, 36, 30, 12],
      ),
    );
  if (baseline.length > 0)
    parts.push(
      table(
        ['accepted as the baseline', 'why it is on the danger list'],
        baseline.map(({ name, why }) => [name, why]),
      ),
    );
  if (tombstones.length > 0)
    parts.push(
      table(
        ['gone and held', 'since', 'age'],
        tombstones.map(({ name, since, isNew }) => [
          name,
          isNew ? 'now' : since,
          isNew ? 'new' : age(new Date(since), now),
        ]),
      ),
    );
  if (superseded.length > 0)
    parts.push(
      table(
        ['made anew in the source', 'now'],
        superseded.map(({ name, by }) => [name, by]),
      ),
    );
  for (const warning of warnings) parts.push(`warning: ${warning}\n`);
  return parts.join('\n');
}
