import type { AnyKind, DangerOptions } from '../../kinds/kind';
import { instance } from '../../kinds/machines/instance';
import { volume } from '../../kinds/machines/volume';
import { objectsOf } from '../finder';
import { digestOf, type Inventory, type Items, itemName, partsOf } from '../inventory';
import { type AloneOptions, planAlone } from '../planAlone';
import type { Plan } from '../planned';
import { protectedNames } from '../protectedNames';
import { NEEDS } from '../references';
import { someNames } from '../summary';
import type { Change, Held } from './guardHold';

/** Of fewer objects than this, a share says nothing. */
const FEWEST_FOR_SHARE = 3;
/** A kind that had at least this many objects and has none of them left was emptied. */
const FEWEST_TO_EMPTY = 2;

/** One thing that must not be accepted unless somebody says that it is meant. */
export interface Stop {
  /** `kind/id`, or `kind/*` for a kind that shrank or changed. */
  readonly name: string;
  readonly happened: string;
  readonly why: string;
  /** What an entry of `lifeboat:allow` must name, beside the name, to let exactly this through. */
  readonly digest: string;
}

/** An object on the danger list that was taken as it is, because nothing was known to hold it against. */
export interface Baseline {
  readonly name: string;
  readonly why: string;
}

/**
 * What on the danger list is new. Pure.
 *
 * A kind that the accepted inventory does not know, and a field that its program did not look up, have nothing to be held
 * against: what is dangerous in them is the baseline.
 *
 * @param kinds what a run would work with
 * @param settings where it comes from, where it goes, and whom it may trust
 */
export function dangers(
  changes: readonly Change[],
  accepted: Inventory | undefined,
  kinds: Items,
  settings: Pick<AloneOptions, 'sourceAccount' | 'sourceRegion' | 'drAccount' | 'drRegion' | 'trust'>,
): { stops: Stop[]; baseline: Baseline[] } {
  const stops: Stop[] = [];
  const baseline: Baseline[] = [];
  const options: DangerOptions = {
    now: objectsOf(kinds),
    accepted: objectsOf(accepted?.kinds ?? {}),
    source: { account: settings.sourceAccount, region: settings.sourceRegion },
    dr: { account: settings.drAccount, region: settings.drRegion },
    trusted: settings.trust,
  };
  for (const { kind, id, former, item, fields, filled } of changes) {
    if (!item || !kind.danger || kind.awsOwn?.(item)) continue;
    const name = itemName(kind.name, id);
    const why = kind.danger(item, filled ?? former, options);
    const isUnknown = accepted?.kinds[kind.name] === undefined;
    const unheld = isUnknown
      ? why
      : why === undefined && filled
        ? kind.danger(item, undefined, options)
        : undefined;
    if (unheld !== undefined) baseline.push({ name, why: unheld });
    if (why === undefined || isUnknown) continue;
    const happened = former ? `changed: ${fields.join(', ')}` : 'new';
    stops.push({
      name,
      happened: former && former.id !== id ? `took the place of ${former.id}; ${happened}` : happened,
      why,
      digest: changeDigest(former, item),
    });
  }
  return { stops, baseline };
}

/**
 * What is there still, or something in its place, and yet would leave DR: the source has made of it what is not mirrored. Nothing
 * disappears from DR because of what the source shows, until somebody says so. Pure.
 *
 * @param now what a run would work with
 * @param planned the plan of the accepted inventory, see `planOf`
 */
export function leavers(
  changes: readonly Change[],
  accepted: Inventory | undefined,
  now: Pick<Held, 'kinds' | 'superseded' | 'gone'>,
  options: AloneOptions,
  planned: () => Plan | undefined,
): Stop[] {
  if (!accepted || changes.length === 0) return [];
  const before = planned();
  // A source that refers to what was not seen is refused by the plan itself.
  const after = planOf({ ...accepted, kinds: now.kinds, gone: now.gone }, options);
  if (!before || !after) return [];
  const made = madeOf(after);
  const reasons = new Map(after.skipped.map(({ name, reason }) => [name, reason]));
  return [...madeOf(before)].flatMap((name): Stop[] => {
    const { kind } = partsOf(name);
    const successor = now.superseded.get(name);
    const present = successor === undefined ? name : itemName(kind, successor);
    const why = made.has(present) ? undefined : reasons.get(present);
    // What needs another that leaves goes with it: to allow that one is to allow both.
    if (why === undefined || why.startsWith(NEEDS)) return [];
    return [{ name: present, happened: 'would leave DR', why, digest: digestOf({ leaves: present, why }) }];
  });
}

/** The plan of an inventory; undefined where it lacks what kinds read, as one that an older program wrote may. */
export function planOf(inventory: Inventory, options: AloneOptions): Plan | undefined {
  try {
    return planAlone(inventory, options);
  } catch {
    return undefined;
  }
}

/** The names of all that is mirrored, now or at a recovery. */
function madeOf({ resources, atRecovery }: Plan): Set<string> {
  return new Set([...resources.map(({ item }) => item), ...atRecovery.map(({ name }) => name)]);
}

/**
 * The kinds that lost or changed too much at once. Pure.
 *
 * Counted are the objects that the mirror or a recovery is made of, and that were there when the inventory was accepted: what was
 * missing then is missing still. Of machines and disks those are the protected ones, for those of a scaling group come and go every day.
 *
 * @param share the percentage of a kind's objects that may go or change in one run
 * @param planned the plan of the accepted inventory, see `planOf`
 */
export function thresholds(
  changes: readonly Change[],
  accepted: Inventory | undefined,
  share: number,
  planned: () => Plan | undefined,
): Stop[] {
  const real = changes.filter(
    ({ kind, former, item, fields, wasGone }) =>
      former && !wasGone && (!item || fields.some((field) => !kind.changesByItself?.includes(field))),
  );
  // A run of nothing, which is every day's, need not find out what would count.
  if (!accepted || real.length === 0) return [];
  const isCounted = counted(accepted, planned());
  const byKind = new Map<AnyKind, Change[]>();
  for (const change of real) {
    const { kind, acceptedId } = change;
    if (!isCounted(itemName(kind.name, acceptedId))) continue;
    byKind.set(kind, [...(byKind.get(kind) ?? []), change]);
  }
  return [...byKind].flatMap(([kind, affected]): Stop[] => {
    const names = (accepted.kinds[kind.name] ?? []).map(({ id }) => itemName(kind.name, id));
    const total = names.filter((name) => !Object.hasOwn(accepted.gone, name) && isCounted(name)).length;
    const lost = affected.filter(({ item }) => item === undefined);
    const isEmptied = total >= FEWEST_TO_EMPTY && lost.length === total;
    const isTooMuch = total >= FEWEST_FOR_SHARE && affected.length * 100 > share * total;
    if (!isEmptied && !isTooMuch) return [];
    return [
      {
        name: itemName(kind.name, '*'),
        happened: happenedTo(affected, lost, total),
        why: isEmptied ? 'all of them at once' : `more than ${share}% at once (lifeboat:guardShare)`,
        digest: digestOf(
          affected.map(({ id, former, item }) => `${id}=${changeDigest(former, item)}`).sort(),
        ),
      },
    ];
  });
}

function happenedTo(affected: readonly Change[], lost: readonly Change[], total: number): string {
  const ids = (changes: readonly Change[]) => someNames(changes.map(({ id }) => id));
  const changed = affected.filter(({ item }) => item !== undefined);
  const onlyTags = changed.filter(({ fields }) => fields.every((field) => field === 'tags'));
  const tags =
    onlyTags.length === 0
      ? ''
      : onlyTags.length === changed.length
        ? ' in their tags only'
        : `, ${onlyTags.length} of them in their tags only`;
  return [
    ...(lost.length > 0 ? [`${lost.length} of ${total} gone: ${ids(lost)}`] : []),
    ...(changed.length > 0 ? [`${changed.length} of ${total} changed${tags}: ${ids(changed)}`] : []),
  ].join('; ');
}

function changeDigest(former: unknown, item: unknown): string {
  return digestOf({ former: former ?? null, item: item ?? null });
}

/** The accepted objects whose loss means something, by name. */
function counted(accepted: Inventory, planned: Plan | undefined): (name: string) => boolean {
  const ours = protectedNames(accepted);
  const isProtected = (name: string) => ours.has(name);
  const mirrored = planned && madeOf(planned);
  if (mirrored) return (name) => mirrored.has(name) || isProtected(name);
  // What an older program has accepted may lack what this one's kinds read. Then all of it counts.
  const unprotected = [volume.name, instance.name];
  return (name) => isProtected(name) || !unprotected.includes(partsOf(name).kind);
}
