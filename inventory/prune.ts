import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { Item } from '../kinds/kind';
import { type Inventory, itemName, partsOf } from './inventory';
import { type AloneOptions, planAlone } from './planAlone';
import { Ref } from './refs';
import { typedName } from './typedName';

/** A tombstone: what is gone from the source and held. */
export interface Tombstone {
  readonly name: string;
  /** Its Name tag. */
  readonly label: string;
  /** When it was first missed, ISO 8601. */
  readonly since: string;
  /** What is made of it, or leads to it, in the mirror or in a recovery. */
  readonly dependents: readonly string[];
}

/** All tombstones of an inventory, oldest first, with what depends on each. Pure. */
export function tombstones(inventory: Inventory, options: AloneOptions): Tombstone[] {
  const dependents = dependentsOf(inventory, options);
  return Object.entries(inventory.gone)
    .map(([name, since]) => ({
      name,
      label: labelOf(inventory, name),
      since,
      dependents: dependents.get(name) ?? [],
    }))
    .sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : a.name < b.name ? -1 : 1));
}

/**
 * An inventory without some of its tombstones. Pure.
 *
 * @param names `kind/id` of what may go
 * @throws LifeboatError when one is no tombstone, and when something that stays depends on one, naming what to add
 */
export function pruned(
  inventory: Inventory,
  names: readonly string[],
  options: AloneOptions & { stack: string },
): Inventory {
  const { stack } = options;
  const others = names.filter((name) => !Object.hasOwn(inventory.gone, name));
  if (others.length > 0) {
    throw new LifeboatError({
      what: 'Only what is gone from the source can be pruned',
      got: others
        .map((name) => `${name}, which ${isKnown(inventory, name) ? 'the source has' : 'nobody knows'}`)
        .join('; '),
      expected: 'names of tombstones, kind/id',
      next: `npx lifeboat prune --stack ${stack} lists them`,
    });
  }
  const going = new Set(names);
  const dependents = dependentsOf(inventory, options);
  const missing = new Set<string>();
  // A set is walked on to what is added meanwhile: what has to go too may have something that depends on it.
  const all = new Set(going);
  for (const name of all)
    for (const other of dependents.get(name) ?? []) {
      all.add(other);
      if (!going.has(other)) missing.add(other);
    }
  if (missing.size > 0) throw stillNeeded(inventory, names, [...missing], stack);
  const left: Inventory = {
    ...inventory,
    gone: Object.fromEntries(Object.entries(inventory.gone).filter(([name]) => !going.has(name))),
    kinds: Object.fromEntries(
      Object.entries(inventory.kinds).map(([kind, items]) => [
        kind,
        items.filter(({ id }) => !going.has(itemName(kind, id))),
      ]),
    ),
  };
  // Throws where something would be left that leads to nothing.
  planAlone(left, options);
  return left;
}

function stillNeeded(
  inventory: Inventory,
  names: readonly string[],
  missing: readonly string[],
  stack: string,
): LifeboatError {
  const live = missing.filter((name) => !Object.hasOwn(inventory.gone, name));
  return new LifeboatError({
    what: 'Something that stays depends on what is to be pruned, so nothing was changed',
    got: missing.join(', '),
    expected:
      live.length > 0
        ? `nothing that the source still has: ${live.join(', ')}`
        : 'all that depends on it to go with it',
    next:
      live.length > 0
        ? `leave out what they need; npx lifeboat prune --stack ${stack} lists it`
        : `npx lifeboat prune ${[...names, ...missing].map(typedName).join(' ')} --stack ${stack}`,
  });
}

/** Names to the names of all that refers to them: by the plan, and by content for what a recovery makes. */
function dependentsOf(inventory: Inventory, options: AloneOptions): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  const names = new Set(
    Object.entries(inventory.kinds).flatMap(([kind, items]) => items.map(({ id }) => itemName(kind, id))),
  );
  // What is not in the inventory follows from what is: the address that is kept for a machine.
  const add = (name: string, dependent: string) => {
    if (name !== dependent && names.has(dependent))
      found.set(name, (found.get(name) ?? new Set()).add(dependent));
  };
  const { resources } = planAlone(inventory, options);
  const items = new Map(resources.map(({ name, item }) => [name, item]));
  for (const { item, args } of resources)
    visit(args, (value) => {
      if (value instanceof Ref) add(items.get(value.name) ?? value.name, item);
    });
  const goneIds = new Map<string, string>();
  // Some kinds call an object by the id of what it belongs to. What is meant by an id is of the kind that comes first.
  for (const { name: kind } of kinds)
    for (const name of Object.keys(inventory.gone))
      if (partsOf(name).kind === kind && !goneIds.has(partsOf(name).id)) goneIds.set(partsOf(name).id, name);
  for (const [kind, all] of Object.entries(inventory.kinds))
    for (const item of all) {
      const { id, tags: _tags, ...content }: Item & Record<string, unknown> = { ...item };
      visit(content, (value) => {
        const name = typeof value === 'string' ? goneIds.get(value) : undefined;
        if (name !== undefined) add(name, itemName(kind, id));
      });
    }
  return new Map([...found].map(([name, all]) => [name, [...all].sort()]));
}

function visit(value: unknown, see: (part: unknown) => void): void {
  see(value);
  if (value === null || typeof value !== 'object' || value instanceof Ref) return;
  for (const part of Object.values(value)) visit(part, see);
}

function isKnown(inventory: Inventory, name: string): boolean {
  const { kind, id } = partsOf(name);
  return inventory.kinds[kind]?.some((item) => item.id === id) ?? false;
}

function labelOf(inventory: Inventory, name: string): string {
  const { kind, id } = partsOf(name);
  return inventory.kinds[kind]?.find((item) => item.id === id)?.tags.Name ?? '';
}
