import type { SkipOptions } from '../kinds/kind';
import type { Settings } from '../settings';
import type { WayHome } from './wayHome';

/** Name of the resource with which all that was removed in DR is replaced; see components/mirror.ts. */
export const MADE_AGAIN = 'made-again';

/** How the reason begins of what waits for a recovery and cannot be planned: a fault, where others are choices. */
export const NOT_PLANNED = 'it could not be planned: ';

/** The reason of what a drill leaves out. See Kind.inDrill. */
export const NO_PART_OF_DRILLS = 'no part of a drill';

/** One resource that the mirror should hold. */
export interface PlannedResource {
  /** `kind/id`, or `kind/place`: the resource's Pulumi name. */
  readonly name: string;
  /** `kind/id` of what it stands for in the source. */
  readonly item: string;
  readonly type: string;
  /** The provider's arguments, with Refs and Secrets in them. */
  readonly args: object;
  /** Arguments that are left to other resources. */
  readonly ignoreChanges: readonly string[];
  /** Arguments whose change replaces it. Default: those that the provider says. */
  readonly replaceOnChanges?: readonly string[];
  /** Outputs that are kept encrypted in the state. Default: none. */
  readonly secretOutputs?: readonly string[];
  /** Names of resources that it waits for though no argument refers to them. Default: none. */
  readonly after?: readonly string[];
  /** It is made while `recover` is true alone, once the machines run. See Kind.madeAtRecovery. */
  readonly afterMachines?: true;
  /** DR keeps it when it leaves the plan. */
  readonly retained?: true;
  /** Name of the resource with which AWS removes it. */
  readonly goesWith?: string;
  /**
   * The state holds it, and DR does not any more: somebody removed it there. `removedFirst`: what is gone is forgotten before it is made
   * again, and not after all else.
   */
  readonly lost?: { readonly removedFirst: boolean };
  /** It is lost, or refers to what is: it may have to be replaced. */
  readonly isMadeAgain?: true;
  /** What the provider imports it by: it is in DR already, and the state does not hold it. */
  readonly adopt?: string;
  /** The id in DR of what is taken out before it is made: the state does not hold it, and it may not be imported. */
  readonly removesFirst?: string;
  /** Names that the resource had in the state before the source gave its object a new id. */
  readonly formerNames: readonly string[];
}

/** What is not mirrored, and why. */
export interface Skipped {
  readonly name: string;
  readonly reason: string;
}

/** What the mirror should be, as data. */
export interface Plan {
  readonly resources: readonly PlannedResource[];
  readonly skipped: readonly Skipped[];
  /** What is made at a recovery only, because it leads to something that is billed. */
  readonly atRecovery: readonly Skipped[];
  /** Names that the state holds and DR does not have any more: somebody removed them there. */
  readonly lost: readonly string[];
  /** Names that the state holds and AWS has given up: they are made anew. See Kind.isSpent. */
  readonly spent: readonly string[];
  /** `kind/id` to the id in DR, of all that DR has already. */
  readonly inDr: ReadonlyMap<string, string>;
  /** For people: what is special about this plan. */
  readonly notes: readonly string[];
}

/** What a plan depends on beside the two accounts' objects. */
export interface PlanOptions
  extends Pick<
    Settings,
    | 'mirrorDefaultVpc'
    | 'trust'
    | 'buckets'
    | 'bucketsExcept'
    | 'bucketLock'
    | 'replicateBuckets'
    | 'sourceAccount'
    | 'sourceRegion'
    | 'drAccount'
    | 'drRegion'
  > {
  /** Ids of the VPCs to mirror; undefined for all. See chosenVpcs.ts. */
  readonly onlyVpcs?: readonly string[];
  /** Kinds of which nobody knows what DR has of them, with why. See collect.ts. Default: none. */
  readonly unseen?: ReadonlyMap<string, string>;
  /** Buckets of the source whose names in DR somebody else has. See takenBuckets.ts. Default: none. */
  readonly takenBuckets?: SkipOptions['takenBuckets'];
  /** What survived where things go, on the way home. Default: it is not the way home. */
  readonly wayHome?: WayHome;
  /** Whether a recovery is active. Default: none is. */
  readonly isRecovering?: boolean;
  /** The drill that the plan is of. Default: it is the mirror's. */
  readonly drill?: string;
  /** Whether what is made at a recovery is made now. Default: it waits. */
  readonly recover?: boolean;
}
