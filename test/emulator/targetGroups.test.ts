import {
  AddTagsCommand,
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DescribeTagsCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newVpc, refusal, useEmulator } from './support';

describe('emulator: target groups', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    vpc = await newVpc(mine);
  });

  const client = () => mine.once(ElasticLoadBalancingV2Client);
  const make = async (Name: string, more: Partial<CreateTargetGroupCommandInput> = {}) => {
    const input = { Name, Protocol: 'HTTP', Port: 80, VpcId: vpc, ...more } as CreateTargetGroupCommandInput;
    return must((await client().send(new CreateTargetGroupCommand(input))).TargetGroups?.[0]);
  };
  const attributes = async (TargetGroupArn: string | undefined) => {
    const { Attributes } = await client().send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn }));
    return Object.fromEntries((Attributes ?? []).map(({ Key, Value }) => [Key, Value]));
  };
  const set = (TargetGroupArn: string | undefined, Key: string, Value: string) =>
    client().send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes: [{ Key, Value }] }));

  it('a group of each protocol has the attributes and the health check that AWS gives it', async () => {
    const web = await make('web');
    expect(web).to.deep.include({
      ProtocolVersion: 'HTTP1',
      HealthCheckProtocol: 'HTTP',
      HealthCheckPath: '/',
      Matcher: { HttpCode: '200' },
    });
    expect(await attributes(web.TargetGroupArn)).to.include({
      'stickiness.type': 'lb_cookie',
      'stickiness.lb_cookie.duration_seconds': '86400',
      'load_balancing.algorithm.anomaly_mitigation': 'off',
      'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
    });
    const flow = await make('flow', { Protocol: 'TCP', TargetType: 'ip' });
    expect(flow).to.include({ HealthCheckProtocol: 'TCP', IpAddressType: 'ipv4' });
    expect(flow.HealthCheckPath).to.equal(undefined);
    expect(flow.Matcher).to.equal(undefined);
    expect(await attributes(flow.TargetGroupArn)).to.include({
      'stickiness.type': 'source_ip',
      'preserve_client_ip.enabled': 'false',
      'target_health_state.unhealthy.connection_termination.enabled': 'true',
    });
    const grpc = await make('grpc', { ProtocolVersion: 'GRPC', Matcher: { GrpcCode: '0-5' } });
    expect(grpc).to.deep.include({ HealthCheckPath: '/AWS.ALB/healthcheck', Matcher: { GrpcCode: '0-5' } });
  });

  it('takes only what a group of its protocol has', async () => {
    const { TargetGroupArn: web } = await make('web');
    const { TargetGroupArn: flow } = await make('flow', { Protocol: 'UDP' });
    expect(await refusal(set(web, 'preserve_client_ip.enabled', 'true'))).to.contain('ValidationError');
    expect(await refusal(set(flow, 'preserve_client_ip.enabled', 'false'))).to.contain(
      'InvalidConfiguration',
    );
    expect(await refusal(set(flow, 'slow_start.duration_seconds', '30'))).to.contain('ValidationError');
    expect(await refusal(set(web, 'load_balancing.algorithm.anomaly_mitigation', 'on'))).to.contain(
      'InvalidConfiguration',
    );
    expect(await refusal(set(web, 'deregistration_delay.timeout_seconds', '3600'))).to.equal('none');
    expect(await refusal(make('bad', { ProtocolVersion: 'GRPC', Matcher: { HttpCode: '200' } }))).to.contain(
      'ValidationError',
    );
    expect(await refusal(make('tcp', { Protocol: 'TCP', ProtocolVersion: 'HTTP1' }))).to.contain(
      'ValidationError',
    );
  });

  it('a health check loses its path and codes with a change to TCP', async () => {
    const { TargetGroupArn } = await make('flow', { Protocol: 'TCP', HealthCheckProtocol: 'HTTP' });
    const changed = await client().send(
      new ModifyTargetGroupCommand({ TargetGroupArn, HealthCheckProtocol: 'TCP' }),
    );
    expect(changed.TargetGroups?.[0]).to.include({ HealthCheckProtocol: 'TCP' });
    expect(changed.TargetGroups?.[0]?.Matcher).to.equal(undefined);
    expect(changed.TargetGroups?.[0]?.HealthCheckPath).to.equal(undefined);
  });

  it('are listed in pages, and their tags for 20 at once', async () => {
    const Tags = [{ Key: 'team', Value: 'web' }];
    const arns: string[] = [];
    for (let each = 0; each < 21; each++)
      arns.push(must((await make(`web-${each}`, { Tags })).TargetGroupArn));
    const first = await client().send(new DescribeTargetGroupsCommand({ PageSize: 20 }));
    expect(first.TargetGroups).to.have.length(20);
    const rest = await client().send(
      new DescribeTargetGroupsCommand({ PageSize: 20, Marker: first.NextMarker }),
    );
    expect(rest.TargetGroups).to.have.length(1);
    expect(rest.NextMarker).to.equal(undefined);
    expect(await refusal(client().send(new DescribeTagsCommand({ ResourceArns: arns })))).to.contain(
      'ValidationError',
    );
    const tags = await client().send(new DescribeTagsCommand({ ResourceArns: arns.slice(1) }));
    expect(tags.TagDescriptions).to.have.length(20);
    expect(tags.TagDescriptions?.[0]?.Tags).to.deep.equal(Tags);
  });

  it('a name is used once, and tags keep to AWS’s limits', async () => {
    const { TargetGroupArn } = await make('web');
    expect(await refusal(make('web'))).to.contain('DuplicateTargetGroupName');
    const tag = (Key: string, Value = '') =>
      client().send(new AddTagsCommand({ ResourceArns: [TargetGroupArn as string], Tags: [{ Key, Value }] }));
    expect(await refusal(tag('aws:x'))).to.contain('ValidationError');
    expect(await refusal(tag('x', 'y'.repeat(257)))).to.contain('ValidationError');
    for (let each = 0; each < 50; each++) await tag(`t${each}`);
    expect(await refusal(tag('one-more'))).to.contain('TooManyTags');
    await emulator().config({ quotas: { 'L-B22855CB': 1 } });
    expect(await refusal(make('more'))).to.contain('TooManyTargetGroups');
    await emulator().config({ quotas: {} });
  });
});
