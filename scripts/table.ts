import Table from 'cli-table3';

/** Rows as a table without colours, for people. Empty when there are none. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const drawn = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  for (const row of rows) drawn.push([...row]);
  return `${drawn.toString()}\n`;
}
