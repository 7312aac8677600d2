import type { Stage } from '../../../../scripts/demo/stage';
import type { Random } from '../random';

/** What any SDK client of a side is made from. */
export type Side = ReturnType<Stage['client']>;

/** What DR should show for one object, by the object's name. */
export type Shown = Readonly<Record<string, unknown>>;

/** One service's share of the estates. */
export interface Part {
  readonly name: string;
  make(source: Side, random: Random, ids: ReadonlyMap<string, string>): Promise<void>;
  change(source: Side, random: Random): Promise<void>;
  /** All that a side holds of it, by name, without what the sides may differ in. */
  read(side: Side): Promise<Shown>;
}

const KEYS = ['team', 'cost centre', 'équipe', 'a/b:c=d@e', 'Owner'];

/** Tags that every service takes, and now and then one that claims to be ours. */
export function plainTags(random: Random): { Key: string; Value: string }[] {
  const own = random
    .some(KEYS, 0, 3)
    .map((Key) => ({ Key, Value: random.pick(['', 'shop', 'a b', 'données']) }));
  return random.chance(0.2) ? [...own, { Key: 'lifeboat:source-id', Value: 'forged' }] : own;
}

/** Tags as both sides have them: without ours, and those that claim to be. */
export function comparableTags(tags: readonly { Key?: string; Value?: string }[] | undefined): Shown {
  return Object.fromEntries(
    (tags ?? [])
      .map(({ Key = '', Value = '' }): [string, string] => [Key, Value])
      .filter(([key]) => !/^(aws|lifeboat):/.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
