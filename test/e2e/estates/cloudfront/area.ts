import * as sdk from '@aws-sdk/client-cloudfront';
import { present } from '../../../../kinds/kind';
import { DR, SOURCE, type Stage } from '../../../../scripts/demo/stage';
import { makeBucket } from '../../subjects/buckets';
import { cloudFrontOf, SITE_BUCKETS } from '../../subjects/cloudfront';
import { readCloudFront } from '../../subjects/cloudfrontRead';
import type { Area } from '../areas';
import { Random } from '../random';
import { forged } from '../randomTags';
import { randomDistribution } from './randomDistribution';
import { makeUsed, randomCachePolicy, type Used } from './randomPolicies';

/** Words that AWS takes in tags of CloudFront: letters, numbers, spaces and `_.:/=+-@`. */
const TAGS = [
  { Key: 'team', Value: 'shop' },
  { Key: 'cost centre', Value: '4711' },
  { Key: 'équipe', Value: 'données' },
  { Key: 'a/b:c=d@e', Value: '' },
];

function tags(random: Random): sdk.Tag[] {
  const others = random.chance(0.3) ? Object.entries(forged(random)) : [];
  return [...random.some(TAGS, 0, 3), ...others.map(([Key, Value]) => ({ Key, Value }))];
}

/** Of estates by their seeds: what was made. */
const made = new Map<number, { used: Used; sites: string[] }>();

/** One or two distributions, and what they use: twelve objects at most. */
export const cloudfrontArea: Area = {
  name: 'CloudFront',

  async make(stage: Stage, seed: number) {
    const client = cloudFrontOf(stage, SOURCE);
    const random = new Random(seed + 9_000);
    for (const name of SITE_BUCKETS) await makeBucket(stage.s3(SOURCE), name);
    const used = await makeUsed(client, random);
    const sites: string[] = [];
    for (let index = 0; index < random.int(1, 2); index += 1) {
      const { Distribution } = await client.send(
        new sdk.CreateDistributionWithTagsCommand({
          DistributionConfigWithTags: {
            DistributionConfig: randomDistribution(random, used, `site ${index}`),
            Tags: { Items: tags(random) },
          },
        }),
      );
      sites.push(present(Distribution?.Id, 'Id'));
    }
    made.set(seed, { used, sites });
  },

  async change(stage: Stage, seed: number) {
    const client = cloudFrontOf(stage, SOURCE);
    const random = new Random(seed + 90_000);
    const { used, sites } = present(made.get(seed), 'what was made');
    for (const Id of sites) {
      const { DistributionConfig: now, ETag } = await client.send(
        new sdk.GetDistributionConfigCommand({ Id }),
      );
      const DistributionConfig = randomDistribution(random, used, present(now?.CallerReference, 'reference'));
      await client.send(new sdk.UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig }));
      const Resource = `arn:aws:cloudfront::${SOURCE.account}:distribution/${Id}`;
      await client.send(
        new sdk.TagResourceCommand({ Resource, Tags: { Items: [{ Key: 'changed', Value: 'yes' }] } }),
      );
      await client.send(new sdk.UntagResourceCommand({ Resource, TagKeys: { Items: ['team'] } }));
    }
    const [Id = ''] = used.caches;
    const { CachePolicy, ETag } = await client.send(new sdk.GetCachePolicyCommand({ Id }));
    const name = present(CachePolicy?.CachePolicyConfig?.Name, 'Name');
    await client.send(
      new sdk.UpdateCachePolicyCommand({
        Id,
        IfMatch: ETag,
        CachePolicyConfig: randomCachePolicy(random, name),
      }),
    );
  },

  async differences(stage: Stage) {
    const [source, dr] = await Promise.all([
      readCloudFront(cloudFrontOf(stage, SOURCE)),
      readCloudFront(cloudFrontOf(stage, DR)),
    ]);
    const [expected, found] = [new Set(lines(atRest(source))), new Set(lines(dr))];
    return [
      ...[...expected].filter((line) => !found.has(line)).map((line) => `CloudFront: DR lacks ${line}`),
      ...[...found].filter((line) => !expected.has(line)).map((line) => `CloudFront: only DR has ${line}`),
    ];
  },
};

type Read = Awaited<ReturnType<typeof readCloudFront>>;

/** The source's as DR is to have it while it waits: disabled, on DR's buckets, without what is not mirrored. */
function atRest(read: Read): Read {
  const text = JSON.stringify(read).replace(
    /"([a-z]+)\.s3(?:\.eu-west-1)?\.amazonaws\.com"/g,
    `"$1-${DR.account}.s3.${DR.region}.amazonaws.com"`,
  );
  const moved: Read = JSON.parse(text);
  for (const { config } of moved.sites) {
    const site = config as Record<string, unknown> & {
      DefaultCacheBehavior: object;
      CacheBehaviors: { Items?: object[] };
    };
    Object.assign(site, { Enabled: false, WebACLId: '' });
    for (const behavior of [site.DefaultCacheBehavior, ...(site.CacheBehaviors.Items ?? [])])
      Object.assign(behavior, { LambdaFunctionAssociations: { Quantity: 0 } });
  }
  return moved;
}

/** A line for each value, with its path. Sites have no name of their own, and go by their comments, hosts and all. */
function lines(read: Read): string[] {
  const found: string[] = [];
  const visit = (value: unknown, path: string): void => {
    if (value !== null && typeof value === 'object')
      for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`);
    // An empty list is the same as none.
    else if (value !== 0 || !path.endsWith('.Quantity')) found.push(`${path} ${JSON.stringify(value)}`);
  };
  for (const [kind, all] of Object.entries(read))
    [...(all as unknown[])]
      .map((each) => JSON.stringify(each))
      .sort()
      .forEach((each, index) => {
        visit(JSON.parse(each), `${kind} ${index}`);
      });
  return found;
}
