import { kinds } from '../kinds';
import type { Settings } from '../settings';
import { chosenVpcs, onlyVpcs } from './chosenVpcs';
import type { Inventory } from './inventory';
import { plan } from './plan';
import type { Plan, PlanOptions } from './planned';

/** What the plan of an inventory alone depends on. Which VPCs are mirrored follows from the inventory. */
export type AloneOptions = Omit<PlanOptions, 'onlyVpcs'> & Pick<Settings, 'vpcs'>;

/**
 * The plan that a run would make of an inventory in an account that has nothing but what AWS itself keeps in each: what of it would
 * be mirrored, and what refers to what. Pure.
 *
 * @throws LifeboatError when an object refers to one that the inventory does not have
 */
export function planAlone(inventory: Inventory, options: AloneOptions): Plan {
  const { kinds: items, zones, gone } = inventory;
  const chosen = chosenVpcs(options.vpcs, items.vpc ?? [], inventory.vpcs ?? {});
  const awsOwn = kinds.map(({ name, awsOwn }) => [
    name,
    awsOwn ? (items[name] ?? []).filter((item) => awsOwn(item) !== undefined) : [],
  ]);
  return plan({ kinds: items, gone, superseded: new Map() }, Object.fromEntries(awsOwn), zones, {
    ...options,
    recover: false,
    onlyVpcs: onlyVpcs(options.vpcs, chosen),
  });
}
