import { table } from '../table';
import type { Cost } from './costAtRest';

/** What DR costs at rest, for people: a row for each thing that is billed, the sum, and what it is assumed from. Pure. */
export function costText({ lines, least, most, assumptions }: Cost): string {
  const range = (from: number, to: number, shown: (number: number) => string) =>
    from === to ? shown(from) : `${shown(from)} to ${shown(to)}`;
  const usd = (number: number) => number.toFixed(2);
  const rows = lines.map((line) => [
    line.what,
    `${range(line.least, line.most, String)} ${line.unit}`,
    String(line.price),
    range(line.least * line.price, line.most * line.price, usd),
  ]);
  return [
    table(['at rest', 'quantity', 'USD each', 'USD a month'], rows),
    `DR costs ${range(least, most, usd)} USD a month at rest, as far as this is known:\n`,
    ...assumptions.map((line) => `  ${line}\n`),
  ].join('');
}
