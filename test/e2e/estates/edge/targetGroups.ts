import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteTargetGroupCommand,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Random } from '../random';
import { comparableTags, type Part, plainTags, type Side } from './part';

const HTTP = ['HTTP', 'HTTPS'];

async function groups(side: Side): Promise<TargetGroup[]> {
  const client = new ElasticLoadBalancingV2Client(side);
  return (await client.send(new DescribeTargetGroupsCommand({}))).TargetGroups ?? [];
}

function randomGroup(random: Random, Name: string, VpcId: string | undefined): CreateTargetGroupCommandInput {
  const Protocol = random.pick(['HTTP', 'HTTPS', 'TCP', 'TLS', 'UDP', 'TCP_UDP'] as const);
  const isHttp = HTTP.includes(Protocol);
  const version = isHttp ? random.pick(['HTTP1', 'HTTP2', 'GRPC']) : undefined;
  return {
    Name,
    Protocol,
    ProtocolVersion: version,
    Port: random.pick([80, 443, 5432, 65535]),
    VpcId,
    TargetType: random.pick(['instance', 'ip'] as const),
    HealthCheckProtocol: isHttp
      ? random.pick(['HTTP', 'HTTPS'] as const)
      : random.pick(['TCP', 'HTTP'] as const),
    HealthCheckPort: random.pick(['traffic-port', '8080']),
    HealthCheckIntervalSeconds: random.pick([15, 30, 300]),
    HealthCheckTimeoutSeconds: random.pick([4, 10]),
    HealthyThresholdCount: random.int(2, 10),
    UnhealthyThresholdCount: random.int(2, 10),
    ...(version === 'GRPC' && { Matcher: { GrpcCode: '0-12' } }),
    Tags: plainTags(random),
  };
}

function attributes(random: Random, group: TargetGroup): Record<string, string> {
  const Protocol: string = group.Protocol ?? '';
  const all = { 'deregistration_delay.timeout_seconds': random.pick(['0', '30', '3600']) };
  if (HTTP.includes(Protocol))
    return {
      ...all,
      'load_balancing.algorithm.type': random.pick(['round_robin', 'least_outstanding_requests']),
      'stickiness.enabled': random.pick(['true', 'false']),
      'stickiness.lb_cookie.duration_seconds': random.pick(['1', '604800']),
      'target_group_health.dns_failover.minimum_healthy_targets.percentage': random.pick(['off', '40']),
    };
  return {
    ...all,
    // Of UDP AWS's own value is true, and the provider sets no false as it makes a group.
    'deregistration_delay.connection_termination.enabled': Protocol.includes('UDP')
      ? 'true'
      : random.pick(['true', 'false']),
    'proxy_protocol_v2.enabled': random.pick(['true', 'false']),
    'load_balancing.cross_zone.enabled': random.pick(['true', 'use_load_balancer_configuration']),
    ...(['TCP', 'TLS'].includes(Protocol) && {
      'target_health_state.unhealthy.connection_termination.enabled': random.pick(['true', 'false']),
    }),
  };
}

function set(side: Side, TargetGroupArn: string | undefined, all: Record<string, string>) {
  const Attributes = Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
  const command = new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes });
  return new ElasticLoadBalancingV2Client(side).send(command);
}

export const targetGroups: Part = {
  name: 'target-group',
  async make(source, random, ids) {
    const client = new ElasticLoadBalancingV2Client(source);
    for (let each = 0; each < 4; each++) {
      const input = randomGroup(random, `group-${each}`, ids.get(`vpc-${random.int(0, 1)}`));
      const { TargetGroups } = await client.send(new CreateTargetGroupCommand(input));
      await set(source, TargetGroups?.[0]?.TargetGroupArn, attributes(random, TargetGroups?.[0] ?? {}));
    }
    await client.send(
      new CreateTargetGroupCommand({ Name: 'functions', TargetType: 'lambda', Tags: plainTags(random) }),
    );
  },
  async change(source, random) {
    const client = new ElasticLoadBalancingV2Client(source);
    const all = (await groups(source)).filter(({ TargetType }) => TargetType !== 'lambda');
    const [gone, ...kept] = random.shuffled(all);
    for (const group of kept) {
      const { TargetGroupArn } = group;
      await set(source, TargetGroupArn, attributes(random, group));
      await client.send(
        new ModifyTargetGroupCommand({ TargetGroupArn, HealthyThresholdCount: random.int(2, 10) }),
      );
      if (TargetGroupArn)
        await client.send(
          new AddTagsCommand({ ResourceArns: [TargetGroupArn], Tags: [{ Key: 'team', Value: 'other' }] }),
        );
    }
    // One is made anew, as something else under the same name.
    await client.send(new DeleteTargetGroupCommand({ TargetGroupArn: gone?.TargetGroupArn }));
    const name = gone?.TargetGroupName ?? '';
    await client.send(new CreateTargetGroupCommand(randomGroup(random, name, gone?.VpcId)));
  },
  async read(side) {
    const client = new ElasticLoadBalancingV2Client(side);
    const found = (await groups(side)).filter(({ TargetType }) => TargetType !== 'lambda');
    const shown = await Promise.all(
      found.map(async (group) => {
        const { TargetGroupArn = '', TargetGroupName = '', VpcId: _, LoadBalancerArns: __, ...same } = group;
        const [held, tags] = await Promise.all([
          client.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn })),
          client.send(new DescribeTagsCommand({ ResourceArns: [TargetGroupArn] })),
        ]);
        const attributes = comparableTags(held.Attributes);
        return [
          TargetGroupName,
          { ...same, attributes, tags: comparableTags(tags.TagDescriptions?.[0]?.Tags) },
        ];
      }),
    );
    return Object.fromEntries(shown);
  },
};
