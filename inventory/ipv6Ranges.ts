import type { Output } from '@pulumi/pulumi';
import { kinds } from '../kinds';
import type { AnyKind, Item } from '../kinds/kind';
import { type Items, itemName } from './inventory';
import { holdsIpv6, moveIpv6 } from './ipv6';
import type { References } from './references';

/**
 * The IPv6 ranges that AWS assigned to the source's VPCs. They cannot be kept: each VPC in DR is assigned another, and what lies in the
 * source's is moved into it.
 */
export class Ipv6Ranges {
  private readonly ranges: { kind: string; id: string; range: string; inDr?: string; uses: number }[];

  constructor(
    items: Items,
    private readonly references: References,
  ) {
    this.ranges = kinds.flatMap((kind) =>
      (items[kind.name] ?? []).flatMap((item) => {
        const range = kind.ipv6Range?.(item);
        return range === undefined ? [] : [{ kind: kind.name, id: item.id, range, uses: 0 }];
      }),
    );
  }

  /** A range or address as DR has it: itself, unless it lies in a range that AWS assigned. */
  reference(cidr: string): Output<string> {
    const owner = this.owner(cidr);
    if (!owner) return cidr as unknown as Output<string>;
    owner.uses += 1;
    return this.references.to(owner.kind, owner.id, 'ipv6CidrBlock', { cidr, from: owner.range });
  }

  /** The same, where it is known already; undefined where AWS has yet to assign a range. */
  inDr(cidr: string): string | undefined {
    const owner = this.owner(cidr);
    if (!owner) return cidr;
    return owner.inDr && moveIpv6(cidr, owner.range, owner.inDr);
  }

  /** Notes the range that DR has been assigned for an item's. */
  assigned(kind: AnyKind, item: Item, object: Item): void {
    const own = this.ranges.find((each) => each.kind === kind.name && each.id === item.id);
    if (own) own.inDr = kind.ipv6Range?.(object);
  }

  notes(): string[] {
    return this.ranges
      .filter(({ kind, id }) => this.references.planned.has(itemName(kind, id)))
      .map(
        ({ kind, id, range, inDr, uses }) =>
          `AWS assigned ${range} to ${itemName(kind, id)} and assigns ${inDr ?? 'another range'} in DR: ${uses} uses of it are moved there`,
      );
  }

  private owner(cidr: string) {
    return this.ranges.find(({ range }) => holdsIpv6(range, cidr));
  }
}
