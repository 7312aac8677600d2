import { GetObjectCommand, NoSuchKey, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { VAULT_KEY } from '../names';
import { bucketOf, parseRecord } from './accepted';

const recordSchema = z.object({
  /** When the recovery was begun, ISO 8601. */
  begun: z.iso.datetime(),
  /** `lifeboat:recoverAt` as it was typed; absent when it was not set. */
  asked: z.string().optional(),
  /** The time that it meant then, ISO 8601; absent for the newest of everything. */
  at: z.iso.datetime().optional(),
  /** The version of the accepted inventory that the recovery works from, and when it was written; absent for the newest. */
  inventory: z.object({ versionId: z.string(), time: z.iso.datetime() }).optional(),
});

/** What a recovery was begun with. It holds until stand-down: whatever the clock, the settings or newer inventories say. */
export type RecoveryRecord = z.infer<typeof recordSchema>;

/** Whether a key under `recovery/` is such a record, and not that of a machine. */
export function isRecoveryRecord(key: string): boolean {
  return key.split('/').length === 2;
}

/**
 * Reads it.
 *
 * @returns undefined when no recovery is active, or one that an older program began
 * @throws LifeboatError when it is damaged: another moment must not be chosen instead
 */
export async function readRecoveryRecord(dr: Account, stack: string): Promise<RecoveryRecord | undefined> {
  const Key = VAULT_KEY.recoveryRecord(stack);
  const Bucket = bucketOf(dr);
  try {
    const { Body } = await dr.s3.send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: dr.id }));
    return parseRecord(recordSchema, (await Body?.transformToString()) ?? '', `${Bucket}/${Key}`);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/**
 * Writes it, once.
 *
 * @throws LifeboatError when there is one already
 */
export async function writeRecoveryRecord(dr: Account, stack: string, record: RecoveryRecord): Promise<void> {
  try {
    await dr.s3.send(
      new PutObjectCommand({
        Bucket: bucketOf(dr),
        Key: VAULT_KEY.recoveryRecord(stack),
        ExpectedBucketOwner: dr.id,
        Body: `${JSON.stringify(record, null, 2)}\n`,
        ContentType: 'application/json',
        IfNoneMatch: '*',
      }),
    );
  } catch (cause) {
    const status = cause instanceof S3ServiceException ? cause.$metadata.httpStatusCode : undefined;
    // 409: another write was going on at the same moment.
    if (status !== 412 && status !== 409) throw cause;
    throw new LifeboatError({
      what: 'Another run has begun a recovery of this stack meanwhile, so nothing was changed',
      expected: 'one run at a time',
      next: 'the same command again: it goes on with what that run has chosen',
      cause,
    });
  }
}
