import { ListTagsForResourcesCommand, Route53Client, type TagResourceType } from '@aws-sdk/client-route-53';
import pLimit, { type LimitFunction } from 'p-limit';
import { type Account, GLOBAL_REGION } from '../../accounts';
import { present, tagRecord } from '../kind';

/** AWS takes five requests a second of an account: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DNSLimitations.html#limits-api-requests */
const AT_ONCE = 5;

/** AWS's limit of one call. */
const TAGGED_AT_ONCE = 10;

const limits = new WeakMap<Route53Client, LimitFunction>();

/** Route 53's client. The service has no regions. */
export function route53(account: Account): Route53Client {
  return account.client(Route53Client, GLOBAL_REGION);
}

/** Makes a call of Route 53, a few of which are under way at once. */
export function fewAtOnce<T>(client: Route53Client, ask: () => Promise<T>): Promise<T> {
  const limit = limits.get(client) ?? pLimit(AT_ONCE);
  limits.set(client, limit);
  return limit(ask);
}

/** The tags of objects of one type, by their ids. */
export async function tagsOf(
  client: Route53Client,
  ResourceType: TagResourceType,
  ids: readonly string[],
): Promise<Map<string, Record<string, string>>> {
  const parts = Array.from({ length: Math.ceil(ids.length / TAGGED_AT_ONCE) }, (_, index) =>
    ids.slice(index * TAGGED_AT_ONCE, (index + 1) * TAGGED_AT_ONCE),
  );
  const answers = await Promise.all(
    parts.map((ResourceIds) =>
      fewAtOnce(client, () => client.send(new ListTagsForResourcesCommand({ ResourceType, ResourceIds }))),
    ),
  );
  return new Map(
    answers
      .flatMap(({ ResourceTagSets }) => present(ResourceTagSets, 'ResourceTagSets'))
      .map(({ ResourceId, Tags }) => [present(ResourceId, 'ResourceId'), tagRecord(Tags)]),
  );
}
