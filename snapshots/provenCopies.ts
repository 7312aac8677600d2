import pLimit from 'p-limit';
import type { Account } from '../accounts';
import { present } from '../kinds/kind';
import { TAG } from '../names';
import { asCopy, type Copy } from './catalogue';
import { copyDescription } from './copyDescription';
import type { OwnCopy } from './copySets';
import { type FoundManifest, readManifest } from './manifest';
import { NO_VOLUME } from './shared';
import { findSnapshots } from './snapshotSearch';

/** Objects read at the same time. */
const READS_AT_ONCE = 20;

/** What DR holds that says it is a copy. */
export interface ProvenCopies {
  /** Those that a manifest in the vault bears out. */
  readonly proven: readonly OwnCopy[];
  /** The others, each with what speaks against it. Nobody but their owner may touch them. */
  readonly foreign: readonly { readonly id: string; readonly why: string }[];
}

/**
 * Every copy in DR, held against the write-once manifests: a tag alone proves nothing about who made a snapshot.
 *
 * @param source whose snapshots they must be of
 * @throws when any page or any manifest cannot be had; one that is not there is no error
 */
export async function provenCopies(
  dr: Account,
  bucket: string,
  source: { readonly account: string; readonly region: string },
): Promise<ProvenCopies> {
  const snapshots = await findSnapshots(dr.ec2, {
    OwnerIds: ['self'],
    Filters: [{ Name: 'tag-key', Values: [TAG.sourceSnapshot] }],
  });
  const describe = ({ sourceSnapshotId, sourceVolumeId }: Copy) =>
    copyDescription(
      { id: sourceSnapshotId, volumeId: sourceVolumeId },
      { id: source.account, region: source.region },
    );
  const proven: OwnCopy[] = [];
  const foreign: { id: string; why: string }[] = [];
  const limit = pLimit(READS_AT_ONCE);
  const manifests = new Map<string, Promise<FoundManifest>>();
  const manifestOf = (id: string) => {
    const read = manifests.get(id) ?? limit(() => readManifest(dr, bucket, id));
    manifests.set(id, read);
    return read;
  };
  await Promise.all(
    snapshots.map(async (snapshot) => {
      const id = present(snapshot.SnapshotId, 'SnapshotId');
      const copy = asCopy(snapshot);
      // Empty: a final snapshot, which is not a copy at all.
      if (copy === '') return;
      const why =
        typeof copy === 'string'
          ? copy
          : !snapshot.VolumeId?.startsWith(NO_VOLUME)
            ? `it was taken of ${snapshot.VolumeId}, and is no copy`
            : snapshot.Description !== describe(copy)
              ? `its description is "${snapshot.Description}", and should be "${describe(copy)}"`
              : contradiction(copy, await manifestOf(copy.sourceSnapshotId), source);
      if (typeof copy === 'string' || why !== undefined) foreign.push({ id, why: why ?? '' });
      else proven.push({ ...copy, startTime: present(snapshot.StartTime, 'StartTime') });
    }),
  );
  return { proven, foreign: foreign.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

/** What a copy's tags say otherwise than its manifest; undefined when they agree. Pure. */
function contradiction(
  copy: Copy,
  manifest: FoundManifest,
  source: { readonly account: string; readonly region: string },
): string | undefined {
  if (manifest === 'none') return `the vault has no manifest of ${copy.sourceSnapshotId}`;
  if (manifest === 'damaged') return `the manifest of ${copy.sourceSnapshotId} is damaged`;
  for (const [what, said, written] of [
    ['account', source.account, manifest.sourceAccount],
    ['region', source.region, manifest.sourceRegion],
    ['snapshot', copy.sourceSnapshotId, manifest.sourceSnapshotId],
    ['volume', copy.sourceVolumeId, manifest.sourceVolumeId],
    ['time', copy.sourceTime.toISOString(), manifest.sourceTime],
  ] as const)
    if (said !== written)
      return `its source's ${what} should be ${said}, and the manifest of ${copy.sourceSnapshotId} says ${written}`;
  return undefined;
}
