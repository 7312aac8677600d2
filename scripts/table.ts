import Table from 'cli-table3';

/** A space on either side of a cell. */
const PADDING = 2;

/**
 * Rows as a table without colours, for people. Empty when there are none.
 *
 * @param widths of the columns, in characters: longer cells are wrapped, words never cut. Default: as wide as their cells
 */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths?: readonly number[],
): string {
  if (rows.length === 0) return '';
  const longest = (column: number) =>
    Math.max(
      ...[head, ...rows].flatMap((row) => (row[column] ?? '').split(/\s+/).map(({ length }) => length)),
    );
  const colWidths = widths?.map((width, column) => Math.max(width, longest(column) + PADDING));
  const wrapped = colWidths && { colWidths, wordWrap: true };
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true }, ...wrapped });
  for (const row of rows) drawn.push(row.map(printable));
  return `${drawn.toString()}\n`;
}

const ESCAPE = String.fromCharCode(27);
const CONTROL = new RegExp(`(?!\\n|${ESCAPE}\\[\\d+m)[\\p{Cc}\\p{Cf}]`, 'gu');

/** Tags and names are the source's: none of them may move a terminal's cursor. Line breaks and our own colours stay. */
export function printable(cell: string): string {
  return cell.replace(CONTROL, '?');
}
