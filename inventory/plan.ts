import type { Output } from '@pulumi/pulumi';
import { reason as why } from '../errors';
import { kinds } from '../kinds';
import type { InDr, SkipOptions } from '../kinds/kind';
import type { MirrorContext } from '../kinds/mirrorContext';
import { Adoption } from './adoption';
import { bucketInDr } from './bucketNames';
import { objectsOf } from './finder';
import type { Guarded } from './guard/guard';
import { type Items, itemName } from './inventory';
import { Ipv6Ranges } from './ipv6Ranges';
import { NO_PART_OF_DRILLS, NOT_PLANNED, type Plan, type PlannedResource, type PlanOptions } from './planned';
import { awsOwn, formerNamesOf, isLost, mirrorTags, namesLeft, wholesInDr } from './planParts';
import { NEEDS, References, SkippedReference, UnseenReference } from './references';
import { isKnown, Json, Ref, Secret, Text } from './refs';
import { Standing } from './standing';
import { perKind } from './summary';
import { unseenNotes } from './unseen';
import { waitsForRecovery } from './waitsForRecovery';
import { notBroughtHome } from './wayHome';

/**
 * Turns items into planned resources. Pure.
 *
 * @param source what the source holds, after the guard
 * @param dr what DR holds, all of it: what carries our tag, or has the identity of an item, is adopted
 * @param zones zone ids of the source to zone ids of DR
 * @param state the names that Pulumi's state holds, with their ids; what is in it need not be adopted
 * @throws LifeboatError when an item refers to one that the look-up did not see, and when two objects in DR claim one source id
 */
export function plan(
  source: Pick<Guarded, 'kinds' | 'superseded'> & Partial<Pick<Guarded, 'gone'>>,
  dr: Items,
  zones: Readonly<Record<string, string>>,
  options: PlanOptions,
  state: ReadonlyMap<string, string> = new Map(),
): Plan {
  const resources: PlannedResource[] = [];
  const lost: string[] = [];
  const spent: string[] = [];
  const notes: string[] = [];
  const replaced = new Set<string>();
  const again = new Set<string>();
  let after: string[] = [];
  let goesWith: string | undefined;
  let noted: string[] = [];
  const references = new References();
  const ranges = new Ipv6Ranges(source.kinds, references);
  const places = {
    source: { account: options.sourceAccount, region: options.sourceRegion },
    dr: { account: options.drAccount, region: options.drRegion },
  };
  const skipOptions: SkipOptions = {
    ...options,
    ...places,
    ...objectsOf(source.kinds),
    trusted: options.trust,
    bucket: (name) => bucketInDr(name, options),
  };
  const inDr: InDr = {
    id: (kind, id) => references.inDr.get(itemName(kind, id)),
    ipv6: (cidr) => ranges.inDr(cidr),
    bucket: (name) => bucketInDr(name, options),
  };
  const context: MirrorContext = {
    ...places,
    trusted: options.trust,
    replicateBuckets: options.replicateBuckets,
    bucketLock: options.bucketLock,
    bucket: inDr.bucket,
    ref: (kind, id) => references.to(kind, id),
    output: (kind, id, property) => references.to(kind, id, property),
    attempt(kind, id, what) {
      const reason = references.missing(kind, id);
      // What can do without another can also be given a new one: it is not replaced with it.
      if (reason === undefined) return references.without(() => references.to(kind, id));
      noted.push(`does without ${what} ${id}: ${reason}`);
      return undefined;
    },
    known: (kind, id) =>
      references.missing(kind, id) === undefined
        ? references.without(() => references.to(kind, id))
        : undefined,
    find: skipOptions.find,
    allInDr: (kind) => dr[kind] ?? [],
    text: (...parts) => (isKnown(parts) ? parts.join('') : new Text(parts)) as unknown as Output<string>,
    json: (value) => (isKnown(value) ? JSON.stringify(value) : new Json(value)) as unknown as Output<string>,
    note: (text) => noted.push(text),
    skip(reason) {
      throw new SkippedReference(reason, false);
    },
    after(kind, id) {
      const reference: unknown = references.to(kind, id);
      if (reference instanceof Ref) after.push(reference.name);
    },
    goesWith(kind, id) {
      const reference: unknown = references.to(kind, id);
      if (reference instanceof Ref) goesWith = reference.name;
    },
    all: skipOptions.all,
    machine(id, otherwise, property = 'id') {
      if (!source.kinds.instance?.some((item) => item.id === id)) {
        if (otherwise !== undefined) return otherwise as unknown as Output<string>;
        throw new SkippedReference(
          `${NEEDS}${itemName('instance', id)}, which the source does not have`,
          false,
        );
      }
      // Which of them are recovered is known once there is a plan; see withoutMachines.
      return new Ref(itemName('instance', id), property, undefined, otherwise) as unknown as Output<string>;
    },
    ipv6: (cidr) => ranges.reference(cidr),
    attemptIpv6(cidr, what) {
      const reason = ranges.missing(cidr);
      if (reason === undefined) return references.without(() => ranges.reference(cidr));
      noted.push(`does without ${what} ${cidr}: ${reason}`);
      return undefined;
    },
    secret: (value) => new Secret(value) as unknown as Output<string>,
    zone(id) {
      const zone = zones[id];
      if (zone === undefined) throw new Error(`The zone ${id} was not mapped before planning`);
      return zone;
    },
    tags: (item) => mirrorTags(item, notes, options.drill),
  };

  for (const kind of kinds) {
    const all = [...(source.kinds[kind.name] ?? []), ...(kind.derived?.(source.kinds, options) ?? [])];
    const inDrOfKind = dr[kind.name] ?? [];
    const idsInDr = new Set(inDrOfKind.map(({ id }) => id));
    const own = awsOwn(kind, inDrOfKind);
    const candidates = new Adoption(kind, all, inDrOfKind, inDr, (name) => state.get(name));
    const standing = new Standing(kind, all, source.gone ?? {}, candidates, (name) =>
      references.planned.has(name),
    );
    const successors = formerNamesOf(kind, source.superseded);
    const heldUnder = namesLeft(kind, all, state);
    for (const item of standing.inOrder(kind.inOrder?.(all) ?? all)) {
      const name = itemName(kind.name, item.id);
      const resourceName = itemName(kind.name, kind.place?.(item) ?? item.id);
      const ownName = kind.awsOwn?.(item);
      if (ownName !== undefined) {
        // What AWS itself keeps of a service without regions has one id everywhere.
        const id = own.get(ownName) ?? (options.unseen?.has(kind.name) ? item.id : undefined);
        const later = kind.atRecovery?.(item);
        if (id !== undefined) references.exists(name, id);
        else if (later !== undefined) references.postpone(name, later);
        else references.skip(name, `${ownName}, which ${options.drRegion} does not have`);
        continue;
      }
      const kept = options.wayHome?.kept.get(name);
      if (kept !== undefined) {
        references.exists(name, kept);
        continue;
      }
      const leftOut = options.drill !== undefined && !kind.inDrill ? NO_PART_OF_DRILLS : undefined;
      const reason =
        leftOut ??
        (options.wayHome && notBroughtHome(kind, item)) ??
        kind.skip?.(item, skipOptions) ??
        standing.inTheWay(item, resourceName);
      if (reason !== undefined) {
        references.skip(name, reason);
        continue;
      }
      const waits = waitsForRecovery(kind, item);
      const later = waits && options.recover ? undefined : kind.atRecovery?.(item);
      if (later !== undefined) {
        references.postpone(name, later);
        continue;
      }
      if (!kind.mirror) continue;
      const unseen = options.unseen?.get(kind.name);
      if (unseen !== undefined && !state.has(resourceName)) {
        // It may be there. Nothing can be made of it, and what names it is told its name.
        const id = kind.idInDr?.(item, places.dr);
        if (id === undefined) references.skip(name, `its service does not answer: ${unseen}`);
        else references.exists(name, id);
        continue;
      }
      try {
        references.referred = [];
        references.waits = waits;
        after = [];
        goesWith = undefined;
        noted = [];
        const fitting = standing.fitting(item, resourceName, context.note);
        const { type, args, secretOutputs, replaceOnChanges, ...made } = kind.mirror(fitting, context);
        const isLeftAlone = made.leftToRecovery && options.isRecovering;
        const ignoreChanges = isLeftAlone ? Object.keys(args) : (made.ignoreChanges ?? []);
        const found = kind.madeAgain ? undefined : candidates.find(item, resourceName, context.zone);
        if (found !== undefined) {
          references.inDr.set(name, found.object.id);
          ranges.assigned(kind, item, found.object);
        }
        const formerNames = [...(successors.get(item.id) ?? []), ...heldUnder(found?.object.id)];
        if (found?.formerId) formerNames.push(itemName(kind.name, found.formerId));
        const stateId = [resourceName, ...formerNames]
          .map((each) => state.get(each))
          .find((id) => id !== undefined);
        const isGone = unseen === undefined && stateId !== undefined && isLost(kind, found, stateId, idsInDr);
        if (isGone) lost.push(name);
        const isSpent =
          stateId !== undefined && found !== undefined && (kind.isSpent?.(found.object) ?? false);
        if (isSpent) {
          spent.push(name);
          noted.push('is made anew: AWS has given up what DR has of it');
        }
        const withLost = references.referred.some((other) => again.has(other));
        if (unseen !== undefined && stateId !== undefined) references.inDr.set(name, stateId);
        if (isGone || isSpent || withLost) again.add(resourceName);
        const isHeld = stateId !== undefined && !isGone;
        if (kind.madeAnew && !isHeld && found?.fits && options.isRecovering) {
          // What was made by hand in the meantime may name it by its id.
          references.exists(name, found.object.id);
          notes.push(
            `${name} is in DR already as ${found.object.id}, and left as it is until the recovery ends`,
          );
          continue;
        }
        const removesFirst = kind.madeAnew && !isHeld ? found?.object.id : undefined;
        // What is replaced takes with it all that is made of it.
        if (
          found &&
          (!found.fits ||
            removesFirst !== undefined ||
            references.referred.some((other) => replaced.has(other)))
        )
          replaced.add(resourceName);
        // The engine replaces nothing that it is told to import.
        const adopt = replaced.has(resourceName) || isHeld ? undefined : found?.importId;
        if (found && kind.unread && stateId === undefined) {
          const why = `the provider cannot take it over, for it cannot read its ${kind.unread}`;
          if (found.fits) references.exists(name, found.object.id);
          else
            references.skip(
              name,
              `DR has another ${found.object.id}, and ${why}; it is made when that is gone`,
            );
          if (found.fits) notes.push(`${name} is in DR already and left as it is: ${why}`);
          continue;
        }
        if (removesFirst !== undefined)
          noted.push(
            `is in DR already as ${removesFirst}, is taken out and made anew: importing it would write ${kind.madeAnew?.why}`,
          );
        notes.push(...noted.map((text) => `${name} ${text}`));
        resources.push({
          name: resourceName,
          item: name,
          type,
          args,
          ignoreChanges,
          ...(replaceOnChanges && { replaceOnChanges }),
          ...(secretOutputs && { secretOutputs }),
          ...(after.length > 0 && { after }),
          ...(goesWith !== undefined && { goesWith }),
          ...(waits && { afterMachines: true as const }),
          ...(kind.retained !== undefined && { retained: true as const }),
          ...(isSpent && { lost: { removedFirst: true } }),
          ...(isGone && { lost: { removedFirst: kind.removedByContent === true && !withLost } }),
          ...(again.has(resourceName) && { isMadeAgain: true as const }),
          adopt,
          ...(removesFirst !== undefined && { removesFirst }),
          formerNames: [...new Set(formerNames)],
        });
        references.planned.set(name, resourceName);
        if (waits) references.afterMachines.add(name);
      } catch (error) {
        if (error instanceof SkippedReference) references.skip(name, error.message, error.isLater);
        // What was accepted when nothing was made of it yet may name what is gone: a route to a gateway, say.
        else if (waits && error instanceof UnseenReference) references.skip(name, error.inWords);
        // Or lack a field. No recovery stops there; every run at rest says it, see preflight.ts.
        else if (waits) references.skip(name, `${NOT_PLANNED}${why(error)}`);
        else throw error;
      }
    }
    const names = new Set(resources.map(({ name }) => name));
    const isLeaving = [...state.keys()].some((name) => name.startsWith(`${kind.name}/`) && !names.has(name));
    notes.push(...candidates.kept());
    if (kind.neverMade)
      notes.push(
        ...perKind(
          all.map(({ id }) => [itemName(kind.name, id), id]),
          kind.neverMade,
        ),
      );
    notes.push(...candidates.seeToStrays(wholesInDr(resources, references.inDr), isLeaving));
  }
  notes.push(...ranges.notes(), ...unseenNotes(options.unseen, source.kinds, state));
  return {
    resources,
    skipped: references.skippedItems(),
    atRecovery: references.laterItems(),
    lost,
    spent,
    inDr: references.inDr,
    notes,
  };
}
