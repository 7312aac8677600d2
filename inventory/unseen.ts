import { type Items, itemName } from './inventory';
import { someNames } from './summary';

/**
 * What a plan leaves as it is because a service does not answer, in words. Pure.
 *
 * @param unseen see Collected
 * @param items the source's
 * @param state the names that the state holds
 */
export function unseenNotes(
  unseen: ReadonlyMap<string, string> = new Map(),
  items: Items,
  state: ReadonlyMap<string, string>,
): string[] {
  if (unseen.size === 0) return [];
  const names = [...unseen.keys()].flatMap((kind) => (items[kind] ?? []).map(({ id }) => itemName(kind, id)));
  const left = names.filter((name) => !state.has(name));
  return [
    `not looked up in DR, for the service does not answer, and left as the state has it: ${someNames([...unseen.keys()])} (${[...new Set(unseen.values())].join('; ')})`,
    ...(left.length > 0 ? [`neither made nor taken over before it answers: ${someNames(left)}`] : []),
  ];
}
