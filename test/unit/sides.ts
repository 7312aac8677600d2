import { objectsOf } from '../../inventory/finder';
import type { Items } from '../../inventory/inventory';
import type { DangerOptions } from '../../kinds/kind';

/** What a kind is told of all else when it judges a change. Default: nothing is there, and nothing was. */
export function sides(now: Items = {}, accepted: Items = now): DangerOptions {
  return { now: objectsOf(now), accepted: objectsOf(accepted) };
}
