import { CreateVpcCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Stage } from '../../../scripts/demo/stage';
import type { Subject } from './subject';

type Side = ReturnType<Stage['client']>;

const ATTRIBUTES: Record<string, string> = {
  'deregistration_delay.timeout_seconds': '30',
  'stickiness.enabled': 'true',
  'stickiness.type': 'app_cookie',
  'stickiness.app_cookie.cookie_name': 'session',
  'stickiness.app_cookie.duration_seconds': '600',
  'target_group_health.dns_failover.minimum_healthy_targets.count': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': '50',
};
const CHANGED: Record<string, string> = {
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '7200',
  'load_balancing.algorithm.type': 'weighted_random',
  'load_balancing.algorithm.anomaly_mitigation': 'on',
  'load_balancing.cross_zone.enabled': 'false',
};

/** A group of a web site, and one of plain connections whose health check becomes another. */
export const targetGroups: Subject<Side> = (() => {
  const groups = async (side: Side): Promise<TargetGroup[]> => {
    const { TargetGroups } = await new ElasticLoadBalancingV2Client(side).send(
      new DescribeTargetGroupsCommand({}),
    );
    return [...(TargetGroups ?? [])].sort((a, b) =>
      (a.TargetGroupName ?? '') < (b.TargetGroupName ?? '') ? -1 : 1,
    );
  };
  const set = (side: Side, TargetGroupArn: string | undefined, attributes: Record<string, string>) =>
    new ElasticLoadBalancingV2Client(side).send(
      new ModifyTargetGroupAttributesCommand({
        TargetGroupArn,
        Attributes: Object.entries(attributes).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
  const web = {
    name: 'web',
    type: 'instance',
    protocol: ['HTTP', 'HTTP2', 8080],
    check: ['HTTP', '8081', '/health', '200-299', 15, 4, 2, 4],
    attributes: ATTRIBUTES,
  };
  const flow = {
    name: 'flow',
    type: 'ip',
    protocol: ['TCP', undefined, 5432],
    check: ['HTTP', 'traffic-port', '/', '200-399', 30, 10, 5, 2],
    attributes: {},
  };
  return {
    name: 'target groups',
    async make(source) {
      const { Vpc } = await new EC2Client(source).send(new CreateVpcCommand({ CidrBlock: '10.3.0.0/16' }));
      const client = new ElasticLoadBalancingV2Client(source);
      const made = await client.send(
        new CreateTargetGroupCommand({
          Name: 'web',
          Protocol: 'HTTP',
          ProtocolVersion: 'HTTP2',
          Port: 8080,
          VpcId: Vpc?.VpcId,
          HealthCheckPort: '8081',
          HealthCheckPath: '/health',
          HealthCheckIntervalSeconds: 15,
          HealthCheckTimeoutSeconds: 4,
          HealthyThresholdCount: 2,
          UnhealthyThresholdCount: 4,
          Matcher: { HttpCode: '200-299' },
          Tags: [{ Key: 'team', Value: 'web' }],
        }),
      );
      await set(source, made.TargetGroups?.[0]?.TargetGroupArn, ATTRIBUTES);
      await client.send(
        new CreateTargetGroupCommand({
          Name: 'flow',
          Protocol: 'TCP',
          Port: 5432,
          TargetType: 'ip',
          VpcId: Vpc?.VpcId,
          HealthCheckProtocol: 'HTTP',
        }),
      );
    },
    async change(source) {
      const [plain, site] = await groups(source);
      await set(source, site?.TargetGroupArn, CHANGED);
      await new ElasticLoadBalancingV2Client(source).send(
        new ModifyTargetGroupCommand({
          TargetGroupArn: plain?.TargetGroupArn,
          HealthCheckProtocol: 'TCP',
          HealthyThresholdCount: 3,
        }),
      );
    },
    async remove(source) {
      for (const { TargetGroupArn } of await groups(source))
        await new ElasticLoadBalancingV2Client(source).send(new DeleteTargetGroupCommand({ TargetGroupArn }));
    },
    async read(side) {
      return Promise.all(
        (await groups(side)).map(async (group) => {
          const { Attributes } = await new ElasticLoadBalancingV2Client(side).send(
            new DescribeTargetGroupAttributesCommand({ TargetGroupArn: group.TargetGroupArn }),
          );
          const asked = { ...ATTRIBUTES, ...CHANGED };
          const held = Object.fromEntries(
            (Attributes ?? []).flatMap(({ Key = '', Value }) => (Key in asked ? [[Key, Value]] : [])),
          );
          const isWeb = group.TargetGroupName === 'web';
          return {
            name: group.TargetGroupName,
            type: group.TargetType,
            protocol: [group.Protocol, group.ProtocolVersion, group.Port],
            check: [
              group.HealthCheckProtocol,
              group.HealthCheckPort,
              group.HealthCheckPath,
              group.Matcher?.HttpCode,
              group.HealthCheckIntervalSeconds,
              group.HealthCheckTimeoutSeconds,
              group.HealthyThresholdCount,
              group.UnhealthyThresholdCount,
            ],
            attributes: isWeb
              ? Object.fromEntries(
                  Object.keys(held['stickiness.type'] === 'lb_cookie' ? { ...CHANGED } : ATTRIBUTES).map(
                    (key) => [key, held[key]],
                  ),
                )
              : {},
          };
        }),
      );
    },
    made: [flow, web],
    changed: [
      { ...flow, check: ['TCP', 'traffic-port', undefined, undefined, 30, 10, 3, 2] },
      { ...web, attributes: CHANGED },
    ],
  };
})();
