import type { Account } from '../accounts';
import { type Copy, copiesInDr } from '../snapshots/catalogue';
import { checkedCopies, newestMembers } from '../snapshots/lineage';
import { readManifest } from '../snapshots/manifest';
import { bucketOf } from './accepted';
import type { Inventory } from './inventory';
import { attachedDisks, protectedInstances } from './protectedInstances';
import type { Pin } from './store';

/**
 * Every copy in DR for a recovery, with those that it would read held against their manifests. A machine that was brought
 * up already is pinned to its copies, whatever is wrong with them.
 *
 * @throws when any page or manifest cannot be had
 */
export async function recoveryCopies(
  dr: Account,
  inventory: Pick<Inventory, 'kinds' | 'gone'>,
  pins: ReadonlyMap<string, Pin>,
  { recoverAt }: { recoverAt?: Date },
): Promise<{ copies: Copy[]; notes: string[] }> {
  const all = await copiesInDr(dr);
  const ids = new Set(all.map(({ id }) => id));
  const pinned = new Set([...pins.values()].flatMap((pin) => Object.values(pin.copies)));
  // Where a pinned copy is gone another may be read, and that has to be what its manifest says.
  const isSettled = (pin: Pin | undefined) => pin && Object.values(pin.copies).every((id) => ids.has(id));
  const disks = protectedInstances(inventory)
    .instances.filter(({ instance }) => !isSettled(pins.get(instance.id)))
    .map(attachedDisks);
  const { copies, problems } = await checkedCopies(
    all.filter(({ id }) => !pinned.has(id)),
    newestMembers(disks, recoverAt),
    (id) => readManifest(dr, bucketOf(dr), id),
  );
  return {
    copies: [...all.filter(({ id }) => pinned.has(id)), ...copies],
    notes: problems.map(({ copy, what }) => `the copy ${copy} ${what}`),
  };
}
