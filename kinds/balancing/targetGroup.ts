import {
  DescribeTargetGroupAttributesCommand,
  type ElasticLoadBalancingV2Client,
  type TargetGroup as Found,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupArgs } from '@pulumi/aws/lb/targetGroup';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { listTargetGroups, loadBalancing, loadBalancingTags } from './loadBalancing';
import { targetGroupArgs } from './targetGroupArgs';

/** A target group, by its name. */
export interface TargetGroup extends Item {
  readonly arn: string;
  /** `instance`, `ip`, `alb` or `lambda`. */
  readonly targetType: string;
  readonly protocol?: string;
  /** `HTTP1`, `HTTP2` or `GRPC`, of HTTP and HTTPS. */
  readonly protocolVersion?: string;
  readonly port?: number;
  readonly vpcId?: string;
  readonly ipAddressType?: string;
  readonly targetControlPort?: number;
  readonly healthCheck: HealthCheck;
  /** By AWS's own names, as AWS writes the values. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** How targets are found healthy. Times are seconds. */
export interface HealthCheck {
  readonly enabled?: boolean;
  readonly protocol?: string;
  readonly port?: string;
  readonly path?: string;
  /** HTTP or gRPC codes. */
  readonly matcher?: string;
  readonly interval?: number;
  readonly timeout?: number;
  readonly healthyThreshold?: number;
  readonly unhealthyThreshold?: number;
}

/** A target group with its attributes and health check. Its targets are a kind of their own, and registered at a recovery. */
export const targetGroup: Kind<TargetGroup> = {
  name: 'target-group',
  title: 'Target group',
  cost: 'free',
  types: ['aws:lb/targetGroup:TargetGroup'],
  iamActions: [
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetGroupAttributes',
    'elasticloadbalancing:DescribeTags',
  ],

  async list(account) {
    const client = loadBalancing(account);
    const groups = await listTargetGroups(account);
    const arns = groups.map(({ TargetGroupArn }) => present(TargetGroupArn, 'TargetGroupArn'));
    const [attributes, tags] = await Promise.all([
      Promise.all(arns.map((arn) => attributesOf(client, arn))),
      loadBalancingTags(account, arns),
    ]);
    return groups.map((found, index) => {
      const arn = present(found.TargetGroupArn, 'TargetGroupArn');
      return {
        id: present(found.TargetGroupName, 'TargetGroupName'),
        tags: present(tags[index], 'Tags'),
        arn,
        targetType: present(found.TargetType, 'TargetType'),
        protocol: found.Protocol,
        protocolVersion: found.ProtocolVersion,
        port: found.Port,
        vpcId: found.VpcId,
        ipAddressType: found.IpAddressType,
        targetControlPort: found.TargetControlPort,
        healthCheck: healthCheckOf(found),
        attributes: attributes[index] ?? {},
      };
    });
  },

  skip({ targetType, protocol }) {
    if (targetType === 'lambda') return 'its targets are Lambda functions, which are not mirrored';
    // AWS takes no tags as it makes one, so that nothing would tell it from another's.
    return protocol === 'GENEVE' ? "it is a Gateway Load Balancer's, which is not mirrored" : undefined;
  },

  mirror: (item, ctx) =>
    resource<TargetGroupArgs>('aws:lb/targetGroup:TargetGroup', {
      ...targetGroupArgs(item, ctx),
      vpcId: ctx.ref('vpc', present(item.vpcId, 'VpcId')),
      tags: ctx.tags(item),
    }),

  // AWS refuses a second group of one name in a region.
  identity: (item) => item.id,
  importId: (item) => item.arn,
  taggedWhenMade: true,

  fixed: (item, _zone, dr) => [
    item.id,
    item.targetType,
    item.protocol,
    item.protocolVersion,
    item.port,
    item.ipAddressType,
    item.targetControlPort,
    item.vpcId && dr.id('vpc', item.vpcId),
  ],

  quotas: [{ service: 'elasticloadbalancing', code: 'L-B22855CB', name: 'Target Groups per Region' }],
};

async function attributesOf(
  client: ElasticLoadBalancingV2Client,
  TargetGroupArn: string,
): Promise<Record<string, string>> {
  const { Attributes } = await perObject(client, () =>
    client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
  );
  return tagRecord(present(Attributes, 'Attributes'));
}

function healthCheckOf(found: Found): HealthCheck {
  return {
    enabled: found.HealthCheckEnabled,
    protocol: found.HealthCheckProtocol,
    port: found.HealthCheckPort,
    path: found.HealthCheckPath,
    matcher: found.Matcher?.GrpcCode ?? found.Matcher?.HttpCode,
    interval: found.HealthCheckIntervalSeconds,
    timeout: found.HealthCheckTimeoutSeconds,
    healthyThreshold: found.HealthyThresholdCount,
    unhealthyThreshold: found.UnhealthyThresholdCount,
  };
}
