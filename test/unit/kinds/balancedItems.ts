import type { Listener } from '../../../kinds/balancing/listener';
import type { ListenerRule } from '../../../kinds/balancing/listenerRule';
import type { LoadBalancer } from '../../../kinds/balancing/loadBalancer';
import type { TargetGroupAttachment } from '../../../kinds/balancing/targetGroupAttachment';
import type { Item } from '../../../kinds/kind';
import { group, subnet, vpc } from '../items';
import { targetGroup } from './edgeItems';
import { argsOf, reason, recovering } from './planned';

const ARN = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111';

export const groupArn = (name: string) => `${ARN}:targetgroup/${name}/0123456789abcdef`;

export function balancer(id: string, more: Partial<LoadBalancer> = {}): LoadBalancer {
  return {
    id,
    tags: {},
    arn: `${ARN}:loadbalancer/app/${id}/0123456789abcdef`,
    dnsName: `${id}-1.eu-west-1.elb.amazonaws.com`,
    loadBalancerType: 'application',
    scheme: 'internal',
    vpcId: 'vpc-1',
    ipAddressType: 'ipv4',
    securityGroupIds: [],
    subnets: [{ subnetId: 'subnet-1' }, { subnetId: 'subnet-2' }],
    attributes: {},
    ...more,
  };
}

export function listenerOn(loadBalancer: string, port: number, more: Partial<Listener> = {}): Listener {
  return {
    id: `${loadBalancer}_${port}`,
    tags: {},
    arn: `${ARN}:listener/app/${loadBalancer}/0123456789abcdef/${port}`,
    loadBalancer,
    port,
    protocol: 'HTTP',
    otherCertificates: [],
    clientCertificates: 'off',
    actions: [{ Type: 'forward', Order: 1, TargetGroupArn: groupArn('web') }],
    attributes: {},
    ...more,
  };
}

export function ruleOf(listener: string, priority: number, more: Partial<ListenerRule> = {}): ListenerRule {
  return {
    id: `${listener}_${priority}`,
    tags: {},
    arn: `${ARN}:listener-rule/app/web/0123456789abcdef/80/${priority}`,
    listener,
    priority,
    conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/a'] } }],
    actions: [{ Type: 'forward', Order: 1, TargetGroupArn: groupArn('web') }],
    transforms: [],
    ...more,
  };
}

export function targetOf(
  targetGroup: string,
  target: string,
  more: Partial<TargetGroupAttachment> = {},
): TargetGroupAttachment {
  const id = `${targetGroup}_${target.replaceAll(':', '-')}_80`;
  return { id, tags: {}, targetGroup, targetType: 'instance', target, port: 80, isOutside: false, ...more };
}

/** A VPC with three subnets in two of DR's zones, and four target groups. */
export const NETWORK = {
  vpc: [vpc('vpc-1')],
  subnet: [
    subnet('subnet-1', 'vpc-1'),
    subnet('subnet-2', 'vpc-1', { cidrBlock: '10.0.2.0/24', availabilityZoneId: 'euw1-az2' }),
    subnet('subnet-3', 'vpc-1', { cidrBlock: '10.0.3.0/24', availabilityZoneId: 'euw1-az2' }),
  ],
  'security-group': [group('sg-1', 'vpc-1', 'web')],
  'target-group': [
    targetGroup('web'),
    targetGroup('app'),
    targetGroup('functions', { targetType: 'lambda' }),
    targetGroup('flow', { targetType: 'ip', protocol: 'TCP' }),
  ],
};

/** The plan of a recovery of load balancing. */
export function made(items: Record<string, readonly Item[]>, dr: Record<string, readonly Item[]> = {}) {
  const plan = recovering({ ...NETWORK, ...items }, dr);
  return {
    plan,
    args: (name: string) => argsOf(plan, name),
    reason: (name: string) => reason(plan, name),
    notes: plan.notes.join('\n'),
  };
}
