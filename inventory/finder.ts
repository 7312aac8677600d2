import type { Item, Objects } from '../kinds/kind';
import type { Items } from './inventory';

/** Finds objects of one side by kind and id. */
export function finder(items: Items): Objects['find'] {
  const indexes = new Map<string, Map<string, Item>>();
  return (kind, id) => {
    const index = indexes.get(kind) ?? new Map((items[kind] ?? []).map((item) => [item.id, item]));
    indexes.set(kind, index);
    return index.get(id);
  };
}

/** The objects of one side, as kinds ask for them. */
export function objectsOf(items: Items): Objects {
  return { find: finder(items), all: (kind) => items[kind] ?? [] };
}
