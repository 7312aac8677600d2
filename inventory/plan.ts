import type { Output } from '@pulumi/pulumi';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { AnyKind, Item, MirrorContext } from '../kinds/kind';
import { TAG } from '../names';
import { carriedTags } from '../tags';
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
      const reason = kind.skip?.(item, options);
      if (reason !== undefined) {
        skipped.set(name, reason);
        continue;
      }
      if (!kind.mirror) continue;
      try {
        const { type, args } = kind.mirror(item, context);
        const adopt = candidates.find(item);
        if (adopt !== undefined) inDr.set(name, adopt);
        const formerNames = [...superseded]
          .filter(([former, id]) => id === item.id && former.startsWith(`${kind.name}/`))
          .map(([former]) => former);
        resources.push({ name, type, args, adopt, formerNames });
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

/** Finds what DR already has of one kind. */
class Adoption {
  private readonly bySourceId = new Map<string, string>();
  private readonly byIdentity = new Map<string, string>();
  private readonly adopted = new Set<string>();

  constructor(
    private readonly kind: AnyKind,
    items: readonly Item[],
    private readonly found: readonly Item[],
    private readonly drId: (kind: string, id: string) => string | undefined,
  ) {
    const wanted = new Set(items.map((item) => item.id));
    for (const object of found) {
      const sourceId = object.tags[TAG.sourceId];
      if (sourceId !== undefined && wanted.has(sourceId)) {
        const other = this.bySourceId.get(sourceId);
        if (other !== undefined) {
          throw new LifeboatError({
            what: `Two objects in DR claim to be the mirror of ${itemName(kind.name, sourceId)}`,
            got: `${other} and ${object.id}, both tagged ${TAG.sourceId}=${sourceId}`,
            expected: 'one',
            next: `look at both, and take the tag off the one that Lifeboat did not make: aws ec2 delete-tags --resources ${object.id} --tags Key=${TAG.sourceId}`,
          });
        }
        this.bySourceId.set(sourceId, object.id);
      } else {
        const identity = kind.identity?.(object, (_kind, id) => id);
        if (identity !== undefined) this.byIdentity.set(identity, object.id);
      }
    }
  }

  find(item: Item): string | undefined {
    const id =
      this.bySourceId.get(item.id) ?? this.byIdentity.get(this.kind.identity?.(item, this.drId) ?? '');
    if (id !== undefined) this.adopted.add(id);
    return id;
  }

  /**
   * Sees to what somebody, or a run that was killed, left in DR inside of what we mirror and that stands for nothing in the source:
   * what AWS puts into every new whole is taken out of ours again, the rest is named.
   *
   * @param wholes what is planned, by its id in DR
   * @returns notes
   */
  seeToStrays(wholes: ReadonlyMap<string, PlannedResource>): string[] {
    const { partOf } = this.kind;
    if (!partOf) return [];
    const parts = this.found.flatMap((part) => {
      const whole = wholes.get(partOf.whole(part));
      const isStray = !this.adopted.has(part.id) && part.tags[TAG.sourceId] === undefined;
      const removable = isStray && partOf.madeByAws(part);
      return whole ? [{ id: part.id, whole, argument: partOf.argument(part), isStray, removable }] : [];
    });
    return parts.flatMap(({ id, whole, argument, isStray, removable }) => {
      if (!isStray) return [];
      const others = parts.filter((other) => other.whole === whole && other.argument === argument);
      if (removable && others.every((other) => other.removable)) {
        Object.assign(whole.args, { [argument]: [] });
        return [`${id}, which AWS put into the new mirror of ${whole.name}, is removed`];
      }
      return [
        `${id} in DR is in the mirror of ${whole.name} but stands for nothing in the source; remove it by hand`,
      ];
    });
  }
}

function mirrorTags(item: Item, notes: string[]): Record<string, string> {
  const { tags, leftOut } = carriedTags(item.tags, { [TAG.sourceId]: item.id });
  if (leftOut.length > 0)
    notes.push(`${item.id} has more tags than AWS allows beside ours: left out ${leftOut.join(', ')}`);
  return tags;
}
