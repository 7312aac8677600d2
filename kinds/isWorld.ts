import { parseCIDR } from 'ipaddr.js';

/** A range of half of all addresses or more is the world: two halves are. */
const WORLD_BITS = 1;

/** Whether a range lets everybody in. */
export function isWorld(cidr: string): boolean {
  return parseCIDR(cidr)[1] <= WORLD_BITS;
}
