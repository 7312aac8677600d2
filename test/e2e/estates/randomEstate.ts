import { Random } from './random';
import { PREFIX_LISTS, randomFilters } from './randomFilters';
import { type HeldAddress, randomLaunching } from './randomLaunching';
import { randomRouting } from './randomRouting';
import { type PlannedVpc, randomVpcs } from './randomVpcs';
import type { Step } from './step';

/** An estate as data: the calls that make it, in the source's region. */
export interface Estate {
  readonly steps: readonly Step[];
  readonly vpcs: readonly PlannedVpc[];
  /** What the source's machines hold, and DR has to keep for them. */
  readonly held: readonly HeldAddress[];
}

/** An estate that has everything a VPC may have that is free, and some that is not; the same for the same seed. */
export function randomEstate(seed: number): Estate {
  const random = new Random(seed);
  const { vpcs, steps } = randomVpcs(random);
  const launching = randomLaunching(random, vpcs);
  return {
    vpcs,
    held: launching.held,
    steps: [
      ...steps,
      ...randomFilters(random, vpcs),
      ...randomRouting(random, vpcs, PREFIX_LISTS.slice(0, 1)),
      ...launching.steps,
    ],
  };
}
