import { kinds } from '../kinds';
import type { AnyKind } from '../kinds/kind';
import { instance } from '../kinds/machines/instance';
import { TAG } from '../names';
import { type Items, itemName } from './inventory';
import { waitsForRecovery } from './waitsForRecovery';

/** Those of which something is made at a recovery alone, and is not a machine. */
export const recoveryKinds: readonly AnyKind[] = kinds.filter((kind) => kind.madeAtRecovery !== undefined);

/** The names of what recoveries made, and DR still has. Pure. */
export function leftOfRecovery(dr: Items): { machines: string[]; others: string[] } {
  const tagged = ({ name }: AnyKind, tag: string) =>
    (dr[name] ?? []).filter(({ tags }) => tags[tag] !== undefined);
  return {
    machines: tagged(instance, TAG.recoveryPoint).map(({ id }) => itemName(instance.name, id)),
    others: recoveryKinds.flatMap((kind) =>
      tagged(kind, TAG.sourceId)
        .filter((item) => waitsForRecovery(kind, item))
        .map(({ id }) => itemName(kind.name, id)),
    ),
  };
}
