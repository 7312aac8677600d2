import { isDeepStrictEqual } from 'node:util';
import { LifeboatError } from '../errors';
import type { AnyKind, InDr, Item } from '../kinds/kind';
import { TAG } from '../names';
import { itemName } from './inventory';
import type { PlannedResource } from './planned';

/** What DR has for an item already. */
export interface Adopted {
  readonly object: Item;
  /** What the provider imports it by. */
  readonly importId: string;
  /** Whether it can become what the item asks for without being replaced. */
  readonly fits: boolean;
  /** The source id that it was tagged with, when that is not the item's: the source made its object anew. */
  readonly formerId?: string;
}

/** Objects of one side name everything as that side does. */
export const ITSELF: InDr = { id: (_kind, id) => id, ipv6: (cidr) => cidr, bucket: (name) => name };

/** Finds what DR already has of one kind. */
export class Adoption {
  private readonly bySourceId = new Map<string, Item>();
  private readonly byIdentity = new Map<string, Item>();
  /** What carries no tag of ours that another item claims it by. */
  private readonly byId = new Map<string, Item>();
  private readonly adopted = new Set<string>();

  constructor(
    private readonly kind: AnyKind,
    items: readonly Item[],
    private readonly found: readonly Item[],
    readonly dr: InDr,
    /** The id that the state holds for an item, if any. */
    private readonly stateId: (name: string) => string | undefined = () => undefined,
  ) {
    const wanted = new Set(items.map((item) => item.id));
    for (const object of found) {
      const sourceId = object.tags[TAG.sourceId];
      if (sourceId !== undefined && wanted.has(sourceId)) {
        const other = this.bySourceId.get(sourceId);
        const standing = other && this.standing(items, sourceId, [other, object]);
        if (standing) {
          this.bySourceId.set(sourceId, standing);
          continue;
        }
        if (other !== undefined) {
          throw new LifeboatError({
            what: `Two objects in DR claim to be the mirror of ${itemName(kind.name, sourceId)}`,
            got: `${other.id} and ${object.id}, both tagged ${TAG.sourceId}=${sourceId}`,
            expected: 'one',
            next: `look at both, then take the tag off the one that Lifeboat did not make: aws ec2 describe-tags --filters Name=resource-id,Values=${other.id},${object.id}`,
          });
        }
        this.bySourceId.set(sourceId, object);
      } else {
        // The state may know it by what the provider imports it by.
        for (const id of [object.id, kind.importId?.(object)]) if (id) this.byId.set(id, object);
        const identity = kind.identity?.(object, ITSELF);
        if (identity !== undefined) this.byIdentity.set(identity, object);
      }
    }
  }

  /** Of two objects with one source id, the one that is the item's where that can be told. */
  private standing(items: readonly Item[], sourceId: string, objects: readonly Item[]): Item | undefined {
    const item = items.find(({ id }) => id === sourceId);
    if (this.kind.place) return this.inItsPlace(item, objects);
    if (!this.kind.retained || !item) return undefined;
    // DR keeps what it had under another name.
    const identity = this.kind.identity?.(item, this.dr);
    return objects.find((object) => this.kind.identity?.(object, ITSELF) === identity) ?? objects[0];
  }

  /**
   * The one that stands where the item stands: a run that failed while a place passed from one to another leaves the tag on both, and
   * goes on with the removal of the other.
   */
  private inItsPlace(item: Item | undefined, objects: readonly Item[]): Item | undefined {
    const isPlaced = (each: Item) => this.kind.place?.(each) !== undefined;
    const standing = objects.filter((object) => item && isPlaced(object) === isPlaced(item));
    return standing.length === 1 ? standing[0] : undefined;
  }

  /** The object that DR has for an item, which goes by a name in the state. */
  own(item: Item, name: string): Item | undefined {
    const known = this.bySourceId.get(item.id) ?? this.byId.get(this.stateId(name) ?? '');
    if (known) return known;
    const same = this.byIdentity.get(this.kind.identity?.(item, this.dr) ?? '');
    // One object is one item's: two items may have come to the same place when one of them is held.
    return same && this.adopted.has(same.id) ? undefined : same;
  }

  /** What else of the kind DR has. */
  others(item: Item, name: string): readonly Item[] {
    const own = this.own(item, name);
    return this.found.filter((object) => object !== own);
  }

  /** What DR has for an item, and how it is adopted. */
  find(item: Item, name: string, zone: (id: string) => string): Adopted | undefined {
    const { fixed, importId, retained } = this.kind;
    const object = this.own(item, name);
    if (object === undefined) return undefined;
    const fits =
      !fixed ||
      isDeepStrictEqual(
        fixed(item, zone, this.dr),
        fixed(object, (id) => id, ITSELF),
      );
    // One that DR keeps though it is replaced is the item's no more.
    if (fits || !retained) this.adopted.add(object.id);
    const tagged = object.tags[TAG.sourceId];
    return {
      object,
      importId: importId?.(object) ?? object.id,
      fits,
      ...(tagged !== undefined && tagged !== item.id && { formerId: tagged }),
    };
  }

  /** The object in DR that an item cannot exist beside, though it is not the item's own mirror. */
  rival(item: Item, name: string): Item | undefined {
    const { excludes, taggedWhenMade } = this.kind;
    if (this.bySourceId.has(item.id) || this.byId.has(this.stateId(name) ?? '')) return undefined;
    const own = this.byIdentity.get(this.kind.identity?.(item, this.dr) ?? '');
    if (taggedWhenMade && own?.tags[TAG.sourceId] === undefined) return own;
    if (!excludes) return undefined;
    return this.found.find((object) => object !== own && excludes(item, object, this.dr));
  }

  /** Notes on what DR keeps though it stands for nothing that is mirrored now. */
  kept(): string[] {
    const { name, retained } = this.kind;
    if (retained === undefined) return [];
    return this.found.flatMap(({ id, tags }) => {
      const sourceId = tags[TAG.sourceId];
      if (sourceId === undefined || this.adopted.has(id)) return [];
      return [`${itemName(name, sourceId)} is not mirrored to ${id} now; DR keeps that, for ${retained}`];
    });
  }

  /**
   * Sees to what somebody, or a run that was killed, left in DR inside of what we mirror and that stands for nothing in the source:
   * what AWS puts into every new whole is taken out of ours again, the rest is named.
   *
   * @param wholes what is planned, by its id in DR
   * @param isLeaving whether this run removes parts that the state holds: what is left over may be one of them
   * @returns notes
   */
  seeToStrays(wholes: ReadonlyMap<string, PlannedResource>, isLeaving: boolean): string[] {
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
        Object.assign(whole, { ignoreChanges: whole.ignoreChanges.filter((name) => name !== argument) });
        return [`${id}, which AWS put into the new mirror of ${whole.name}, is removed`];
      }
      if (isLeaving) return [];
      return [
        `${id} in DR is in the mirror of ${whole.name} but stands for nothing in the source; remove it by hand`,
      ];
    });
  }
}
