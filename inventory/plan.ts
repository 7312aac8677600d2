import type { Output } from '@pulumi/pulumi';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { Item, MirrorContext } from '../kinds/kind';
import { TAG } from '../names';
import { carriedTags } from '../tags';
import { Adoption } from './adoption';
import type { Guarded } from './guard';
import { type Items, itemName } from './inventory';

/** A reference to another planned resource's id, standing in a resource's arguments until Pulumi knows it. */
export class Ref {
  constructor(readonly name: string) {}
}

/** One resource that the mirror should hold. */
export interface PlannedResource {
  /** `kind/id`: the resource's Pulumi name. */
  readonly name: string;
  readonly type: string;
  /** The provider's arguments, with Refs in them. */
  readonly args: object;
  /** The id of what is in DR already and stands for this item; it is adopted where the state does not hold it. */
  readonly adopt?: string;
  /** Names that the resource had in the state before the source gave its object a new id. */
  readonly formerNames: readonly string[];
}

/** What is not mirrored, and why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** What the mirror should be, as data. */
export interface Plan {
  readonly resources: readonly PlannedResource[];
  readonly skipped: readonly Skipped[];
  /** For people: what is special about this plan. */
  readonly notes: readonly string[];
}

const NEEDS = 'it needs ';

/** Another item cannot be referred to because it is itself skipped. */
class SkippedReference extends Error {}

/**
 * Turns items into planned resources. Pure.
 *
 * @param source what the source holds, after the guard
 * @param dr what DR holds, all of it: what carries our tag, or has the identity of an item, is adopted
 * @param zones zone ids of the source to zone ids of DR
 * @throws LifeboatError when an item refers to one that the look-up did not see, and when two objects in DR claim one source id
 */
export function plan(
  source: Pick<Guarded, 'kinds' | 'superseded'>,
  dr: Items,
  zones: Readonly<Record<string, string>>,
  options: { mirrorDefaultVpc: boolean },
): Plan {
  const { superseded } = source;
  const resources: PlannedResource[] = [];
  const skipped = new Map<string, string>();
  const planned = new Set<string>();
  const notes: string[] = [];
  const inDr = new Map<string, string>();
  let referred: string[] = [];
  const replaced = new Set<string>();
  const find = (kind: string, id: string) => source.kinds[kind]?.find((item) => item.id === id);
  const known = (name: string) => planned.has(name) || skipped.has(name);

  const context: MirrorContext = {
    ref(kind, id) {
      const name = itemName(kind, id);
      const reason = skipped.get(name);
      if (reason !== undefined)
        throw new SkippedReference(
          reason.startsWith(NEEDS) ? reason : `${NEEDS}${name}, and that is ${reason}`,
        );
      if (!known(name)) {
        throw new LifeboatError({
          what: 'The look-up is not whole: an object refers to one that was not seen',
          got: name,
          expected: 'every object that another refers to, of a kind that comes before it in kinds/index.ts',
          next: 'run it again; something may have been made while the source was looked up',
        });
      }
      referred.push(name);
      // The plan is data. Pulumi's outputs take the place of Refs when the resource is registered.
      return new Ref(name) as unknown as Output<string>;
    },
    zone(id) {
      const zone = zones[id];
      if (zone === undefined) throw new Error(`The zone ${id} was not mapped before planning`);
      return zone;
    },
    tags: (item) => mirrorTags(item, notes),
  };

  for (const kind of kinds) {
    const items = source.kinds[kind.name] ?? [];
    const candidates = new Adoption(kind, items, dr[kind.name] ?? [], (other, id) =>
      inDr.get(itemName(other, id)),
    );
    for (const item of items) {
      const name = itemName(kind.name, item.id);
      const rival = candidates.rival(item);
      const reason =
        kind.skip?.(item, { ...options, find }) ??
        (rival && `${rival.id} in DR is in its way; it is made by the run after that one is gone`);
      if (reason !== undefined) {
        skipped.set(name, reason);
        continue;
      }
      if (!kind.mirror) continue;
      try {
        referred = [];
        const { type, args } = kind.mirror(item, context);
        const found = candidates.find(item, context.zone);
        if (found !== undefined) inDr.set(name, found.id);
        // What is replaced takes with it all that is made of it.
        if (found && (!found.fits || referred.some((other) => replaced.has(other)))) replaced.add(name);
        const formerNames = [...superseded]
          .filter(([former, id]) => id === item.id && former.startsWith(`${kind.name}/`))
          .map(([former]) => former);
        if (found?.formerId) formerNames.push(itemName(kind.name, found.formerId));
        resources.push({
          name,
          type,
          args,
          // The engine replaces nothing that it is told to import; what its state holds it knows anyway.
          adopt: replaced.has(name) ? undefined : found?.id,
          formerNames: [...new Set(formerNames)],
        });
        planned.add(name);
      } catch (error) {
        if (!(error instanceof SkippedReference)) throw error;
        skipped.set(name, error.message);
      }
    }
    const wholes = resources.flatMap((each) => (each.adopt ? [[each.adopt, each] as const] : []));
    notes.push(...candidates.seeToStrays(new Map(wholes)));
  }
  return { resources, skipped: [...skipped].map(([name, why]) => ({ name, reason: why })), notes };
}

function mirrorTags(item: Item, notes: string[]): Record<string, string> {
  const { tags, leftOut } = carriedTags(item.tags, { [TAG.sourceId]: item.id });
  if (leftOut.length > 0)
    notes.push(`${item.id} has more tags than AWS allows beside ours: left out ${leftOut.join(', ')}`);
  return tags;
}
