import type { Account } from '../../accounts';
import { LifeboatError, reason } from '../../errors';
import { isNoAnswer } from '../../inventory/collect';
import { leftOfRecovery, recoveryKinds } from '../../inventory/leftOfRecovery';

/**
 * What a recovery made beside its machines, and DR still has: `kind/id`. Of a service that does not answer nothing is known: the next stand-down
 * sees to what is left.
 */
export async function billedMirrors(dr: Account, note: (text: string) => void): Promise<string[]> {
  // An account of its own for what kinds share: the next look asks AWS again.
  const account = { ...dr };
  const found = await Promise.all(
    recoveryKinds.map(async (kind) => {
      try {
        return [kind.name, await kind.list(account)] as const;
      } catch (error) {
        if (!kind.isGlobal || !isNoAnswer(error)) throw error;
        note(
          `What a recovery made of "${kind.title}" could not be seen (${reason(error)}); run stand-down again later`,
        );
        return [kind.name, []] as const;
      }
    }),
  );
  return leftOfRecovery(Object.fromEntries(found)).others;
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
