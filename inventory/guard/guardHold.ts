import { kinds } from '../../kinds';
import type { AnyKind, Item } from '../../kinds/kind';
import { instance } from '../../kinds/machines/instance';
import { volume } from '../../kinds/machines/volume';
import { OUR_PREFIX } from '../../names';
import { ITSELF } from '../adoption';
import { canonical, fieldsOf, type Inventory, type Items, itemName, partsOf } from '../inventory';
import { protectedNames } from '../protectedNames';
import { renamed } from './renamed';

/** What a run may work with: the source's objects, those that are held though gone, and those that took another's place. */
export interface Held {
  readonly kinds: Items;
  /** See Inventory.fields. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** `kind/id` of what is gone from the source and held, to the time when it was first missed. */
  readonly gone: Readonly<Record<string, string>>;
  /** `kind/id` that is gone, to the id of the object that took its place: AWS gives a new id to what is made anew. */
  readonly superseded: ReadonlyMap<string, string>;
  readonly changes: readonly Change[];
}

/** One object of the source that is otherwise than it was accepted. */
export interface Change {
  readonly kind: AnyKind;
  /** What is gone has the id that it was accepted under. */
  readonly id: string;
  /** The id that it was accepted under; for what is new, its own. */
  readonly acceptedId: string;
  /** As it was accepted; undefined for what is new. References in it are to what took a gone object's place. */
  readonly former: Item | undefined;
  /** As it is now; undefined for what is gone. */
  readonly item: Item | undefined;
  /** The fields that differ, of those that both looks could see. */
  readonly fields: readonly string[];
  /** As it was accepted, with the fields that the accepted look-up did not know as they are now; undefined where there are none. */
  readonly filled: Item | undefined;
  /** Whether it was missing already when the inventory was accepted. */
  readonly wasGone: boolean;
}

/**
 * Puts together what the source shows and what is held, and says what differs from what was accepted. Pure.
 *
 * What is gone from the source stays, unless removals are followed or something equal took its place (a rule that was removed
 * and added again, a group of the same name): two of it could not be in one account. What comes back is no longer gone.
 */
export function hold(
  live: Items,
  accepted: Inventory | undefined,
  options: { removals: 'hold' | 'follow'; now: Date },
): Held {
  const superseded = new Map<string, string>();
  const newIds = new Map<string, string>();
  const gone: Record<string, string> = {};
  const changes: Change[] = [];
  const seen = fieldsOf(live);
  const ours = accepted ? protectedNames(accepted) : new Set<string>();
  // Machines and disks that nobody protects come and go every day, those of a scaling group say, and nothing is ever made of them.
  const isPassing = (name: string) =>
    [instance.name, volume.name].includes(partsOf(name).kind) && !ours.has(name);
  const result = kinds.map((kind): [string, readonly Item[]] => {
    const present = live[kind.name] ?? [];
    const byId = new Map(present.map((item) => [item.id, item]));
    const identityOf = (item: Item) => (kind.remade ? kind.remade(item) : kind.identity?.(item, ITSELF));
    const byIdentity = new Map(present.map((item) => [identityOf(item), item]));
    const comparable = fieldsOfBoth(accepted?.fields[kind.name], seen[kind.name]);
    const acceptedIds = new Set((accepted?.kinds[kind.name] ?? []).map(({ id }) => id));
    const formers = new Set<string>();
    const held: Item[] = [];
    for (const acceptedItem of accepted?.kinds[kind.name] ?? []) {
      // What is held goes on belonging to what took its owner's place: kinds come after all that they refer to.
      const former = newIds.size === 0 ? acceptedItem : renamed(acceptedItem, newIds);
      // Some kinds call an object by the id of what it belongs to, so that its own id may have become another.
      const name = itemName(kind.name, acceptedItem.id);
      const since = accepted?.gone[name];
      const identity = identityOf(former);
      const item = byId.get(former.id) ?? (identity === undefined ? undefined : byIdentity.get(identity));
      if (item === undefined) {
        changes.push({
          kind,
          id: acceptedItem.id,
          acceptedId: acceptedItem.id,
          former,
          item,
          fields: [],
          filled: undefined,
          wasGone: since !== undefined,
        });
        if (options.removals === 'follow' || isChanged(kind, former, live) || isPassing(name)) continue;
        held.push(former);
        gone[itemName(kind.name, former.id)] = since ?? options.now.toISOString();
        if (former.id !== acceptedItem.id) superseded.set(name, former.id);
        continue;
      }
      formers.add(item.id);
      if (item.id !== acceptedItem.id) {
        superseded.set(name, item.id);
        newIds.set(acceptedItem.id, item.id);
        // One that was accepted itself is held against what it was, not against what it came to equal.
        if (acceptedIds.has(item.id)) continue;
      }
      const fields = differing(former, item, comparable);
      const filled = withUnknown(former, item, accepted?.fields[kind.name]);
      if (fields.length > 0 || filled)
        changes.push({
          kind,
          id: item.id,
          acceptedId: acceptedItem.id,
          former,
          item,
          fields,
          filled,
          wasGone: since !== undefined,
        });
    }
    for (const item of present)
      if (!formers.has(item.id))
        changes.push({
          kind,
          id: item.id,
          acceptedId: item.id,
          former: undefined,
          item,
          fields: [],
          filled: undefined,
          wasGone: false,
        });
    return [kind.name, [...present, ...held]];
  });
  const fields = kinds.map(({ name }) => [
    name,
    (live[name]?.length ? seen : accepted?.fields)?.[name] ?? [],
  ]);
  return { kinds: Object.fromEntries(result), fields: Object.fromEntries(fields), gone, superseded, changes };
}

/** Whether what is gone was a setting of an object that is still there without it. */
function isChanged(kind: AnyKind, former: Item, live: Items): boolean {
  const of = kind.settingOf?.(former);
  return of !== undefined && (live[of.kind] ?? []).some(({ id }) => id === of.id);
}

/** What both the accepted look-up and this one gave; the id is not compared, for AWS gives a new one to what is made anew. */
function fieldsOfBoth(accepted: readonly string[] = [], seen: readonly string[] = []): ReadonlySet<string> {
  return new Set(seen.filter((field) => accepted.includes(field)));
}

function differing(former: Item, item: Item, comparable: ReadonlySet<string>): string[] {
  const all: Record<string, unknown> = { ...former, tags: carried(former) };
  const now: Record<string, unknown> = { ...item, tags: carried(item) };
  return [...comparable].filter((field) => field !== 'id' && !isEqual(all[field], now[field]));
}

function isEqual(one: unknown, other: unknown): boolean {
  if (one === other || typeof one !== 'object' || typeof other !== 'object') return one === other;
  return canonical(one) === canonical(other);
}

/** AWS's own tags change by themselves, and those that claim to be ours are not carried: neither is a change. */
function carried({ tags }: Item): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => !key.startsWith('aws:') && !key.startsWith(OUR_PREFIX)),
  );
}

function withUnknown(former: Item, item: Item, known: readonly string[] = []): Item | undefined {
  const unknown = Object.entries(item).filter(
    ([field, value]) => value !== undefined && !known.includes(field),
  );
  return unknown.length === 0 ? undefined : { ...Object.fromEntries(unknown), ...former };
}
