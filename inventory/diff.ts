import type { Item } from '../kinds/kind';
import { canonical, type Inventory, itemName } from './inventory';
import { redacted } from './redact';

/** One field that differs; secrets are redacted. */
export interface FieldChange {
  readonly field: string;
  /** Undefined where there was, or is, no value. */
  readonly former: unknown;
  readonly now: unknown;
}

/** One object that differs. */
export interface Difference {
  /** `kind/id`. */
  readonly name: string;
  /** Its Name tag, as it is now or was last. */
  readonly label: string;
  /**
   * `added`, `removed`, or `changed` only; `gone`: it went missing in the source and is held; `back`: it did, and is in the
   * source again. What went missing or came back may have changed as well.
   */
  readonly what: 'added' | 'removed' | 'changed' | 'gone' | 'back';
  readonly fields: readonly FieldChange[];
}

/** What a difference is told of: an accepted inventory, or what the source shows now. */
export type Side = Pick<Inventory, 'kinds' | 'gone'>;

/** What differs between two inventories, in the order of kinds and ids. Pure. */
export function inventoryDiff(former: Side, now: Side): Difference[] {
  const kinds = [...new Set([...Object.keys(former.kinds), ...Object.keys(now.kinds)])];
  return kinds.flatMap((kind) => {
    const before = new Map((former.kinds[kind] ?? []).map((item) => [item.id, item]));
    const after = new Map((now.kinds[kind] ?? []).map((item) => [item.id, item]));
    const ids = [...new Set([...before.keys(), ...after.keys()])].sort();
    return ids.flatMap((id): Difference[] => {
      const [old, item] = [before.get(id), after.get(id)];
      const name = itemName(kind, id);
      const fields = old && item ? fieldChanges(kind, old, item) : [];
      const what = whatHappened({
        was: old && { gone: Object.hasOwn(former.gone, name) },
        is: item && { gone: Object.hasOwn(now.gone, name) },
        changed: fields.length > 0,
      });
      return what ? [{ name, label: (item ?? old)?.tags.Name ?? '', what, fields }] : [];
    });
  });
}

function whatHappened({
  was,
  is,
  changed,
}: {
  was: { gone: boolean } | undefined;
  is: { gone: boolean } | undefined;
  changed: boolean;
}): Difference['what'] | undefined {
  if (!was) return 'added';
  if (!is) return 'removed';
  if (is.gone !== was.gone) return is.gone ? 'gone' : 'back';
  return changed ? 'changed' : undefined;
}

function fieldChanges(kind: string, former: Item, now: Item): FieldChange[] {
  const [was, is]: Record<string, unknown>[] = [{ ...former }, { ...now }];
  const [shownWas, shownIs]: Record<string, unknown>[] = [
    { ...redacted(kind, former) },
    { ...redacted(kind, now) },
  ];
  const fields = [...new Set([...Object.keys(former), ...Object.keys(now)])].sort();
  return fields
    .filter((field) => canonical({ is: was?.[field] }) !== canonical({ is: is?.[field] }))
    .map((field) => ({ field, former: shownWas?.[field], now: shownIs?.[field] }));
}
