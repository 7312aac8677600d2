import type { Output } from '@pulumi/pulumi';
import type { Account } from '../accounts';

/**
 * One object of the source, as plain data: what the look-up keeps of AWS's answer. No clock, no state that changes by
 * itself, tags as a record, lists in a fixed order, so that an unchanged source gives an unchanged inventory.
 */
export interface Item {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** What a kind asks of the plan while it turns an item into a resource. */
export interface MirrorContext {
  /**
   * The id in DR of another object, as known once that is created; usable wherever the provider's arguments take an id.
   * Throws when the object is of a kind that comes later in the list. An object that is skipped or unknown makes the
   * asking item skipped too, with that reason.
   */
  ref(kind: string, id: string): Output<string>;
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
}

/** Builds a MirroredResource with its arguments checked against the provider's declared ones. */
export function resource<Args extends object>(type: string, args: Args): MirroredResource {
  return { type, args };
}

/**
 * - `free`: mirrored always. - `usage`: mirrored always, costs only when used. - `billed`: exists in DR only while
 * `recover` is true.
 */
export type Cost = 'free' | 'usage' | 'billed';

/** What a kind may ask when it decides whether to skip an item. */
export interface SkipOptions {
  readonly mirrorDefaultVpc: boolean;
  /** Another object of the source; undefined when the look-up did not see it. */
  find(kind: string, id: string): Item | undefined;
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

/** One type of AWS object. Everything that Lifeboat does with it is said here; see docs/kinds.md for the list. */
export interface Kind<I extends Item = Item> {
  /** In kebab case, the singular of AWS's own term. With the source's id it makes the resource's Pulumi name. */
  readonly name: string;
  /** AWS's term as people write it. */
  readonly title: string;
  readonly cost: Cost;
  /** Pulumi tokens of the resources that `mirror` makes. Empty for what is looked up for recovery only. */
  readonly types: readonly string[];
  /** The IAM actions of `list`, and nothing more: the reader role's policy is made of them. */
  readonly iamActions: readonly string[];
  /** All objects in one account and region, every page. Throws rather than returning a part. */
  list(account: Account): Promise<I[]>;
  /** Why an item is not mirrored, in words for the plan; undefined when it is. */
  skip?(item: I, options: SkipOptions): string | undefined;
  /** The one resource that mirrors an item. */
  mirror?(item: I, ctx: MirrorContext): MirroredResource;
  /**
   * What tells an object in DR apart when it carries no tag of ours yet, because a run was killed between its creation
   * and its tagging. Equal text is the same object; AWS allows it only once.
   *
   * @param dr the id in DR for the id of another kind's object in the source; undefined when DR does not have it
   */
  identity?(item: I, dr: (kind: string, id: string) => string | undefined): string | undefined;
  /**
   * What AWS cannot change of an object once it is made, in terms of DR: where it differs from what DR has, the object is
   * replaced.
   *
   * @param zone the zone id in DR for the item's
   */
  fixed?(item: I, zone: (id: string) => string): unknown;
  /** Whether an object that DR has keeps the item from being made, as an overlapping range does. */
  excludes?(item: I, inDr: I, dr: (kind: string, id: string) => string | undefined): boolean;
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
