/** How much the bench of copying buckets has before it. */
export interface BucketsSize {
  /** Objects of the large bucket, a few bytes each. */
  readonly many: number;
  /** Objects of the small one, whose memory stands beside the large one's. */
  readonly few: number;
  /** Objects of each of the buckets that are copied in turns, by `copy-buckets` and by the least that copies at all. */
  readonly inTurns: number;
}

/** Ten windows of `copy-buckets`, one, and three. */
export const WHOLE_BUCKETS: BucketsSize = { many: 10_000, few: 1_000, inTurns: 3_000 };
/** A tenth of them, to see that the bench works. */
export const SMALL_BUCKETS: BucketsSize = { many: 1_000, few: 100, inTurns: 300 };
