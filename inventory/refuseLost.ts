import { LifeboatError } from '../errors';
import type { Plan } from './planned';

/**
 * The engine compares with its state: what somebody removed in DR would be missed until the day that it is needed. On that day it is
 * made again, and nobody is asked.
 *
 * @throws LifeboatError naming what was removed
 */
export function refuseLost({ lost }: Plan, stack: string, isMadeAgain: boolean): void {
  if (lost.length === 0 || isMadeAgain) return;
  const shown = lost.slice(0, 10).join(', ');
  throw new LifeboatError({
    what: `${lost.length} objects of the mirror were removed in DR, not by Lifeboat: nothing is changed`,
    got: lost.length > 10 ? `${shown} and ${lost.length - 10} more` : shown,
    expected: "all that the stack's state holds, in the DR account",
    // A refresh would do but for rules: the provider fails to read one that is gone.
    next: `find out who removed them (CloudTrail in DR); to take in what is left and make the rest again: npm run pulumi -- state delete --all --force --yes --stack ${stack} && npm run pulumi -- up --stack ${stack}`,
  });
}
