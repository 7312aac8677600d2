import { isDeepStrictEqual } from 'node:util';
import * as sdk from '@aws-sdk/client-s3';
import { DR, SOURCE, type Stage } from '../../../../scripts/demo/stage';
import { bucketsOf, makeBucket, setUpOf } from '../../subjects/buckets';
import type { Area } from '../areas';
import { Random } from '../random';
import { type RandomBucket, randomBucket, randomPolicy, type Statement } from './randomBuckets';

/** Each becomes five resources to eight. */
const COUNT = 2;
const OURS = ['preview', 'run', 'recover'].map((name) => `arn:aws:iam::${DR.account}:role/lifeboat-${name}`);

/** Others than the network's own numbers, for the same seed. */
const randomOf = (seed: number, round: number) => new Random(seed * 7 + 900_001 + round);

const bucketsFor = (seed: number): RandomBucket[] => {
  const random = randomOf(seed, 0);
  return Array.from({ length: COUNT }, (_, index) => randomBucket(random, `estate-${seed}-${index}`));
};

/** Buckets with all that people set them up with. */
export const bucketsArea: Area = {
  name: 'buckets',

  async make(stage, seed) {
    for (const bucket of bucketsFor(seed)) {
      await makeBucket(stage.s3(SOURCE), bucket.name);
      await setUp(stage.s3(SOURCE), bucket);
    }
  },

  // Another bucket comes, and of the first one all changes that can.
  async change(stage, seed) {
    const s3 = stage.s3(SOURCE);
    const random = randomOf(seed, 1);
    const [first] = bucketsFor(seed);
    const name = first?.name ?? '';
    const other = randomBucket(random, name);
    await setUp(s3, { ...other, policy: randomPolicy(random, name) });
    if (!other.website) await s3.send(new sdk.DeleteBucketWebsiteCommand({ Bucket: name }));
    if (!other.cors) await s3.send(new sdk.DeleteBucketCorsCommand({ Bucket: name }));
    const added = randomBucket(random, `estate-${seed}-new`);
    await makeBucket(s3, added.name);
    await setUp(s3, added);
  },

  async differences(stage) {
    const [source, dr] = [stage.s3(SOURCE), stage.s3(DR)];
    const theirs = await bucketsOf(source);
    const lines = await Promise.all(theirs.map((name) => differencesOf(stage, name)));
    const wanted = theirs.map((name) => `${name}-${DR.account}`);
    const alone = (await bucketsOf(dr)).filter((name) => !wanted.includes(name));
    return [...lines.flat(), ...alone.map((name) => `bucket/${name}: in DR alone`)];
  },
};

async function setUp(s3: sdk.S3Client, bucket: RandomBucket): Promise<void> {
  const of = { Bucket: bucket.name };
  const TagSet = Object.entries(bucket.tags).map(([Key, Value]) => ({ Key, Value }));
  await s3.send(new sdk.PutBucketTaggingCommand({ ...of, Tagging: { TagSet } }));
  if (bucket.versioning)
    await s3.send(
      new sdk.PutBucketVersioningCommand({ ...of, VersioningConfiguration: { Status: bucket.versioning } }),
    );
  await s3.send(
    new sdk.PutBucketOwnershipControlsCommand({
      ...of,
      OwnershipControls: { Rules: [{ ObjectOwnership: bucket.ownership }] },
    }),
  );
  if (bucket.isOpen) await s3.send(new sdk.DeletePublicAccessBlockCommand(of));
  if (bucket.cors)
    await s3.send(
      new sdk.PutBucketCorsCommand({ ...of, CORSConfiguration: { CORSRules: [...bucket.cors] } }),
    );
  if (bucket.website)
    await s3.send(new sdk.PutBucketWebsiteCommand({ ...of, WebsiteConfiguration: bucket.website }));
  if (bucket.policy) {
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: bucket.policy });
    await s3.send(new sdk.PutBucketPolicyCommand({ ...of, Policy }));
  }
  if (bucket.expiryDays) {
    const rule = {
      ID: 'expiry',
      Status: 'Enabled' as const,
      Filter: { Prefix: '' },
      Expiration: { Days: bucket.expiryDays },
    };
    await s3.send(
      new sdk.PutBucketLifecycleConfigurationCommand({ ...of, LifecycleConfiguration: { Rules: [rule] } }),
    );
  }
}

/** What DR has to show of a bucket, told of what the source shows, against what it shows. */
async function differencesOf(stage: Stage, name: string): Promise<string[]> {
  const mirror = `${name}-${DR.account}`;
  const theirs = await setUpOf(stage.s3(SOURCE), name);
  const ours = await setUpOf(stage.s3(DR), mirror).catch((error: Error) => error.name);
  if (typeof ours === 'string') return [`bucket/${name}: not in DR (${ours})`];
  const carried = Object.entries(theirs.tags).filter(([key]) => !/^(aws|lifeboat):/.test(key));
  const wanted: typeof ours = {
    ...theirs,
    tags: { ...Object.fromEntries(carried), 'lifeboat:source-id': name },
    versioning: 'Enabled',
    ownership: 'BucketOwnerEnforced',
    encryption: [`arn:aws:kms:${DR.region}:${DR.account}:alias/lifeboat-data`, true],
    block: [true, true, true, true],
    lifecycle: undefined,
    policy: theirs.policy?.flatMap((statement: Statement) => inDr(statement, name, mirror)),
  };
  return (Object.keys(wanted) as (keyof typeof wanted)[])
    .filter((field) => !isDeepStrictEqual(sorted(wanted[field]), sorted(ours[field])))
    .map(
      (field) =>
        `bucket/${name} ${field}: ${JSON.stringify(wanted[field])} wanted, ${JSON.stringify(ours[field])} in DR`,
    );
}

/** No order of keys or of a rule's lists counts. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    const parts = value.map(sorted);
    return parts.every((part) => typeof part === 'string') ? parts.sort() : parts;
  }
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

/** A statement as DR is to have it; none for somebody outside. */
function inDr(statement: Statement, name: string, mirror: string): Statement[] {
  const text = JSON.stringify(statement);
  if (text.includes('333333333333')) return [];
  const own: Statement = JSON.parse(
    text.replaceAll(SOURCE.account, DR.account).replaceAll(`:::${name}/`, `:::${mirror}/`),
  );
  if (own.Effect !== 'Deny') return [own];
  return [{ ...own, Condition: { ...own.Condition, ArnNotEquals: { 'aws:PrincipalArn': OURS } } }];
}
