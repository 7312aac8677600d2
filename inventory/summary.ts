import type { Plan, Skipped } from './plan';

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
  return [...byReason].map(([reason, names]) => {
    const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
    return `${what} ${names.slice(0, NAMES_SHOWN).join(', ')}${more}: ${reason}`;
  });
}
