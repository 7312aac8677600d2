import { aclOpenings } from '../../kinds/network/aclOpenings';
import { type NetworkAclAssociation, networkAclAssociation } from '../../kinds/network/networkAclAssociation';
import { type NetworkAclEntry, networkAclEntry } from '../../kinds/network/networkAclEntry';
import { type PrefixList, prefixList } from '../../kinds/network/prefixList';
import { type Route, route } from '../../kinds/network/route';
import { type RouteTable, routeTable } from '../../kinds/network/routeTable';
import { type RouteTableAssociation, routeTableAssociation } from '../../kinds/network/routeTableAssociation';
import { type Subnet, subnet } from '../../kinds/network/subnet';
import { worldIn } from '../../kinds/network/world';
import { finder } from '../finder';
import { digestOf, type Inventory, type Items, itemName, itemsOf } from '../inventory';
import type { Held } from './guardHold';
import type { Stop } from './guardStops';

/** What decides how a subnet is reached. */
const NEEDED = [subnet, routeTable, route, routeTableAssociation, networkAclEntry, networkAclAssociation];

/**
 * Subnets that were accepted and that the internet now reaches where it did not: by a way to an internet gateway, or by an ACL in another's
 * place that lets in more of the world. No single object tells: a route may be new or changed, a table or an ACL exchanged, the main
 * table another, an association gone. Pure.
 */
export function exposed(accepted: Inventory | undefined, now: Pick<Held, 'kinds' | 'superseded'>): Stop[] {
  // What an older program did not look up is the baseline.
  if (!accepted || NEEDED.some(({ name }) => accepted.kinds[name] === undefined)) return [];
  const [before, after] = [new Reach(accepted.kinds), new Reach(now.kinds)];
  const present = new Map((itemsOf(now.kinds, subnet) as readonly Subnet[]).map((each) => [each.id, each]));
  return (itemsOf(accepted.kinds, subnet) as readonly Subnet[]).flatMap((former): Stop[] => {
    const id = now.superseded.get(itemName(subnet.name, former.id)) ?? former.id;
    const item = present.get(id);
    if (!item) return [];
    return [publicWay(former, item, before, after), openAcl(former, item, before, after)].flatMap((found) =>
      found
        ? [{ ...found, name: itemName(subnet.name, id), digest: digestOf({ subnet: id, ...found }) }]
        : [],
    );
  });
}

type Finding = Pick<Stop, 'happened' | 'why'>;

function publicWay(former: Subnet, item: Subnet, before: Reach, after: Reach): Finding | undefined {
  const [way] = after.waysToWorld(item);
  if (!way || before.waysToWorld(former).length > 0) return undefined;
  return {
    happened: `its routes are those of ${way.routeTableId}`,
    why: `the internet reaches it now: ${way.routeTableId} leads to the gateway ${way.target}`,
  };
}

function openAcl(former: Subnet, item: Subnet, before: Reach, after: Reach): Finding | undefined {
  const [was, is] = [before.aclOf(former), after.aclOf(item)];
  // What changed within one ACL is the entries' own affair.
  if (was === undefined || is === undefined || was === is) return undefined;
  const [opened] = aclOpenings(after.entriesOf(is), after.entriesOf(is), before.entriesOf(was));
  return opened === undefined
    ? undefined
    : { happened: `has the network ACL ${is}, before ${was}`, why: `that one ${opened}` };
}

/** How the subnets of one side are reached. */
class Reach {
  private readonly find: ReturnType<typeof finder>;
  private readonly mainTables: ReadonlyMap<string, string>;
  private readonly routes = new Map<string, readonly Route[]>();

  constructor(private readonly items: Items) {
    this.find = finder(items);
    const tables = itemsOf(items, routeTable) as readonly RouteTable[];
    this.mainTables = new Map(tables.filter(({ isMain }) => isMain).map(({ id, vpcId }) => [vpcId, id]));
    for (const each of itemsOf(items, route) as readonly Route[])
      this.routes.set(each.routeTableId, [...(this.routes.get(each.routeTableId) ?? []), each]);
  }

  /** Routes of a subnet's table that lead the world to an internet gateway. */
  waysToWorld({ id, vpcId }: Subnet): readonly Route[] {
    const own = this.find(routeTableAssociation.name, id) as RouteTableAssociation | undefined;
    const table = own?.routeTableId ?? this.mainTables.get(vpcId);
    const ways = (table === undefined ? undefined : this.routes.get(table)) ?? [];
    const toGateway = ways.filter(({ target }) => target.startsWith('igw-'));
    return worldIn(toGateway.flatMap((way) => this.rangesOf(way))).length > 0 ? toGateway : [];
  }

  aclOf({ id }: Subnet): string | undefined {
    return (this.find(networkAclAssociation.name, id) as NetworkAclAssociation | undefined)?.networkAclId;
  }

  entriesOf(acl: string): NetworkAclEntry[] {
    return (itemsOf(this.items, networkAclEntry) as readonly NetworkAclEntry[]).filter(
      ({ networkAclId }) => networkAclId === acl,
    );
  }

  private rangesOf(way: Route): string[] {
    const list = way.destinationPrefixListId
      ? (this.find(prefixList.name, way.destinationPrefixListId) as PrefixList | undefined)
      : undefined;
    return [
      way.destinationCidrBlock,
      way.destinationIpv6CidrBlock,
      ...(list?.entries ?? []).map(({ cidr }) => cidr),
    ].filter((range) => range !== undefined);
  }
}
