import { GetFunctionCommand, ListFunctionsCommand } from '@aws-sdk/client-cloudfront';
import type { FunctionArgs } from '@pulumi/aws/cloudfront/function';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { cloudFront, filled, markedPages } from './cloudFront';

export interface CloudfrontFunction extends Item {
  /** Whether it was ever published. */
  readonly isLive: boolean;
  readonly comment?: string;
  readonly runtime: string;
  /** The code that distributions run: that of the stage LIVE. Undefined of one that was never published. */
  readonly code?: string;
  /** ARNs of the key value stores that it reads. */
  readonly stores: readonly string[];
}

/** A function that CloudFront runs on each request, as it is published. What is only under development stays in the source. */
export const cloudfrontFunction: Kind<CloudfrontFunction> = {
  name: 'cloudfront-function',
  title: 'CloudFront function',
  cost: 'usage',
  isGlobal: true,
  types: ['aws:cloudfront/function:Function'],
  iamActions: ['cloudfront:GetFunction', 'cloudfront:ListFunctions'],

  async list(account) {
    const client = cloudFront(account);
    const inStage = (Stage: 'DEVELOPMENT' | 'LIVE') =>
      markedPages((Marker) => client.send(new ListFunctionsCommand({ Stage, Marker })), 'FunctionList');
    // Each has the one stage, and the other once it was published.
    const [all, live] = await Promise.all([inStage('DEVELOPMENT'), inStage('LIVE')]);
    const published = new Map(live.map((found) => [found.Name, found]));
    return Promise.all(
      all.map(async (found) => {
        const id = present(found.Name, 'Name');
        const config = present((published.get(id) ?? found).FunctionConfig, 'FunctionConfig');
        return {
          id,
          tags: {},
          isLive: published.has(id),
          comment: filled(config.Comment),
          runtime: present(config.Runtime, 'Runtime'),
          code: published.has(id) ? await liveCode(client, id) : undefined,
          stores: (config.KeyValueStoreAssociations?.Items ?? [])
            .map(({ KeyValueStoreARN }) => present(KeyValueStoreARN, 'KeyValueStoreARN'))
            .sort(),
        };
      }),
    );
  },

  skip(item) {
    if (!item.isLive) return 'it was never published';
    return item.stores.length > 0
      ? `it reads the key value store ${item.stores.join(', ')}, and stores are not mirrored`
      : undefined;
  },

  mirror: (item) =>
    resource<FunctionArgs>('aws:cloudfront/function:Function', {
      name: item.id,
      comment: item.comment,
      runtime: item.runtime,
      code: present(item.code, 'FunctionCode'),
      publish: true,
    }),

  // Names are unique in an account. AWS tags it at its creation, the provider does not.
  identity: (item) => item.id,

  danger(item, former) {
    if (former === undefined) return undefined;
    const changed = [
      item.code !== former.code && 'code',
      item.runtime !== former.runtime && 'runtime',
    ].filter((what) => what !== false);
    return changed.length > 0 ? `runs with another ${changed.join(', ')} than was accepted` : undefined;
  },

  // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html#limits-functions
  quotas: [{ service: 'cloudfront', name: 'CloudFront functions per AWS account', documented: 100 }],
};

function liveCode(client: ReturnType<typeof cloudFront>, Name: string): Promise<string> {
  return perObject(client, async () => {
    const { FunctionCode } = await client.send(new GetFunctionCommand({ Name, Stage: 'LIVE' }));
    return Buffer.from(present(FunctionCode, 'FunctionCode')).toString('utf8');
  });
}
