import type { Item } from '../kinds/kind';

/** The format that this program writes and reads. A newer one is refused. */
export const INVENTORY_VERSION = 1;

/** Items by the name of their kind. */
export type Items = Readonly<Record<string, readonly Item[]>>;

/** What the source holds, as data: what a run looked up, or what a good run has accepted. No clock inside. */
export interface Inventory {
  readonly format: 'lifeboat-inventory';
  readonly version: typeof INVENTORY_VERSION;
  /** The source's account and region. */
  readonly account: string;
  readonly region: string;
  /** Zone ids of the source, each with the zone id in DR that was chosen for it. */
  readonly zones: Readonly<Record<string, string>>;
  /** `kind/id` of what is gone from the source and held in the mirror all the same. */
  readonly gone: readonly string[];
  readonly kinds: Items;
}

/** The name that one object goes by in an inventory, a plan and Pulumi's state. */
export function itemName(kind: string, id: string): string {
  return `${kind}/${id}`;
}

/** The items of one kind; none when the kind is unknown to an older inventory. */
export function itemsOf<I extends Item>(
  items: Items,
  kind: { name: string; list(account: never): Promise<I[]> },
): readonly I[] {
  return (items[kind.name] ?? []) as readonly I[];
}

/** Canonical JSON: keys in order, items by id, so that equal inventories are equal texts. */
export function inventoryText(inventory: Inventory): string {
  const kinds = Object.fromEntries(
    Object.entries(inventory.kinds).map(([name, items]) => [
      name,
      [...items].sort((a, b) => compare(a.id, b.id)),
    ]),
  );
  return JSON.stringify({ ...inventory, gone: [...inventory.gone].sort(), kinds }, orderedKeys, 1);
}

function orderedKeys(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => compare(a, b)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
