import type { AnyKind, Item } from '../kinds/kind';
import { TAG } from '../names';
import { carriedTags } from '../tags';
import type { Adopted } from './adoption';
import { itemName } from './inventory';
import type { PlannedResource } from './planned';

/** AWS's own objects in DR, by the name that is the same everywhere. */
export function awsOwn(kind: AnyKind, found: readonly Item[]): Map<string, string> {
  return new Map(
    found.flatMap((object) => {
      const name = kind.awsOwn?.(object);
      return name === undefined ? [] : [[name, object.id] as const];
    }),
  );
}

/** Former names in the state of what superseded others, by the new id. */
export function formerNamesOf(kind: AnyKind, superseded: ReadonlyMap<string, string>): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [former, id] of superseded)
    if (former.startsWith(`${kind.name}/`)) names.set(id, [...(names.get(id) ?? []), former]);
  return names;
}

/**
 * The names that the state holds an object under and that no item goes by any more. What another item takes over is not to go with its old name: an
 * address that was kept for a machine, and that the source has now reserved itself, say.
 */
export function namesLeft(
  kind: AnyKind,
  items: readonly Item[],
  state: ReadonlyMap<string, string>,
): (id: string | undefined) => string[] {
  const used = new Set(
    items.flatMap((item) => [item.id, kind.place?.(item) ?? item.id].map((id) => itemName(kind.name, id))),
  );
  const left = [...state].filter(([name]) => name.startsWith(`${kind.name}/`) && !used.has(name));
  return (id) => (id === undefined ? [] : left.flatMap(([name, held]) => (held === id ? [name] : [])));
}

/** Whether what the state holds under an id is no longer in DR, as far as its id can be compared with DR's. */
export function isLost(
  kind: AnyKind,
  found: Adopted | undefined,
  id: string,
  idsInDr: ReadonlySet<string>,
): boolean {
  if (kind.madeAgain) return false;
  return kind.importId ? found === undefined : !idsInDr.has(id);
}

/** What is planned, by the id of what DR has of it already. */
export function wholesInDr(
  resources: readonly PlannedResource[],
  inDr: ReadonlyMap<string, string>,
): Map<string, PlannedResource> {
  return new Map(
    resources.flatMap((each) => {
      const id = inDr.get(each.item);
      return id === undefined ? [] : [[id, each] as const];
    }),
  );
}

/** The tags that a mirror carries, or a drill's. Notes those that there is no room for. */
export function mirrorTags(item: Item, notes: string[], drill?: string): Record<string, string> {
  const ours = { [TAG.sourceId]: item.id, ...(drill !== undefined && { [TAG.drill]: drill }) };
  const { tags, leftOut } = carriedTags(item.tags, ours);
  if (leftOut.length > 0)
    notes.push(`${item.id} has more tags than AWS allows beside ours: left out ${leftOut.join(', ')}`);
  return tags;
}
