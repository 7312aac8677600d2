import type { Account } from '../accounts';
import type { Settings } from '../settings';
import { recoveredMachines } from '../snapshots/recoveredMachines';
import { standDownGuard } from './standDownGuard';
import { isActive, type VaultRecords } from './store';

/**
 * The end of a recovery is stand-down's, which sees to the machines' data first.
 *
 * @throws LifeboatError when the flag is gone and a recovery is active that no stand-down has seen to
 */
export async function refuseSilentEnd(
  settings: Settings,
  vault: VaultRecords,
  dr: Account,
  stack: string,
): Promise<void> {
  if (settings.recover || !isActive(vault)) return;
  const machines = vault.standDown ? await recoveredMachines(dr) : [];
  const pinned = new Set(vault.pins.keys());
  standDownGuard({ pinned, record: vault.standDown, machines, stack, now: new Date() });
}
