import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { collectWhatAnswers } from '../../inventory/collect';
import { leftOfRecovery, recoveryKinds } from '../../inventory/leftOfRecovery';

/**
 * What a recovery made beside its machines, and DR still has: `kind/id`. Of a service that does not answer nothing is known: the next stand-down
 * sees to what is left.
 */
export async function billedMirrors(dr: Account, note: (text: string) => void): Promise<string[]> {
  const { items, unseen } = await collectWhatAnswers(dr, undefined, recoveryKinds);
  for (const [kind, why] of unseen)
    note(`What a recovery made of ${kind} could not be seen (${why}); run stand-down again later`);
  return leftOfRecovery(items).others;
}

/** @throws LifeboatError when some of it is still there after the engine took away what the state held */
export async function refuseBilledMirrors(
  dr: Account,
  note: (text: string) => void,
  stack: string,
): Promise<void> {
  const left = await billedMirrors(dr, note);
  if (left.length === 0) return;
  throw new LifeboatError({
    what: 'The engine ended well, but what the recovery made beside its machines is still there',
    got: left.join(', '),
    expected: 'none of it: it is billed, and the stack that made it removes it',
    next: `look at each, and remove it by hand: no state holds it; then: npx lifeboat stand-down --stack ${stack}`,
  });
}
