import { LifeboatError } from '../../errors';
import { table } from '../../scripts/table';
import { partsOf } from '../inventory';
import { perKind } from '../summary';
import type { GuardReport } from './guard';

/** How many rows of the table are printed; `lifeboat guard` prints all. */
const ROWS_SHOWN = 40;

/**
 * The source shows what must not be accepted unless somebody says that it is meant. Thrown before anything is registered. Its
 * message holds a table of it all and the command that lets exactly that through.
 */
export class GuardError extends LifeboatError {
  /**
   * @param report what the guard has seen
   * @param next the stack's name, and the command that would allow it all
   */
  constructor(
    readonly report: GuardReport,
    next: { stack: string; allow: string },
  ) {
    const { stops } = report;
    super({
      what: 'The guard stopped the run: nothing in DR was changed',
      got: `${stops.length} ${stops.length === 1 ? 'change' : 'changes'} of the source that somebody must look at\n${stopsTable(stops.slice(0, ROWS_SHOWN))}${also(report)}`,
      expected: 'changes that are few and open nothing, or an entry of lifeboat:allow for each',
      next: `look at them with: npx lifeboat guard --stack ${next.stack}; if every one is meant: ${next.allow}`,
    });
  }
}

/** What stops a run, as a table. */
export function stopsTable(stops: GuardReport['stops']): string {
  return table(
    ['object', 'what happened', 'why it stops'],
    stops.map(({ name, happened, why }) => [name, happened, why]),
    [34, 42, 30],
  );
}

/** What else is new of which a reader should know: what went missing without being too much. */
function also({ stops, tombstones }: GuardReport): string {
  const more = stops.length > ROWS_SHOWN ? [`and ${stops.length - ROWS_SHOWN} more`] : [];
  const shown = new Set(stops.map(({ name }) => name));
  const others = tombstones.filter(({ name, isNew }) => isNew && !shown.has(`${partsOf(name).kind}/*`));
  const lines = [
    ...more,
    ...perKind(
      others.map(({ name }) => [name, partsOf(name).id]),
      'gone as well, and held',
    ),
  ];
  return lines
    .map((line) => `            ${line}\n`)
    .join('')
    .trimEnd();
}
