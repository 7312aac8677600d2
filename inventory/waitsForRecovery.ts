import type { AnyKind, Item } from '../kinds/kind';

/** Whether an object is made at a recovery alone, once the machines run. See Kind.madeAtRecovery. */
export function waitsForRecovery(kind: AnyKind, item: Item): boolean {
  return kind.madeAtRecovery !== undefined && kind.atRecovery?.(item) !== undefined;
}
