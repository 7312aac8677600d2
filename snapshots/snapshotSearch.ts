import {
  type DescribeSnapshotsCommandInput,
  type EC2Client,
  paginateDescribeSnapshots,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { allPages } from '../kinds/kind';

/** AWS takes at most 200 values in one filter. */
const FILTER_VALUES = 200;
/** AWS's largest page. Without a size it tries to answer all at once, which fails for accounts with many snapshots. */
const PAGE_SIZE = 1_000;

/** Every snapshot that a search finds, all pages; an error on one of them is the error of the whole search. */
export async function findSnapshots(
  ec2: EC2Client,
  search: Omit<DescribeSnapshotsCommandInput, 'NextToken' | 'MaxResults'>,
): Promise<Snapshot[]> {
  return allPages(
    paginateDescribeSnapshots({ client: ec2, pageSize: PAGE_SIZE }, search),
    (page) => page.Snapshots,
  );
}

/**
 * Every own snapshot for which a filter has one of the values, in as few calls as AWS allows. Unlike a search by SnapshotIds
 * this does not fail when one of them is not there.
 */
export async function findOwnSnapshots(
  ec2: EC2Client,
  filter: string,
  values: readonly string[],
): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (let start = 0; start < values.length; start += FILTER_VALUES) {
    const Filters = [{ Name: filter, Values: values.slice(start, start + FILTER_VALUES) }];
    found.push(...(await findSnapshots(ec2, { OwnerIds: ['self'], Filters })));
  }
  return found;
}
