import type { WalkedKey } from './walk';

/** What one run may copy at the most. */
export interface CopyCeiling {
  readonly gib: number;
  readonly objects: number;
}

/** A number of versions, and their bytes. */
export interface Amount {
  objects: number;
  bytes: number;
}

/** What a look at both sides has found, before anything is copied. */
export interface BucketTotals {
  /** Versions that DR has of the source's. */
  already: number;
  /** Missing versions of keys that DR has something of. */
  readonly changed: Amount;
  /** Missing versions of keys that DR has nothing of. */
  readonly fresh: Amount;
  /** All that DR's bucket holds. */
  readonly inDr: Amount;
  /** Keys that have a delete marker on top in the source, and can still be read in DR. */
  hidden: number;
  /** Keys that DR has and the source has no version of any more. */
  goneFromSource: number;
}

const GIB = 1024 ** 3;
/** Where neither settings nor what is in DR say more. */
const LEAST: CopyCeiling = { gib: 10_240, objects: 1_000_000 };

/** Nothing seen yet. */
export function noTotals(): BucketTotals {
  const none = () => ({ objects: 0, bytes: 0 });
  return { already: 0, changed: none(), fresh: none(), inDr: none(), hidden: 0, goneFromSource: 0 };
}

/** Counts a key in. */
export function count(totals: BucketTotals, { source, dr, plan }: WalkedKey): void {
  const amount = dr ? totals.changed : totals.fresh;
  const { objects, bytes } = amountOf(plan);
  amount.objects += objects;
  amount.bytes += bytes;
  totals.already += plan.already;
  for (const { size } of dr?.versions ?? []) {
    totals.inDr.objects += 1;
    totals.inDr.bytes += size;
  }
  if (source?.isHidden && dr && dr.versions.length > 0 && !dr.isHidden) totals.hidden += 1;
  if (dr && dr.versions.length > 0 && (source?.versions.length ?? 0) === 0) totals.goneFromSource += 1;
}

/** What a plan copies. The newest that may be copied once more is not in it. */
export function amountOf({ missing, newest, isOutOfOrder }: WalkedKey['plan']): Amount {
  const again = isOutOfOrder && newest ? [newest] : [];
  const all = [...missing, ...again];
  return { objects: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0) };
}

/**
 * The ceiling of a run where nobody has set one: 10 TiB and a million versions, or twice what DR holds already, whichever is more. Who
 * fills a bucket of the source cannot make DR pay for more than that in one run. Pure.
 */
export function usualCopyCeiling(inDr: readonly Amount[]): CopyCeiling {
  const bytes = inDr.reduce((sum, amount) => sum + amount.bytes, 0);
  const objects = inDr.reduce((sum, amount) => sum + amount.objects, 0);
  return {
    gib: Math.max(LEAST.gib, Math.ceil((2 * bytes) / GIB)),
    objects: Math.max(LEAST.objects, 2 * objects),
  };
}

/**
 * What is left of a ceiling. A key fits as a whole or not at all; what is new may take only what the keys that DR has already leave over,
 * for who fills the source with new ones must not push out those that were there.
 */
export class Budget {
  #bytes: number;
  #objects: number;
  readonly #reserved: Amount;

  constructor({ gib, objects }: CopyCeiling, changed: Amount) {
    this.#bytes = gib * GIB;
    this.#objects = objects;
    this.#reserved = { ...changed };
  }

  /** Whether a key's copies may be made; if so they are counted. */
  take({ dr, plan }: WalkedKey): boolean {
    const { objects, bytes } = amountOf(plan);
    if (dr) {
      this.#reserved.objects = Math.max(0, this.#reserved.objects - objects);
      this.#reserved.bytes = Math.max(0, this.#reserved.bytes - bytes);
    }
    const kept = dr ? { objects: 0, bytes: 0 } : this.#reserved;
    if (objects > this.#objects - kept.objects || bytes > this.#bytes - kept.bytes) return false;
    this.#objects -= objects;
    this.#bytes -= bytes;
    return true;
  }
}
