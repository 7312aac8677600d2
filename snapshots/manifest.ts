import { GetObjectCommand, NoSuchKey, PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { VAULT_KEY } from '../names';
import type { SharedSnapshot } from './shared';

/** What a copy is a copy of, for good: kept apart from the copy, whose tags somebody may change. */
export interface Manifest {
  readonly format: 'lifeboat-copy';
  readonly version: 1;
  readonly sourceAccount: string;
  readonly sourceRegion: string;
  readonly sourceSnapshotId: string;
  readonly sourceVolumeId: string;
  /** ISO 8601. */
  readonly sourceTime: string;
  readonly sizeGiB: number;
  readonly encrypted: boolean;
  /** Every tag of the source's snapshot as it was, those too that a copy cannot carry. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The manifest of a source's snapshot. Pure. */
export function manifestOf(snapshot: SharedSnapshot, source: Pick<Account, 'id' | 'region'>): Manifest {
  return {
    format: 'lifeboat-copy',
    version: 1,
    sourceAccount: source.id,
    sourceRegion: source.region,
    sourceSnapshotId: snapshot.id,
    sourceVolumeId: snapshot.volumeId,
    sourceTime: snapshot.startTime.toISOString(),
    sizeGiB: snapshot.size,
    encrypted: snapshot.encrypted,
    tags: snapshot.tags,
  };
}

/**
 * Writes a snapshot's manifest to the vault, unless it has one: the first word stays.
 *
 * @returns whether this call wrote it; of runs at the same time S3 lets one
 * @throws LifeboatError when it cannot be written
 */
export async function writeManifest(
  dr: Account,
  bucket: string,
  snapshot: SharedSnapshot,
  source: Pick<Account, 'id' | 'region'>,
): Promise<boolean> {
  const key = VAULT_KEY.manifest(snapshot.id);
  const put = new PutObjectCommand({
    Bucket: bucket,
    Key: key,
    Body: `${JSON.stringify(manifestOf(snapshot, source), null, 2)}\n`,
    ContentType: 'application/json',
    ExpectedBucketOwner: dr.id,
    // S3 answers 412 when there is one, and 409 when another writer is just putting one there.
    IfNoneMatch: '*',
  });
  try {
    await dr.s3.send(put);
    return true;
  } catch (cause) {
    const status = (cause as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    if (status === 412 || status === 409) return false;
    throw new LifeboatError({
      what: `The manifest of ${snapshot.id} could not be written, so it is not copied`,
      expected: `the right to put s3://${bucket}/${key}`,
      next: 'check the role that runs copy-snapshots, then run it again: what is copied already stays so',
      cause,
    });
  }
}

const manifestSchema = z.object({
  format: z.literal('lifeboat-copy'),
  version: z.literal(1),
  sourceAccount: z.string(),
  sourceRegion: z.string(),
  sourceSnapshotId: z.string(),
  sourceVolumeId: z.string(),
  sourceTime: z.iso.datetime(),
  sizeGiB: z.number(),
  encrypted: z.boolean(),
  tags: z.record(z.string(), z.string()),
});

/** S3's words for an object that is there and that it does not give. */
const UNREADABLE = /^(InvalidObjectState|KMS\..+)$/;

/** What the vault holds of one snapshot: its manifest, none, or an object that is no manifest of it, or cannot be had. */
export type FoundManifest = Manifest | 'none' | 'damaged';

/**
 * Reads a snapshot's manifest.
 *
 * @throws when S3 does not answer, for that says nothing of the manifest
 */
export async function readManifest(
  dr: Pick<Account, 'id' | 's3'>,
  bucket: string,
  sourceSnapshotId: string,
): Promise<FoundManifest> {
  const Key = VAULT_KEY.manifest(sourceSnapshotId);
  let text: string;
  try {
    const { Body } = await dr.s3.send(
      new GetObjectCommand({ Bucket: bucket, Key, ExpectedBucketOwner: dr.id }),
    );
    text = (await Body?.transformToString()) ?? '';
  } catch (error) {
    if (error instanceof NoSuchKey) return 'none';
    // Archived, or under a key that nobody has any more. One such object must not keep all machines from being recovered.
    if (UNREADABLE.test((error as Error).name)) return 'damaged';
    throw error;
  }
  try {
    const found = manifestSchema.parse(JSON.parse(text));
    return found.sourceSnapshotId === sourceSnapshotId ? found : 'damaged';
  } catch {
    return 'damaged';
  }
}

/** The source's snapshots that have a manifest, by its name alone: a call for each thousand of them. */
export async function manifestIds(dr: Pick<Account, 'id' | 's3'>, bucket: string): Promise<Set<string>> {
  const Prefix = VAULT_KEY.manifestPrefix;
  const ids = new Set<string>();
  for await (const page of paginateListObjectsV2(
    { client: dr.s3 },
    { Bucket: bucket, Prefix, ExpectedBucketOwner: dr.id },
  )) {
    for (const { Key = '' } of page.Contents ?? []) {
      const id = Key.slice(Prefix.length).replace(/\.json$/, '');
      if (Key === VAULT_KEY.manifest(id)) ids.add(id);
    }
  }
  return ids;
}
