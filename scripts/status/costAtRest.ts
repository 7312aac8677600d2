import type { Copy } from '../../snapshots/catalogue';
import { PRICES } from './prices';

/** One thing that is billed by the month. Of what status cannot measure there are two bounds. */
export interface CostLine {
  readonly what: string;
  /** In `unit`s. */
  readonly least: number;
  readonly most: number;
  readonly unit: string;
  /** USD a month for one unit. */
  readonly price: number;
}

/** What DR costs a month while no recovery is active, in USD. */
export interface Cost {
  readonly lines: readonly CostLine[];
  readonly least: number;
  readonly most: number;
  readonly assumptions: readonly string[];
}

/** What it is reckoned from. */
export interface CostFacts {
  /** Every copy in DR. */
  readonly copies: readonly Pick<Copy, 'sourceVolumeId' | 'sourceTime' | 'size' | 'state'>[];
  readonly settings: { readonly replicateBuckets: readonly string[]; readonly drRegion: string };
}

/** The vault's keys: of copies, of Pulumi's secrets, of buckets. */
const KEYS = 3;
/** The key, and two rotations of it; AWS charges for no further one. */
const MOST_VERSIONS = 3;
/** See vault/growthAlarmArgs.ts, REPLICA_STORAGE. */
const METRICS_OF_GROWTH = 8;

/**
 * Reckons what DR costs at rest. Pure.
 *
 * A snapshot holds the blocks that changed since the one before it, and AWS tells how many only for a fee: so one whole copy of each disk is the
 * least, as if nothing had changed between, and every copy whole the most.
 */
export function costAtRest({ copies, settings }: CostFacts): Cost {
  const stored = copies.filter(({ state }) => state !== 'error');
  const newest = new Map<string, (typeof stored)[number]>();
  for (const copy of stored) {
    const other = newest.get(copy.sourceVolumeId);
    if (!other || other.sourceTime < copy.sourceTime) newest.set(copy.sourceVolumeId, copy);
  }
  const gib = (some: Iterable<{ size: number }>) => [...some].reduce((sum, { size }) => sum + size, 0);
  const buckets = settings.replicateBuckets.length;
  const fixed = (what: string, count: number, unit: string, price: number): CostLine => ({
    what,
    least: count,
    most: count,
    unit,
    price,
  });
  const lines = [
    {
      what: `${stored.length} copies of ${newest.size} disks`,
      least: gib(newest.values()),
      most: gib(stored),
      unit: 'GiB',
      price: PRICES.snapshotGiB,
    },
    {
      what: "the vault's keys",
      least: KEYS,
      most: KEYS * MOST_VERSIONS,
      unit: 'keys and rotations',
      price: PRICES.key,
    },
    fixed('the alarm on missing runs', 1, 'alarm metrics', PRICES.alarmMetric),
    ...(buckets > 0
      ? [
          fixed(
            `alarms on ${buckets} replicated buckets`,
            buckets * METRICS_OF_GROWTH,
            'alarm metrics',
            PRICES.alarmMetric,
          ),
        ]
      : []),
    fixed('the heartbeat', 1, 'custom metrics', PRICES.metric),
  ];
  const total = (bound: 'least' | 'most') => lines.reduce((sum, line) => sum + line[bound] * line.price, 0);
  const region =
    settings.drRegion === PRICES.region ? PRICES.region : `${PRICES.region}, and not of ${settings.drRegion}`;
  return {
    lines,
    least: total('least'),
    most: total('most'),
    assumptions: [
      `list prices of ${region}, in USD, as of ${PRICES.asOf}; check: ${PRICES.sources.join(' ')}; they are in scripts/status/prices.ts`,
      'snapshots: from one whole copy of each disk, as if nothing changed between copies, to every copy whole; a disk that is not full costs less than either',
      'keys: from no rotation to two each, the most that is charged',
      "not counted: what DR's buckets hold (S3), final snapshots, the recycle bin, requests, transfer between regions, and what is DR's own",
    ],
  };
}
