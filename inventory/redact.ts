import { kinds } from '../kinds';
import type { Item } from '../kinds/kind';
import { canonical, type Items } from './inventory';

/** Fields that every item has, and that hold no secret whatever its kind. */
const NEVER_SECRET = ['id', 'tags'];

/**
 * An item for a terminal or a file: the value of every secret field is replaced by its length. Of a kind that this program does not
 * know all but id and tags is taken for secret. Pure.
 */
export function redacted(kind: string, item: Item): Item {
  const shown = Object.entries(item).map(([field, value]) => [
    field,
    value !== undefined && isSecret(kind, field) ? hidden(value) : value,
  ]);
  return { ...Object.fromEntries(shown), id: item.id, tags: item.tags };
}

/** All items of an inventory, so. */
export function redactedItems(items: Items): Items {
  return Object.fromEntries(
    Object.entries(items).map(([kind, all]) => [kind, all.map((item) => redacted(kind, item))]),
  );
}

function isSecret(kindName: string, field: string): boolean {
  const kind = kinds.find(({ name }) => name === kindName);
  return kind ? (kind.secrets?.includes(field) ?? false) : !NEVER_SECRET.includes(field);
}

function hidden(value: unknown): string {
  return `(secret, ${Buffer.byteLength(typeof value === 'string' ? value : canonical(value))} bytes)`;
}
