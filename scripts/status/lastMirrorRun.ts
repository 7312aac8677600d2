import { GetObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Account } from '../../accounts';
import { vaultNames } from '../../names';
import { NAMESPACE } from '../../settings';

/** What the engine writes of each update, one that changed nothing too. Times are in seconds. */
const historySchema = z.looseObject({ kind: z.string(), result: z.string(), endTime: z.number() });

/** How many of the newest are read before it is concluded that none of them ended well. */
const LOOKED_AT = 60;

/**
 * When the last run of the mirror that ended well did so, by Pulumi's own history in the vault's state bucket.
 *
 * @param stack `dr`, or `organization/project/dr`
 * @returns undefined when none of the newest 60 did, or there never was one
 */
export async function lastMirrorRun(dr: Account, stack: string): Promise<Date | undefined> {
  const Bucket = vaultNames(dr.id, dr.region).stateBucket;
  const Prefix = `.pulumi/history/${NAMESPACE}/${stack.split('/').at(-1)}/`;
  const found: { key: string; at: bigint }[] = [];
  for await (const page of paginateListObjectsV2(
    { client: dr.s3 },
    { Bucket, Prefix, ExpectedBucketOwner: dr.id },
  )) {
    for (const { Key = '' } of page.Contents ?? []) {
      // The engine can compress its state; our settings never make it do so.
      const [, nanoseconds] = /-(\d+)\.history\.json$/.exec(Key) ?? [];
      if (nanoseconds) found.push({ key: Key, at: BigInt(nanoseconds) });
    }
  }
  found.sort((a, b) => (a.at < b.at ? 1 : -1));
  for (const { key } of found.slice(0, LOOKED_AT)) {
    const { Body } = await dr.s3.send(new GetObjectCommand({ Bucket, Key: key, ExpectedBucketOwner: dr.id }));
    const { kind, result, endTime } = historySchema.parse(
      JSON.parse((await Body?.transformToString()) ?? ''),
    );
    if (kind === 'update' && result === 'succeeded') return new Date(endTime * 1000);
  }
  return undefined;
}
