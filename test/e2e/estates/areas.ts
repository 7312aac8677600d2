import type { Stage } from '../../../scripts/demo/stage';
import { bucketsArea } from './buckets/bucketsArea';
import { cloudfrontArea } from './cloudfront/area';
import { edge } from './edge/edge';
import { identity } from './identity/area';
import { watchArea } from './watch/area';

/** A part of an estate made by chance that other services than EC2 hold. */
export interface Area {
  readonly name: string;
  /**
   * Makes it in the source, beside a network that is there.
   *
   * @param ids what the network's steps have made, by their names: `vpc-0`
   */
  make(stage: Stage, seed: number, ids: ReadonlyMap<string, string>): Promise<void>;
  /** Changes what `make` has made. */
  change(stage: Stage, seed: number, ids: ReadonlyMap<string, string>): Promise<void>;
  /**
   * Holds DR against the source, field by field, from what the SDK shows of both. Knows nothing of the program.
   *
   * @returns a line for each difference
   */
  differences(stage: Stage): Promise<string[]>;
}

/** Every one, in the order in which they are made. */
export const AREAS: readonly Area[] = [identity, bucketsArea, edge, cloudfrontArea, watchArea];
