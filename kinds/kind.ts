import type { Account } from '../accounts';
import type { LockRule } from '../snapshots/lockRule';
import type { MirrorContext, MirroredResource } from './mirrorContext';
import type { Quota } from './quota';

/**
 * One object of the source, as plain data: what the look-up keeps of AWS's answer. No clock, no state that changes by
 * itself, tags as a record, lists in a fixed order, so that an unchanged source gives an unchanged inventory. Every item of
 * a kind has the same fields, undefined where AWS has no value: the guard tells by them what an older program did not look up.
 */
export interface Item {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An account and the region in it that a side is. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/**
 * - `free`: mirrored always. - `usage`: mirrored always, costs only when used. - `billed`: exists in DR only while
 * `recover` is true.
 */
export type Cost = 'free' | 'usage' | 'billed';

/** What of the settings a look-up knows. */
export interface LookUpOptions {
  /** Names of buckets that nothing is asked about, on either side: `lifeboat:bucketsExcept`. */
  readonly bucketsExcept: readonly string[];
  /** Machines whose user data is asked for, as `lifeboat:passUserData` names them. Default: none */
  readonly passUserData?: readonly string[];
  /** Whether it is of DR, of which no inventory is kept: states that change by themselves may be told. Default: false */
  readonly isDr?: boolean;
}

/** What a kind may ask when it decides whether to skip an item. */
export interface SkipOptions extends LookUpOptions {
  /** `lifeboat:bucketLock`; undefined where it is off. */
  readonly bucketLock?: LockRule;
  readonly mirrorDefaultVpc: boolean;
  /** Ids of the VPCs to be mirrored; undefined for all. */
  readonly onlyVpcs?: readonly string[];
  /** The source's account and region. */
  readonly source: Place;
  /** DR's account and region. */
  readonly dr: Place;
  /** Principals outside of DR that a mirrored policy may trust: `lifeboat:trust`. */
  readonly trusted: readonly string[];
  /** The source's buckets that S3 itself replicates into DR: `lifeboat:replicateBuckets`. */
  readonly replicateBuckets: readonly string[];
  /** The name that a bucket of the source has in DR. */
  bucket(name: string): string;
  /** Buckets of the source whose names in DR somebody else has, by their names in the source. Default: none. */
  readonly takenBuckets?: ReadonlyMap<string, { readonly name: string }>;
  /** All objects of a kind in the source, in order. */
  all(kind: string): readonly Item[];
  /** Another object of the source; undefined when the look-up did not see it. */
  find(kind: string, id: string): Item | undefined;
}

/** The objects of one side, or of one time. */
export interface Objects {
  /** One of them; undefined when it is not there. */
  find(kind: string, id: string): Item | undefined;
  /** All of a kind. */
  all(kind: string): readonly Item[];
}

/** What a kind may ask when it judges a change. */
export interface DangerOptions {
  /** What a run would work with: what the source shows, and what is held. */
  readonly now: Objects;
  /** What was accepted last; nothing on a first run. */
  readonly accepted: Objects;
  readonly source: Place;
  readonly dr: Place;
  /** Principals outside of DR that a mirrored policy may trust: `lifeboat:trust`. */
  readonly trusted: readonly string[];
}

/** How parts in DR that nobody planned are told and taken away. */
export interface PartOf<I extends Item> {
  /** The id of the whole, which is of a kind that comes earlier in the list. */
  whole(item: I): string;
  /** The argument of the whole's resource that would hold such parts; empty, it takes all of them out. */
  argument(item: I): string;
  /** Whether AWS itself puts this part into every new whole, so that a run that was killed may have left it there. */
  madeByAws(item: I): boolean;
}

/** How DR names what the source names otherwise; undefined for what DR does not have, or nobody knows yet. */
export interface InDr {
  /** The id in DR for the id of another kind's object in the source. */
  id(kind: string, id: string): string | undefined;
  /** The IPv6 range or address in DR for one of the source. */
  ipv6(cidr: string): string | undefined;
  /** The name in DR for that of a bucket of the source, whether it is there or not. */
  bucket(name: string): string;
}

/** One type of AWS object. Everything that Lifeboat does with it is said here; see docs/kinds.md for the list. */
export interface Kind<I extends Item = Item> {
  /** In kebab case, the singular of AWS's own term. With the source's id it makes the resource's Pulumi name. */
  readonly name: string;
  /** AWS's term as people write it. */
  readonly title: string;
  readonly cost: Cost;
  /**
   * Whether its service has no regions: IAM, CloudFront, Route 53. Its control plane lives in us-east-1, and a recovery waits for nothing
   * there.
   */
  readonly isGlobal?: true;
  /**
   * What DR calls an item's mirror, where that is known without asking: for what is made of it while its service does not answer.
   *
   * @param dr the account and region
   */
  idInDr?(item: I, dr: Place): string | undefined;
  /** Pulumi tokens of the resources that `mirror` makes. Empty for what is looked up for recovery only. */
  readonly types: readonly string[];
  /** The IAM actions of `list`, and nothing more: the reader role's policy is made of them. */
  readonly iamActions: readonly string[];
  /** Those of them that DR is not asked for: its roles do without. Default: none */
  readonly inSourceOnly?: readonly string[];
  /**
   * All objects in one account and region, every page. Throws rather than returning a part.
   *
   * @param options Default: everything is asked about
   */
  list(account: Account, options?: LookUpOptions): Promise<I[]>;
  /** For a kind whose items refer to one another: those first that others refer to. Default: as they come. */
  inOrder?(items: readonly I[]): readonly I[];
  /** Why an item is not mirrored, in words for the plan; undefined when it is. */
  skip?(item: I, options: SkipOptions): string | undefined;
  /**
   * Why an item is made only at a recovery: it is billed, or leads to what is. In words for the plan; undefined when it is made
   * ahead.
   */
  atRecovery?(item: I): string | undefined;
  /**
   * Whether it is mirrored while `recover` is true and at no other time, once the machines run: it is billed, or takes rights that the
   * recover role alone has. `atRecovery` says why. With `some` those alone of which it says something; the others are mirrored always. See
   * docs/adr/0022.
   */
  readonly madeAtRecovery?: true | 'some';
  /**
   * Whether a drill makes it too: the network that machines need, and nothing that leads out of it, is billed, or has a name that AWS knows
   * once. Default: it does not. See docs/adr/0028-drills.md.
   */
  readonly inDrill?: true;
  /**
   * Tells what is in every region without us, such as AWS's prefix list of S3: a name for it that is the same everywhere. Nothing is made
   * for it; what refers to it refers to DR's own.
   */
  awsOwn?(item: I): string | undefined;
  /** The IPv6 range that AWS assigned with an item; the resource's output `ipv6CidrBlock` is the one that DR was assigned. */
  ipv6Range?(item: I): string | undefined;
  /** Why AWS assigns DR no range in the place of that one, in words: what lies in it is not mirrored. Undefined when it does. */
  unassignable?(item: I): string | undefined;
  /**
   * What stands in the place of the source's id in the resource's name, where an object keeps its place in DR though the source gives that
   * place to another: the main route table of a VPC.
   */
  place?(item: I): string | undefined;
  /** Further items that follow from other kinds' items; they are in no look-up and no inventory. */
  derived?(
    items: Readonly<Record<string, readonly Item[]>>,
    options?: Pick<SkipOptions, 'replicateBuckets'>,
  ): I[];
  /**
   * The object that an item is a setting of. Where that one is still there without it, it was changed; nothing is gone that had to be
   * held.
   */
  settingOf?(item: I): { readonly kind: string; readonly id: string };
  /** Whether it carries our tag from the moment it is made: one in DR that has its identity and no tag is another's, and never adopted. */
  readonly taggedWhenMade?: true;
  /**
   * Whether AWS has given an object up, so that only another in its place is of use: a request that nobody answered in time. What the state
   * holds of it is replaced.
   */
  isSpent?(item: I): boolean;
  /** Whether making it again sets what is there already: it is never adopted, and never missed. */
  readonly madeAgain?: true;
  /**
   * Whether AWS removes an object by what it is and not by an id of its own, so that the removal of one that is gone would take away what
   * was made in its place.
   */
  readonly removedByContent?: true;
  /** What the provider imports an object by, where that is not its id. */
  importId?(item: I): string;
  /** AWS's limits that its objects count towards. */
  readonly quotas?: readonly Quota<I>[];
  /** Why DR keeps it when the mirror lets it go, in words; undefined where it goes. See docs/adr/0019-buckets-in-dr.md. */
  readonly retained?: string;
  /** What the plan says of its items, once for all of them, where nothing is ever made of any. */
  readonly neverMade?: string;
  /** The one resource that mirrors an item. */
  mirror?(item: I, ctx: MirrorContext): MirroredResource;
  /**
   * What tells an object in DR apart when it carries no tag of ours yet, because a run was killed between its creation
   * and its tagging, or because AWS knows no tags on it. Equal text is the same object; AWS allows it only once.
   */
  identity?(item: I, dr: InDr): string | undefined;
  /** What tells that the source made an object anew, where that is not `identity`. Equal text is what took the place. */
  remade?(item: I): string | undefined;
  /**
   * What AWS cannot change of an object once it is made, in terms of DR: where it differs from what DR has, the object is
   * replaced.
   *
   * @param zone the zone id in DR for the item's
   * @param dr how DR names what the item names
   */
  fixed?(item: I, zone: (id: string) => string, dr: InDr): unknown;
  /**
   * What of `fixed` the provider does not read back, in words. The engine cannot import such an object, it would replace it at once: what
   * DR has of it and the state does not hold is left as it is.
   */
  readonly unread?: string;
  /**
   * For a kind that the engine must not import: the import writes what the provider reads into the state in plain, secrets too. What DR has
   * of it and the state does not hold is taken out by `remove` and made again.
   */
  readonly madeAnew?: {
    /** What it is that an import would lay open, in words. */
    readonly why: string;
    /** Takes one out of DR. One that is gone already is no error. */
    remove(dr: Account, id: string): Promise<void>;
  };
  /**
   * Whether AWS takes no such item beside another object that is not the item's own mirror, as with overlapping ranges. The other is one
   * that DR has, or one that is gone from the source and held.
   *
   * @param there how the other's side names what the item names
   */
  excludes?(item: I, other: I, there: InDr): boolean;
  /**
   * As `excludes`, where only a part of the item cannot be beside the other: the item without it, and what was left out, in words; undefined
   * when all of it can.
   */
  beside?(
    item: I,
    other: I,
    there: InDr,
  ): { readonly item: I; readonly leftOut: readonly string[] } | undefined;
  /**
   * Why accepting an item as it is now would open DR, or change what runs there; undefined when it would not. What this
   * says stops a run until somebody allows it. In words that follow the object's name, such as `lets 0.0.0.0/0 in on tcp 22`,
   * and never with the value of a secret: it is printed.
   *
   * @param former the item as it was accepted last, under its former id if AWS has given it a new one; undefined when it is new,
   * and with the baseline of a first run. Fields that an older program did not look up are in it as they are now.
   * @param options what else there is, and was: a rule opens what the list that it names holds
   */
  danger?(item: I, former: I | undefined, options: DangerOptions): string | undefined;
  /** The names of fields that hold secrets, user data say. Their values are never printed; see inventory/redact.ts. */
  readonly secrets?: readonly string[];
  /** Fields that change without anybody's doing: a change of no other is none that `lifeboat:guardShare` counts. Default: none */
  readonly changesByItself?: readonly string[];
  /** For what is a part of a whole, where a part that nobody planned changes what the whole does: a rule in a group. */
  readonly partOf?: PartOf<I>;
}

/** A kind of which only the name and the functions matter, for the registry's list. */
// biome-ignore lint/suspicious/noExplicitAny: the registry holds kinds of many item types; each file stays typed.
export type AnyKind = Kind<any>;

/** An AWS tag list as a record. */
export function tagRecord(tags: { Key?: string; Value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]).sort(byFirst));
}

function byFirst([a = '']: string[], [b = '']: string[]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Collects a paginator's pages whole; an error on any page is the error of the whole look-up. */
export async function allPages<Page, T>(
  pages: AsyncIterable<Page>,
  items: (page: Page) => readonly T[] | undefined,
): Promise<T[]> {
  const all: T[] = [];
  for await (const page of pages) {
    const found = items(page);
    if (found === undefined)
      throw new Error('AWS answered a page without its list; nothing is concluded from it');
    all.push(...found);
  }
  return all;
}

/** A field that AWS documents as always present; its absence means an answer that must not be trusted. */
export function present<T>(value: T | undefined, field: string): T {
  if (value === undefined)
    throw new Error(`AWS answered an object without ${field}; nothing is concluded from it`);
  return value;
}

/** Answers that several kinds are made of, by the look-up that they belong to. */
const shared = new WeakMap<Account, Map<string, Promise<unknown>>>();

/**
 * Asks AWS once for what several kinds read, such as DescribeVpcs.
 *
 * @param account the look-up's own: `collect` makes one for each, so that nothing outlives it
 * @param what the API's name
 */
export function once<T>(account: Account, what: string, ask: () => Promise<T>): Promise<T> {
  const asked = shared.get(account) ?? new Map<string, Promise<unknown>>();
  shared.set(account, asked);
  const answer = asked.get(what) ?? ask();
  asked.set(what, answer);
  return answer as Promise<T>;
}
