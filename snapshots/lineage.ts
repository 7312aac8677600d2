import pLimit from 'p-limit';
import type { Copy } from './catalogue';
import { describedCopy } from './copyDescription';
import type { FoundManifest } from './manifest';
import { recoveryPointsInTime } from './select';

/** How many manifests are read at once. */
const AT_ONCE = 16;

/** What is wrong with what a copy says that it is a copy of. */
export interface LineageProblem {
  /** The copy's id in DR. */
  readonly copy: string;
  readonly what: string;
}

/** Copies whose lineage was held against their manifests, as far as it matters. */
export interface CheckedCopies {
  /** With the manifest's word in the place of the tags'; without those that nothing vouches for. */
  readonly copies: readonly Copy[];
  readonly problems: readonly LineageProblem[];
}

/**
 * Holds copies against what was written down of them once and for all. A copy's description, which AWS lets nobody change,
 * says which snapshot it is of; that snapshot's manifest says of which volume, time and size. Where the tags say
 * otherwise the manifest is believed, and a copy that cannot be tied to a manifest that contradicts it is left out.
 *
 * What is chosen is checked, and what is chosen in its place, until the choice stands; and every copy whose tags say other
 * than its description does.
 *
 * @param choose the copies that matter, of those that it is given
 * @param read a snapshot's manifest; what it throws is thrown
 */
export async function checkedCopies(
  copies: readonly Copy[],
  choose: (copies: readonly Copy[]) => readonly Copy[],
  read: (sourceSnapshotId: string) => Promise<FoundManifest>,
): Promise<CheckedCopies> {
  const limit = pLimit(AT_ONCE);
  const { kept, problems } = withoutUnprovenDoubles(copies);
  const known = new Map(kept.map((copy) => [copy.id, copy]));
  const seen = new Set<string>();
  for (;;) {
    const all = [...known.values()];
    const matter = new Set([...all.filter(isSuspect), ...choose(all)]);
    const chosen = [...matter].filter(({ id }) => !seen.has(id));
    if (chosen.length === 0) return { copies: [...known.values()], problems };
    const judged = await Promise.all(
      chosen.map((copy) =>
        limit(async () => judge(copy, await read(describedSnapshot(copy) ?? copy.sourceSnapshotId))),
      ),
    );
    for (const [index, { copy, what }] of judged.entries()) {
      const id = chosen[index]?.id ?? '';
      seen.add(id);
      if (copy) known.set(id, copy);
      else known.delete(id);
      if (what) problems.push({ copy: id, what });
    }
  }
}

/**
 * The copies that a recovery would read, or would have read but for their tags: the members of each machine's newest
 * recovery point, and of each disk the copy that DR began last.
 *
 * @param disks the source's volume ids, machine by machine, each with when it was attached where that is known
 * @param at the newest point at or before this time. Default: the newest
 */
export function newestMembers(
  disks: readonly ReadonlyMap<string, Date | undefined>[],
  at?: Date,
): (copies: readonly Copy[]) => Copy[] {
  return (copies) => {
    const byVolume = new Map<string, Copy[]>();
    for (const copy of copies) {
      const same = byVolume.get(copy.sourceVolumeId);
      if (same) same.push(copy);
      else byVolume.set(copy.sourceVolumeId, [copy]);
    }
    return disks.flatMap((since) => {
      const volumeIds = [...since.keys()];
      const own = volumeIds.map((volumeId) => byVolume.get(volumeId) ?? []);
      const point = recoveryPointsInTime(volumeIds, own.flat(), since).find(
        ({ time }) => at === undefined || time <= at,
      );
      return [...(point?.copies.values() ?? []), ...own.flatMap(lastBegun)];
    });
  };
}

/** AWS says when a copy was begun, whatever its tags say. */
function lastBegun(copies: readonly Copy[]): Copy[] {
  let last: Copy | undefined;
  for (const copy of copies)
    if (copy.state === 'completed' && copy.begun && !(last?.begun && last.begun >= copy.begun)) last = copy;
  return last ? [last] : [];
}

function isSuspect(copy: Copy): boolean {
  const made = describedCopy(copy.description);
  return (
    copy.state !== 'error' &&
    made !== undefined &&
    (made.snapshotId !== copy.sourceSnapshotId || made.volumeId !== copy.sourceVolumeId)
  );
}

function describedSnapshot({ description }: Copy): string | undefined {
  return describedCopy(description)?.snapshotId;
}

/** Of two copies of one snapshot the one that copy-snapshots did not make could be anything. */
function withoutUnprovenDoubles(copies: readonly Copy[]): { kept: Copy[]; problems: LineageProblem[] } {
  const proven = new Set(copies.flatMap((copy) => describedSnapshot(copy) ?? []));
  const problems: LineageProblem[] = [];
  const kept = copies.filter((copy) => {
    const isUnproven = copy.description !== undefined && describedSnapshot(copy) === undefined;
    if (!isUnproven || !proven.has(copy.sourceSnapshotId)) return true;
    problems.push({
      copy: copy.id,
      what: `claims to be a copy of ${copy.sourceSnapshotId}, which has one, and was not made by copy-snapshots: not believed`,
    });
    return false;
  });
  return { kept, problems };
}

/** A copy as it is to be believed, or nothing; and what is wrong with it. */
function judge(copy: Copy, manifest: FoundManifest): { copy?: Copy; what?: string } {
  if (manifest === 'none' || manifest === 'damaged') {
    const lacks = manifest === 'none' ? 'has no manifest' : 'has a damaged manifest';
    return !isSuspect(copy)
      ? { copy, what: `${lacks}: only its tags say that it is of ${copy.sourceVolumeId}` }
      : {
          what: `${lacks}, and its tags say other than its description does (${copy.description}): not believed`,
        };
  }
  const written = {
    sourceSnapshotId: manifest.sourceSnapshotId,
    sourceVolumeId: manifest.sourceVolumeId,
    sourceTime: new Date(manifest.sourceTime),
  };
  if (copy.size !== manifest.sizeGiB)
    return { what: `has ${copy.size} GiB, and by its manifest ${manifest.sizeGiB} GiB: not believed` };
  const told = (of: Pick<Copy, keyof typeof written>) =>
    `${of.sourceSnapshotId} of ${of.sourceVolumeId} at ${of.sourceTime.toISOString()}`;
  if (told(copy) === told(written)) return { copy };
  const what = `has tags that say ${told(copy)}, and a manifest that says ${told(written)}`;
  return describedCopy(copy.description)
    ? { copy: { ...copy, ...written }, what: `${what}: the manifest is believed` }
    : { what: `${what}, and nothing says that it is its manifest: not believed` };
}
