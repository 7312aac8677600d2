import { existsSync } from 'node:fs';
import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { drillStack, drillTimes } from '../../inventory/drill/drillId';
import { isActive, readVault } from '../../inventory/store';
import type { Settings } from '../../settings';
import { readRecords } from '../../snapshots/recoveryRecords';
import type { CommonArgs } from '../command';
import { stackFile } from '../stack';
import { type Leftover, leftovers } from './leftovers';

/**
 * Refuses a drill beside a recovery, beside another drill, and where its stack is somebody's own.
 *
 * @returns whether something is left of drills whose time is up
 * @throws LifeboatError
 */
export async function refuseBeside(
  settings: Settings,
  args: Pick<CommonArgs, 'dir' | 'stack'>,
  dr: Account,
  now: Date,
): Promise<boolean> {
  const { stack } = args;
  const [vault, others, left] = await Promise.all([
    readVault(dr, { ...settings, stack }),
    readRecords(dr, stack),
    leftovers(dr, drillStack(stack)),
    refuseForeignStack(settings, args, dr),
  ]);
  const machines = vault.pins.size + others.elsewhere.size;
  if (settings.recover || isActive(vault) || machines > 0)
    throw new LifeboatError({
      what: 'A recovery is active, and a drill would take capacity and quotas from it',
      got: settings.recover ? 'lifeboat:recover is true' : `${machines} machines under recovery`,
      expected: 'no recovery, of this stack or of another',
      next: `npx lifeboat status --stack ${stack}; and once it is over: npx lifeboat stand-down --stack ${stack}`,
    });
  const running = runningDrills(left, now);
  if (running.length > 0)
    throw new LifeboatError({
      what: 'Another drill is running, or was killed, and its time is not up',
      got: running.map((id) => `${id}, until ${drillTimes(id)?.end.toISOString()}`).join('; '),
      expected: 'one drill at a time in an account and region',
      next: `wait for it; or, if nobody runs it any more: npx lifeboat drill --sweep --stack ${stack}`,
    });
  return left.length > 0;
}

/** The ids of drills that may run: something of them is there, and their time is not up. Pure. */
function runningDrills(left: readonly Pick<Leftover, 'drill'>[], now: Date): string[] {
  return [...new Set(left.flatMap(({ drill }) => drill ?? []))].filter(
    (id) => Number(drillTimes(id)?.end) > Number(now),
  );
}

/**
 * A drill makes its stack anew, and a sweep takes it away, whatever it holds.
 *
 * @throws LifeboatError where somebody has a stack of his own by that name
 */
export async function refuseForeignStack(
  settings: Settings,
  { dir, stack }: Pick<CommonArgs, 'dir' | 'stack'>,
  dr: Account,
): Promise<void> {
  const own = drillStack(stack);
  const file = stackFile({ dir, stack: own });
  const isIn = existsSync(file) ? file : undefined;
  const { accepted } = await readVault(dr, { ...settings, stack: own });
  if (isIn === undefined && !accepted) return;
  throw new LifeboatError({
    what: `The stack ${own}, which the drills of ${stack} would be, is another's`,
    got: isIn ?? `an accepted inventory of ${own} in the vault`,
    expected: 'a name that is free',
    next: `give the stack ${own} another name: npm run pulumi -- stack rename --stack ${own}`,
  });
}
