/** One version of an object, as a listing shows it. */
export interface ObjectVersion {
  readonly key: string;
  /** `null` in a bucket that has no versions. */
  readonly versionId: string;
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  readonly storageClass: string;
  readonly lastModified: Date;
}

/** All versions of one key. */
export interface KeyVersions {
  readonly key: string;
  /** Newest first, as S3 lists them. */
  readonly versions: readonly ObjectVersion[];
  /** Whether a delete marker is on top: reading the key finds nothing then. */
  readonly isHidden: boolean;
}

/**
 * What tells one version from every other of its key. The `null` version of a bucket without versions is written over in place, so what it
 * holds and since when stand for it.
 */
export function identityOf({ versionId, etag, lastModified }: ObjectVersion): string {
  return versionId === 'null' ? `null ${etag} ${lastModified.toISOString()}` : versionId;
}

/**
 * The order of keys in S3's listings: that of their UTF-8 bytes
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html). JavaScript's own is that of UTF-16.
 */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** A key out of a listing with `EncodingType: url`, in which a space is a plus sign. */
export function decodeKey(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** The header `x-amz-copy-source` for one version: every byte of the key that could be taken for something else is written as `%XX`. */
export function copySource(bucket: string, { key, versionId }: ObjectVersion): string {
  const path = key.split('/').map(encode).join('/');
  return `${bucket}/${path}?versionId=${encode(versionId)}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
