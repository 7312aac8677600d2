import { expect } from 'chai';
import { Ref, Text } from '../../../inventory/refs';
import { withoutMachines } from '../../../inventory/withoutMachines';
import { type LoadBalancer, loadBalancer } from '../../../kinds/balancing/loadBalancer';
import {
  type TargetGroupAttachment,
  targetGroupAttachment,
} from '../../../kinds/balancing/targetGroupAttachment';
import type { Item } from '../../../kinds/kind';
import { alarm, group, instance, vpc } from '../items';
import { sides } from '../sides';
import { balancer, listenerOn, made, NETWORK, ruleOf, targetOf } from './balancedItems';
import { planned, reason } from './planned';

const NOTHING = sides();

describe('load balancers', () => {
  const web = (more: Partial<LoadBalancer> = {}, others: Record<string, readonly Item[]> = {}) =>
    made({ 'load-balancer': [balancer('web', more)], ...others });

  it('wait for a recovery, and nothing of them is made at rest', () => {
    const items = {
      'load-balancer': [balancer('web')],
      listener: [listenerOn('web', 80)],
      'listener-rule': [ruleOf('web_80', 1)],
      'target-group-attachment': [targetOf('web', 'i-1')],
    };
    const plan = planned({ ...NETWORK, ...items });
    for (const kind of Object.keys(items))
      expect(plan.resources.map(({ item }) => item).join()).to.not.contain(`${kind}/web_`);
    expect(reason(plan, 'load-balancer/web')).to.contain('billed by the hour');
    expect(plan.atRecovery).to.have.length(4);
  });

  it('are in DR’s subnets and groups, with the attributes that the provider sets', () => {
    const attributes = { 'idle_timeout.timeout_seconds': '120', 'routing.http2.enabled': 'false' };
    const { args } = web({ securityGroupIds: ['sg-1'], attributes });
    expect(args('load-balancer/web')).to.deep.include({
      name: 'web',
      internal: true,
      idleTimeout: 120,
      enableHttp2: false,
      enableDeletionProtection: false,
      subnets: [new Ref('subnet/subnet-1'), new Ref('subnet/subnet-2')],
      securityGroups: [new Ref('security-group/sg-1')],
    });
  });

  it('say what they go without: protection, logs, Elastic IPs', () => {
    const { notes } = web({
      attributes: {
        'deletion_protection.enabled': 'true',
        'access_logs.s3.enabled': 'true',
        'access_logs.s3.bucket': 'logs',
        'load_balancing.cross_zone.enabled': 'true',
        'something.new': '7',
      },
      subnets: [{ subnetId: 'subnet-1', allocationId: 'eipalloc-1' }, { subnetId: 'subnet-2' }],
    });
    expect(notes).to.contain('leaves out deletion_protection.enabled, which is true: the end of a recovery');
    expect(notes).to.contain(
      "leaves out access_logs.s3.enabled, which is true: the logs go to a bucket of the source's",
    );
    expect(notes).to.contain('leaves out something.new, which is 7');
    expect(notes).to.contain('Elastic IPs');
    expect(notes).to.not.contain('cross_zone').and.not.contain('s3.bucket');
  });

  it('take one subnet of each of DR’s zones, and an Application Load Balancer wants two', () => {
    const three = ['subnet-1', 'subnet-2', 'subnet-3'].map((subnetId) => ({ subnetId }));
    const { args, notes } = web({ subnets: three });
    expect(args('load-balancer/web').subnets).to.have.length(2);
    expect(notes).to.contain('does without the subnet subnet-3: it is in euc1-az2, as subnet-2 is');
    const subnets = three.slice(1);
    expect(web({ subnets }).reason('load-balancer/web')).to.contain('AWS wants it in 2 zones');
    expect(web({ subnets, loadBalancerType: 'network' }).args('load-balancer/web').subnets).to.have.length(1);
  });

  it('are left out rather than made without one of their groups', () => {
    const left = {
      vpc: [...NETWORK.vpc, vpc('vpc-9', { isDefault: true })],
      'security-group': [...NETWORK['security-group'], group('sg-9', 'vpc-9', 'web')],
    };
    const { reason: why } = web({ securityGroupIds: ['sg-1', 'sg-9'] }, left);
    expect(why('load-balancer/web')).to.match(/vpc-9|sg-9/);
  });

  it('of the network keep the addresses that somebody chose', () => {
    const subnets = [{ subnetId: 'subnet-1', privateIpAddress: '10.0.1.9' }];
    const { args } = web({ loadBalancerType: 'network', subnets });
    expect(args('load-balancer/web').subnetMappings).to.deep.equal([
      { subnetId: new Ref('subnet/subnet-1'), privateIpv4Address: '10.0.1.9' },
    ]);
  });

  it('have IPv4 alone where DR’s subnets have no ranges of IPv6', () => {
    const { args, notes } = web({ ipAddressType: 'dualstack' });
    expect(args('load-balancer/web').ipAddressType).to.equal('ipv4');
    expect(notes).to.contain('IPv4 addresses alone');
  });

  it('stop a run when the internet comes to reach them', () => {
    const danger = (scheme: string, former?: string) =>
      loadBalancer.danger?.(
        balancer('web', { scheme }),
        former ? balancer('web', { scheme: former }) : undefined,
        NOTHING,
      );
    expect(danger('internet-facing', 'internal')).to.equal('is reached from the internet now');
    expect(danger('internet-facing')).to.equal('is reached from the internet');
    expect(danger('internet-facing', 'internet-facing')).to.equal(undefined);
    expect(danger('internal', 'internet-facing')).to.equal(undefined);
  });
});

describe('targets', () => {
  const one = (more: Partial<TargetGroupAttachment>, name = 'web', target = 'i-1') =>
    made({
      instance: [instance('i-1', '', [])],
      'target-group-attachment': [targetOf(name, target, more)],
    });

  it('are the recovered machines, and those of none are not made', () => {
    const { plan, args } = one({});
    expect(args('target-group-attachment/web_i-1_80')).to.deep.include({
      targetGroupArn: new Ref('target-group/web'),
      targetId: new Ref('instance/i-1'),
      port: 80,
    });
    const left = withoutMachines(plan, new Set());
    expect(reason(left, 'target-group-attachment/web_i-1_80')).to.contain('not recovered');
    expect(withoutMachines(plan, new Set(['i-1'])).resources).to.have.length(plan.resources.length);
  });

  it('are addresses that machines keep, and of others those in a mirrored VPC', () => {
    const ip = (target: string, isOutside = false) => one({ targetType: 'ip', isOutside }, 'flow', target);
    const name = (target: string) => `target-group-attachment/flow_${target}_80`;
    expect(ip('10.0.1.9').args(name('10.0.1.9'))).to.deep.include({ targetId: '10.0.1.9' });
    expect(ip('10.0.9.9', true).args(name('10.0.9.9'))).to.deep.include({ availabilityZone: 'all' });
    expect(ip('192.168.1.1', true).reason(name('192.168.1.1'))).to.contain('in no VPC');
  });

  it('stop a run when requests go outside of the VPC', () => {
    const danger = (now: boolean, former?: boolean) =>
      targetGroupAttachment.danger?.(
        targetOf('flow', '10.9.0.1', { isOutside: now }),
        former === undefined ? undefined : targetOf('flow', '10.9.0.1', { isOutside: former }),
        NOTHING,
      );
    expect(danger(true)).to.equal('sends requests to 10.9.0.1, which lies outside of its VPC');
    expect(danger(true, false)).to.contain('outside');
    expect(danger(true, true)).to.equal(undefined);
    expect(danger(false)).to.equal(undefined);
  });
});

describe('what names a load balancer', () => {
  const zone = { id: 'Z1', tags: {}, zoneName: 'example.org.', isPrivate: false, vpcs: [], isSigned: false };
  const record = (more: object) => ({
    id: 'Z1_x',
    tags: {},
    zoneId: 'Z1',
    recordName: 'www.example.org.',
    type: 'A',
    values: [],
    set: { TTL: 60 },
    ...more,
  });
  const led = (more: object, balancers: readonly LoadBalancer[] = [balancer('web')]) =>
    made({ 'load-balancer': balancers, 'hosted-zone': [zone], 'dns-record': [record(more)] });
  const alias = (DNSName: string) => ({
    set: { AliasTarget: { DNSName, HostedZoneId: 'Z32O12XQLNTSW2', EvaluateTargetHealth: true } },
  });

  it('leads to its mirror: by alias, with and without dualstack, and by name', () => {
    const name = new Ref('load-balancer/web', 'dnsName');
    const zoneId = new Ref('load-balancer/web', 'zoneId');
    const host = 'Web-1.eu-west-1.elb.amazonaws.com.';
    expect(led(alias(host)).args('dns-record/Z1_x').aliases).to.deep.equal([
      { name, zoneId, evaluateTargetHealth: true },
    ]);
    expect(led(alias(`dualstack.${host}`)).args('dns-record/Z1_x').aliases).to.deep.equal([
      { name: new Text(['dualstack.', name]), zoneId, evaluateTargetHealth: true },
    ]);
    const named = led({ type: 'CNAME', values: [host] }).args('dns-record/Z1_x');
    expect(named.records).to.deep.equal([name]);
  });

  it('is left out where that has none', () => {
    const host = 'web-1.eu-west-1.elb.amazonaws.com';
    const gone = [balancer('web', { subnets: [{ subnetId: 'subnet-1' }] })];
    for (const more of [alias(host), { type: 'CNAME', values: [host] }]) {
      expect(led(more, gone).reason('dns-record/Z1_x')).to.contain('load-balancer/web');
      expect(led(more, []).reason('dns-record/Z1_x')).to.contain(host);
    }
  });

  it('is watched as its mirror, and where that has none the alarm is left out', () => {
    const watched = (value: string) =>
      made({
        'load-balancer': [balancer('web')],
        'metric-alarm': [alarm('slow', { dimensions: { LoadBalancer: value } })],
      });
    expect(watched('app/web/0123456789abcdef').args('metric-alarm/slow').dimensions).to.deep.equal({
      LoadBalancer: new Ref('load-balancer/web', 'arnSuffix'),
    });
    for (const value of ['net/other/0123456789abcdef', 'gwy/web/0123456789abcdef'])
      expect(watched(value).reason('metric-alarm/slow')).to.contain(value);
  });
});
