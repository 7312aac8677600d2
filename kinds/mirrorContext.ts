import type { Output } from '@pulumi/pulumi';
import type { LockRule } from '../snapshots/lockRule';
import type { Item, Place } from './kind';

/** What a kind asks of the plan while it turns an item into a resource. */
export interface MirrorContext {
  readonly source: Place;
  readonly dr: Place;
  /** The source's buckets that S3 itself replicates into DR: `lifeboat:replicateBuckets`. */
  readonly replicateBuckets: readonly string[];
  /** The name that a bucket of the source has in DR: names of buckets are global. See inventory/bucketNames.ts. */
  bucket(name: string): string;
  /** How DR's buckets lock what they are given: `lifeboat:bucketLock`. Undefined where they do not. */
  readonly bucketLock?: LockRule;
  /** Principals outside of DR that a mirrored policy may trust: `lifeboat:trust`. */
  readonly trusted: readonly string[];
  /**
   * The id in DR of another object, as known once that is created; usable wherever the provider's arguments take an id.
   * Throws when the object is of a kind that comes later in the list. An object that is skipped or unknown makes the
   * asking item skipped too, with that reason.
   */
  ref(kind: string, id: string): Output<string>;
  /** Like `ref`, but another of the resource's outputs than its id: `defaultRouteTableId` of a VPC. */
  output(kind: string, id: string, property: string): Output<string>;
  /**
   * Like `ref`, for what a resource can do without: undefined where nothing is made for the other object or the source does not have it,
   * and the plan notes that it was left out.
   *
   * @param what how the note calls it: `the group`
   */
  attempt(kind: string, id: string, what: string): Output<string> | undefined;
  /** Like `attempt`, for what is as good without: nothing is noted. */
  known(kind: string, id: string): Output<string> | undefined;
  /** An object of the source; undefined when the look-up did not see it. */
  find(kind: string, id: string): Item | undefined;
  /** What DR has of a kind before the run, whoever made it. */
  allInDr(kind: string): readonly Item[];
  /** Text with references in it, one part after the other. */
  text(...parts: readonly unknown[]): Output<string>;
  /** JSON text of a value with references in it at any depth. */
  json(value: unknown): Output<string>;
  /** Says in the plan, after the item's name, what of it is not mirrored. Never the value of a secret. */
  note(text: string): void;
  /** Leaves the item out after all, with the reason in words for the plan: what only shows while it is put in DR's terms. */
  skip(reason: string): never;
  /** Makes the resource wait for another object that none of its arguments names. Throws as `ref` does. */
  after(kind: string, id: string): void;
  /**
   * An IPv6 range or address of the source as DR has it. What lies in a range that AWS assigned to a VPC is moved into the range that
   * AWS assigns in DR, at the same place in it; anything else is itself. What lies in one that DR cannot have makes the asking item
   * skipped, with that reason.
   */
  ipv6(cidr: string): Output<string>;
  /** Like `ipv6`, for what a resource can do without: undefined where DR cannot have it, and the plan notes that it was left out. */
  attemptIpv6(cidr: string, what: string): Output<string> | undefined;
  /** All objects of a kind in the source, and what is held, in order. */
  all(kind: string): readonly Item[];
  /**
   * The id in DR of the machine that is recovered for one of the source. Only for what is made at a recovery; what needs a machine that is
   * not recovered is not made either.
   *
   * @param otherwise what stands in its place where the machine is not recovered, for what can do without
   * @param property another of the machine's outputs than its id
   */
  machine(id: string, otherwise?: string, property?: string): Output<string>;
  /** Says that AWS removes the resource with another, which its removal then need not ask for. Throws as `ref` does. */
  goesWith(kind: string, id: string): void;
  /** A value that reaches neither a terminal nor plain state. */
  secret(value: string): Output<string>;
  /** The zone id in DR that stands for a zone id of the source. */
  zone(id: string): string;
  /** The item's tags as its mirror carries them: the source's, less `aws:` and `lifeboat:` ones, plus ours. */
  tags(item: Item): Record<string, string>;
}

/** One resource as plain data. `args` may hold references (see MirrorContext.ref) at any depth. */
export interface MirroredResource {
  /** The Pulumi token, `aws:<module>/<file>:<Class>`. */
  readonly type: string;
  readonly args: object;
  /** Arguments that are left to other resources: what the provider reads there of them is no difference. */
  readonly ignoreChanges?: readonly string[];
  /** Arguments that AWS cannot change, though the provider would try: a change of them replaces the resource. */
  readonly replaceOnChanges?: readonly string[];
  /** Outputs that hold secrets, as the provider reads them: they are kept encrypted in the state, after an import too. */
  readonly secretOutputs?: readonly string[];
  /** Whether a command of ours changes it during a recovery: while one is active the program leaves it as it is. */
  readonly leftToRecovery?: true;
}

/** Builds a MirroredResource with its arguments checked against the provider's declared ones. */
export function resource<Args extends object>(
  type: string,
  args: Args,
  ignoreChanges?: readonly (keyof Args & string)[],
): MirroredResource {
  return { type, args, ...(ignoreChanges && { ignoreChanges }) };
}
