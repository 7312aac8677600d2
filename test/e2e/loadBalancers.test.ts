import { ACMClient, ListCertificatesCommand } from '@aws-sdk/client-acm';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
} from '@aws-sdk/client-ec2';
import * as elb from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  Route53Client,
} from '@aws-sdk/client-route-53';
import { expect } from 'chai';
import { present } from '../../kinds/kind';
import { TAG } from '../../names';
import { DR, type SOURCE, type Stage, succeeded } from '../../scripts/demo/stage';
import { makeBalanced } from './balanced';
import { proveNames } from './proveNames';
import { RecoveryWorld } from './recoveryWorld';

type Side = typeof DR | typeof SOURCE;

/** What a side has of load balancing, by names. */
interface Balanced {
  balancers: elb.LoadBalancer[];
  listeners: elb.Listener[];
  rules: elb.Rule[];
  /** By the group's name. */
  targets: Record<string, elb.TargetHealthDescription[]>;
}

/** Load balancers at a recovery, with every policy enforced and the source dead. */
describe('load balancers, at a recovery', function () {
  this.timeout(900_000);
  let world: RecoveryWorld;
  let stage: Stage;

  const balancing = (side: Side) => new elb.ElasticLoadBalancingV2Client(stage.client(side));
  const dns = (side: Side) => new Route53Client({ ...stage.client(side), region: 'us-east-1' });

  const balanced = async (side: Side): Promise<Balanced> => {
    const client = balancing(side);
    const { LoadBalancers = [] } = await client.send(new elb.DescribeLoadBalancersCommand({}));
    const lists = await Promise.all(
      LoadBalancers.map(({ LoadBalancerArn }) =>
        client.send(new elb.DescribeListenersCommand({ LoadBalancerArn })),
      ),
    );
    const listeners = lists.flatMap(({ Listeners = [] }) => Listeners);
    const rules = await Promise.all(
      listeners.map(({ ListenerArn }) => client.send(new elb.DescribeRulesCommand({ ListenerArn }))),
    );
    const { TargetGroups = [] } = await client.send(new elb.DescribeTargetGroupsCommand({}));
    const targets = TargetGroups.map(async ({ TargetGroupArn, TargetGroupName = '' }) => {
      const found = await client.send(new elb.DescribeTargetHealthCommand({ TargetGroupArn }));
      return [TargetGroupName, found.TargetHealthDescriptions ?? []] as const;
    });
    return {
      balancers: LoadBalancers,
      listeners,
      rules: rules.flatMap(({ Rules = [] }) => Rules).filter(({ IsDefault }) => !IsDefault),
      targets: Object.fromEntries(await Promise.all(targets)),
    };
  };
  const counts = async () => {
    const { balancers, listeners, rules, targets } = await balanced(DR);
    return {
      balancers: balancers.length,
      listeners: listeners.length,
      rules: rules.length,
      // The machines of an ended recovery are seen for a while, as targets that leave.
      targets: Object.values(targets).flat().filter(isRegistered).length,
    };
  };
  const isRegistered = ({ TargetHealth }: elb.TargetHealthDescription) =>
    TargetHealth?.Reason !== 'Target.DeregistrationInProgress';
  const NOTHING = { balancers: 0, listeners: 0, rules: 0, targets: 0 };
  /** Of five listeners one asks who people are, and one is under a certificate that is not issued. */
  const ALL = { balancers: 2, listeners: 3, rules: 3, targets: 4 };

  before(async () => {
    world = await RecoveryWorld.open(async (opened, estate) => {
      stage = opened;
      await makeBalanced(stage, estate);
    });
    await stage.emulator.config({ enforceIam: false });
    await issue('shop.example.org');
    await stage.emulator.config({ enforceIam: true });
  });
  after(() => world?.close());

  /** Proves DR's names as the source's people would. */
  async function issue(name: string): Promise<void> {
    const config = stage.client(DR);
    const { CertificateSummaryList = [] } = await new ACMClient(config).send(new ListCertificatesCommand({}));
    const found = CertificateSummaryList.find(({ DomainName }) => DomainName === name);
    await proveNames(config, present(found?.CertificateArn, 'CertificateArn'));
  }

  const suffix = ({ LoadBalancerArn = '' }: elb.LoadBalancer) => LoadBalancerArn.split(':loadbalancer/')[1];

  it('are not there at rest', async () => {
    expect(await counts()).to.deep.equal(NOTHING);
  });

  it('are made of what was accepted, after the machines, which are their targets', async () => {
    const said = await world.recovered();
    expect(await counts()).to.deep.equal(ALL);
    const { balancers, listeners, rules, targets } = await balanced(DR);
    const shop = present(
      balancers.find(({ LoadBalancerName }) => LoadBalancerName === 'shop'),
      'shop',
    );
    expect(shop).to.include({ Scheme: 'internet-facing', Type: 'application' });
    expect(shop.AvailabilityZones).to.have.length(3);
    const attributes = await balancing(DR).send(
      new elb.DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: shop.LoadBalancerArn }),
    );
    expect(attributes.Attributes).to.deep.include({ Key: 'idle_timeout.timeout_seconds', Value: '120' });
    expect(attributes.Attributes).to.deep.include({ Key: 'deletion_protection.enabled', Value: 'false' });
    const flow = balancers.find(({ LoadBalancerName }) => LoadBalancerName === 'shop-flow');
    expect(flow?.AvailabilityZones?.[0]?.LoadBalancerAddresses).to.deep.equal([
      { PrivateIPv4Address: '10.10.2.200' },
    ]);
    expect(listeners.map(({ Port }) => Port).sort()).to.deep.equal([443, 5432, 80]);
    expect(said).to.contain('asks who people are').and.contain('is not issued');
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    const ids = Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
    const states = Object.values(targets).flat();
    expect(states.map(({ TargetHealth }) => TargetHealth?.State)).to.deep.equal(Array(4).fill('healthy'));
    const [, ...machines] = [
      ...(targets['shop-db'] ?? []),
      ...(targets['shop-web'] ?? []),
      ...(targets['shop-app'] ?? []),
    ];
    for (const { Target } of machines) expect(ids).to.include(Target?.Id);
    // Without the rule its requests would fall to the default, and past the question who asks.
    const [staff, beta, app] = rules.sort((a, b) => Number(a.Priority) - Number(b.Priority));
    expect(staff?.Actions?.[0]).to.deep.include({ Type: 'fixed-response' });
    expect(staff?.Actions?.[0]?.FixedResponseConfig?.StatusCode).to.equal('503');
    expect(staff?.Conditions?.[0]?.PathPatternConfig?.Values).to.deep.equal(['/staff/*']);
    expect(beta?.Actions?.[0]?.ForwardConfig?.TargetGroups?.map(({ Weight }) => Weight)).to.have.members([
      1, 9,
    ]);
    expect(app?.Conditions?.[0]?.PathPatternConfig?.Values).to.have.members(['/app/*', '/api/*']);
  });

  it('are where DR’s names lead, and what its alarms watch', async () => {
    const { balancers } = await balanced(DR);
    const [shop, flow] = ['shop', 'shop-flow'].map((name) =>
      present(
        balancers.find(({ LoadBalancerName }) => LoadBalancerName === name),
        name,
      ),
    );
    const { HostedZones = [] } = await dns(DR).send(new ListHostedZonesCommand({}));
    const zone = HostedZones.find(({ Name }) => Name === 'balanced.example.org.');
    const { ResourceRecordSets = [] } = await dns(DR).send(
      new ListResourceRecordSetsCommand({ HostedZoneId: zone?.Id }),
    );
    const set = (name: string) =>
      ResourceRecordSets.find(({ Name }) => Name === `${name}.balanced.example.org.`);
    const { DNSName = '', HostedZoneId } = set('www')?.AliasTarget ?? {};
    expect(DNSName.replace(/\.$/, '').replace(/^dualstack\./, '')).to.equal(shop?.DNSName?.toLowerCase());
    expect(HostedZoneId).to.equal(shop?.CanonicalHostedZoneId);
    expect(set('db')?.ResourceRecords).to.deep.equal([{ Value: flow?.DNSName }]);
    const { MetricAlarms = [] } = await new CloudWatchClient(stage.client(DR)).send(
      new DescribeAlarmsCommand({ AlarmNames: ['shop errors'] }),
    );
    expect(MetricAlarms[0]?.Dimensions).to.deep.equal([
      { Name: 'LoadBalancer', Value: suffix(present(shop, 'shop')) },
    ]);
  });

  it('are not changed by a second run, nor by a refresh', async () => {
    await world.expectNothingToDo();
  });

  it('are found again when the state is lost', async () => {
    const arns = async () => {
      const { balancers, listeners, rules } = await balanced(DR);
      return [
        ...balancers.map(({ LoadBalancerArn }) => LoadBalancerArn),
        ...listeners.map(({ ListenerArn }) => ListenerArn),
        ...rules.map(({ RuleArn }) => RuleArn),
      ].sort();
    };
    await world.expectFoundAgain(arns);
    expect(await counts()).to.deep.equal(ALL);
  });

  it('go when the recovery is ended, and nothing of them is left', async () => {
    expect(await world.ended())
      .to.contain('load-balancer/')
      .and.contain('listener-rule/');
    expect(await counts()).to.deep.equal(NOTHING);
    const { NetworkInterfaces = [] } = await stage.ec2(DR).send(new DescribeNetworkInterfacesCommand({}));
    expect(NetworkInterfaces.filter(({ Description }) => Description?.startsWith('ELB '))).to.deep.equal([]);
    succeeded(await world.up());
    succeeded(await world.up('--expect-no-changes'));
  });

  it('stop a run at rest when one is there all the same', async () => {
    const { Subnets = [] } = await stage.ec2(DR).send(new DescribeSubnetsCommand({}));
    await balancing(DR).send(
      new elb.CreateLoadBalancerCommand({
        Name: 'left',
        Type: 'network',
        Scheme: 'internal',
        Subnets: [present(Subnets[0]?.SubnetId, 'SubnetId')],
        Tags: [{ Key: TAG.sourceId, Value: 'shop' }],
      }),
    );
    expect(await world.refusedAtRest()).to.contain('load-balancer/left');
  });
});
