import type { AnyKind, Item } from '../kinds/kind';
import { type Adoption, ITSELF } from './adoption';
import { itemName } from './inventory';
import { typedName } from './typedName';

/**
 * What stands where an item of one kind is to be. What is gone from the source and held stays until somebody lets it go, and the source's
 * new one waits; what DR has and nobody wants any more goes in this run, and the new one is made by the next.
 */
export class Standing {
  private readonly held: readonly Item[];

  /**
   * @param gone names of what is gone from the source and held
   * @param isPlanned whether something is made of an item, by its name
   */
  constructor(
    private readonly kind: AnyKind,
    items: readonly Item[],
    private readonly gone: Readonly<Record<string, string>>,
    private readonly candidates: Adoption,
    private readonly isPlanned: (name: string) => boolean,
  ) {
    this.held = items.filter((item) => this.isGone(item));
  }

  /** The items of the kind, those first that others may have to wait for. */
  inOrder(items: readonly Item[]): readonly Item[] {
    return this.held.length === 0 ? items : [...this.held, ...items.filter((item) => !this.isGone(item))];
  }

  /** Why an item, which goes by a name in the state, is not made now; undefined when nothing is in its way. */
  inTheWay(item: Item, name: string): string | undefined {
    const holder =
      this.candidates.own(item, name) === undefined &&
      this.holdersFor(item).find((held) => this.kind.excludes?.(item, held, ITSELF));
    if (holder) return `it cannot be beside ${this.untilPruned(holder)}`;
    const rival = this.candidates.rival(item, name);
    return rival && `${rival.id} in DR is in its way; it is made by the run after that one is gone`;
  }

  /** An item without what cannot be beside others, each of which is told to `note`. */
  fitting(item: Item, name: string, note: (text: string) => void): Item {
    const { beside } = this.kind;
    if (!beside) return item;
    let left = item;
    for (const held of this.holdersFor(item)) {
      const without = beside(left, held, ITSELF);
      for (const part of without?.leftOut ?? [])
        note(`does without ${part}: it cannot be beside ${this.untilPruned(held)}`);
      left = without?.item ?? left;
    }
    for (const other of this.candidates.others(item, name)) {
      const without = beside(left, other, this.candidates.dr);
      for (const part of without?.leftOut ?? [])
        note(
          `does without ${part}, which ${other.id} in DR has; it follows in the run after that one is gone`,
        );
      left = without?.item ?? left;
    }
    return left;
  }

  private holdersFor(item: Item): readonly Item[] {
    return this.isGone(item)
      ? []
      : this.held.filter(({ id }) => this.isPlanned(itemName(this.kind.name, id)));
  }

  private isGone({ id }: Item): boolean {
    return Object.hasOwn(this.gone, itemName(this.kind.name, id));
  }

  private untilPruned({ id }: Item): string {
    const name = itemName(this.kind.name, id);
    return `${name}, which is gone from the source and held; to let that go: npx lifeboat prune ${typedName(name)}`;
  }
}
