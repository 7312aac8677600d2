import { type HealthCheckConfig, paginateListHealthChecks } from '@aws-sdk/client-route-53';
import { allPages, type Item, type Kind, present } from './kind';
import { route53, tagsOf } from './route53';

export interface HealthCheck extends Item {
  /** Under AWS's names. */
  readonly config: HealthCheckConfig;
  /** The AWS service that made it, and sees to it. */
  readonly madeBy?: string;
}

/** What a record asks before it answers. AWS bills it by the month, so at rest it is in the inventory alone. */
export const healthCheck: Kind<HealthCheck> = {
  name: 'health-check',
  title: 'Route 53 health check',
  cost: 'billed',
  isGlobal: true,
  types: [],
  iamActions: ['route53:ListHealthChecks', 'route53:ListTagsForResources'],

  async list(account) {
    const client = route53(account);
    const checks = await allPages(paginateListHealthChecks({ client }, {}), (page) => page.HealthChecks);
    const tags = await tagsOf(
      client,
      'healthcheck',
      checks.map(({ Id }) => present(Id, 'Id')),
    );
    return checks.map((found) => {
      const id = present(found.Id, 'Id');
      return {
        id,
        tags: present(tags.get(id), `the tags of ${id}`),
        config: JSON.parse(JSON.stringify(present(found.HealthCheckConfig, 'HealthCheckConfig'))),
        madeBy: found.LinkedService?.ServicePrincipal,
      };
    });
  },

  skip: (item) => (item.madeBy ? `${item.madeBy} made it, and makes it again where it is used` : undefined),

  atRecovery: () => 'a health check, which is billed by the month',
};
