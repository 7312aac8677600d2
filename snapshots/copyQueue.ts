import type { SharedSnapshot } from './shared';

/**
 * What is still to be copied, volume by volume. A volume's snapshots go one at a time and oldest first: AWS copies only what has
 * changed since the newest copy there is, and lets a second copy of a volume wait for the first anyway. Between volumes the
 * one with the most still to copy goes first, so that the longest chain does not start last.
 */
export class CopyQueue {
  private readonly chains = new Map<string, SharedSnapshot[]>();

  constructor(snapshots: readonly SharedSnapshot[]) {
    for (const snapshot of snapshots) this.chain(snapshot.volumeId).push(snapshot);
    for (const chain of this.chains.values())
      chain.sort((a, b) => a.startTime.getTime() - b.startTime.getTime() || a.id.localeCompare(b.id));
  }

  /** How many are left. */
  get size(): number {
    let size = 0;
    for (const chain of this.chains.values()) size += chain.length;
    return size;
  }

  /** The next one of each volume, in the order in which they should start. */
  heads(): SharedSnapshot[] {
    return [...this.chains.values()]
      .filter((chain) => chain.length > 0)
      .map((chain) => ({ head: chain[0], size: chain.reduce((sum, { size }) => sum + size, 0) }))
      .sort((a, b) => b.size - a.size)
      .flatMap(({ head }) => (head ? [head] : []));
  }

  /** Takes one out. */
  remove({ id, volumeId }: Pick<SharedSnapshot, 'id' | 'volumeId'>): void {
    const chain = this.chain(volumeId);
    const index = chain.findIndex((snapshot) => snapshot.id === id);
    if (index >= 0) chain.splice(index, 1);
  }

  /** Puts one back to where it is the next of its volume. */
  putBack(snapshot: SharedSnapshot): void {
    this.chain(snapshot.volumeId).unshift(snapshot);
  }

  /** Whether a volume has snapshots left. */
  hasMoreOf(volumeId: string): boolean {
    return (this.chains.get(volumeId)?.length ?? 0) > 0;
  }

  private chain(volumeId: string): SharedSnapshot[] {
    const chain = this.chains.get(volumeId) ?? [];
    this.chains.set(volumeId, chain);
    return chain;
  }
}
