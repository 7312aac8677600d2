import type { QueuedSnapshot } from './copyOrder';

/**
 * What is still to be copied, volume by volume. A volume's snapshots go one at a time, because AWS lets a second copy of a volume
 * wait for the first, and copies only what the copy before it has not: in the order that they are given in, which has the
 * newest first. Between volumes what is of lower rank goes first, and of equals the one with the most still to copy, so
 * that the longest chain does not start last.
 */
export class CopyQueue {
  private readonly chains = new Map<string, { snapshots: QueuedSnapshot[]; gib: number }>();

  /** @param snapshots see inOrder */
  constructor(snapshots: readonly QueuedSnapshot[]) {
    for (const snapshot of snapshots) {
      const chain = this.chain(snapshot.volumeId);
      chain.snapshots.push(snapshot);
      chain.gib += snapshot.size;
    }
  }

  /** How many are left. */
  get size(): number {
    let size = 0;
    for (const { snapshots } of this.chains.values()) size += snapshots.length;
    return size;
  }

  /** All that are left, in no order. */
  all(): QueuedSnapshot[] {
    return [...this.chains.values()].flatMap(({ snapshots }) => snapshots);
  }

  /** The next one of each volume, in the order in which they should start. */
  heads(): QueuedSnapshot[] {
    return [...this.chains.values()]
      .flatMap(({ snapshots: [head], gib }) => (head ? [{ head, gib }] : []))
      .sort((a, b) => a.head.rank - b.head.rank || b.gib - a.gib)
      .map(({ head }) => head);
  }

  /** Takes one out. */
  remove({ id, volumeId }: Pick<QueuedSnapshot, 'id' | 'volumeId'>): void {
    const chain = this.chain(volumeId);
    const index = chain.snapshots.findIndex((snapshot) => snapshot.id === id);
    for (const removed of index < 0 ? [] : chain.snapshots.splice(index, 1)) chain.gib -= removed.size;
  }

  /** Puts one back to where it is the next of its volume. */
  putBack(snapshot: QueuedSnapshot): void {
    const chain = this.chain(snapshot.volumeId);
    chain.snapshots.unshift(snapshot);
    chain.gib += snapshot.size;
  }

  private chain(volumeId: string): { snapshots: QueuedSnapshot[]; gib: number } {
    const chain = this.chains.get(volumeId) ?? { snapshots: [], gib: 0 };
    this.chains.set(volumeId, chain);
    return chain;
  }
}
