import { Random } from '../../../test/e2e/estates/random';

/** How much the bench of copying has before it. */
export interface CopySize {
  readonly snapshots: number;
  /** Of the random sizes: the same seed gives the same sizes. */
  readonly seed: number;
}

/** 200 snapshots. */
export const WHOLE_COPY: CopySize = { snapshots: 200, seed: 5 };
/** A tenth of them, to see that the bench works. */
export const SMALL_COPY: CopySize = { ...WHOLE_COPY, snapshots: 20 };

/** Half of the disks are smaller; and two of three are between a third of it and three times as much. */
const MEDIAN = 40;
const SIGMA = 1.2;
/** GiB. */
const LEAST = 1;
const MOST = 500;

/** Log-normal sizes from 1 to 500 GiB, in whole GiB. */
export function sizesOf({ snapshots, seed }: CopySize): number[] {
  const random = new Random(seed);
  return Array.from({ length: snapshots }, () => {
    // Box and Muller's way from two even numbers to a normal one.
    const normal = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
    return Math.min(MOST, Math.max(LEAST, Math.round(MEDIAN * Math.exp(SIGMA * normal))));
  });
}
