import type { TargetGroupArgs } from '@pulumi/aws/lb/targetGroup';
import type { MirrorContext } from '../mirrorContext';
import type { TargetGroup } from './targetGroup';

type Attributes = Readonly<Record<string, string>>;
type Part = Partial<TargetGroupArgs>;

/** What AWS gives each group of a sort that the provider sets nothing of: a value that is the same is no loss. */
const DEFAULTS: Attributes = {
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.enabled': 'false',
};

/**
 * What each of AWS's attributes becomes; those that share one argument are all in its list.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
const ARGUMENTS: readonly {
  readonly of: readonly string[];
  readonly args: (all: Attributes) => Part;
}[] = [
  {
    of: ['deregistration_delay.timeout_seconds'],
    args: ({ 'deregistration_delay.timeout_seconds': delay }) => ({ deregistrationDelay: Number(delay) }),
  },
  {
    of: ['deregistration_delay.connection_termination.enabled'],
    // The provider sends no false as it makes a group. Of UDP, where AWS's own value is true, the run after that sets it.
    args: (all) => ({
      connectionTermination: all['deregistration_delay.connection_termination.enabled'] === 'true',
    }),
  },
  {
    of: ['load_balancing.algorithm.type'],
    args: (all) => ({ loadBalancingAlgorithmType: all['load_balancing.algorithm.type'] }),
  },
  {
    of: ['load_balancing.algorithm.anomaly_mitigation'],
    // AWS takes it with the weighted algorithm alone.
    args: (all) =>
      all['load_balancing.algorithm.type'] === 'weighted_random'
        ? { loadBalancingAnomalyMitigation: all['load_balancing.algorithm.anomaly_mitigation'] }
        : {},
  },
  {
    of: ['load_balancing.cross_zone.enabled'],
    args: (all) => ({ loadBalancingCrossZoneEnabled: all['load_balancing.cross_zone.enabled'] }),
  },
  {
    of: ['preserve_client_ip.enabled'],
    args: (all) => ({ preserveClientIp: all['preserve_client_ip.enabled'] }),
  },
  {
    of: ['proxy_protocol_v2.enabled'],
    args: (all) => ({ proxyProtocolV2: all['proxy_protocol_v2.enabled'] === 'true' }),
  },
  {
    of: ['slow_start.duration_seconds'],
    args: (all) => ({ slowStart: Number(all['slow_start.duration_seconds']) }),
  },
  {
    of: [
      'stickiness.enabled',
      'stickiness.type',
      'stickiness.app_cookie.cookie_name',
      'stickiness.app_cookie.duration_seconds',
      'stickiness.lb_cookie.duration_seconds',
    ],
    args: stickiness,
  },
  {
    of: [
      'target_group_health.dns_failover.minimum_healthy_targets.count',
      'target_group_health.dns_failover.minimum_healthy_targets.percentage',
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count',
      'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage',
    ],
    args: health,
  },
  {
    of: [
      'target_health_state.unhealthy.connection_termination.enabled',
      'target_health_state.unhealthy.draining_interval_seconds',
    ],
    // Of other protocols the provider knows neither; AWS has them with TCP and TLS alone.
    args: (all) => ({
      targetHealthStates: [
        {
          enableUnhealthyConnectionTermination:
            all['target_health_state.unhealthy.connection_termination.enabled'] === 'true',
          unhealthyDrainingInterval: Number(
            all['target_health_state.unhealthy.draining_interval_seconds'] ?? '0',
          ),
        },
      ],
    }),
  },
];

/** A group's arguments but for its VPC and tags. An attribute that the provider has no argument for is noted. */
export function targetGroupArgs(item: TargetGroup, ctx: Pick<MirrorContext, 'note'>): Part {
  const { healthCheck: check, attributes } = item;
  // Of a group of load balancers the provider sets no attribute.
  const settable = item.targetType === 'alb' ? [] : ARGUMENTS;
  const known = new Set(settable.flatMap(({ of }) => of));
  for (const [name, value] of Object.entries(attributes))
    if (!known.has(name) && DEFAULTS[name] !== value)
      ctx.note(`leaves out ${name}, which is ${value}: the provider does not set it for this type of group`);
  const parts = settable
    .filter(({ of }) => of.some((name) => name in attributes))
    .map(({ args }) => args(attributes));
  return Object.assign(
    {
      name: item.id,
      targetType: item.targetType,
      protocol: item.protocol,
      protocolVersion: item.protocolVersion,
      port: item.port,
      // Of a group of load balancers it is AWS's to say.
      ipAddressType: item.targetType === 'alb' ? undefined : item.ipAddressType,
      targetControlPort: item.targetControlPort,
      // Without an argument the provider keeps a former one, which an empty text ends: TCP checks have neither.
      healthCheck: { ...check, path: check.path ?? '', matcher: check.matcher ?? '' },
    } satisfies Part,
    ...parts,
  );
}

function stickiness(all: Attributes): Part {
  const type = all['stickiness.type'];
  if (type === undefined) return {};
  const seconds = all[`stickiness.${type === 'app_cookie' ? 'app_cookie' : 'lb_cookie'}.duration_seconds`];
  return {
    stickiness: {
      enabled: all['stickiness.enabled'] === 'true',
      type,
      ...(seconds !== undefined && { cookieDuration: Number(seconds) }),
      ...(type === 'app_cookie' && { cookieName: all['stickiness.app_cookie.cookie_name'] }),
    },
  };
}

function health(all: Attributes): Part {
  const of = (name: string) => all[`target_group_health.${name}`];
  return {
    targetGroupHealth: {
      dnsFailover: {
        minimumHealthyTargetsCount: of('dns_failover.minimum_healthy_targets.count'),
        minimumHealthyTargetsPercentage: of('dns_failover.minimum_healthy_targets.percentage'),
      },
      unhealthyStateRouting: {
        minimumHealthyTargetsCount: Number(
          of('unhealthy_state_routing.minimum_healthy_targets.count') ?? '1',
        ),
        minimumHealthyTargetsPercentage: of('unhealthy_state_routing.minimum_healthy_targets.percentage'),
      },
    },
  };
}
