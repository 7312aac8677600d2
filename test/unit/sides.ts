import { objectsOf } from '../../inventory/finder';
import type { Items } from '../../inventory/inventory';
import type { DangerOptions } from '../../kinds/kind';
import { stub } from './kinds/planned';

/** What a kind is told of all else when it judges a change. Default: nothing is there, and nothing was. */
export function sides(now: Items = {}, accepted: Items = now): DangerOptions {
  const { source, dr, trusted } = stub();
  return { now: objectsOf(now), accepted: objectsOf(accepted), source, dr, trusted };
}
