import { StopInstancesCommand } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { Pace } from './pace';
import { type RecoveredMachine, recoveredMachines } from './recoveredMachines';

const STAND_DOWN = 'npx lifeboat stand-down';

/**
 * Stops machines and waits until they are, so that nothing is written after their final snapshots.
 *
 * @param ids of the machines
 * @param limitMs how long a machine may take
 * @param command what an error says is to be typed again. Default: stand-down
 * @returns the machines as they are once stopped
 * @throws LifeboatError when one does not stop, or is gone
 */
export async function stopMachines(
  ids: readonly string[],
  {
    dr,
    pollMs,
    limitMs,
    command = STAND_DOWN,
    note,
  }: { dr: Account; pollMs: number; limitMs: number; command?: string; note(text: string): void },
): Promise<RecoveredMachine[]> {
  const began = performance.now();
  const pace = new Pace(Math.min(1_000, pollMs), pollMs);
  for (;;) {
    const found = (await recoveredMachines(dr)).filter((machine) => ids.includes(machine.id));
    const missing = ids.filter((id) => !found.some((machine) => machine.id === id));
    if (missing.length > 0) {
      throw new LifeboatError({
        what: 'A recovered machine is gone while it was to be stopped; its final snapshot cannot be taken',
        got: missing.join(', '),
        expected: 'every machine there until its final snapshots are',
        next: `find out who terminated it, then: ${command}`,
      });
    }
    const moving = found.filter(({ state }) => state !== 'stopped');
    if (moving.length === 0) return found;
    if (performance.now() - began > limitMs) {
      throw new LifeboatError({
        what: 'Machines did not stop, so nothing was removed',
        got: moving.map(({ name, id, state }) => `${name} (${id}): ${state}`).join(', '),
        expected: `stopped within ${Math.round(limitMs / 60_000)} minutes`,
        next: `aws ec2 stop-instances --force --region ${dr.region} --instance-ids ${moving.map(({ id }) => id).join(' ')}${command === STAND_DOWN ? `; or ${STAND_DOWN} --no-stop, which may lose what is written meanwhile` : `, then: ${command}`}`,
      });
    }
    // A pending machine cannot be stopped yet.
    const running = moving.filter(({ state }) => state === 'running').map(({ id }) => id);
    if (running.length > 0) await dr.ec2.send(new StopInstancesCommand({ InstanceIds: running }));
    note(`stopping: ${moving.map(({ name, state }) => `${name} ${state}`).join(', ')}`);
    await pace.wait();
  }
}
