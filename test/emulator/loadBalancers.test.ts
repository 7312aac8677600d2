import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import {
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DeleteSubnetCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { proveNames } from '../e2e/proveNames';
import { Clients, HERE, must, newAccount, newVpc, refusal, useEmulator } from './support';

describe('emulator: load balancers', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;
  let a: string;
  let b: string;

  const client = () => mine.once(elb.ElasticLoadBalancingV2Client);
  const subnet = async (CidrBlock: string, zone: string) => {
    const asked = new CreateSubnetCommand({ VpcId: vpc, CidrBlock, AvailabilityZone: `${HERE}${zone}` });
    return must((await mine.ec2.send(asked)).Subnet?.SubnetId);
  };
  const open = async () => {
    const { InternetGateway } = await mine.ec2.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = InternetGateway?.InternetGatewayId;
    await mine.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpc }));
  };
  const make = async (Name: string, more: Partial<elb.CreateLoadBalancerCommandInput> = {}) => {
    const input = {
      Name,
      Subnets: more.SubnetMappings ? undefined : [a, b],
      Scheme: 'internal' as const,
      ...more,
    };
    return must((await client().send(new elb.CreateLoadBalancerCommand(input))).LoadBalancers?.[0]);
  };
  const group = async (Name: string, more: Partial<elb.CreateTargetGroupCommandInput> = {}) => {
    const input = { Name, Protocol: 'HTTP' as const, Port: 80, VpcId: vpc, ...more };
    return must(
      (await client().send(new elb.CreateTargetGroupCommand(input))).TargetGroups?.[0]?.TargetGroupArn,
    );
  };
  const forward = (TargetGroupArn: string): elb.Action => ({ Type: 'forward', TargetGroupArn });
  const GONE: elb.Action = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } };
  const listen = async (
    LoadBalancerArn: string | undefined,
    more: Partial<elb.CreateListenerCommandInput> = {},
  ) => {
    const input = { LoadBalancerArn, Protocol: 'HTTP' as const, Port: 80, DefaultActions: [GONE], ...more };
    return must((await client().send(new elb.CreateListenerCommand(input))).Listeners?.[0]);
  };
  const rule = async (ListenerArn: string | undefined, Priority: number, more: object = {}) => {
    const Conditions = [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a', '/b'] } }];
    const input = { ListenerArn, Priority, Conditions, Actions: [GONE], ...more };
    return must((await client().send(new elb.CreateRuleCommand(input))).Rules?.[0]);
  };
  const interfaces = async () =>
    (await mine.ec2.send(new DescribeNetworkInterfacesCommand({}))).NetworkInterfaces ?? [];

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    vpc = await newVpc(mine);
    a = await subnet('10.0.1.0/24', 'a');
    b = await subnet('10.0.2.0/24', 'b');
  });

  it('an Application Load Balancer wants two zones, and each one subnet of a zone', async () => {
    const other = await subnet('10.0.3.0/24', 'a');
    expect(await refusal(make('one', { Subnets: [a] }))).to.contain('ValidationError');
    expect(await refusal(make('same', { Subnets: [a, other] }))).to.contain('InvalidConfigurationRequest');
    expect(await refusal(make('none', { Subnets: ['subnet-0'] }))).to.contain('SubnetNotFound');
    const small = await subnet('10.0.4.0/28', 'c');
    const { LoadBalancerArn } = await make('flow', { Subnets: [small], Type: 'network' });
    expect(LoadBalancerArn).to.contain(':loadbalancer/net/flow/');
    expect(await refusal(make('tight', { Subnets: [a, small] }))).to.equal('none');
    for (let each = 0; each < 2; each++) await make(`full-${each}`, { Subnets: [small], Type: 'network' });
    expect(await refusal(make('full', { Subnets: [b, small] }))).to.contain('InvalidSubnet');
  });

  it('one that the internet reaches wants a gateway, and one with IPv6 ranges of it', async () => {
    expect(await refusal(make('web', { Scheme: 'internet-facing' }))).to.contain('InvalidSubnet');
    await open();
    const web = await make('web', { Scheme: 'internet-facing' });
    expect(web).to.include({ Scheme: 'internet-facing', Type: 'application', IpAddressType: 'ipv4' });
    expect(await refusal(make('six', { IpAddressType: 'dualstack' }))).to.contain('InvalidSubnet');
    expect(web.DNSName).to.match(/^web-\d+\.us-east-1\.elb\.amazonaws\.com$/);
  });

  it('a name is used once, by all types, and keeps to AWS’s signs and the quota', async () => {
    await make('web');
    expect(await refusal(make('web', { Type: 'network' }))).to.contain('DuplicateLoadBalancerName');
    for (const name of ['internal-web', '-web', 'web_1', 'w'.repeat(33)])
      expect(await refusal(make(name)), name).to.contain('ValidationError');
    await emulator().config({ quotas: { 'L-53DA6B97': 1 } });
    expect(await refusal(make('more'))).to.contain('TooManyLoadBalancers');
    await emulator().config({ quotas: {} });
  });

  it('groups are of its VPC, and a Network Load Balancer without any gets none later', async () => {
    const made = await mine.ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web', VpcId: vpc }),
    );
    const id = must(made.GroupId);
    expect(await refusal(make('bad', { SecurityGroups: ['sg-0'] }))).to.contain('InvalidSecurityGroup');
    const web = await make('web', { SecurityGroups: [id] });
    expect(web.SecurityGroups).to.deep.equal([id]);
    const flow = await make('flow', { Type: 'network' });
    const set = (LoadBalancerArn: string | undefined) =>
      client().send(new elb.SetSecurityGroupsCommand({ LoadBalancerArn, SecurityGroups: [id] }));
    expect(await refusal(set(flow.LoadBalancerArn))).to.contain('InvalidConfigurationRequest');
  });

  it('addresses are chosen for internal Network Load Balancers alone, and taken while it is there', async () => {
    const SubnetMappings = [{ SubnetId: a, PrivateIPv4Address: '10.0.1.50' }];
    expect(await refusal(make('web', { SubnetMappings: [...SubnetMappings, { SubnetId: b }] }))).to.contain(
      'InvalidConfigurationRequest',
    );
    const flow = await make('flow', { Type: 'network', SubnetMappings });
    expect(flow.AvailabilityZones?.[0]?.LoadBalancerAddresses).to.deep.equal([
      { PrivateIPv4Address: '10.0.1.50' },
    ]);
    expect((await interfaces()).map(({ PrivateIpAddress }) => PrivateIpAddress)).to.deep.equal(['10.0.1.50']);
    expect(await refusal(make('flow2', { Type: 'network', SubnetMappings }))).to.contain('ResourceInUse');
    expect(await refusal(mine.ec2.send(new DeleteSubnetCommand({ SubnetId: a })))).to.contain(
      'DependencyViolation',
    );
    const { LoadBalancerArn } = flow;
    await client().send(new elb.DeleteLoadBalancerCommand({ LoadBalancerArn }));
    expect(await interfaces()).to.deep.equal([]);
    // It succeeds again, as AWS documents.
    await client().send(new elb.DeleteLoadBalancerCommand({ LoadBalancerArn }));
  });

  it('attributes are those of its type, and protection keeps it', async () => {
    const set = (LoadBalancerArn: string | undefined, Key: string, Value: string) =>
      client().send(
        new elb.ModifyLoadBalancerAttributesCommand({ LoadBalancerArn, Attributes: [{ Key, Value }] }),
      );
    const { LoadBalancerArn: web } = await make('web');
    const { LoadBalancerArn: flow } = await make('flow', { Type: 'network' });
    expect(await refusal(set(flow, 'idle_timeout.timeout_seconds', '60'))).to.contain('ValidationError');
    expect(await refusal(set(web, 'idle_timeout.timeout_seconds', '4001'))).to.contain('ValidationError');
    expect(await refusal(set(web, 'load_balancing.cross_zone.enabled', 'false'))).to.contain('InvalidConfig');
    expect(await refusal(set(web, 'nothing', 'true'))).to.contain('ValidationError');
    await set(web, 'deletion_protection.enabled', 'true');
    const remove = () => client().send(new elb.DeleteLoadBalancerCommand({ LoadBalancerArn: web }));
    expect(await refusal(remove())).to.contain('OperationNotPermitted');
    await set(web, 'deletion_protection.enabled', 'false');
    await remove();
    const describe = () =>
      client().send(new elb.DescribeLoadBalancersCommand({ LoadBalancerArns: [web as string] }));
    expect(await refusal(describe())).to.contain('LoadBalancerNotFound');
    expect(await refusal(listen(web))).to.contain('LoadBalancerNotFound');
  });

  it('listens once on a port, by its own protocols, and answers a group under both names', async () => {
    const { LoadBalancerArn: web } = await make('web');
    const { LoadBalancerArn: flow } = await make('flow', { Type: 'network' });
    const one = await group('one');
    const made = await listen(web, { DefaultActions: [forward(one)] });
    expect(made.DefaultActions?.[0]).to.deep.include({
      TargetGroupArn: one,
      ForwardConfig: {
        TargetGroups: [{ TargetGroupArn: one, Weight: 1 }],
        TargetGroupStickinessConfig: { Enabled: false },
      },
    });
    expect(made.SslPolicy).to.equal(undefined);
    expect(await refusal(listen(web))).to.contain('DuplicateListener');
    expect(await refusal(listen(web, { Port: 81, Protocol: 'TCP' }))).to.contain('UnsupportedProtocol');
    expect(await refusal(listen(flow, { Protocol: 'TCP' }))).to.contain('InvalidLoadBalancerAction');
    expect(await refusal(listen(flow, { Protocol: 'TCP', DefaultActions: [forward(one)] }))).to.contain(
      'IncompatibleProtocols',
    );
    const { LoadBalancerArn: other } = await make('other');
    expect(await refusal(listen(other, { DefaultActions: [forward(one)] }))).to.contain(
      'TargetGroupAssociationLimit',
    );
    expect(await refusal(listen(web, { Port: 82, DefaultActions: [forward(`${one}0`)] }))).to.contain(
      'NotFound',
    );
    const remove = new elb.DeleteTargetGroupCommand({ TargetGroupArn: one });
    expect(await refusal(client().send(remove))).to.contain('ResourceInUse');
    await client().send(new elb.DeleteListenerCommand({ ListenerArn: made.ListenerArn }));
    await client().send(remove);
    expect(
      await refusal(client().send(new elb.DeleteListenerCommand({ ListenerArn: made.ListenerArn }))),
    ).to.contain('ListenerNotFound');
    expect(await refusal(rule(made.ListenerArn, 1))).to.contain('ListenerNotFound');
  });

  it('takes a certificate that is issued, and none that is not', async () => {
    const { LoadBalancerArn: web } = await make('web');
    const { CertificateArn = '' } = await mine
      .once(ACMClient)
      .send(new RequestCertificateCommand({ DomainName: 'shop.example.org', ValidationMethod: 'DNS' }));
    const secure = (more: Partial<elb.CreateListenerCommandInput> = {}) =>
      listen(web, { Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn }], ...more });
    expect(await refusal(secure())).to.contain('UnsupportedCertificate');
    await proveNames(mine.config, CertificateArn);
    expect(await refusal(secure({ Certificates: [] }))).to.contain('ValidationError');
    expect(await refusal(secure({ SslPolicy: 'none' }))).to.contain('SSLPolicyNotFound');
    expect(await refusal(secure({ Protocol: 'HTTP' }))).to.contain('ValidationError');
    const Certificates = [{ CertificateArn: `${CertificateArn}0` }];
    expect(await refusal(secure({ Certificates }))).to.contain('CertificateNotFound');
    const made = await secure();
    expect(made).to.deep.include({
      MutualAuthentication: { Mode: 'off' },
      Certificates: [{ CertificateArn }],
    });
    const { ListenerArn } = made;
    const shown = await client().send(new elb.DescribeListenerCertificatesCommand({ ListenerArn }));
    expect(shown.Certificates).to.deep.equal([{ CertificateArn, IsDefault: true }]);
  });

  it('rules have each a priority of their own, and are listed in its order', async () => {
    const { LoadBalancerArn } = await make('web');
    const { ListenerArn } = await listen(LoadBalancerArn);
    await rule(ListenerArn, 20);
    const { RuleArn, Conditions } = await rule(ListenerArn, 3);
    expect(Conditions).to.deep.equal([
      { Field: 'path-pattern', PathPatternConfig: { Values: ['/a', '/b'] }, Values: ['/a', '/b'] },
    ]);
    expect(await refusal(rule(ListenerArn, 3))).to.contain('PriorityInUse');
    expect(await refusal(rule(ListenerArn, 50_001))).to.contain('ValidationError');
    expect(await refusal(rule(ListenerArn, 4, { Conditions: [] }))).to.contain('ValidationError');
    const first = await client().send(new elb.DescribeRulesCommand({ ListenerArn, PageSize: 2 }));
    expect(first.Rules?.map(({ Priority }) => Priority)).to.deep.equal(['3', '20']);
    const rest = await client().send(
      new elb.DescribeRulesCommand({ ListenerArn, PageSize: 2, Marker: first.NextMarker }),
    );
    expect(rest.Rules?.map(({ IsDefault }) => IsDefault)).to.deep.equal([true]);
    await client().send(new elb.DeleteRuleCommand({ RuleArn }));
    expect(await refusal(client().send(new elb.DeleteRuleCommand({ RuleArn })))).to.contain('RuleNotFound');
  });

  it('registers an address on each port, and tells which are in use', async () => {
    const one = await group('one', { TargetType: 'ip' });
    const register = (...Targets: elb.TargetDescription[]) =>
      client().send(new elb.RegisterTargetsCommand({ TargetGroupArn: one, Targets }));
    const health = async () => {
      const asked = new elb.DescribeTargetHealthCommand({ TargetGroupArn: one });
      return (await client().send(asked)).TargetHealthDescriptions ?? [];
    };
    await register({ Id: '10.0.1.9' }, { Id: '10.0.1.9', Port: 81 });
    expect(await refusal(register({ Id: '192.168.7.7' }))).to.contain('ValidationError');
    expect(await refusal(register({ Id: '8.8.8.8', AvailabilityZone: 'all' }))).to.contain('ValidationError');
    await register({ Id: '192.168.7.7', AvailabilityZone: 'all' });
    expect((await health()).map(({ Target }) => Target)).to.deep.equal([
      { Id: '10.0.1.9', Port: 80 },
      { Id: '10.0.1.9', Port: 81 },
      { Id: '192.168.7.7', Port: 80, AvailabilityZone: 'all' },
    ]);
    expect((await health())[0]?.TargetHealth).to.include({ State: 'unused', Reason: 'Target.NotInUse' });
    const { LoadBalancerArn } = await make('web');
    await listen(LoadBalancerArn, { DefaultActions: [forward(one)] });
    expect((await health())[0]?.TargetHealth).to.deep.equal({ State: 'healthy' });
    const machines = await group('two');
    const no = new elb.RegisterTargetsCommand({ TargetGroupArn: machines, Targets: [{ Id: 'i-0123' }] });
    expect(await refusal(client().send(no))).to.contain('InvalidTarget');
  });
});
