import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { AnyKind, Item } from '../kinds/kind';
import { instance } from '../kinds/machines/instance';
import { volume } from '../kinds/machines/volume';
import { TAG } from '../names';
import { finder } from './finder';
import { type Items, itemName } from './inventory';
import { waitsForRecovery } from './waitsForRecovery';

/** An object at home that stands for one in DR, because the one in DR was made as its mirror. */
export interface Survivor {
  /** `kind/id` of the object in DR. */
  readonly name: string;
  /** Its id at home, as it always was. */
  readonly homeId: string;
  /** The id in DR that it is tagged with; undefined where nobody has claimed it yet. */
  readonly claimedFor: string | undefined;
}

/** What of DR's estate is at home still. */
export interface WayHome {
  /** To be adopted: corrected to what DR holds. Each must be claimed, by a tag that an administrator of home gives it. */
  readonly survivors: readonly Survivor[];
  /** Left as they are and referred to: names of DR's objects, to ids at home. */
  readonly kept: ReadonlyMap<string, string>;
}

/** The form of the ids that EC2 tags its objects by. */
const TAGGABLE = /^[a-z]+-[0-9a-f]{8,}$/;

/** Whether a kind is EC2's network, or what machines are launched with. Others are not brought home, see docs/adr/0027. */
const isNetwork = ({ types }: AnyKind): boolean =>
  types.length > 0 && types.every((type) => /^aws:(ec2|vpc)\//.test(type));

/** Why nothing of a kind is made at home, in words for the plan; undefined when it is. */
export function notBroughtHome(kind: AnyKind, item: Item): string | undefined {
  if (isNetwork(kind) || kind.types.length === 0) return undefined;
  const was = item.tags[TAG.sourceId];
  return `Lifeboat does not bring it home: what survived there is as it was; what is gone is in what DR accepted${was === undefined ? '' : `: npx lifeboat inventory show ${itemName(kind.name, was)}`}`;
}

/**
 * Finds what survived at home. What an object in DR was made for is said by DR's own tags, which our roles set and nobody outside of DR can; that
 * the one at home is of the same kind and has that id is said by AWS. Pure.
 *
 * @param dr what DR holds: the source of the way home
 * @param home what the account that was lost holds
 * @throws LifeboatError when two objects in DR were made for one at home
 */
export function wayHome(dr: Items, home: Items): WayHome {
  const find = finder(home);
  const survivors: Survivor[] = [];
  const kept = new Map<string, string>();
  for (const kind of kinds) {
    if (kind.name === instance.name || kind.name === volume.name) continue;
    const claims = new Map<string, string>();
    for (const item of dr[kind.name] ?? []) {
      const homeId = item.tags[TAG.sourceId];
      const found = homeId === undefined ? undefined : find(kind.name, homeId);
      if (homeId === undefined || found === undefined) continue;
      const other = claims.get(homeId);
      if (other !== undefined) throw twoClaims(kind.name, homeId, [other, item.id]);
      claims.set(homeId, item.id);
      const name = itemName(kind.name, item.id);
      const isAdopted =
        isNetwork(kind) &&
        kind.madeAnew === undefined &&
        TAGGABLE.test(homeId) &&
        !waitsForRecovery(kind, found);
      if (isAdopted) survivors.push({ name, homeId, claimedFor: found.tags[TAG.sourceId] });
      else kept.set(name, homeId);
    }
  }
  return { survivors, kept };
}

/** Those that nobody has claimed for the object in DR that was made for them. */
export function unclaimed({ survivors }: Pick<WayHome, 'survivors'>): readonly Survivor[] {
  return survivors.filter(({ name, claimedFor }) => name.slice(name.indexOf('/') + 1) !== claimedFor);
}

/**
 * Refuses a run that would make again what is there: only what is claimed is adopted.
 *
 * @param state the names that the state holds: they are made, or adopted, already
 * @throws LifeboatError
 */
export function refuseUnclaimed(
  way: Pick<WayHome, 'survivors'>,
  state: Pick<ReadonlyMap<string, string>, 'has'>,
  stack: string,
): void {
  const open = unclaimed(way).filter(({ name }) => !state.has(name));
  if (open.length === 0) return;
  const shown = open.slice(0, 10).map(({ name, homeId }) => `${homeId} for ${name}`);
  throw new LifeboatError({
    what: `${open.length} objects survived at home, and nobody has said that they may be taken over: nothing is changed`,
    got: open.length > 10 ? `${shown.join(', ')} and ${open.length - 10} more` : shown.join(', '),
    expected: `each tagged ${TAG.sourceId} with the id of the object in DR that was made for it`,
    next: `as an administrator of the account at home: npx lifeboat failback claim --home ${stack}`,
  });
}

function twoClaims(kind: string, homeId: string, ids: readonly string[]): LifeboatError {
  return new LifeboatError({
    what: `Two objects in DR say that they were made for ${itemName(kind, homeId)}, which is at home still`,
    got: ids.join(' and '),
    expected: 'one, whose home it is',
    next: `look at both, and take the tag ${TAG.sourceId} off the one that Lifeboat did not make: aws ec2 describe-tags --filters Name=resource-id,Values=${ids.join(',')}`,
  });
}
