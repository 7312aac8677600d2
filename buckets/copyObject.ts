import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  type S3Client,
  type StorageClass,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { present } from '../kinds/kind';
import { copySource, type ObjectVersion } from './objectVersion';

const GIB = 1024 ** 3;
/** AWS's limit of one CopyObject (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
const LARGEST_COPY = 5 * GIB;
/** AWS's limit of parts (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html). */
const MOST_PARTS = 10_000;
const PART = GIB / 2;

/** From where to where. Both calls go to the bucket that is written, by one principal that may read the other. */
export interface CopyRoute {
  /** S3 where the target is. */
  readonly s3: S3Client;
  /** S3 where the source is, for what a copy in parts must be told anew. */
  readonly sourceS3: S3Client;
  readonly from: { readonly bucket: string; readonly owner: string };
  readonly to: { readonly bucket: string; readonly owner: string };
  /** Parts of one object that are copied at once. */
  readonly partsAtOnce: number;
  /** Bytes from which an object is copied in parts. Default: 5 GiB, which one copy can still do. */
  readonly inPartsAbove?: number;
  /** Bytes of a part. Default: 512 MiB, more where that would be over 10,000 parts. */
  readonly part?: number;
}

/**
 * Copies one version on the server's side, with its metadata, headers, tags and storage class, under the key that the target's bucket is
 * set to. Nothing of it comes here. ACLs, object locks and website redirects do not go along.
 *
 * @returns the version id of the copy
 * @throws what S3 refuses with
 */
export async function copyObject(version: ObjectVersion, route: CopyRoute): Promise<string> {
  const { to, from } = route;
  if (version.size > (route.inPartsAbove ?? LARGEST_COPY)) return copyInParts(version, route);
  const { VersionId } = await route.s3.send(
    new CopyObjectCommand({
      Bucket: to.bucket,
      Key: version.key,
      ExpectedBucketOwner: to.owner,
      CopySource: copySource(from.bucket, version),
      ExpectedSourceBucketOwner: from.owner,
      // A null version may have been written over since it was listed.
      CopySourceIfMatch: version.etag,
      StorageClass: version.storageClass as StorageClass,
    }),
  );
  return present(VersionId, 'VersionId');
}

/** The ranges of the parts of an object, from 0, both ends in it. Pure. */
export function partRanges(size: number, part = PART): { first: number; last: number }[] {
  const length = Math.max(part, Math.ceil(size / MOST_PARTS));
  return Array.from({ length: Math.ceil(size / length) }, (_, index) => ({
    first: index * length,
    last: Math.min(size, (index + 1) * length) - 1,
  }));
}

async function copyInParts(version: ObjectVersion, route: CopyRoute): Promise<string> {
  const { s3, to } = route;
  const target = { Bucket: to.bucket, Key: version.key, ExpectedBucketOwner: to.owner };
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ ...target, ...(await described(version, route)) }),
  );
  const upload = { ...target, UploadId };
  try {
    const Parts = await copyParts(version, upload, route);
    const { VersionId } = await s3.send(
      new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }),
    );
    return present(VersionId, 'VersionId');
  } catch (error) {
    // What was copied is billed until somebody says so. Where that fails too the next run finds it: see abandonedUploads.ts.
    await s3.send(new AbortMultipartUploadCommand(upload)).catch(() => undefined);
    throw error;
  }
}

/** Copies all parts. @throws what the first of them failed with, once none is under way any more: one that ends later would be billed */
async function copyParts(
  version: ObjectVersion,
  upload: { Bucket: string; Key: string; ExpectedBucketOwner: string; UploadId: string | undefined },
  { s3, from, partsAtOnce, part: length }: CopyRoute,
): Promise<CompletedPart[]> {
  const limit = pLimit({ concurrency: partsAtOnce, rejectOnClear: true });
  let first: { readonly error: unknown } | undefined;
  const settled = await Promise.allSettled(
    partRanges(version.size, length).map((range, index) =>
      limit(async () => {
        try {
          const { CopyPartResult } = await s3.send(
            new UploadPartCopyCommand({
              ...upload,
              PartNumber: index + 1,
              CopySource: copySource(from.bucket, version),
              CopySourceRange: `bytes=${range.first}-${range.last}`,
              ExpectedSourceBucketOwner: from.owner,
              CopySourceIfMatch: version.etag,
            }),
          );
          const { LastModified: _, ...part } = CopyPartResult ?? {};
          return { ...part, PartNumber: index + 1 };
        } catch (error) {
          first ??= { error };
          limit.clearQueue();
          throw error;
        }
      }),
    ),
  );
  if (first) throw first.error;
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** What one copy takes along by itself, and a copy in parts must be told. */
async function described({ key, versionId, storageClass }: ObjectVersion, { sourceS3, from }: CopyRoute) {
  const of = { Bucket: from.bucket, Key: key, VersionId: versionId, ExpectedBucketOwner: from.owner };
  const head = await sourceS3.send(new HeadObjectCommand(of));
  const { TagSet = [] } = await sourceS3.send(new GetObjectTaggingCommand(of));
  const tags = new URLSearchParams(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  return {
    CacheControl: head.CacheControl,
    ContentDisposition: head.ContentDisposition,
    ContentEncoding: head.ContentEncoding,
    ContentLanguage: head.ContentLanguage,
    ContentType: head.ContentType,
    Expires: head.Expires,
    Metadata: head.Metadata,
    StorageClass: storageClass as StorageClass,
    ...(TagSet.length > 0 && { Tagging: tags.toString() }),
  };
}
