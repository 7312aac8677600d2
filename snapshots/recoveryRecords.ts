import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../accounts';
import { isRecoveryRecord } from '../inventory/recoveryRecord';
import { VAULT_KEY, vaultNames } from '../names';

/** What a final set of snapshots was taken of, and how. */
export const standDownSchema = z.object({
  /** When it was written, ISO 8601. */
  time: z.iso.datetime(),
  /** Whether the machines were stopped before their final snapshots; false after `stand-down --no-stop`. */
  stopped: z.boolean(),
  machines: z.array(
    z.object({
      instance: z.string(),
      source: z.string(),
      name: z.string(),
      /** When it was stopped before its final snapshots, by AWS's clock; absent when it ran on, or AWS does not say. */
      stoppedAt: z.iso.datetime().optional(),
      /** Snapshot ids by disk ids. */
      snapshots: z.record(z.string(), z.string()),
    }),
  ),
});

/** The record by which a run of the program knows that recovered machines may go. */
export type StandDownRecord = z.infer<typeof standDownSchema>;

/** Reads such a record; undefined when it is damaged, which counts as none: stand-down writes it anew from what is there. */
export function parseStandDown(text: string): StandDownRecord | undefined {
  try {
    return standDownSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What the vault says of recoveries, one stack's and the others'. */
export interface RecoveryRecords {
  /** Object keys of this stack's: that of the whole recovery first, then those of machines. */
  readonly keys: readonly string[];
  /** The source's instances that this stack has under recovery. */
  readonly own: ReadonlySet<string>;
  /** The source's instances that only other stacks have under recovery. */
  readonly elsewhere: ReadonlySet<string>;
  /** Undefined when no stand-down was begun, or its record is damaged. */
  readonly standDown: StandDownRecord | undefined;
}

/** Reads them. Throws when any part cannot be had. */
export async function readRecords(dr: Account, stack: string): Promise<RecoveryRecords> {
  const own = VAULT_KEY.recoveryPrefix(stack);
  const everybodys = own.slice(0, own.indexOf('/') + 1);
  const all: string[] = [];
  const at = { Bucket: vaultNames(dr.id, dr.region).inventoryBucket, ExpectedBucketOwner: dr.id };
  for await (const page of paginateListObjectsV2({ client: dr.s3 }, { ...at, Prefix: everybodys }))
    all.push(...(page.Contents ?? []).flatMap(({ Key }) => Key ?? []));
  const keys = all.filter((key) => key.startsWith(own));
  const whole = all.filter((key) => key === VAULT_KEY.recoveryRecord(stack));
  const instanceOf = (key: string) =>
    key
      .split('/')
      .at(-1)
      ?.replace(/\.json$/, '') ?? '';
  const ours = new Set(keys.map(instanceOf));
  const others = all.filter((key) => !key.startsWith(own) && !isRecoveryRecord(key)).map(instanceOf);
  return {
    keys: [...whole, ...keys],
    own: ours,
    elsewhere: new Set(others.filter((id) => !ours.has(id))),
    standDown: await readStandDown(dr, stack),
  };
}

async function readStandDown(dr: Account, stack: string): Promise<StandDownRecord | undefined> {
  const at = { Bucket: vaultNames(dr.id, dr.region).inventoryBucket, ExpectedBucketOwner: dr.id };
  try {
    const { Body } = await dr.s3.send(new GetObjectCommand({ ...at, Key: VAULT_KEY.standDown(stack) }));
    return parseStandDown((await Body?.transformToString()) ?? '');
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** Writes the record that allows the removal. */
export async function writeStandDown(dr: Account, stack: string, record: StandDownRecord): Promise<void> {
  await dr.s3.send(
    new PutObjectCommand({
      Bucket: vaultNames(dr.id, dr.region).inventoryBucket,
      ExpectedBucketOwner: dr.id,
      Key: VAULT_KEY.standDown(stack),
      Body: `${JSON.stringify(record, null, 2)}\n`,
      ContentType: 'application/json',
    }),
  );
}

/**
 * Says that the recovery is over: its records first, the stand-down's last. Of them the whole recovery's goes first: where this ends in the
 * middle, the next recovery must not be as of that moment. The bucket keeps their versions.
 */
export async function deleteRecords(dr: Account, stack: string, keys: readonly string[]): Promise<void> {
  const at = { Bucket: vaultNames(dr.id, dr.region).inventoryBucket, ExpectedBucketOwner: dr.id };
  for (const Key of [...keys, VAULT_KEY.standDown(stack)])
    await dr.s3.send(new DeleteObjectCommand({ ...at, Key }));
}
