import { type IPv4, type IPv6, parseCIDR } from 'ipaddr.js';
import { contains } from '../contains';

/** What nobody on the internet has for an address, by RFC 1918, 6598 and 4193: letting all of it in opens nothing to the world. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

/**
 * A range of this length or wider is the world, by itself or put together from pieces: a 256th of IPv4, one of the few /16 of IPv6 that
 * are in use at all. Such a one is thousands of networks; the handful of owners that have as much in one piece can be allowed by name.
 */
const WORLD_BITS = { ipv4: 8, ipv6: 16 };

/** A range narrower than this is no piece: of as many as a group or a list may hold, all together are far from the world. */
const PIECE_BITS = { ipv4: 16, ipv6: 32 };

const FAMILIES = ['ipv4', 'ipv6'] as const;
const RANGES_SHOWN = 5;

/** Whether a range by itself lets the world in. */
export function isWorld(range: string): boolean {
  return isPublic(range, WORLD_BITS);
}

/**
 * Those of some ranges that let the world in: each by itself, or as a piece of what they and the others are together. So four of a
 * /2 are the world, and so are 2000::/3 and two of a /9; 10.0.0.0/8 is not, however it is cut.
 *
 * @param others what is let in beside them, asked for only where it matters. Default: nothing
 */
export function worldIn(ranges: readonly string[], others: () => readonly string[] = () => []): string[] {
  const pieces = ranges.filter((range) => isPublic(range, PIECE_BITS));
  if (pieces.every(isWorld)) return pieces;
  const all = [...pieces, ...others().filter((range) => isPublic(range, PIECE_BITS))];
  // What is the world by itself has been judged when it came.
  const small = all.filter((range) => !isWorld(range)).map((range) => parseCIDR(range));
  const together = new Set<string>(FAMILIES.filter((family) => areWorld(small, family)));
  return pieces.filter((piece) => isWorld(piece) || together.has(parseCIDR(piece)[0].kind()));
}

/** The first few of some ranges, in words. */
export function someRanges(ranges: readonly string[]): string {
  const more = ranges.length > RANGES_SHOWN ? ` and ${ranges.length - RANGES_SHOWN} more` : '';
  return `${ranges.slice(0, RANGES_SHOWN).join(', ')}${more}`;
}

function isPublic(range: string, least: typeof WORLD_BITS): boolean {
  const [address, bits] = parseCIDR(range);
  return bits <= least[address.kind()] && !PRIVATE.some((known) => contains(known, range));
}

function areWorld(ranges: readonly [IPv4 | IPv6, number][], family: (typeof FAMILIES)[number]): boolean {
  // In bits a range begins as that which holds it, and is sorted after it.
  const ordered = ranges
    .filter(([address]) => address.kind() === family)
    .map(([address, bits]) => bitsOf(address).slice(0, bits))
    .sort();
  let last: string | undefined;
  let share = 0;
  for (const range of ordered) {
    if (last !== undefined && range.startsWith(last)) continue;
    last = range;
    share += 2 ** -range.length;
  }
  return share >= 2 ** -WORLD_BITS[family];
}

function bitsOf(address: IPv4 | IPv6): string {
  return address
    .toByteArray()
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('');
}
