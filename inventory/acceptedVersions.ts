import {
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { VAULT_KEY } from '../names';
import { bucketOf } from './accepted';
import { type Inventory, inventoryText } from './inventory';

/** One version of the object, newest first in a list. */
export interface AcceptedVersion {
  readonly versionId: string;
  readonly time: Date;
  /** Whether it says that the object was deleted. */
  readonly isDeletion: boolean;
}

/** All versions of the accepted inventory, newest first. */
export async function acceptedVersions(dr: Account, stack: string): Promise<AcceptedVersion[]> {
  const Key = VAULT_KEY.inventory(stack);
  const versions: AcceptedVersion[] = [];
  let page: ListObjectVersionsCommandOutput | undefined;
  // The SDK has no paginator for this call.
  do {
    page = await dr.s3.send(
      new ListObjectVersionsCommand({
        Bucket: bucketOf(dr),
        Prefix: Key,
        ExpectedBucketOwner: dr.id,
        KeyMarker: page?.NextKeyMarker,
        VersionIdMarker: page?.NextVersionIdMarker,
      }),
    );
    const found = [
      ...(page.Versions ?? []).map((version) => ({ version, isDeletion: false })),
      ...(page.DeleteMarkers ?? []).map((version) => ({ version, isDeletion: true })),
    ];
    for (const { version, isDeletion } of found)
      if (version.Key === Key)
        versions.push({
          versionId: version.VersionId ?? 'null',
          time: version.LastModified ?? new Date(0),
          isDeletion,
        });
  } while (page.IsTruncated);
  return versions.sort((a, b) => Number(b.time) - Number(a.time));
}

/**
 * Puts an inventory into the place of the one that was read.
 *
 * @param etag of the one that was read
 * @throws LifeboatError when another has been written meanwhile
 */
export async function replaceAccepted(
  dr: Account,
  stack: string,
  inventory: Inventory,
  etag: string,
): Promise<void> {
  try {
    await dr.s3.send(
      new PutObjectCommand({
        Bucket: bucketOf(dr),
        ExpectedBucketOwner: dr.id,
        Key: VAULT_KEY.inventory(stack),
        Body: inventoryText(inventory),
        ContentType: 'application/json',
        IfMatch: etag,
      }),
    );
  } catch (cause) {
    const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
    // 409: another write was going on at the same moment. 404: it was deleted.
    if (status !== 412 && status !== 409 && status !== 404) throw cause;
    throw new LifeboatError({
      what: 'The accepted inventory was written by somebody else meanwhile, so nothing was changed',
      expected: 'the one that was read; a run may have ended just now',
      next: 'the same command again',
      cause,
    });
  }
}
