import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { present } from '../../kinds/kind';
import type { Estate } from '../../scripts/demo/estate';
import { SOURCE, type Stage } from '../../scripts/demo/stage';
import { proveNames } from './proveNames';

async function request(stage: Stage, DomainName: string): Promise<string> {
  const config = stage.client(SOURCE);
  const asked = new RequestCertificateCommand({ DomainName, ValidationMethod: 'DNS' });
  const { CertificateArn = '' } = await new ACMClient(config).send(asked);
  await proveNames(config, CertificateArn);
  return CertificateArn;
}

/**
 * The load balancers of the source's shop: two, with five listeners of which one asks who people are and one is under a certificate that DR's
 * people do not prove, three rules of which one asks who people are, four targets, and what names them in DNS and in an alarm.
 */
export async function makeBalanced(stage: Stage, estate: Estate): Promise<void> {
  const config = stage.client(SOURCE);
  const client = new elb.ElasticLoadBalancingV2Client(config);
  const dns = new Route53Client({ ...config, region: 'us-east-1' });
  const { subnets, groups, instances, vpcs } = estate;
  const group = async (Name: string, more: Partial<elb.CreateTargetGroupCommandInput> = {}) => {
    const input = { Name, Protocol: 'HTTP' as const, Port: 80, VpcId: vpcs.shop, ...more };
    const { TargetGroups } = await client.send(new elb.CreateTargetGroupCommand(input));
    return present(TargetGroups?.[0]?.TargetGroupArn, 'TargetGroupArn');
  };
  const register = (TargetGroupArn: string, ...Targets: elb.TargetDescription[]) =>
    client.send(new elb.RegisterTargetsCommand({ TargetGroupArn, Targets }));
  const make = async (input: elb.CreateLoadBalancerCommandInput) => {
    const { LoadBalancers } = await client.send(new elb.CreateLoadBalancerCommand(input));
    return present(LoadBalancers?.[0], 'LoadBalancer');
  };
  const listen = async (input: elb.CreateListenerCommandInput) =>
    present((await client.send(new elb.CreateListenerCommand(input))).Listeners?.[0]?.ListenerArn, 'arn');
  const web = await group('shop-web');
  const app = await group('shop-app');
  const base = await group('shop-db', { Protocol: 'TCP', Port: 5432, TargetType: 'ip' });
  await register(web, { Id: present(instances['SHOP-WEB'], 'SHOP-WEB') });
  await register(
    app,
    { Id: present(instances['SHOP-APP'], 'SHOP-APP'), Port: 8080 },
    { Id: present(instances['SHOP-APP'], 'SHOP-APP'), Port: 8081 },
  );
  await register(base, { Id: '10.10.3.30' });
  const shop = await make({
    Name: 'shop',
    Scheme: 'internet-facing',
    Subnets: [subnets['shop-a'], subnets['shop-b'], subnets['shop-c']],
    SecurityGroups: [groups.web],
    Tags: [{ Key: 'team', Value: 'shop' }],
  });
  await client.send(
    new elb.ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: shop.LoadBalancerArn,
      Attributes: [
        { Key: 'idle_timeout.timeout_seconds', Value: '120' },
        { Key: 'deletion_protection.enabled', Value: 'true' },
      ],
    }),
  );
  const flow = await make({
    Name: 'shop-flow',
    Type: 'network',
    Scheme: 'internal',
    SubnetMappings: [{ SubnetId: subnets['shop-b'], PrivateIPv4Address: '10.10.2.200' }],
  });
  const forward = (TargetGroupArn: string): elb.Action => ({ Type: 'forward', TargetGroupArn });
  const LoadBalancerArn = shop.LoadBalancerArn;
  const StatusCode = elb.RedirectActionStatusCodeEnum.HTTP_301;
  await listen({
    LoadBalancerArn,
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode } }],
  });
  const under = async (name: string) => ({
    LoadBalancerArn,
    Protocol: 'HTTPS' as const,
    Certificates: [{ CertificateArn: await request(stage, name) }],
    SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
  });
  const secure = await under('shop.example.org');
  const ListenerArn = await listen({ ...secure, Port: 443, DefaultActions: [forward(web)] });
  await client.send(
    new elb.ModifyListenerAttributesCommand({
      ListenerArn,
      Attributes: [{ Key: 'routing.http.response.server.enabled', Value: 'false' }],
    }),
  );
  const signIn: elb.Action = {
    Type: 'authenticate-oidc',
    Order: 1,
    AuthenticateOidcConfig: {
      Issuer: 'https://login.example.org',
      AuthorizationEndpoint: 'https://login.example.org/a',
      TokenEndpoint: 'https://login.example.org/t',
      UserInfoEndpoint: 'https://login.example.org/u',
      ClientId: 'shop',
      ClientSecret: 'of nobody',
    },
  };
  await listen({ ...secure, Port: 8443, DefaultActions: [signIn, { ...forward(app), Order: 2 }] });
  await listen({ ...(await under('other.example.org')), Port: 9443, DefaultActions: [forward(web)] });
  await listen({
    LoadBalancerArn: flow.LoadBalancerArn,
    Port: 5432,
    Protocol: 'TCP',
    DefaultActions: [forward(base)],
  });
  const rule = (Priority: number, condition: elb.RuleCondition, ...Actions: elb.Action[]) =>
    client.send(
      new elb.CreateRuleCommand({
        ListenerArn,
        Priority,
        Conditions: [condition],
        Actions,
        Tags: [{ Key: 'team', Value: 'shop' }],
      }),
    );
  const path = (...Values: string[]) => ({ Field: 'path-pattern', PathPatternConfig: { Values } });
  await rule(10, path('/staff/*'), signIn, { ...forward(app), Order: 2 });
  await rule(
    20,
    { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Beta', Values: ['yes'] } },
    {
      Type: 'forward',
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: web, Weight: 9 },
          { TargetGroupArn: app, Weight: 1 },
        ],
        TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 600 },
      },
    },
  );
  await rule(30, path('/app/*', '/api/*'), forward(app));
  const zone = await dns.send(
    new CreateHostedZoneCommand({ Name: 'balanced.example.org', CallerReference: 'balanced' }),
  );
  await dns.send(
    new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.HostedZone?.Id,
      ChangeBatch: {
        Changes: [
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: 'www.balanced.example.org',
              Type: 'A',
              AliasTarget: {
                DNSName: `dualstack.${shop.DNSName}`,
                HostedZoneId: shop.CanonicalHostedZoneId,
                EvaluateTargetHealth: true,
              },
            },
          },
          {
            Action: 'CREATE',
            ResourceRecordSet: {
              Name: 'db.balanced.example.org',
              Type: 'CNAME',
              TTL: 60,
              ResourceRecords: [{ Value: flow.DNSName }],
            },
          },
        ],
      },
    }),
  );
  await new CloudWatchClient(config).send(
    new PutMetricAlarmCommand({
      AlarmName: 'shop errors',
      Namespace: 'AWS/ApplicationELB',
      MetricName: 'HTTPCode_ELB_5XX_Count',
      Dimensions: [{ Name: 'LoadBalancer', Value: shop.LoadBalancerArn?.split(':loadbalancer/')[1] }],
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
}
