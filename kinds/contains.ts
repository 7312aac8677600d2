import { parseCIDR } from 'ipaddr.js';

/** Whether one range holds all of another. Ranges are aligned, so two that overlap hold one another. */
export function contains(outer: string, inner: string): boolean {
  const [address, bits] = parseCIDR(outer);
  const [first, innerBits] = parseCIDR(inner);
  return first.kind() === address.kind() && innerBits >= bits && first.match(address, bits);
}
