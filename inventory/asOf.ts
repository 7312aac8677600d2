import { kinds } from '../kinds';
import type { AnyKind, Item } from '../kinds/kind';
import { type Instance, instance } from '../kinds/machines/instance';
import { ITSELF } from './adoption';
import { claimOn } from './claimOn';
import { renamed } from './guard/renamed';
import { type Inventory, itemName } from './inventory';
import { perKind } from './summary';

type Configuration = Pick<Inventory, 'kinds' | 'fields' | 'gone'>;

/**
 * The configuration of a former time, as a recovery can use it. Pure.
 *
 * What was there then is as it was then. What came since stays as it is: it is in DR, and something may stand on it; but not as a part of
 * what was there then (a rule of a group, a route, a policy of a role), for the whole would not be as it was. A machine that
 * came since and has the Name or address of one of then is left out too: there cannot be both. What was made anew since goes by its new
 * id, for AWS takes no two of it. Fields and kinds that the program of then did not look up are as they are now.
 *
 * @param then what was accepted at that time
 * @param now what was accepted last
 */
export function asOf(then: Inventory, now: Inventory): Configuration & { notes: string[] } {
  const newIds = new Map<string, string>();
  const gone: Record<string, string> = { ...now.gone };
  const since: string[] = [];
  const leftOut: string[] = [];
  const again: string[] = [];
  const idsThen = new Set(
    Object.entries(then.kinds).flatMap(([kind, items]) => items.map(({ id }) => itemName(kind, id))),
  );
  const wholes = new Set(Object.values(then.kinds).flatMap((items) => items.map(({ id }) => id)));
  const result: Record<string, readonly Item[]> = { ...now.kinds };
  for (const kind of kinds) {
    const nowItems = now.kinds[kind.name] ?? [];
    const thenItems = then.kinds[kind.name];
    if (!thenItems) continue;
    const isNew = ({ id }: Item) => !idsThen.has(itemName(kind.name, id));
    const byId = new Map(nowItems.map((item) => [item.id, item]));
    const byIdentity = new Map(nowItems.filter(isNew).map((item) => [identityOf(kind, item), item]));
    byIdentity.delete(undefined);
    const items = new Map<string, Item>();
    for (const item of thenItems) {
      const former = newIds.size === 0 ? item : renamed(item, newIds);
      const same = byId.get(former.id) ?? byIdentity.get(identityOf(kind, former));
      if (same) {
        if (same.id !== item.id) {
          newIds.set(item.id, same.id);
          wholes.add(same.id);
        }
        items.set(same.id, { ...unknownThen(same, then.fields[kind.name]), ...former, id: same.id });
        continue;
      }
      const name = itemName(kind.name, former.id);
      // Gone then already, and let go since.
      if (Object.hasOwn(then.gone, itemName(kind.name, item.id))) continue;
      items.set(former.id, former);
      again.push(name);
      // Where two cannot stand side by side it comes first, as all that is held does.
      gone[name] ??= LONG_GONE;
    }
    const machines = kind.name === instance.name ? ([...items.values()] as Instance[]) : [];
    for (const item of nowItems) {
      if (items.has(item.id)) continue;
      const name = itemName(kind.name, item.id);
      const isPart = kind.partOf !== undefined && wholes.has(kind.partOf.whole(item));
      const isInTheWay = machines.some((machine) => claimOn(machine, item as Instance) !== undefined);
      if (isPart || isInTheWay) {
        leftOut.push(name);
        delete gone[name];
        continue;
      }
      items.set(item.id, item);
      since.push(name);
    }
    result[kind.name] = [...items.values()];
  }
  const shown = (names: readonly string[], what: string) =>
    perKind(
      names.map((name) => [name, name.slice(name.indexOf('/') + 1)]),
      what,
    );
  return {
    kinds: result,
    fields: now.fields,
    gone,
    notes: [
      ...shown(since, 'came after that moment and stay as they are'),
      ...shown(leftOut, 'came after that moment and are left out, for what they belong to was without them'),
      ...shown(again, 'were there at that moment, are in the newest inventory no more, and are made again'),
    ],
  };
}

/** A time for what nobody has missed: the source's newest inventory does not have it. */
const LONG_GONE = new Date(0).toISOString();

function identityOf(kind: AnyKind, item: Item): string | undefined {
  return kind.remade ? kind.remade(item) : kind.identity?.(item, ITSELF);
}

/** The fields of an item that an older program did not look up. */
function unknownThen(item: Item, known: readonly string[] = []): Partial<Item> {
  return Object.fromEntries(Object.entries(item).filter(([field]) => !known.includes(field)));
}
