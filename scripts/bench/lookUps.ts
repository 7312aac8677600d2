import type { Account } from '../../accounts';
import { collect } from '../../inventory/collect';
import { kinds } from '../../kinds';
import type { AnyKind } from '../../kinds/kind';

/** How long look-ups took, in milliseconds: the shortest of the rounds. */
export interface LookUpTimes {
  /** Of all kinds side by side. */
  readonly all: number;
  /** Of the slowest kind alone. */
  readonly slowest: number;
  readonly slowestKind: string;
  /** How many objects there are. */
  readonly objects: number;
}

/** Looks up all kinds side by side, and then each alone, as often as there are rounds. */
export async function timeLookUps(account: Account, rounds: number): Promise<LookUpTimes> {
  let all = Number.POSITIVE_INFINITY;
  const alone = new Map<string, number>();
  // Connections are opened, and what is compiled at first use is compiled, before anything is timed.
  const items = await collect(account, 'source');
  for (let round = 0; round < rounds; round += 1) {
    all = Math.min(all, await milliseconds(() => collect(account, 'source')));
    for (const kind of kinds) {
      const took = await milliseconds(() => listAlone(kind, account));
      alone.set(kind.name, Math.min(alone.get(kind.name) ?? took, took));
    }
  }
  const [slowestKind = '', slowest = 0] = [...alone].sort(([, a], [, b]) => b - a)[0] ?? [];
  const objects = Object.values(items).reduce((sum, each) => sum + each.length, 0);
  return { all, slowest, slowestKind, objects };
}

/** With an account object of its own, so that it finds nothing that another look-up has asked for. */
function listAlone(kind: AnyKind, account: Account): Promise<unknown> {
  return kind.list({ ...account });
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
