import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  paginateListObjectsV2,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { VAULT_KEY, vaultNames } from '../names';
import { parseStandDown, type StandDownRecord, standDownSchema } from '../snapshots/recoveryRecords';
import { type AcceptedOf, parseRecord, readAccepted } from './accepted';
import type { Inventory } from './inventory';
import { type RecoveryRecord, readRecoveryRecord } from './recoveryRecord';

/** A record of a recovery as the vault holds it. */
export const pinSchema = z.object({
  instance: z.string(),
  point: z.string(),
  time: z.string(),
  copies: z.record(z.string(), z.string()),
  /** The machine that stood for the instance before it was moved on to this point, which may go: its final snapshots were taken. */
  moved: standDownSchema.optional(),
  /** The image that somebody named for it, and that it was launched from. */
  image: z
    .object({
      id: z.string(),
      created: z.string().optional(),
      rootSize: z.number().optional(),
      deviceNames: z.array(z.string()).readonly(),
    })
    .optional(),
});

/** Which recovery point a machine was brought up from: the record that a recovery of it is active. */
export type Pin = z.infer<typeof pinSchema>;

/** What the vault knows of one stack. */
export interface VaultRecords {
  /** The inventory that the last good run accepted; undefined before the first. */
  readonly accepted: Inventory | undefined;
  /** Its text, letter by letter. */
  readonly acceptedText: string | undefined;
  /** The machines under recovery, by the source's instance id. */
  readonly pins: ReadonlyMap<string, Pin>;
  /** What the recovery was begun with; undefined when none is active, or an older program began it. */
  readonly recovery: RecoveryRecord | undefined;
  /** Whether a stand-down was begun and not ended; its record may be damaged, or no longer true. */
  readonly standingDown: boolean;
  /** Its record; undefined when there is none, or it is damaged. */
  readonly standDown: StandDownRecord | undefined;
}

/** Whether a recovery was begun and not ended. Pure. */
export function isActive({ pins, recovery }: VaultRecords): boolean {
  return pins.size > 0 || recovery !== undefined;
}

/**
 * Reads what the vault holds for a stack.
 *
 * @param drill the stack of drills whose records of machines are read in the place of those of a recovery. Default: none
 * @throws LifeboatError when the vault is not there or cannot be read, and when a record in it is truncated, of a newer version, or of another account or region
 */
export async function readVault(dr: Account, of: AcceptedOf, drill?: string): Promise<VaultRecords> {
  const bucket = vaultNames(dr.id, dr.region).inventoryBucket;
  const read = (key: string) => readObject(dr, bucket, key);
  try {
    const [accepted, keys, recovery, standDown] = await Promise.all([
      readAccepted(dr, of),
      listKeys(
        dr,
        bucket,
        drill === undefined ? VAULT_KEY.recoveryPrefix(of.stack) : VAULT_KEY.drillRecordPrefix(drill),
      ),
      drill === undefined ? readRecoveryRecord(dr, of.stack) : undefined,
      drill === undefined ? read(VAULT_KEY.standDown(of.stack)) : undefined,
    ]);
    const pins = await Promise.all(
      keys.map(async (key) => parseRecord(pinSchema, (await read(key)) ?? '', `${bucket}/${key}`)),
    );
    return {
      accepted: accepted?.inventory,
      acceptedText: accepted?.text,
      pins: new Map(pins.map((pin) => [pin.instance, pin])),
      recovery,
      standingDown: standDown !== undefined,
      standDown: parseStandDown(standDown ?? ''),
    };
  } catch (cause) {
    if (cause instanceof LifeboatError) throw cause;
    const missing = cause instanceof S3ServiceException && cause.name === 'NoSuchBucket';
    const key = cause instanceof S3ServiceException && cause.name.startsWith('KMS.');
    throw new LifeboatError({
      what: missing
        ? 'The vault is not there'
        : key
          ? "The vault's key, under which it and all copies are, cannot be used"
          : 'The vault could not be read',
      got: `s3://${bucket} in ${dr.id}, ${dr.region}`,
      expected: 'the inventory bucket that vault/ makes, readable by this role',
      next: missing
        ? 'npm run pulumi -- -C vault up'
        : key
          ? `as an administrator of ${dr.id}: aws kms enable-key --region ${dr.region} --key-id …, after aws kms cancel-key-deletion likewise if it is to be deleted`
          : `aws s3 ls s3://${bucket}/`,
      cause,
    });
  }
}

/**
 * Forgets a stand-down that was begun and not ended. A machine that goes on running writes what that stand-down's final
 * snapshots do not hold, so the next one has to take others.
 */
export async function forgetStandDown(dr: Account, stack: string): Promise<void> {
  const Bucket = vaultNames(dr.id, dr.region).inventoryBucket;
  await dr.s3.send(
    new DeleteObjectCommand({ Bucket, Key: VAULT_KEY.standDown(stack), ExpectedBucketOwner: dr.id }),
  );
}

// A bucket's name is global: one of ours that somebody else has made must not be believed.
async function readObject(dr: Account, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await dr.s3.send(new GetObjectCommand({ Bucket, Key, ExpectedBucketOwner: dr.id }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function listKeys(dr: Account, Bucket: string, Prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const page of paginateListObjectsV2(
    { client: dr.s3 },
    { Bucket, Prefix, ExpectedBucketOwner: dr.id },
  ))
    keys.push(...(page.Contents ?? []).flatMap((object) => object.Key ?? []));
  return keys;
}
