import { identityOf, type KeyVersions, type ObjectVersion } from './objectVersion';

/** That a version in DR is of a version in the source. */
export interface Pair {
  readonly key: string;
  /** See identityOf: the source's version. */
  readonly source: string;
  /** When the source's version was written, by the source's S3, ISO 8601. */
  readonly time: string;
  /** Bytes. */
  readonly size: number;
  /** The version id in DR. */
  readonly dr: string;
}

/** That a version was about to be copied. */
export type Planned = Omit<Pair, 'dr'> & {
  /** When that was written down, by S3's clock in DR. */
  readonly at: Date;
};

/** What is written down of one key. */
export interface KeyLineage {
  readonly key: string;
  readonly pairs: readonly Pair[];
  /** What runs that ended in the middle were about to copy, and may have. */
  readonly planned: readonly Planned[];
}

/** What is known of one key, once both sides have been listed. */
export interface KnownKey {
  /** By the source's version: the version in DR that is of it, and whether DR still has that. */
  readonly copies: ReadonlyMap<string, { readonly dr: string; readonly isThere: boolean }>;
  /** By the version in DR: the source's version that it is of. */
  readonly sourceOf: ReadonlyMap<string, string>;
  /** Pairs that were found out just now, to be written down. */
  readonly attributed: readonly Pair[];
}

/** What is about to be copied, to be written down. */
export function plannedOf({ key, ...version }: ObjectVersion): Omit<Pair, 'dr'> {
  return {
    key,
    source: identityOf({ key, ...version }),
    time: version.lastModified.toISOString(),
    size: version.size,
  };
}

/**
 * Which versions in DR are of which in the source. Nothing that anybody in the source can write is asked: pairs come from our own records,
 * replicas from S3, which gives them the version id of their source, and what a run that was ended in the middle had made is found by what
 * it was about to do. That is sure only where one version alone was about to be copied: where records of several runs disagree, nothing is
 * taken for copied, and a copy too many is made rather than one too few. Pure.
 */
export function knownOf(
  source: KeyVersions | undefined,
  dr: KeyVersions | undefined,
  { pairs, planned }: Pick<KeyLineage, 'pairs' | 'planned'>,
): KnownKey {
  const inDr = new Set(dr?.versions.map(({ versionId }) => versionId));
  const copies = new Map<string, { dr: string; isThere: boolean }>();
  const told = new Map<string, string>();
  const note = (of: string, id: string) => {
    told.set(id, of);
    const isThere = inDr.has(id);
    if (isThere || !copies.has(of)) copies.set(of, { dr: id, isThere });
  };
  for (const pair of pairs) note(pair.source, pair.dr);
  for (const { versionId } of source?.versions ?? [])
    if (versionId !== 'null' && inDr.has(versionId)) note(versionId, versionId);
  const open = planned.filter((entry) => !copies.has(entry.source));
  const [first] = open;
  if (first === undefined || open.some((entry) => entry.source !== first.source))
    return { copies, sourceOf: told, attributed: [] };
  const since = Math.min(...open.map(({ at }) => wholeSecond(at)));
  const attributed = (dr?.versions ?? [])
    .filter((version) => !told.has(version.versionId) && version.size === first.size)
    .filter(({ lastModified }) => wholeSecond(lastModified) >= since)
    .map(({ versionId }): Pair => {
      const { key, time, size } = first;
      return { key, source: first.source, time, size, dr: versionId };
    });
  for (const pair of attributed) note(pair.source, pair.dr);
  return { copies, sourceOf: told, attributed };
}

/** Seconds since 1970: S3 gives times in whole ones. */
export const wholeSecond = (time: Date) => Math.floor(time.getTime() / 1_000);
