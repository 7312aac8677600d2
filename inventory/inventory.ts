import { createHash } from 'node:crypto';
import type { Item } from '../kinds/kind';

/** The format that this program writes. It reads version 1 too, which told no times; a newer one is refused. */
export const INVENTORY_VERSION = 2;

/** Items by the name of their kind. */
export type Items = Readonly<Record<string, readonly Item[]>>;

/** What the source holds, as data: what a run looked up, or what a good run has accepted. No clock inside, but in `gone`. */
export interface Inventory {
  readonly format: 'lifeboat-inventory';
  readonly version: typeof INVENTORY_VERSION;
  /** The source's account and region. */
  readonly account: string;
  readonly region: string;
  /** Zone ids of the source, each with the zone id in DR that was chosen for it. */
  readonly zones: Readonly<Record<string, string>>;
  /**
   * `kind/id` of what is gone from the source and held in the mirror all the same, to the time of the run that missed it
   * first (ISO 8601). It is kept while the object stays missing, so that an unchanged source gives an unchanged text.
   */
  readonly gone: Readonly<Record<string, string>>;
  /** VPCs that `lifeboat:vpcs` has chosen by a tag, with its entry. See chosenVpcs.ts. Absent when it names none. */
  readonly vpcs?: Readonly<Record<string, string>>;
  /**
   * The fields that each kind's look-up gave, those without a value too. A field that is not here is one that an older program
   * did not look up: it is no change of the source's.
   */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly kinds: Items;
}

/** The name that one object goes by in an inventory, a plan and Pulumi's state. */
export function itemName(kind: string, id: string): string {
  return `${kind}/${id}`;
}

/** The kind and id in such a name; an id may hold slashes of its own. */
export function partsOf(name: string): { kind: string; id: string } {
  const slash = name.indexOf('/');
  return slash < 0 ? { kind: name, id: '' } : { kind: name.slice(0, slash), id: name.slice(slash + 1) };
}

/** The items of one kind; none when the kind is unknown to an older inventory. */
export function itemsOf<I extends Item>(
  items: Items,
  kind: { name: string; list(account: never): Promise<I[]> },
): readonly I[] {
  return (items[kind.name] ?? []) as readonly I[];
}

/** The names of all fields that the items of each kind have, in order. */
export function fieldsOf(items: Items): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(items).map(([kind, all]) => [kind, [...new Set(all.flatMap(Object.keys))].sort()]),
  );
}

/** Canonical JSON: keys in order, items by id, so that equal inventories are equal texts. */
export function inventoryText(inventory: Inventory): string {
  const kinds = Object.fromEntries(
    Object.entries(inventory.kinds).map(([name, items]) => [
      name,
      [...items].sort((a, b) => compare(a.id, b.id)),
    ]),
  );
  return canonical({ ...inventory, kinds }, 1);
}

/** Any plain data as JSON with its keys in order: equal data are equal texts. */
export function canonical(value: unknown, indent?: number): string {
  return JSON.stringify(value, orderedKeys, indent);
}

/** The first 12 hex digits of the SHA-256 of some data's canonical JSON. */
export function digestOf(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex').slice(0, 12);
}

function orderedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
