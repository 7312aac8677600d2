import type { Vpc, VpcIpv6CidrBlockAssociation } from '@aws-sdk/client-ec2';

/** What decides whether DR can have a range in the place of one of the source's. */
export interface AssignedIpv6 {
  readonly ipv6CidrBlock?: string;
  /** `Amazon`, `IPAM Managed`, or the id of a pool of one's own. Absent of what an older program looked up. */
  readonly ipv6Pool?: string;
  /** Whether it is advertised nowhere. */
  readonly ipv6IsPrivate?: boolean;
}

/** Amazon gives a VPC this and nothing else: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html */
const AMAZON_BITS = 56;

/**
 * Why nothing that Amazon assigns in DR can take the place of an IPv6 range, in words that follow its name; undefined when it can, or
 * where there is none. Pools are of one account and region: DR has none of the source's.
 */
export function unassignable({ ipv6CidrBlock, ipv6Pool, ipv6IsPrivate }: AssignedIpv6): string | undefined {
  if (ipv6CidrBlock === undefined) return undefined;
  const from = `${ipv6CidrBlock}${ipv6Pool === undefined ? '' : ` of the pool ${ipv6Pool}`}`;
  // What is reached from inside only must not come to be reached from everywhere.
  if (ipv6IsPrivate) return `${from} is private, and what Amazon assigns in DR would be public`;
  return Number(ipv6CidrBlock.split('/')[1]) < AMAZON_BITS
    ? `${from} is larger than the /${AMAZON_BITS} that Amazon assigns in DR`
    : undefined;
}

/** A VPC's IPv6 ranges as AWS answers them, those that DR can have one in the place of first: the VPC's own is the first of these. */
export function assignedIpv6(vpc: Vpc): { id: string | undefined; range: AssignedIpv6 }[] {
  const all = (vpc.Ipv6CidrBlockAssociationSet ?? [])
    .filter((set) => set.Ipv6CidrBlockState?.State === 'associated')
    .map((set) => ({ id: set.AssociationId, range: assigned(set) }));
  const isOut = ({ range }: { range: AssignedIpv6 }) => unassignable(range) !== undefined;
  return [...all.filter((each) => !isOut(each)), ...all.filter(isOut)];
}

function assigned(set: VpcIpv6CidrBlockAssociation): AssignedIpv6 {
  return {
    ipv6CidrBlock: set.Ipv6CidrBlock,
    ipv6Pool: set.Ipv6Pool,
    ipv6IsPrivate: set.Ipv6AddressAttribute === 'private',
  };
}
