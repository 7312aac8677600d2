import type { Account } from '../accounts';
import { ec2Once } from './clients';
import { awaitFinalSnapshots, takeFinalSnapshots } from './finalSnapshots';
import { liftProtection } from './liftProtection';
import type { RecoveredMachine } from './recoveredMachines';
import type { StandDownRecord } from './recoveryRecords';
import { stopMachines } from './stopMachines';

/** How long a machine may take to stop. AWS gives up on its operating system after some minutes itself. */
const STOP_LIMIT_MS = 15 * 60_000;
const SETTLE_MS = 3_000;

/**
 * Stops machines and takes their final snapshots, as far as an earlier run has not done so.
 *
 * @param options `stop`: whether they are stopped before; `command`: what an error says is to be typed again. Default: stand-down
 * @returns what was taken, machine by machine, once all of it is completed
 */
export async function secureMachines(
  machines: readonly RecoveredMachine[],
  {
    stop,
    ...context
  }: { dr: Account; pollMs: number; stop: boolean; command?: string; note(text: string): void },
): Promise<StandDownRecord['machines']> {
  const ids = machines.map(({ id }) => id);
  if (stop) await liftProtection(machines, 'stop', context);
  const ready = stop ? await stopMachines(ids, { ...context, limitMs: STOP_LIMIT_MS }) : machines;
  const once = ec2Once(context.dr);
  const sets = await takeFinalSnapshots(ready, { ...context, once, settleMs: SETTLE_MS });
  await awaitFinalSnapshots(sets, context);
  return ready.map(({ id, sourceId, name, stoppedAt }) => ({
    instance: id,
    source: sourceId,
    name,
    ...(stoppedAt && { stoppedAt: stoppedAt.toISOString() }),
    snapshots: Object.fromEntries(sets.get(id) ?? new Map<string, string>()),
  }));
}
