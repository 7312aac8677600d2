/** What of the traffic from an address a rule or an ACL entry is for. */
export interface Traffic {
  /** A name or a number, or `-1` for all. */
  readonly protocol: string;
  /** The first port, or ICMP's type. Absent for all. */
  readonly from?: number;
  /** The last port, or ICMP's code, -1 for all. */
  readonly to?: number;
}

const NAMES: Readonly<Record<string, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6' };

/** Whether one lets through all that another does. */
export function coversTraffic(outer: Traffic, inner: Traffic): boolean {
  if (outer.protocol === '-1') return true;
  if (outer.protocol !== inner.protocol) return false;
  // ICMP has a type and a code in place of ports, each -1 for all.
  if (outer.from === undefined || outer.from === -1) return true;
  if (nameOf(inner.protocol).startsWith('icmp'))
    return outer.from === inner.from && (outer.to === -1 || outer.to === inner.to);
  return outer.from <= (inner.from ?? -1) && (outer.to ?? outer.from) >= (inner.to ?? Infinity);
}

/** In words: `tcp 22`, `every protocol and port`. */
export function trafficText({ protocol, from, to }: Traffic): string {
  if (protocol === '-1') return 'every protocol and port';
  const name = nameOf(protocol);
  if (from === undefined) return `protocol ${name}`;
  return `${name} ${from === to ? from : `${from} to ${to}`}`;
}

function nameOf(protocol: string): string {
  return NAMES[protocol] ?? protocol;
}
