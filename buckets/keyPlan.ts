import type { KnownKey } from './lineage';
import { identityOf, type KeyVersions, type ObjectVersion } from './objectVersion';

/** What is to be done for one key. */
export interface KeyPlan {
  /** Versions of the source that DR does not have, oldest first. */
  readonly missing: readonly ObjectVersion[];
  /** The source's newest version; none when only delete markers are left of it. */
  readonly newest?: ObjectVersion;
  /** Whether DR's newest is a copy of an older one, because a run ended in the middle: the newest is copied again, on top. */
  readonly isOutOfOrder: boolean;
  /** Versions that DR has, or had. */
  readonly already: number;
}

/**
 * What a key of the source needs in DR. A copy that DR had and has no more is made again only where it is of the newest version: what DR's
 * own lifecycle has let go would come back each night. What stands on top in DR and is of no version that the source still has stays on
 * top: a recovery put it there, or the source has lost it. Pure.
 */
export function keyPlan(
  source: KeyVersions | undefined,
  dr: KeyVersions | undefined,
  { copies, sourceOf }: KnownKey,
): KeyPlan {
  const versions = source?.versions ?? [];
  const [newest] = versions;
  const missing = versions
    .filter((version) => {
      const copy = copies.get(identityOf(version));
      return copy === undefined || (version === newest && !copy.isThere);
    })
    .reverse();
  const top = dr?.versions[0]?.versionId;
  const onTop = versions.findIndex((version) => identityOf(version) === sourceOf.get(top ?? ''));
  return {
    missing,
    newest,
    isOutOfOrder: missing.length === 0 && top !== undefined && onTop > 0,
    already: versions.length - missing.length,
  };
}

/** How a copy ended: done, failed in a way that only concerns this version, or its source is gone. */
export type CopyEnd = 'copied' | 'failed' | 'gone';

/**
 * The copies of one key, one after the other: oldest first, so that DR's newest is the source's newest; and the newest once more where
 * something older has come on top of it.
 */
export class KeyQueue {
  readonly #waiting: ObjectVersion[];
  readonly #newest: ObjectVersion | undefined;
  #onTop: ObjectVersion | undefined;
  #isOnceMore = false;

  constructor(plan: KeyPlan) {
    this.#waiting = [...plan.missing];
    this.#newest = plan.newest;
    if (plan.isOutOfOrder && plan.newest) this.#waiting.push(plan.newest);
  }

  /** The version to be copied now; undefined when nothing is left. */
  next(): ObjectVersion | undefined {
    const next = this.#waiting.shift();
    if (next !== undefined || this.#onTop === undefined || this.#newest === undefined) return next;
    if (this.#onTop === this.#newest || this.#isOnceMore) return undefined;
    this.#isOnceMore = true;
    return this.#newest;
  }

  /** Tells how the version that `next` gave has ended. */
  ended(version: ObjectVersion, end: CopyEnd): void {
    if (end === 'copied') this.#onTop = version;
    // A newest that cannot be copied is not tried twice.
    else if (version === this.#newest) this.#isOnceMore = true;
  }
}
