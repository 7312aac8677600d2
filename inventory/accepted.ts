import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  NoSuchKey,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { VAULT_KEY, vaultNames } from '../names';
import type { Settings } from '../settings';
import { fieldsOf, INVENTORY_VERSION, type Inventory } from './inventory';

const textMap = z.record(z.string(), z.string());
const common = {
  format: z.literal('lifeboat-inventory'),
  account: z.string(),
  region: z.string(),
  zones: textMap,
  kinds: z.record(z.string(), z.array(z.looseObject({ id: z.string(), tags: textMap }))),
};
const inventorySchema = z.looseObject({
  ...common,
  version: z.literal(INVENTORY_VERSION),
  gone: textMap,
  fields: z.record(z.string(), z.array(z.string())),
  vpcs: textMap.optional(),
});
/** Version 1 told the names of what was gone, and not since when, nor which fields its program looked up. */
const inventorySchema1 = z.looseObject({ ...common, version: z.literal(1), gone: z.array(z.string()) });
const versionSchema = z.looseObject({ format: z.literal('lifeboat-inventory'), version: z.number() });

/** Which stack's accepted inventory, and what it must be of. */
export interface AcceptedOf extends Pick<Settings, 'sourceAccount' | 'sourceRegion'> {
  readonly stack: string;
}

/** An accepted inventory as the vault holds it. */
export interface Accepted {
  readonly inventory: Inventory;
  /** Letter by letter. */
  readonly text: string;
  /** S3's name for exactly this content. */
  readonly etag: string;
}

/**
 * Reads an accepted inventory.
 *
 * @param versionId of the object in the vault. Default: the newest
 * @returns undefined when there is none
 * @throws LifeboatError when it is truncated, of a newer version of this program, or of another account or region
 */
export async function readAccepted(
  dr: Account,
  of: AcceptedOf,
  versionId?: string,
): Promise<Accepted | undefined> {
  const Key = VAULT_KEY.inventory(of.stack);
  let found: GetObjectCommandOutput;
  try {
    // A bucket's name is global: one of ours that somebody else has made must not be believed.
    found = await dr.s3.send(
      new GetObjectCommand({ Bucket: bucketOf(dr), Key, VersionId: versionId, ExpectedBucketOwner: dr.id }),
    );
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    if (versionId !== undefined && error instanceof S3ServiceException && isNoVersion(error)) {
      throw new LifeboatError({
        what: 'The accepted inventory has no such version',
        got: versionId,
        expected: 'a version id, not of a deletion',
        next: `npx lifeboat inventory versions --stack ${of.stack}`,
        cause: error,
      });
    }
    throw error;
  }
  const text = (await found.Body?.transformToString()) ?? '';
  return {
    inventory: parseAccepted(text, found.LastModified ?? new Date(0), bucketOf(dr), of),
    text,
    etag: found.ETag ?? '',
  };
}

/**
 * Checks and types the text of an accepted inventory. Pure.
 *
 * @param modified when it was written: what version 1 calls gone was missed then or before
 */
export function parseAccepted(text: string, modified: Date, bucket: string, of: AcceptedOf): Inventory {
  const Key = VAULT_KEY.inventory(of.stack);
  const place = `${bucket}/${Key}`;
  const data = parseRecord(versionSchema, text, place);
  if (data.version > INVENTORY_VERSION) {
    throw new LifeboatError({
      what: `The accepted inventory ${place} is of a newer version of this program`,
      got: String(data.version),
      expected: `${INVENTORY_VERSION} or before`,
      next: 'git pull && npm ci',
    });
  }
  const found =
    data.version === 1 ? upgraded(parseRecord(inventorySchema1, text, place), modified) : undefined;
  const inventory: Inventory = found ?? parseRecord(inventorySchema, text, place);
  for (const [what, setting, expected] of [
    ['account', 'sourceAccount', of.sourceAccount],
    ['region', 'sourceRegion', of.sourceRegion],
  ] as const) {
    if (inventory[what] === expected) continue;
    throw new LifeboatError({
      what: `The accepted inventory ${place} is of another ${what} than the settings say`,
      got: inventory[what],
      expected,
      next: `if the settings are wrong: npm run pulumi -- config set lifeboat:${setting} ${inventory[what]} --stack ${of.stack}; if the object is: aws s3api list-object-versions --bucket ${bucket} --prefix ${Key}`,
    });
  }
  return inventory;
}

function upgraded(found: z.infer<typeof inventorySchema1>, modified: Date): Inventory {
  return {
    ...found,
    version: INVENTORY_VERSION,
    gone: Object.fromEntries(found.gone.map((name) => [name, modified.toISOString()])),
    fields: fieldsOf(found.kinds),
  };
}

/**
 * Reads one of the vault's records.
 *
 * @param place bucket and key, for the error
 * @throws LifeboatError when it is not whole. The error holds none of the text: an inventory has secrets in it
 */
export function parseRecord<T>(schema: z.ZodType<T>, text: string, place: string): T {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw unreadable(place, `the ${text.length} characters of it are not whole JSON`);
  }
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw unreadable(place, `${issue?.path.slice(0, 3).join('.') || 'it'}: ${issue?.code ?? 'malformed'}`);
}

function unreadable(place: string, why: string): LifeboatError {
  const slash = place.indexOf('/');
  return new LifeboatError({
    what: `An object in the vault is damaged: ${place}`,
    got: why,
    expected: 'whole JSON, as a good run wrote it; the bucket keeps earlier versions',
    next: `aws s3api list-object-versions --bucket ${place.slice(0, slash)} --prefix ${place.slice(slash + 1)}`,
  });
}

/** S3 refuses a version that is not there, is no version id at all, or is a deletion, each in its own way. */
function isNoVersion({ name, $metadata }: S3ServiceException): boolean {
  return name === 'NoSuchVersion' || name === 'InvalidArgument' || $metadata.httpStatusCode === 405;
}

/** The name of the bucket that holds an account's accepted inventories. */
export function bucketOf(dr: Account): string {
  return vaultNames(dr.id, dr.region).inventoryBucket;
}
