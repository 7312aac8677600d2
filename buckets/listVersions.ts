import { ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { LifeboatError } from '../errors';
import { present } from '../kinds/kind';
import { compareKeys, decodeKey, type KeyVersions, type ObjectVersion } from './objectVersion';

/** A bucket and whose it is: a name is global, and only the owner's id says that it is the one that is meant. */
export interface BucketPlace {
  readonly s3: S3Client;
  readonly bucket: string;
  /** Id of the account that must own it. */
  readonly owner: string;
}

/** An item of a page: a version, or a delete marker. */
interface Item {
  readonly key: string;
  readonly isLatest: boolean;
  readonly version?: ObjectVersion;
}

/**
 * All keys of a bucket in S3's order, each with all of its versions; a page of a thousand is held at a time, whatever the bucket's size.
 * Names come URL-encoded, because XML 1.0 cannot carry all that a key may hold.
 *
 * @param prefix default: the whole bucket
 * @throws LifeboatError when a page says that there is more, and not where; and whatever S3 refuses with
 */
export async function* listVersions(place: BucketPlace, prefix = ''): AsyncGenerator<KeyVersions> {
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  let open: { key: string; versions: ObjectVersion[]; isHidden: boolean } | undefined;
  for (;;) {
    const page = await place.s3.send(
      new ListObjectVersionsCommand({
        Bucket: place.bucket,
        ExpectedBucketOwner: place.owner,
        EncodingType: 'url',
        ...(prefix !== '' && { Prefix: prefix }),
        ...markers,
      }),
    );
    for (const { key, isLatest, version } of itemsOf(page)) {
      if (open?.key !== key) {
        if (open) yield open;
        open = { key, versions: [], isHidden: false };
      }
      if (version) open.versions.push(version);
      else if (isLatest) open.isHidden = true;
    }
    if (!page.IsTruncated) break;
    if (page.NextKeyMarker === undefined) throw shortPage(place.bucket);
    markers = { KeyMarker: decodeKey(page.NextKeyMarker), VersionIdMarker: page.NextVersionIdMarker };
  }
  if (open) yield open;
}

/** Versions and delete markers come as two lists, each in order. Only the top of a key may be a marker that matters. */
function itemsOf(page: {
  Versions?: {
    Key?: string;
    VersionId?: string;
    ETag?: string;
    Size?: number;
    StorageClass?: string;
    LastModified?: Date;
    IsLatest?: boolean;
  }[];
  DeleteMarkers?: { Key?: string; IsLatest?: boolean }[];
}): Item[] {
  const versions = (page.Versions ?? []).map((found): Item => {
    const key = decodeKey(present(found.Key, 'Key'));
    return {
      key,
      isLatest: found.IsLatest === true,
      version: {
        key,
        versionId: present(found.VersionId, 'VersionId'),
        etag: present(found.ETag, 'ETag'),
        size: present(found.Size, 'Size'),
        storageClass: found.StorageClass ?? 'STANDARD',
        lastModified: present(found.LastModified, 'LastModified'),
      },
    };
  });
  const markers = (page.DeleteMarkers ?? []).map(
    ({ Key, IsLatest }): Item => ({ key: decodeKey(present(Key, 'Key')), isLatest: IsLatest === true }),
  );
  if (markers.length === 0) return versions;
  // Array.sort keeps what is equal in its order.
  return [...versions, ...markers].sort((a, b) => compareKeys(a.key, b.key));
}

function shortPage(bucket: string): LifeboatError {
  return new LifeboatError({
    what: `The listing of ${bucket} is not complete`,
    got: 'a page that says that there is more, and not where',
    expected: 'NextKeyMarker',
    next: 'the same command again',
  });
}
