import type { Difference } from '../../inventory/diff';
import type { Deps } from '../command';
import { table } from '../table';
import { colours } from './colours';
import { valueText } from './valueText';

const WORDS: Record<Difference['what'], string> = {
  added: 'added',
  removed: 'removed',
  changed: 'changed',
  gone: 'gone, held',
  back: 'back',
};

/** A diff as a table: a row for each object, and one for each of its fields that differ. */
export function diffText(differences: readonly Difference[], deps: Pick<Deps, 'stdout' | 'env'>): string {
  if (differences.length === 0) return 'No differences.\n';
  const paint = colours(deps);
  const colour: Record<Difference['what'], (text: string) => string> = {
    added: paint.added,
    back: paint.added,
    removed: paint.removed,
    gone: paint.removed,
    changed: paint.changed,
  };
  const rows = differences.flatMap(({ name, label, what, fields }) => {
    const changes = fields.map(
      ({ field, former, now }) => `${field}: ${valueText(former)} -> ${valueText(now)}`,
    );
    const [first = '', ...more] = changes;
    return [[name, label, colour[what](WORDS[what]), first], ...more.map((change) => ['', '', '', change])];
  });
  const count = (...kinds: Difference['what'][]) =>
    differences.filter(({ what }) => kinds.includes(what)).length;
  return (
    table(['object', 'Name', 'what', 'former -> new'], rows, [10, 10, 12, 60]) +
    `${count('added', 'back')} added or back, ${count('removed', 'gone')} removed or gone, ${count('changed')} changed.\n`
  );
}
