import prettyMs from 'pretty-ms';
import type { PlannedCopy } from '../../snapshots/slotPlan';

/** Characters of time. */
const COLUMNS = 72;
/** Characters between two times of the scale. */
const TICK = 18;
const MARGIN = ' '.repeat(6);

/**
 * Slots over time in plain characters, a line for each slot that is used. A copy is `[name===]`, as wide as it takes long; `|` is one
 * too short for that, and stands for several where they share a column; one that goes on from before is `<name===]`. Pure.
 */
export function slotPicture(planned: readonly PlannedCopy[]): string {
  const end = Math.max(0, ...planned.map((copy) => copy.end));
  if (end === 0) return '';
  const column = (seconds: number) => Math.round((seconds / end) * COLUMNS);
  const lines = new Map<number, string[]>();
  for (const copy of [...planned].sort((a, b) => a.slot - b.slot)) {
    const line = lines.get(copy.slot) ?? Array.from({ length: COLUMNS }, () => ' ');
    lines.set(copy.slot, line);
    const from = Math.min(COLUMNS - 1, column(copy.begin));
    const width = Math.max(1, column(copy.end) - from);
    line.splice(from, width, ...block(copy, width));
  }
  const rows = [...lines].map(([slot, line]) => `${String(slot).padStart(4)}  ${line.join('').trimEnd()}\n`);
  return `${scale(end)}${rows.join('')}`;
}

function block({ name, snapshotId, goesOn }: PlannedCopy, width: number): string[] {
  if (width < 2) return ['|'];
  // A name is the source's and may hold anything.
  const label = (name || snapshotId).replace(/[^\x21-\x7e]/g, '_').slice(0, width - 2);
  return [...`${goesOn ? '<' : '['}${label.padEnd(width - 2, '=')}]`];
}

function scale(end: number): string {
  let line = '0'.padEnd(TICK);
  for (let at = TICK; at < COLUMNS; at += TICK)
    line += prettyMs((end * 1000 * at) / COLUMNS, { unitCount: 2, secondsDecimalDigits: 0 }).padEnd(TICK);
  return `${MARGIN}${line.trimEnd()}\n${MARGIN}${`+${'-'.repeat(TICK - 1)}`.repeat(COLUMNS / TICK)}\n`;
}
