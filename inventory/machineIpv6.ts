import type { Output } from '@pulumi/pulumi';
import { kinds } from '../kinds';
import { type Items, itemName } from './inventory';
import { holdsIpv6 } from './ipv6';
import { Ref } from './refs';

/** An IPv6 address as DR has it, or why DR cannot have it, in words. */
export type Ipv6InDr = { readonly value: Output<string> } | { readonly reason: string };

/**
 * Where the IPv6 addresses of machines are in DR: those in a range that AWS assigned are moved to the same place in the range that it
 * assigns there; any other stays as it is. Pure.
 *
 * @param mirrored names of the planned mirror
 */
export function machineIpv6(items: Items, mirrored: ReadonlySet<string>): (cidr: string) => Ipv6InDr {
  const ranges = kinds.flatMap((kind) =>
    (items[kind.name] ?? []).flatMap((item) => {
      const range = kind.ipv6Range?.(item);
      return range === undefined
        ? []
        : [{ name: itemName(kind.name, item.id), range, out: kind.unassignable?.(item) }];
    }),
  );
  return (cidr) => {
    const owner = ranges.find(({ range }) => holdsIpv6(range, cidr));
    if (!owner) return { value: cidr as unknown as Output<string> };
    if (owner.out !== undefined) return { reason: owner.out };
    if (!mirrored.has(owner.name)) return { reason: `${owner.name} is not in the mirror` };
    const moved = { cidr, from: owner.range };
    return { value: new Ref(owner.name, 'ipv6CidrBlock', moved) as unknown as Output<string> };
  };
}
