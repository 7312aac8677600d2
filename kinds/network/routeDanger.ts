import { MUST_SNAP } from '../../snapshots/mustSnap';
import type { DangerOptions } from '../kind';
import type { Instance } from '../machines/instance';
import type { Route } from './route';
import { worldIn } from './world';

/** The ways that a run stops at when they are new, in words. */
const WAYS: Readonly<Record<string, string>> = {
  pcx: 'over the peering',
  nat: 'out through the NAT gateway',
  i: 'through the machine',
};

/** What leads out to the world. */
const OUT = ['igw', 'eigw', 'nat'];

/**
 * Why a route that is new or leads elsewhere now is a danger; undefined where it is none. Whatever leads to an internet gateway is judged
 * by subnet: see inventory/guard/guardExposed.ts.
 */
export function routeDanger(
  item: Route,
  former: Route | undefined,
  { now, accepted }: DangerOptions,
): string | undefined {
  const kind = prefix(item.target);
  const way = WAYS[kind];
  if (!way || item.target === former?.target) return undefined;
  // What led out led out, and a gateway that is made anew is another.
  if (kind === 'nat' && former && OUT.includes(prefix(former.target))) return undefined;
  if (kind === 'i' && !isProtected(item.target, now.find)) return undefined;
  // To peer with one more VPC is no danger, but the way to the world is everybody's.
  const isNewWay = accepted.find('route-table', item.routeTableId) && worldIn(rangeOf(item)).length > 0;
  if (!former && !isNewWay) return undefined;
  return `leads ${item.destinationCidrBlock ?? item.destinationIpv6CidrBlock ?? item.destinationPrefixListId} ${way} ${item.target} now${former ? `, before to ${former.target}` : ''}`;
}

/** What an id begins with: `igw` of `igw-0123`. */
export function prefix(id: string): string {
  return id.slice(0, id.indexOf('-'));
}

/** Whether a machine would be recovered. To others no route of DR leads. */
function isProtected(id: string, find: DangerOptions['now']['find']): boolean {
  const machine = find('instance', id) as Instance | undefined;
  return (
    machine?.blockDevices.some(
      ({ volumeId }) => find('volume', volumeId)?.tags[MUST_SNAP.key] === MUST_SNAP.value,
    ) ?? false
  );
}

function rangeOf({ destinationCidrBlock, destinationIpv6CidrBlock }: Route): string[] {
  return [destinationCidrBlock ?? destinationIpv6CidrBlock].filter((range) => range !== undefined);
}
