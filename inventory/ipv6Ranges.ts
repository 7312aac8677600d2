import type { Output } from '@pulumi/pulumi';
import { LifeboatError } from '../errors';
import { kinds } from '../kinds';
import type { AnyKind, Item } from '../kinds/kind';
import { type Items, itemName } from './inventory';
import { holdsIpv6, moveIpv6 } from './ipv6';
import { type References, SkippedReference } from './references';

/**
 * The IPv6 ranges that AWS assigned to the source's VPCs. They cannot be kept: each VPC in DR is assigned another, and what lies in the
 * source's is moved into it.
 */
export class Ipv6Ranges {
  private readonly ranges: {
    kind: string;
    id: string;
    range: string;
    /** Why DR has none in its place. */
    out?: string;
    inDr?: string;
    uses: number;
  }[];

  constructor(
    items: Items,
    private readonly references: References,
  ) {
    this.ranges = kinds.flatMap((kind) =>
      (items[kind.name] ?? []).flatMap((item) => {
        const range = kind.ipv6Range?.(item);
        return range === undefined
          ? []
          : [{ kind: kind.name, id: item.id, range, out: kind.unassignable?.(item), uses: 0 }];
      }),
    );
  }

  /**
   * A range or address as DR has it: itself, unless it lies in a range that AWS assigned.
   *
   * @throws SkippedReference when it lies in one that DR cannot have
   */
  reference(cidr: string): Output<string> {
    const owner = this.owner(cidr);
    if (!owner) return cidr as unknown as Output<string>;
    if (owner.out !== undefined) throw new SkippedReference(lies(owner.out), false);
    owner.uses += 1;
    return this.references.to(owner.kind, owner.id, 'ipv6CidrBlock', { cidr, from: owner.range });
  }

  /** Why DR cannot have a range or address; undefined when it can. */
  missing(cidr: string): string | undefined {
    const owner = this.owner(cidr);
    if (!owner) return undefined;
    return owner.out === undefined ? this.references.missing(owner.kind, owner.id) : lies(owner.out);
  }

  /** The same, where it is known already; undefined where AWS has yet to assign a range. */
  inDr(cidr: string): string | undefined {
    const owner = this.owner(cidr);
    if (!owner) return cidr;
    return owner.out === undefined && owner.inDr ? moveIpv6(cidr, owner.range, owner.inDr) : undefined;
  }

  /** Notes the range that DR has been assigned for an item's. */
  assigned(kind: AnyKind, item: Item, object: Item): void {
    const own = this.ranges.find((each) => each.kind === kind.name && each.id === item.id);
    if (!own || own.out !== undefined) return;
    own.inDr = kind.ipv6Range?.(object);
    if (own.inDr === undefined || bitsOf(own.inDr) <= bitsOf(own.range)) return;
    throw new LifeboatError({
      what: `What lies in the IPv6 range of ${itemName(kind.name, item.id)} has no room in the one that ${object.id} has in DR`,
      got: own.inDr,
      expected: `a range as large as ${own.range}, as AWS assigned it`,
      next: `find out who gave it that range (CloudTrail in DR), and take it away: aws ec2 describe-vpcs --vpc-ids ${object.id}`,
    });
  }

  notes(): string[] {
    return this.ranges
      .filter(({ kind, id, out }) => out === undefined && this.references.planned.has(itemName(kind, id)))
      .map(
        ({ kind, id, range, inDr, uses }) =>
          `AWS assigned ${range} to ${itemName(kind, id)} and assigns ${inDr ?? 'another range'} in DR: ${uses} uses of it are moved there`,
      );
  }

  private owner(cidr: string) {
    return this.ranges.find(({ range }) => holdsIpv6(range, cidr));
  }
}

function lies(out: string): string {
  return `it lies in an IPv6 range that DR cannot have: ${out}`;
}

function bitsOf(range: string): number {
  return Number(range.split('/')[1]);
}
