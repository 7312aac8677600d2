import {
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  type Listener,
  type LoadBalancer,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Account } from '../../accounts';
import { allPages, once, present, tagRecord } from '../kind';
import { inParts, perObject } from '../perObject';

/**
 * ARNs that one DescribeTags takes.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html
 */
const TAGS_AT_ONCE = 20;

/** A listener with the name of the load balancer that it is on. */
export interface FoundListener {
  readonly balancer: string;
  readonly listener: Listener;
}

export function loadBalancing(account: Account): ElasticLoadBalancingV2Client {
  return account.client(ElasticLoadBalancingV2Client);
}

export function listTargetGroups(account: Account) {
  return once(account, 'DescribeTargetGroups', () =>
    allPages(
      paginateDescribeTargetGroups({ client: loadBalancing(account) }, {}),
      (page) => page.TargetGroups,
    ),
  );
}

export function listLoadBalancers(account: Account): Promise<LoadBalancer[]> {
  return once(account, 'DescribeLoadBalancers', () =>
    allPages(
      paginateDescribeLoadBalancers({ client: loadBalancing(account) }, {}),
      (page) => page.LoadBalancers,
    ),
  );
}

/** The listeners of Application and Network Load Balancers; a Gateway Load Balancer's has neither port nor protocol. */
export function listListeners(account: Account): Promise<FoundListener[]> {
  return once(account, 'DescribeListeners', async () => {
    const client = loadBalancing(account);
    const balancers = (await listLoadBalancers(account)).filter(({ Type }) => Type !== 'gateway');
    const lists = await Promise.all(
      balancers.map(async ({ LoadBalancerArn, LoadBalancerName }) => {
        const found = await perObject(client, () =>
          allPages(paginateDescribeListeners({ client }, { LoadBalancerArn }), (page) => page.Listeners),
        );
        const balancer = present(LoadBalancerName, 'LoadBalancerName');
        return found.map((listener) => ({ balancer, listener }));
      }),
    );
    return lists.flat();
  });
}

/**
 * The tags of objects of Elastic Load Balancing, in the order of their ARNs.
 *
 * @throws when AWS does not answer for one of them
 */
export async function loadBalancingTags(
  account: Account,
  arns: readonly string[],
): Promise<Record<string, string>[]> {
  const client = loadBalancing(account);
  const parts = await Promise.all(
    inParts(arns, TAGS_AT_ONCE).map(async (ResourceArns) => {
      const { TagDescriptions } = await perObject(client, () =>
        client.send(new DescribeTagsCommand({ ResourceArns })),
      );
      return present(TagDescriptions, 'TagDescriptions').map(
        ({ ResourceArn, Tags }) => [present(ResourceArn, 'ResourceArn'), tagRecord(Tags)] as const,
      );
    }),
  );
  const byArn = new Map(parts.flat());
  return arns.map((arn) => present(byArn.get(arn), `the tags of ${arn}`));
}
