import { fromByteArray, parse } from 'ipaddr.js';

/** An IPv4 or IPv6 address as a number. */
export function addressNumber(address: string): bigint {
  return BigInt(`0x${Buffer.from(parse(address).toByteArray()).toString('hex')}`);
}

/** The IPv6 address of a number, in the short form in which AWS writes it (RFC 5952). */
export function ipv6Text(number: bigint): string {
  const address = fromByteArray([...Buffer.from(number.toString(16).padStart(32, '0'), 'hex')]);
  return 'toRFC5952String' in address ? address.toRFC5952String() : address.toString();
}

/** The range of a CIDR as its first and last address. */
export function span(cidr: string): { first: bigint; last: bigint; bits: number } {
  const [address = '', bits = ''] = cidr.split('/');
  const first = addressNumber(address);
  const size = 1n << BigInt((address.includes(':') ? 128 : 32) - Number(bits));
  return { first, last: first + size - 1n, bits: Number(bits) };
}
