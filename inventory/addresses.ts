import { IPv4, type IPv6, parse, parseCIDR } from 'ipaddr.js';
import { LifeboatError } from '../errors';
import type { Item } from '../kinds/kind';
import { instance } from '../kinds/machines/instance';
import { subnet } from '../kinds/network/subnet';
import { vpc } from '../kinds/network/vpc';
import { TAG } from '../names';
import { type Items, itemName, itemsOf } from './inventory';
import type { Plan } from './planned';

/** An address or range that AWS would not take. */
export interface AddressProblem {
  readonly what: string;
  readonly got: string;
  readonly expected: string;
}

/** What the kinds of a VPC's further ranges and of subnets have in common. */
interface Ranged extends Item {
  readonly vpcId: string;
  readonly cidrBlock?: string;
  readonly ipv6CidrBlock?: string;
}

/** Kinds of the ranges that a VPC has beside its first. */
const FURTHER_RANGES = ['vpc-ipv4-range', 'vpc-ipv6-range'];

/** AWS keeps the first four addresses of each subnet, and the last. */
const FIRST_RESERVED = 4;

/**
 * Addresses and ranges of a plan that AWS would refuse, found before the first call: overlapping ranges of a VPC, subnets outside of
 * their VPC, over one another or over what somebody made in the VPC's mirror, and machines whose address their subnet does not have
 * to give. Pure; ranges are the source's, also where AWS assigns DR another.
 */
export function addressProblems(
  plan: Pick<Plan, 'resources' | 'skipped' | 'inDr'>,
  source: Items,
  dr: Items,
): AddressProblem[] {
  const planned = new Set(plan.resources.map(({ item }) => item));
  const isPlanned = (kind: string) => (item: Item) => planned.has(itemName(kind, item.id));
  const subnets: readonly Ranged[] = itemsOf(source, subnet);
  const ours = new Set(plan.inDr.values());
  const foreign = (itemsOf(dr, subnet) as readonly Ranged[]).filter(
    ({ id, tags }) => !ours.has(id) && tags[TAG.sourceId] === undefined,
  );
  // A plan waits with what another object in DR is in the way of. Of what is ours that goes by itself, of another's it does not.
  const waiting = new Set(
    plan.skipped
      .filter(({ reason }) => foreign.some(({ id }) => reason.startsWith(`${id} `)))
      .map(({ name }) => name),
  );
  const problems: AddressProblem[] = [];
  for (const { id, ...own } of itemsOf(source, vpc).filter(isPlanned(vpc.name))) {
    const further = FURTHER_RANGES.flatMap((kind) =>
      ((source[kind] ?? []) as readonly Ranged[]).filter(({ vpcId }) => vpcId === id),
    );
    const ranges = [
      { name: itemName(vpc.name, id), ...own },
      ...further.map((each) => ({ name: each.id, ...each })),
    ].flatMap(rangesOf);
    const inside = subnets.filter(({ vpcId }) => vpcId === id);
    const made = inside.filter(isPlanned(subnet.name)).flatMap(subnetRanges);
    problems.push(
      ...overlaps(ranges).map(([one, other]) => ({
        what: `two ranges of ${itemName(vpc.name, id)} overlap`,
        got: `${other.text} and ${one.text}`,
        expected: 'ranges apart from one another',
      })),
      ...made
        .filter((each) => !ranges.some((range) => holds(range, each)))
        .map(({ name, text }) => ({
          what: `${name} lies outside of ${itemName(vpc.name, id)}`,
          got: text,
          expected: `a range within ${ranges.map((range) => range.text).join(' or ')}`,
        })),
      ...overlaps(made).map(([one, other]) => ({
        what: `two subnets of ${itemName(vpc.name, id)} overlap`,
        got: `${other.name} with ${other.text}, ${one.name} with ${one.text}`,
        expected: 'ranges apart from one another; what is gone from the source and held can be let go',
      })),
      ...taken(
        inside.filter(({ id: each }) => waiting.has(itemName(subnet.name, each))),
        foreign.filter(({ vpcId }) => vpcId === plan.inDr.get(itemName(vpc.name, id))),
      ),
    );
  }
  return [...problems, ...wrongAddresses(planned, source)];
}

/**
 * @throws LifeboatError with every problem, on a line each
 */
export function refuseAddresses(problems: readonly AddressProblem[]): void {
  if (problems.length === 0) return;
  throw new LifeboatError({
    what: `${problems.length} addresses and ranges of the plan are none that AWS would take, so nothing is created`,
    got: problems.map(wrongAddress).join('\n            '),
    expected: 'addresses and ranges as AWS allows them, in the source and in what DR holds by itself',
    next: 'aws ec2 describe-subnets in both accounts; then mend what is wrong there, or wait if the source is being changed',
  });
}

/** A problem in words: what, got and expected. */
export function wrongAddress({ what, got, expected }: AddressProblem): string {
  return `${what}: ${got}; expected ${expected}`;
}

interface Range {
  readonly name: string;
  readonly text: string;
  readonly address: IPv4 | IPv6;
  readonly bits: number;
}

function rangesOf(item: { name: string; cidrBlock?: string; ipv6CidrBlock?: string }): Range[] {
  return [item.cidrBlock, item.ipv6CidrBlock].flatMap((text) => {
    if (text === undefined) return [];
    const [address, bits] = parseCIDR(text);
    return [{ name: item.name, text, address, bits }];
  });
}

function subnetRanges(item: Ranged): Range[] {
  return rangesOf({ ...item, name: itemName(subnet.name, item.id) });
}

function holds(outer: Range, inner: Range): boolean {
  return (
    outer.address.kind() === inner.address.kind() &&
    inner.bits >= outer.bits &&
    (inner.address as IPv4).match(outer.address as IPv4, outer.bits)
  );
}

/** Each range that lies in one before it. Ranges are aligned, so that two which overlap hold one another. */
function overlaps(ranges: readonly Range[]): [inner: Range, outer: Range][] {
  const ordered = [...ranges].sort(
    (a, b) => compare(a.address.toByteArray(), b.address.toByteArray()) || a.bits - b.bits,
  );
  let outer: Range | undefined;
  return ordered.flatMap((range): [Range, Range][] => {
    if (outer && holds(outer, range)) return [[range, outer]];
    outer = range;
    return [];
  });
}

function compare(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return one.length - other.length;
  const index = one.findIndex((byte, at) => byte !== other[at]);
  return index < 0 ? 0 : (one[index] ?? 0) - (other[index] ?? 0);
}

function taken(inside: readonly Ranged[], foreign: readonly Ranged[]): AddressProblem[] {
  const others = foreign.flatMap((found) => rangesOf({ name: found.id, cidrBlock: found.cidrBlock }));
  return inside.flatMap(subnetRanges).flatMap((range) =>
    others
      .filter((other) => holds(other, range) || holds(range, other))
      .map((other) => ({
        what: `somebody made a subnet in DR where ${range.name} is to be`,
        got: `${other.name} with ${other.text}`,
        expected: `${range.text} free in the mirror of its VPC`,
      })),
  );
}

function wrongAddresses(planned: ReadonlySet<string>, source: Items): AddressProblem[] {
  const ranges = new Map(itemsOf(source, subnet).map((found) => [found.id, found.cidrBlock]));
  return itemsOf(source, instance).flatMap(({ id, subnetId, privateIpAddress: got }) => {
    const range = ranges.get(subnetId);
    if (!got || !range || !planned.has(itemName(subnet.name, subnetId))) return [];
    const what = `${itemName(instance.name, id)} has an address that its subnet cannot give`;
    const expected = `one of ${range} (${itemName(subnet.name, subnetId)})`;
    const address = parse(got);
    if (!(address instanceof IPv4) || !address.match(IPv4.parseCIDR(range))) return [{ what, got, expected }];
    const first = number(IPv4.networkAddressFromCIDR(range));
    const last = number(IPv4.broadcastAddressFromCIDR(range));
    const at = number(address);
    return at < first + FIRST_RESERVED || at === last
      ? [
          {
            what,
            got,
            expected: `${expected}, less its first ${FIRST_RESERVED} and its last, which AWS keeps`,
          },
        ]
      : [];
  });
}

function number(address: IPv4): number {
  return address.toByteArray().reduce((sum, byte) => sum * 256 + byte, 0);
}
