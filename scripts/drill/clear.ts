import type { Account } from '../../accounts';
import { reason } from '../../errors';
import type { Clock } from '../../snapshots/clock';
import type { StackOfDrill } from './stackOfDrill';
import { type Swept, sweep } from './sweep';

/** As many polls as make the seconds after which AWS is sure to list what it made. */
const SETTLE_POLLS = 2;

/**
 * Forgets the stack of earlier drills, and removes what they have left, by their tags. Its state is not asked: it may lack what was being made, and the
 * state backend may be what has failed.
 *
 * @param stackName the stack of drills
 * @param options which drills are meant, by their ids, among others
 * @returns what was found, and what is still there: the stack too, where the engine does not let it go
 */
export async function clear(
  dr: Account,
  stack: StackOfDrill,
  stackName: string,
  options: {
    isMeant(drill: string): boolean;
    /** Whether the stack is there, where that was asked before; then no other is forgotten. Default: it is asked. */
    isThere?: boolean;
    clock: Clock;
    pollMs: number;
    note(text: string): void;
  },
): Promise<Swept & { readonly engine?: string }> {
  let engine: string | undefined;
  const attempt = async (work: () => Promise<void>) => {
    if (engine !== undefined) return;
    await work().catch((error: unknown) => {
      engine = reason(error);
    });
  };
  let isThere = options.isThere ?? false;
  await attempt(async () => {
    isThere = options.isThere ?? (await stack.isThere());
  });
  // First: the sweep takes minutes, and meanwhile somebody else may have begun a drill.
  await attempt(async () => {
    if (isThere) await stack.forget();
  });
  const settleMs = SETTLE_POLLS * options.pollMs;
  const swept = await sweep(dr, { ...options, stack: stackName, settleMs });
  return { ...swept, ...(engine !== undefined && { engine }) };
}
