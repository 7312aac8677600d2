import { LifeboatError } from '../errors';
import { kinds as allKinds } from '../kinds';
import { type Instance, instance } from '../kinds/machines/instance';
import { TAG } from '../names';
import type { Settings } from '../settings';
import { type Items, itemName, itemsOf, partsOf } from './inventory';
import type { Plan } from './planned';

/** A plan of the way home, and what it has to fit. */
export interface HomeInput {
  /** DR's objects: the source of the way home. */
  readonly kinds: Items;
  /** What the account at home holds. */
  readonly home: Items;
  /** The names that the state holds. */
  readonly state: Pick<ReadonlyMap<string, string>, 'has'>;
  readonly settings: Pick<Settings, 'recover' | 'drRegion'>;
}

/** A machine at home that has the address of one that is to come home. */
export interface Occupied {
  readonly homeId: string;
  readonly address: string;
  /** Name, or id in DR, of the machine that needs it. */
  readonly wantedBy: string;
}

/**
 * Refuses a plan of the way home that would make something beside what survived, and machines whose addresses others have. Pure.
 *
 * @returns notes, at rest, on addresses that others have
 * @throws LifeboatError
 */
export function seeHomeFits(plan: Pick<Plan, 'resources' | 'inDr'>, input: HomeInput): string[] {
  refuseMisfits(plan, input);
  const occupied = occupiedAddresses(plan, input);
  if (occupied.length === 0) return [];
  const said = occupied.map(
    ({ homeId, address, wantedBy }) => `${homeId} at home has ${address}, which ${wantedBy} needs`,
  );
  const ids = [...new Set(occupied.map(({ homeId }) => homeId))].join(' ');
  const next = `a stopped machine keeps its address: look what is on its disks, snapshot what you want, then aws ec2 terminate-instances --region ${input.settings.drRegion} --instance-ids ${ids}`;
  if (!input.settings.recover) return said.map((text) => `${text}; ${next}`);
  throw new LifeboatError({
    what: 'Machines at home have the addresses of those that are to come home, so nothing is changed',
    got: said.join('; '),
    expected: 'each address free: two machines cannot have one',
    next,
  });
}

/** What was claimed and cannot become what DR holds would be left beside a new one. */
function refuseMisfits({ resources, inDr }: Pick<Plan, 'resources' | 'inDr'>, { state }: HomeInput): void {
  const misfits = resources.filter(({ name, item, adopt, removesFirst, formerNames }) => {
    const kind = allKinds.find((each) => each.name === partsOf(item).kind);
    const isHeld = [name, ...formerNames].some((each) => state.has(each));
    return inDr.has(item) && adopt === undefined && removesFirst === undefined && !isHeld && !kind?.madeAgain;
  });
  if (misfits.length === 0) return;
  throw new LifeboatError({
    what: 'What survived at home cannot become what DR holds: AWS would have to make it anew, beside what is there',
    got: misfits.map(({ item }) => `${inDr.get(item)} for ${item}`).join(', '),
    expected: 'the same range, zone and VPC on both sides; lifeboat:zones maps zones of DR to those at home',
    next: `map the zones back; or leave it out: aws ec2 delete-tags --resources ${misfits.map(({ item }) => inDr.get(item)).join(' ')} --tags Key=${TAG.sourceId}, and remove it`,
  });
}

/** Machines at home, running or stopped, that have an address which a machine of DR is to have there. */
function occupiedAddresses({ inDr }: Pick<Plan, 'inDr'>, { kinds, home, state }: HomeInput): Occupied[] {
  const holders = (itemsOf(home, instance) as readonly Instance[]).filter(
    ({ tags }) => tags[TAG.recoveryPoint] === undefined,
  );
  return (itemsOf(kinds, instance) as readonly Instance[]).flatMap((wanted) => {
    const subnetAtHome = inDr.get(itemName('subnet', wanted.subnetId));
    const address = wanted.privateIpAddress;
    if (subnetAtHome === undefined || address === undefined) return [];
    if (state.has(itemName(instance.name, wanted.id))) return [];
    return holders
      .filter(({ addresses }) =>
        addresses.some((each) => each.subnetId === subnetAtHome && each.address === address),
      )
      .map(({ id: homeId }) => ({ homeId, address, wantedBy: wanted.tags.Name || wanted.id }));
  });
}
