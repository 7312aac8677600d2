import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../../accounts';
import { bucketOf, parseRecord } from '../../inventory/accepted';
import { VAULT_KEY } from '../../names';

/** What status says of a drill. Reports of later versions may have more. */
const drillSchema = z.looseObject({
  format: z.literal('lifeboat-drill'),
  id: z.string(),
  begun: z.string(),
  recoverSeconds: z.number().optional(),
  machines: z.array(z.looseObject({ name: z.string(), outcome: z.string() })),
  left: z.array(z.string()),
});

/** The newest drill of a stack. */
export interface LastDrill {
  readonly id: string;
  readonly begun: Date;
  /** The measured time to recover, in seconds; undefined where not all machines came up. */
  readonly recoverSeconds?: number;
  readonly machines: number;
  /** Names of those that did not come up. */
  readonly failed: readonly string[];
  /** How many things it left behind. */
  readonly left: number;
}

/**
 * Reads the newest report of a drill in the vault.
 *
 * @returns undefined when there was none
 * @throws LifeboatError when it is damaged
 */
export async function lastDrill(dr: Account, stack: string): Promise<LastDrill | undefined> {
  const Bucket = bucketOf(dr);
  const at = { Bucket, ExpectedBucketOwner: dr.id };
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: dr.s3 },
    { ...at, Prefix: VAULT_KEY.drillPrefix(stack) },
  ))
    keys.push(...Contents.flatMap(({ Key = '' }) => (Key.endsWith('.json') ? Key : [])));
  // An id begins with the time.
  const Key = keys.sort().at(-1);
  if (Key === undefined) return undefined;
  const { Body } = await dr.s3.send(new GetObjectCommand({ ...at, Key }));
  const text = (await Body?.transformToString()) ?? '';
  const { id, begun, recoverSeconds, machines, left } = parseRecord(drillSchema, text, `${Bucket}/${Key}`);
  return {
    id,
    begun: new Date(begun),
    ...(recoverSeconds !== undefined && { recoverSeconds }),
    machines: machines.length,
    failed: machines.filter(({ outcome }) => outcome !== 'ready').map(({ name }) => name),
    left: left.length,
  };
}
