import type { Copy } from './catalogue';

/** Tells once of each snapshot that has more than one copy, which two runs at the same time may come to. */
export class Doubles {
  private readonly told = new Set<string>();

  constructor(private readonly note: (text: string) => void) {}

  /** @param copies as just looked up */
  look(copies: readonly Copy[]): void {
    const live = copies.filter(({ state }) => state !== 'error');
    for (const { sourceSnapshotId } of live) {
      const same = live.filter((copy) => copy.sourceSnapshotId === sourceSnapshotId);
      if (same.length < 2 || this.told.has(sourceSnapshotId)) continue;
      this.told.add(sourceSnapshotId);
      const ids = same.map((copy) => copy.id).join(', ');
      this.note(`${sourceSnapshotId} has more than one copy: ${ids}. Does another copy-snapshots run?`);
    }
  }
}
