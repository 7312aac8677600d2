import { IPv6, parseCIDR } from 'ipaddr.js';

type Parsed = readonly [bytes: number[], bits: number];

function parsed(cidr: string): Parsed | undefined {
  const [address = '', bits = '128'] = cidr.split('/');
  return IPv6.isValid(address) ? [IPv6.parse(address).toByteArray(), Number(bits)] : undefined;
}

/** Whether an IPv6 range holds all of another, or an address. False for what is not IPv6. */
export function holdsIpv6(range: string, cidr: string): boolean {
  const inner = parsed(cidr);
  if (!inner || inner[1] < (parsed(range)?.[1] ?? Number.POSITIVE_INFINITY)) return false;
  return new IPv6(inner[0]).match(parseCIDR(range) as [IPv6, number]);
}

/**
 * Moves a range, or an address, from one range to the same place in another that is as large or larger: subnet 0x12 of a VPC stays its
 * subnet 0x12, though AWS has assigned the VPC in DR another range.
 *
 * @throws Error when the other range is smaller, or they are not IPv6
 */
export function moveIpv6(cidr: string, from: string, to: string): string {
  const [inner, source, target] = [parsed(cidr), parsed(from), parsed(to)];
  if (!inner || !source || !target || source[1] < target[1])
    throw new Error(`${cidr} cannot be moved from ${from} to ${to}: an IPv6 range of its size is needed`);
  const bytes = inner[0].map(
    (byte, index) =>
      ((target[0][index] ?? 0) & mask(target[1], index)) | (byte & ~mask(source[1], index) & 0xff),
  );
  const address = new IPv6(bytes).toRFC5952String();
  return cidr.includes('/') ? `${address}/${inner[1]}` : address;
}

/** Which bits of an address's byte belong to a range of so many bits. */
function mask(bits: number, index: number): number {
  const fixed = Math.min(8, Math.max(0, bits - index * 8));
  return (0xff << (8 - fixed)) & 0xff;
}
