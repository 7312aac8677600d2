import { LifeboatError } from '../errors';
import type { Plan } from './planned';

/**
 * What nobody can see in DR is concluded nothing from: a run that would take away something while us-east-1 does not answer has concluded
 * too much. In a recovery nothing may stand in the way; there it is said.
 */
export function refuseToLeaveUnseen(
  { resources, skipped }: Plan,
  unseen: ReadonlyMap<string, string>,
  state: ReadonlyMap<string, string>,
  isRecovering: boolean,
): void {
  if (unseen.size === 0 || isRecovering) return;
  const planned = new Set(resources.flatMap(({ name, formerNames }) => [name, ...formerNames]));
  const reasons = new Map(skipped.map(({ name, reason }) => [name, reason]));
  const leaving = [...state.keys()].filter((name) => reasons.has(name) && !planned.has(name));
  if (leaving.length === 0) return;
  throw new LifeboatError({
    what: 'Something would leave DR while us-east-1 does not answer, so nothing is changed',
    got: leaving.map((name) => `${name}: ${reasons.get(name)}`).join('; '),
    expected: 'every service that the plan depends on',
    next: 'wait for AWS (https://health.aws.amazon.com/health/status), and run it again',
  });
}
