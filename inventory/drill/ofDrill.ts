import { kinds } from '../../kinds';
import type { Item } from '../../kinds/kind';
import { TAG } from '../../names';
import type { Items } from '../inventory';

/** The fields by which an object that may carry no tag names what it is in: a route its table, a rule its group. */
const WHOLES = ['vpcId', 'subnetId', 'routeTableId', 'networkAclId', 'groupId'];

/**
 * What of DR is one drill's, or, without a drill, what is none's: a drill and the mirror stand in for the same objects of the source, and neither
 * may take the other's for its own. What carries no tag, such as a VPC's own table, is whose the whole is that it is a part of. Pure.
 *
 * @param dr what DR holds
 * @param drill its id. Default: what no drill made
 */
export function ofDrill(dr: Items, drill?: string): Items {
  const owners = new Map<string, string>();
  const kept: Record<string, readonly Item[]> = {};
  // Each kind comes after those that its objects are parts of.
  for (const kind of kinds) {
    const items = dr[kind.name];
    if (items === undefined) continue;
    kept[kind.name] = items.filter((item) => {
      const owner = ownerOf(item, owners);
      if (owner !== undefined) owners.set(item.id, owner);
      // What AWS itself keeps in every region is everybody's.
      return owner === drill || kind.awsOwn?.(item) !== undefined;
    });
  }
  return kept;
}

function ownerOf(item: Item, owners: ReadonlyMap<string, string>): string | undefined {
  const own = item.tags[TAG.drill] ?? owners.get(item.id);
  if (own !== undefined) return own;
  const fields = item as unknown as Readonly<Record<string, unknown>>;
  for (const field of WHOLES) {
    const owner = owners.get(String(fields[field]));
    if (owner !== undefined) return owner;
  }
  return undefined;
}
