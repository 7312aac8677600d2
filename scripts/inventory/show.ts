import { LifeboatError } from '../../errors';
import { type Inventory, itemName, partsOf } from '../../inventory/inventory';
import { redacted } from '../../inventory/redact';
import type { Item } from '../../kinds/kind';
import { table } from '../table';
import { valueText } from './valueText';

/** What is shown of an inventory: counts, one kind or one object. Secrets are redacted. */
export interface Shown {
  readonly data: unknown;
  readonly text: string;
}

/**
 * One view of an inventory. Pure.
 *
 * @param what a kind, `kind/id`, or nothing for the counts of all kinds
 * @throws LifeboatError when the inventory has no such kind or object
 */
export function show(inventory: Inventory, what: string | undefined, stack: string): Shown {
  if (what === undefined) return counts(inventory);
  const { kind, id } = partsOf(what);
  const items = inventory.kinds[kind];
  const item = items?.find((each) => each.id === id);
  if (!items || (id !== '' && !item)) {
    throw new LifeboatError({
      what: `The inventory has no ${items ? 'such object' : 'such kind'}`,
      got: what,
      expected: items
        ? `the id of one of its ${items.length} objects`
        : `one of ${Object.keys(inventory.kinds).sort().join(', ')}`,
      next: `npx lifeboat inventory show${items ? ` ${kind}` : ''} --stack ${stack}`,
    });
  }
  return item ? object(inventory, kind, item) : objects(inventory, kind, items);
}

function counts({ account, region, kinds, gone, zones }: Inventory): Shown {
  const held = (kind: string) => Object.keys(gone).filter((name) => partsOf(name).kind === kind).length;
  const rows = Object.entries(kinds)
    .map(([kind, items]) => ({ kind, objects: items.length - held(kind), held: held(kind) }))
    .sort((a, b) => (a.kind < b.kind ? -1 : 1));
  const total = rows.reduce((sum, { objects: count }) => sum + count, 0);
  return {
    data: { account, region, zones, kinds: rows },
    text:
      table(
        ['kind', 'in the source', 'gone and held'],
        rows.map(({ kind, objects: count, held: lost }) => [kind, String(count), String(lost)]),
      ) +
      `${total} objects of ${account}, ${region}; ${Object.keys(gone).length} are gone from it and held.\n`,
  };
}

function objects({ gone }: Inventory, kind: string, items: readonly Item[]): Shown {
  const since = (id: string) => gone[itemName(kind, id)];
  return {
    data: items.map((item) => ({ ...redacted(kind, item), goneSince: since(item.id) })),
    text: `${table(
      ['id', 'Name', 'gone since'],
      items.map(({ id, tags }) => [id, tags.Name ?? '', since(id) ?? '']),
    )}${items.length} of ${kind}.\n`,
  };
}

function object({ gone }: Inventory, kind: string, item: Item): Shown {
  const goneSince = gone[itemName(kind, item.id)];
  const shown = { ...redacted(kind, item), ...(goneSince && { goneSince }) };
  return {
    data: shown,
    text: table(
      ['field', 'value'],
      Object.entries(shown)
        .filter(([, value]) => value !== undefined)
        .map(([field, value]) => [field, valueText(value)]),
      [20, 80],
    ),
  };
}
