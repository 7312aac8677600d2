import { type IPv4, parseCIDR } from 'ipaddr.js';

/** Whether two ranges of one family have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [first, bits] = parseCIDR(one);
  const [second, otherBits] = parseCIDR(other);
  return first.kind() === second.kind() && (first as IPv4).match(second as IPv4, Math.min(bits, otherBits));
}
