import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { EFSClient, paginateDescribeFileSystems } from '@aws-sdk/client-efs';
import { ElastiCacheClient, paginateDescribeCacheClusters } from '@aws-sdk/client-elasticache';
import { paginateDescribeDBClusters, paginateDescribeDBInstances, RDSClient } from '@aws-sdk/client-rds';
import { paginateDescribeClusters, RedshiftClient } from '@aws-sdk/client-redshift';
import { paginateListBuckets } from '@aws-sdk/client-s3';
import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { allPages } from '../../kinds/kind';
import { configOf } from '../../snapshots/clients';

/** A sort of data store that Lifeboat does not protect, and how many of them the source has. */
export interface StoreCount {
  readonly store: string;
  /** Undefined when they could not be counted, which is not none. */
  readonly count?: number;
  /** Why they could not be counted. */
  readonly reason?: string;
}

interface Store {
  readonly store: string;
  count(source: Account): Promise<number>;
}

/**
 * Each by its own list call: what AWS offers for all services at once either shows tagged resources only (the tagging
 * API) or must be switched on first (Config, Resource Explorer), and would count too few.
 */
const STORES: readonly Store[] = [
  {
    store: 'RDS DB instances',
    count: (source) =>
      counted(new RDSClient(configOf(source)), paginateDescribeDBInstances, (page) => page.DBInstances),
  },
  {
    // Aurora, and also DocumentDB and Neptune, which answer to the same call.
    store: 'RDS, DocumentDB and Neptune DB clusters',
    count: (source) =>
      counted(new RDSClient(configOf(source)), paginateDescribeDBClusters, (page) => page.DBClusters),
  },
  {
    store: 'DynamoDB tables',
    count: (source) =>
      counted(new DynamoDBClient(configOf(source)), paginateListTables, (page) => page.TableNames),
  },
  {
    store: 'EFS file systems',
    count: (source) =>
      counted(new EFSClient(configOf(source)), paginateDescribeFileSystems, (page) => page.FileSystems),
  },
  {
    store: 'ElastiCache clusters',
    count: (source) =>
      counted(
        new ElastiCacheClient(configOf(source)),
        paginateDescribeCacheClusters,
        (page) => page.CacheClusters,
      ),
  },
  {
    store: 'Redshift clusters',
    count: (source) =>
      counted(new RedshiftClient(configOf(source)), paginateDescribeClusters, (page) => page.Clusters),
  },
  {
    store: 'S3 buckets',
    async count({ s3, region }) {
      const buckets = await allPages(
        paginateListBuckets({ client: s3, pageSize: 1_000 }, { BucketRegion: region }),
        (page) => page.Buckets ?? [],
      );
      return buckets.length;
    },
  },
];

/** Counts the stores of the source's region, all sorts side by side. One that cannot be counted says why. */
export function storeCounts(source: Account): Promise<StoreCount[]> {
  return Promise.all(
    STORES.map(async ({ store, count }) => {
      try {
        return { store, count: await count(source) };
      } catch (error) {
        return { store, reason: reason(error) };
      }
    }),
  );
}

async function counted<Client extends { destroy(): void }, Page>(
  client: Client,
  paginate: (config: { client: Client }, input: object) => AsyncGenerator<Page>,
  items: (page: Page) => readonly unknown[] | undefined,
): Promise<number> {
  try {
    return (await allPages(paginate({ client }, {}), items)).length;
  } finally {
    client.destroy();
  }
}
