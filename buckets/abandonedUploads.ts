import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { LifeboatError } from '../errors';
import { present } from '../kinds/kind';
import { roleArns } from '../vault/place';
import type { BucketPlace } from './listVersions';
import { decodeKey } from './objectVersion';

/** Milliseconds after which an upload of ours is abandoned: no session of a role lasts longer than twelve hours. */
const ABANDONED = 24 * 3_600_000;

/**
 * Aborts the uploads in parts that runs of ours began and were killed before they ended: their parts are billed, and no listing of objects or
 * versions shows them. Only those that a role of Lifeboat's began, longer ago than any of its sessions can last. No lifecycle rule does this, for
 * whoever may put one may also expire data; see docs/adr/0020-which-version-is-of-which.md.
 *
 * @param place a bucket of DR
 * @param dr DR's account and region
 * @returns how many were aborted
 * @throws LifeboatError when a page says that there is more, and not where; and whatever S3 refuses with
 */
export async function endAbandonedUploads(
  place: BucketPlace,
  dr: { readonly drAccount: string; readonly drRegion: string },
  now: Date,
): Promise<number> {
  const { run, recover } = roleArns(dr);
  const ours = [run, recover].map(sessionsOf);
  let ended = 0;
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (;;) {
    const page = await place.s3.send(
      new ListMultipartUploadsCommand({
        Bucket: place.bucket,
        ExpectedBucketOwner: place.owner,
        EncodingType: 'url',
        ...markers,
      }),
    );
    for (const { Key, UploadId, Initiated, Initiator } of page.Uploads ?? []) {
      const isOurs = ours.some((start) => Initiator?.ID?.startsWith(start));
      if (!isOurs || now.getTime() - present(Initiated, 'Initiated').getTime() < ABANDONED) continue;
      await place.s3.send(
        new AbortMultipartUploadCommand({
          Bucket: place.bucket,
          Key: decodeKey(present(Key, 'Key')),
          UploadId: present(UploadId, 'UploadId'),
          ExpectedBucketOwner: place.owner,
        }),
      );
      ended += 1;
    }
    if (!page.IsTruncated) return ended;
    if (page.NextKeyMarker === undefined)
      throw new LifeboatError({
        what: `The listing of uploads into ${place.bucket} is not complete`,
        got: 'a page that says that there is more, and not where',
        expected: 'NextKeyMarker',
        next: 'the same command again',
      });
    markers = { KeyMarker: decodeKey(page.NextKeyMarker), UploadIdMarker: page.NextUploadIdMarker };
  }
}

/** How S3 calls whoever begins an upload as a role: by the ARN of his session, `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
function sessionsOf(role: string): string {
  const [, , , , account, path = ''] = role.split(':');
  return `arn:aws:sts::${account}:assumed-role/${path.slice(path.lastIndexOf('/') + 1)}/`;
}
