import type { Item, SkipOptions } from '../kinds/kind';
import type { Items } from './inventory';

/** Finds objects of one side by kind and id. */
export function finder(items: Items): SkipOptions['find'] {
  const indexes = new Map<string, Map<string, Item>>();
  return (kind, id) => {
    const index = indexes.get(kind) ?? new Map((items[kind] ?? []).map((item) => [item.id, item]));
    indexes.set(kind, index);
    return index.get(id);
  };
}
