import type { MetricAlarmArgs } from '@pulumi/aws/cloudwatch';
import { growthAlarm } from '../names';

/**
 * Every class of storage that a replica can be written in, by the id of its metric in the alarm. Whoever holds the source's keys chooses it
 * in his rule, and a policy of DR's cannot: `s3:x-amz-storage-class` is no condition of `s3:ReplicateObject`
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html). What intelligent tiering moves to a colder tier by itself
 * leaves the first one, and is no growth. Eight, of the ten metrics that one alarm may have
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html).
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html
 */
export const REPLICA_STORAGE = {
  standard: 'StandardStorage',
  reduced: 'ReducedRedundancyStorage',
  infrequent: 'StandardIAStorage',
  onezone: 'OneZoneIAStorage',
  tiering: 'IntelligentTieringFAStorage',
  instant: 'GlacierInstantRetrievalStorage',
  glacier: 'GlacierStorage',
  deep: 'DeepArchiveStorage',
} as const;

const DAY = 86_400;
const GIB = 2 ** 30;

/**
 * An alarm on what one bucket of DR grows in a day, by S3's own daily metrics, which are free and cannot be turned off. The alarm is not:
 * 0.10 USD a month for each of its eight metrics (https://aws.amazon.com/cloudwatch/pricing/). Pure.
 *
 * @param bucket its name in DR
 * @param mostGiB more than so many GiB a day raise it
 */
export function growthAlarmArgs(bucket: string, mostGiB: number) {
  const ids = Object.keys(REPLICA_STORAGE);
  return {
    name: growthAlarm(bucket),
    alarmDescription: `${bucket} grew by more than ${mostGiB} GiB in a day. See 'The alarm rang' in docs/runbook.md.`,
    metricQueries: [
      {
        id: 'growth',
        label: 'bytes more than the day before',
        // A class that holds nothing has no metric, and the first object of a bucket has no day before: both count from zero. A day that S3
        // leaves out is taken for zero as well, so that the day after it rings: once too often rather than once too seldom.
        expression: `DIFF(SUM([${ids.map((id) => `FILL(${id}, 0)`).join(', ')}]))`,
        returnData: true,
      },
      ...Object.entries(REPLICA_STORAGE).map(([id, StorageType]) => ({
        id,
        metric: {
          namespace: 'AWS/S3',
          metricName: 'BucketSizeBytes',
          dimensions: { BucketName: bucket, StorageType },
          period: DAY,
          stat: 'Average',
        },
        returnData: false,
      })),
    ],
    comparisonOperator: 'GreaterThanThreshold',
    threshold: mostGiB * GIB,
    // S3 says a day's size up to two days later, and until then that day counts as zero; the oldest day has none before it. So any of four
    // days: seven is the most that CloudWatch looks back.
    evaluationPeriods: 4,
    datapointsToAlarm: 1,
    treatMissingData: 'notBreaching',
  } as const satisfies MetricAlarmArgs;
}
