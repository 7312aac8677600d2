import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { drillStack, drillTimes } from '../../inventory/drill/drillId';
import { readVault } from '../../inventory/store';
import type { Settings } from '../../settings';
import { leftovers } from './leftovers';

/**
 * Refuses a drill beside a recovery, beside another drill, and where its stack is somebody's own.
 *
 * @returns whether something is left of drills whose time is up
 * @throws LifeboatError
 */
export async function refuseBeside(
  settings: Settings,
  stack: string,
  dr: Account,
  now: Date,
): Promise<boolean> {
  const own = drillStack(stack);
  const [vault, other, left] = await Promise.all([
    readVault(dr, { ...settings, stack }),
    readVault(dr, { ...settings, stack: own }),
    leftovers(dr, own),
  ]);
  if (settings.recover || vault.pins.size > 0)
    throw new LifeboatError({
      what: 'A recovery is active, and a drill would take capacity and quotas from it',
      got: settings.recover ? 'lifeboat:recover is true' : `${vault.pins.size} machines under recovery`,
      expected: 'no recovery',
      next: `npx lifeboat status --stack ${stack}; and once it is over: npx lifeboat stand-down --stack ${stack}`,
    });
  if (other.accepted)
    throw new LifeboatError({
      what: `The stack ${own}, which the drills of ${stack} would be, is another's`,
      got: `an accepted inventory of ${own} in the vault`,
      expected: 'a name that is free',
      next: `give the stack ${own} another name: npm run pulumi -- stack rename --stack ${own}`,
    });
  const running = [...new Set(left.flatMap(({ drill }) => drill ?? []))].filter(
    (id) => Number(drillTimes(id)?.end) > Number(now),
  );
  if (running.length > 0)
    throw new LifeboatError({
      what: 'Another drill is running, or was killed, and its time is not up',
      got: running.map((id) => `${id}, until ${drillTimes(id)?.end.toISOString()}`).join('; '),
      expected: 'one drill at a time in an account and region',
      next: `wait for it; or, if nobody runs it any more: npx lifeboat drill --sweep --stack ${stack}`,
    });
  return left.length > 0;
}
