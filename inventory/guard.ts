import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { InDr, Item } from '../kinds/kind';
import { type Inventory, type Items, itemName } from './inventory';

/** What a run may work with: the source's objects, those that are held though gone, and those that took another's place. */
export interface Guarded {
  readonly kinds: Items;
  /** `kind/id` of what is gone from the source and held. */
  readonly gone: readonly string[];
  /** `kind/id` that is gone, to the id of the object that took its place: AWS gives a new id to what is made anew. */
  readonly superseded: ReadonlyMap<string, string>;
}

/**
 * Holds what the source shows now against what was accepted. Pure.
 *
 * What is gone from the source stays, unless removals are followed or something equal took its place (a rule that was removed
 * and added again, a group of the same name): two of it could not be in one account.
 *
 * @param live what the source shows now
 * @param accepted what the last good run accepted; undefined before the first
 * @throws LifeboatError when the accepted inventory is of another region
 */
export function guard(
  live: Items,
  accepted: Inventory | undefined,
  options: { removals: 'hold' | 'follow'; sourceRegion: string },
): Guarded {
  if (accepted && accepted.region !== options.sourceRegion) {
    throw new LifeboatError({
      what: 'The accepted inventory is of another region than the settings say',
      got: options.sourceRegion,
      expected: accepted.region,
      next: `npm run pulumi -- config set lifeboat:sourceRegion ${accepted.region}`,
    });
  }
  const superseded = new Map<string, string>();
  const newIds = new Map<string, string>();
  const gone: string[] = [];
  // The source's objects name each other as the source does.
  const sameId: InDr = { id: (_kind, id) => id, ipv6: (cidr) => cidr };
  const result = kinds.map((kind): [string, readonly Item[]] => {
    const present = live[kind.name] ?? [];
    const ids = new Set(present.map((item) => item.id));
    const byIdentity = new Map(present.map((item) => [kind.identity?.(item, sameId), item.id]));
    const held: Item[] = [];
    for (const former of accepted?.kinds[kind.name] ?? []) {
      if (ids.has(former.id)) continue;
      // What is held goes on belonging to what took its owner's place: kinds come after all that they refer to.
      const item = renamed(former, newIds);
      const identity = kind.identity?.(item, sameId);
      const successor = identity === undefined ? undefined : byIdentity.get(identity);
      if (successor !== undefined) {
        superseded.set(itemName(kind.name, item.id), successor);
        newIds.set(item.id, successor);
      } else if (options.removals === 'hold') {
        held.push(item);
        gone.push(itemName(kind.name, item.id));
      }
    }
    return [kind.name, [...present, ...held]];
  });
  return { kinds: Object.fromEntries(result), gone, superseded };
}

/** An item with every id in it that was superseded replaced by the new one. */
function renamed<T>(value: T, newIds: ReadonlyMap<string, string>): T {
  const rename = (part: unknown): unknown => {
    if (typeof part === 'string') return newIds.get(part) ?? part;
    if (Array.isArray(part)) return part.map(rename);
    if (part !== null && typeof part === 'object')
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, rename(inner)]));
    return part;
  };
  return rename(value) as T;
}
