import { type HealthCheckConfig, paginateListHealthChecks } from '@aws-sdk/client-route-53';
import type { HealthCheckArgs } from '@pulumi/aws/route53/healthCheck';
import type { Account } from '../../accounts';
import { allPages, type Item, type Kind, once, present } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { addressInDr, hostInDr } from './hostInDr';
import { route53, tagsOf } from './route53';

export interface HealthCheck extends Item {
  /** Under AWS's names. */
  readonly config: HealthCheckConfig;
  /** The AWS service that made it, and sees to it. */
  readonly madeBy?: string;
  /** How AWS's reference of one that Lifeboat made begins. */
  readonly reference?: string;
}

const CALCULATED = 'CALCULATED';

/** What the provider allows of a reference, behind which it writes a number of its own. */
const REFERENCE = 27;

/** How DR's is told before it is tagged, by a second call: AWS keeps with it the reference that it was made with. */
const referenceOf = (id: string): string => id.replaceAll('-', '').slice(0, REFERENCE);

function healthCheckKind(
  name: string,
  title: string,
  isOfKind: (item: HealthCheck) => boolean,
): Kind<HealthCheck> {
  return {
    name,
    title,
    cost: 'billed',
    isGlobal: true,
    madeAtRecovery: true,
    types: ['aws:route53/healthCheck:HealthCheck'],
    iamActions: ['route53:ListHealthChecks', 'route53:ListTagsForResources'],

    list: async (account) => (await healthChecks(account)).filter(isOfKind),

    skip(item) {
      if (item.madeBy) return `${item.madeBy} made it, and makes it again where it is used`;
      return item.config.Type === 'RECOVERY_CONTROL'
        ? 'it is a switch of the Application Recovery Controller, which is not mirrored'
        : undefined;
    },

    atRecovery: () => 'a health check, which is billed by the month',

    mirror: (item, ctx) =>
      resource<HealthCheckArgs>(
        'aws:route53/healthCheck:HealthCheck',
        {
          ...healthCheckArgs(item, ctx),
          referenceName: referenceOf(item.id),
          tags: ctx.tags(item),
        },
        // The provider does not read it back, and would replace what it has just taken over.
        ['referenceName'],
      ),

    identity: (item) => item.reference ?? referenceOf(item.id),

    fixed: ({ config }) => [config.Type, config.RequestInterval, config.MeasureLatency],

    // Service Quotas knows Route 53 in us-east-1 alone.
    quotas: [{ service: 'route53', name: 'Health checks', documented: 200 }],
  };
}

/** What a record asks before it answers. AWS bills it by the month, so at rest it is in the inventory alone. */
export const healthCheck = healthCheckKind(
  'health-check',
  'Route 53 health check',
  ({ config }) => config.Type !== CALCULATED,
);

/** One that counts others, which are not of its sort: https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-types.html */
export const calculatedHealthCheck = healthCheckKind(
  'calculated-health-check',
  'Route 53 calculated health check',
  ({ config }) => config.Type === CALCULATED,
);

function healthCheckArgs({ config }: HealthCheck, ctx: MirrorContext): HealthCheckArgs {
  const { AlarmIdentifier: alarm, ChildHealthChecks: children } = config;
  if (alarm && alarm.Region !== ctx.source.region) ctx.skip(`it follows an alarm in ${alarm.Region}`);
  return {
    type: present(config.Type, 'Type'),
    ipAddress: config.IPAddress && addressInDr(config.IPAddress, ctx),
    fqdn: config.FullyQualifiedDomainName && hostInDr(config.FullyQualifiedDomainName, ctx),
    port: config.Port,
    resourcePath: config.ResourcePath,
    searchString: config.SearchString,
    requestInterval: config.RequestInterval,
    failureThreshold: config.FailureThreshold,
    measureLatency: config.MeasureLatency,
    invertHealthcheck: config.Inverted,
    disabled: config.Disabled,
    enableSni: config.EnableSNI,
    regions: config.Regions && [...config.Regions].sort(),
    childHealthThreshold: children && config.HealthThreshold,
    childHealthchecks: children?.map((id) => ctx.ref('health-check', id)),
    insufficientDataHealthStatus: config.InsufficientDataHealthStatus,
    ...(alarm && {
      cloudwatchAlarmName: ctx.ref('metric-alarm', present(alarm.Name, 'Name')),
      cloudwatchAlarmRegion: ctx.dr.region,
    }),
  };
}

/** All of them, asked for once by both kinds. */
function healthChecks(account: Account): Promise<HealthCheck[]> {
  return once(account, 'ListHealthChecks', async () => {
    const client = route53(account);
    const checks = await allPages(paginateListHealthChecks({ client }, {}), (page) => page.HealthChecks);
    const tags = await tagsOf(
      client,
      'healthcheck',
      checks.map(({ Id }) => present(Id, 'Id')),
    );
    const found = checks.map((each) => ({
      each,
      id: present(each.Id, 'Id'),
      // Only the provider's references are of that shape.
      reference: /^([0-9a-f]{27})-/.exec(each.CallerReference ?? '')?.[1],
    }));
    return found.map(({ each, id, reference }) => ({
      id,
      tags: present(tags.get(id), `the tags of ${id}`),
      config: JSON.parse(JSON.stringify(present(each.HealthCheckConfig, 'HealthCheckConfig'))),
      madeBy: each.LinkedService?.ServicePrincipal,
      reference,
    }));
  });
}
