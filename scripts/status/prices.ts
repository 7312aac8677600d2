/**
 * List prices, in USD a month, of one region and one time. Written down by hand and not asked of AWS: check them where `sources` says, and
 * change them here. Discounts, credits and taxes are not in them.
 */
export const PRICES = {
  region: 'eu-central-1',
  asOf: '2025',
  /** A GiB of snapshots in the standard tier. */
  snapshotGiB: 0.054,
  /** A customer managed key, and the same again for its first and for its second rotation. */
  key: 1,
  /** A metric that a standard alarm looks at. */
  alarmMetric: 0.1,
  /** A custom metric. */
  metric: 0.3,
  sources: [
    'https://aws.amazon.com/ebs/pricing/',
    'https://aws.amazon.com/kms/pricing/',
    'https://aws.amazon.com/cloudwatch/pricing/',
  ],
} as const;
