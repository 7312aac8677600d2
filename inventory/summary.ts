import { partsOf } from './inventory';
import type { Plan, Skipped } from './planned';

/** How many names a line of the summary lists before it only counts. */
const NAMES_SHOWN = 5;

/**
 * What a reader of a run should know beside its changes, as one short text: notes, what is left to a recovery and what is skipped, a line
 * for each reason. Empty when there is nothing to say.
 */
export function summary(
  notes: readonly string[],
  { skipped, atRecovery }: Pick<Plan, 'skipped' | 'atRecovery'>,
): string {
  const all = [...new Set(notes), ...lines('made at a recovery:', atRecovery), ...lines('skipped', skipped)];
  return all.length === 0 ? '' : `Worth knowing:\n${all.map((line) => `  ${line}`).join('\n')}`;
}

function lines(what: string, left: readonly Skipped[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { name, reason } of left) byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
  return [...byReason].map(([reason, names]) => `${what} ${someNames(names)}: ${reason}`);
}

/** The first few of some names, and how many more there are. */
export function someNames(names: readonly string[]): string {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more}`;
}

/**
 * One line for each kind: how many, what of them, and the first few.
 *
 * @param entries `kind/id`, and how the object is called in the line
 */
export function perKind(
  entries: readonly (readonly [name: string, shown: string])[],
  what: string,
): string[] {
  const byKind = new Map<string, string[]>();
  for (const [name, shown] of entries) {
    const { kind } = partsOf(name);
    byKind.set(kind, [...(byKind.get(kind) ?? []), shown]);
  }
  return [...byKind].map(([kind, all]) => `${kind}: ${all.length} ${what}: ${someNames(all)}`);
}
