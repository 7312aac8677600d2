import type { Inventory, Items } from '../inventory';
import { partsOf } from '../inventory';
import type { AloneOptions } from '../planAlone';
import type { Plan } from '../planned';
import { perKind } from '../summary';
import {
  type AllowEntry,
  allowCommand,
  allowText,
  isExpired,
  proposedEntry,
  refuseLongEntries,
} from './guardAllow';
import { GuardError } from './guardError';
import { exposed } from './guardExposed';
import { type Held, hold } from './guardHold';
import { type Baseline, dangers, leavers, planOf, type Stop, thresholds } from './guardStops';
import { type Succession, successions, withoutReplaced } from './guardSuccessors';

/** What decides what the guard lets through. */
export interface GuardOptions extends AloneOptions {
  /** Whether what is gone from the source stays in the mirror. */
  readonly removals: 'hold' | 'follow';
  /** Percent of a kind's accepted objects that may go or change in one run. */
  readonly guardShare: number;
  readonly allow: readonly AllowEntry[];
  readonly now: Date;
  /** The stack's name, for the commands that are proposed. */
  readonly stack: string;
}

/** What the guard has seen, as plain data; `lifeboat guard --json` prints it. */
export interface GuardReport {
  /** What stops the run; `allow` is the entry that would let it through. Empty when nothing does. */
  readonly stops: readonly (Stop & { readonly allow: string })[];
  /** What would have stopped it, but for an entry of `lifeboat:allow`. */
  readonly allowed: readonly (Stop & { readonly until: string })[];
  /** What is gone from the source and held, with the time when it was first missed. */
  readonly tombstones: readonly { readonly name: string; readonly since: string; readonly isNew: boolean }[];
  /** What is gone, with the name of what took its place. */
  readonly superseded: readonly { readonly name: string; readonly by: string }[];
  readonly baseline: readonly Baseline[];
  readonly warnings: readonly string[];
}

/** A source that may be worked with. */
export type Guarded = Pick<Held, 'kinds' | 'fields' | 'gone' | 'superseded'> & {
  readonly report: GuardReport;
  /** For people: what was accepted on somebody's word, or for want of anything to hold it against. */
  readonly notes: readonly string[];
};

/**
 * Holds what the source shows now against what was accepted. Pure.
 *
 * @param live what the source shows now
 * @param accepted what the last good run accepted; undefined before the first, which accepts everything as the baseline
 * @throws GuardError listing all that must not be accepted unless somebody says that it is meant
 * @throws LifeboatError when an entry of `lifeboat:allow` lasts too long
 */
export function guard(live: Items, accepted: Inventory | undefined, options: GuardOptions): Guarded {
  const looked = look(live, accepted, options);
  const { stops } = looked.report;
  if (stops.length > 0) {
    const proposed = stops.map(({ name, digest }) => proposedEntry(name, digest, options.now));
    throw new GuardError(looked.report, {
      stack: options.stack,
      allow: allowCommand(proposed, options.allow, looked.report.allowed, options),
    });
  }
  return looked;
}

/** As `guard`, but what must not be accepted is in the report and nothing is thrown for it. */
export function look(live: Items, accepted: Inventory | undefined, options: GuardOptions): Guarded {
  const { allow, now, stack } = options;
  refuseLongEntries(allow, now, stack);
  const { changes, ...held } = hold(live, accepted, options);
  const { stops, baseline } = dangers(changes, accepted, held.kinds, options);
  const successors = successions(changes, held);
  // A run of nothing, which is every day's, needs no plan of what was accepted; any other needs one.
  let plans: { readonly accepted: Plan | undefined } | undefined;
  const planned = () => {
    plans ??= { accepted: accepted && planOf(accepted, options) };
    return plans.accepted;
  };
  const all = [
    ...thresholds(changes, accepted, options.guardShare, planned),
    ...stops,
    ...successors.map(({ stop }) => stop),
    ...exposed(accepted, held),
    ...leavers(changes, accepted, held, options, planned),
  ];
  const judged = judge(all, allow, now);
  const isAllowed = ({ stop }: Succession) => judged.allowed.some(({ digest }) => digest === stop.digest);
  const settled = withoutReplaced(held, successors.filter(isAllowed));
  const report: GuardReport = {
    ...judged,
    tombstones: Object.entries(settled.gone).map(([name, since]) => ({
      name,
      since,
      isNew: !Object.hasOwn(accepted?.gone ?? {}, name),
    })),
    superseded: [...settled.superseded].map(([name, id]) => ({ name, by: `${partsOf(name).kind}/${id}` })),
    baseline,
  };
  return { ...settled, report, notes: notesOf(report) };
}

/** What stops, what an entry lets through, and what is to be said of the entries. */
function judge(
  all: readonly Stop[],
  entries: readonly AllowEntry[],
  now: Date,
): Pick<GuardReport, 'stops' | 'allowed' | 'warnings'> {
  const used = new Set<AllowEntry>();
  const stops: GuardReport['stops'][number][] = [];
  const allowed: GuardReport['allowed'][number][] = [];
  for (const stop of all) {
    const named = entries.filter(({ name }) => name === stop.name);
    const exact = named.find(({ digest }) => digest === stop.digest);
    for (const entry of named) used.add(entry);
    if (exact && !isExpired(exact, now)) {
      allowed.push({ ...stop, until: exact.until });
      continue;
    }
    const besides = exact
      ? `; what allowed it has expired on ${exact.until}`
      : named.length > 0
        ? '; lifeboat:allow names another change of it'
        : '';
    const allow = allowText(proposedEntry(stop.name, stop.digest, now));
    stops.push({ ...stop, why: stop.why + besides, allow });
  }
  const warnings = entries
    .filter((entry) => !used.has(entry))
    .map(
      (entry) =>
        `lifeboat:allow: ${allowText(entry)} is ${isExpired(entry, now) ? 'expired' : 'applied already, or was never needed'}, and may go`,
    );
  return { stops, allowed, warnings };
}

function notesOf({ allowed, baseline, warnings }: GuardReport): string[] {
  return [
    ...perKind(
      baseline.map(({ name, why }) => [name, `${partsOf(name).id} (${why})`]),
      'on the danger list, accepted because nothing was known to hold them against',
    ),
    ...allowed.map(
      ({ name, happened, why, until }) => `${name}: ${happened}, ${why}; allowed until ${until}`,
    ),
    ...warnings,
  ];
}
