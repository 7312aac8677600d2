import type { Item } from '../kind';

/**
 * How many entries AWS counts for one of its own prefix lists, by the end of its name. From "AWS-managed prefix list weight" in the
 * Amazon VPC user guide.
 */
const AWS_WEIGHTS: Readonly<Record<string, number>> = {
  'cloudfront.origin-facing': 55,
  dynamodb: 1,
  'ec2-instance-connect': 2,
  groundstation: 5,
  'route53-healthchecks': 25,
  s3: 1,
  s3express: 6,
  'vpc-lattice': 10,
};

/** What of a prefix list says how much it counts. */
interface Weighed extends Item {
  readonly prefixListName?: string;
  readonly maxEntries?: number;
}

/**
 * How many rules or routes one that names a prefix list counts for: as many as the list may ever have entries. One for a list that was not
 * seen or that AWS documents no weight of, so that nothing is refused on a guess.
 */
export function prefixListWeight(list: Weighed | undefined): number {
  if (list?.maxEntries !== undefined) return list.maxEntries;
  const service = list?.prefixListName?.replace(/^com\.amazonaws\.[^.]+\.(ipv6\.)?/, '');
  return AWS_WEIGHTS[service ?? ''] ?? 1;
}
