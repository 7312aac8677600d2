import { LifeboatError } from '../errors';
import type { Settings } from '../settings';
import { itemName } from './inventory';
import type { leftOfRecovery } from './leftOfRecovery';
import type { Recovered } from './recovered';
import { isActive, type VaultRecords } from './store';

/**
 * At rest nothing that recovery made may run on, whatever became of the records.
 *
 * @throws LifeboatError naming what is left
 */
export function refuseLeftovers(
  settings: Settings,
  vault: VaultRecords,
  { machines, others, interfaces }: ReturnType<typeof leftOfRecovery> & Pick<Recovered, 'interfaces'>,
  stack: string,
): void {
  if (settings.recover || isActive(vault)) return;
  const free = [...interfaces.values()].map((id) => itemName('network-interface', id));
  // The run that stand-down starts takes the others away.
  const left = vault.standingDown ? machines : [...machines, ...others, ...free];
  if (left.length === 0) return;
  throw new LifeboatError({
    what: 'What a recovery made is in DR, and no recovery is active',
    got: left.join(', '),
    expected: 'nothing that is billed by the hour while lifeboat:recover is false',
    next:
      machines.length > 0
        ? `take them in again: npm run pulumi -- config set lifeboat:recover true --stack ${stack} && npm run pulumi -- up --stack ${stack}; then end it: npx lifeboat stand-down --stack ${stack}`
        : // No machine has to be brought up for them.
          `take it away: npx lifeboat stand-down --stack ${stack}`,
  });
}
