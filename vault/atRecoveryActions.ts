import type { TypeActions } from './writeActions';

/**
 * What the provider calls for each Pulumi resource type that is made at a recovery beside its machines, as in WRITE_ACTIONS; for the recover
 * role alone, the reads too.
 *
 * `change` is for what no condition can tell from another's, `remove` for what carries our tag.
 */
export const AT_RECOVERY_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:autoscaling/group:Group': {
    change: ['autoscaling:CreateAutoScalingGroup'],
    remove: [
      'autoscaling:AttachLoadBalancerTargetGroups',
      'autoscaling:CreateOrUpdateTags',
      'autoscaling:DeleteAutoScalingGroup',
      'autoscaling:DeleteTags',
      'autoscaling:DetachLoadBalancerTargetGroups',
      'autoscaling:DisableMetricsCollection',
      'autoscaling:EnableMetricsCollection',
      'autoscaling:ResumeProcesses',
      'autoscaling:SuspendProcesses',
      'autoscaling:UpdateAutoScalingGroup',
    ],
    read: ['autoscaling:DescribeAutoScalingGroups', 'autoscaling:DescribeScalingActivities'],
  },
  'aws:ec2/eip:Eip': {
    change: ['ec2:AllocateAddress'],
    remove: ['ec2:AssociateAddress', 'ec2:DisassociateAddress', 'ec2:ReleaseAddress'],
    read: ['ec2:DescribeAddresses', 'ec2:DescribeAddressesAttribute'],
  },
  'aws:ec2/natGateway:NatGateway': {
    // Of subnet and address it asks as well, which carry our tag.
    change: ['ec2:CreateNatGateway'],
    remove: ['ec2:CreateNatGateway', 'ec2:DeleteNatGateway'],
    read: ['ec2:DescribeNatGateways'],
  },
  'aws:ec2/vpcEndpoint:VpcEndpoint': {
    // Beside what the run role may: an interface endpoint is in subnets and has groups, which carry our tag.
    change: [],
    remove: ['ec2:CreateVpcEndpoint', 'ec2:ModifyVpcEndpoint'],
    read: [],
  },
  // What carries our tag from the moment it is made; what it is made on, too. See atRecoveryPolicy.
  'aws:lb/listener:Listener': {
    change: ['elasticloadbalancing:CreateListener'],
    remove: [
      'elasticloadbalancing:DeleteListener',
      'elasticloadbalancing:ModifyListener',
      'elasticloadbalancing:ModifyListenerAttributes',
    ],
    read: [
      'elasticloadbalancing:DescribeListeners',
      'elasticloadbalancing:DescribeListenerAttributes',
      'elasticloadbalancing:DescribeTags',
    ],
  },
  'aws:lb/listenerRule:ListenerRule': {
    change: ['elasticloadbalancing:CreateRule'],
    remove: [
      'elasticloadbalancing:DeleteRule',
      'elasticloadbalancing:ModifyRule',
      'elasticloadbalancing:SetRulePriorities',
    ],
    read: ['elasticloadbalancing:DescribeRules', 'elasticloadbalancing:DescribeTags'],
  },
  'aws:lb/loadBalancer:LoadBalancer': {
    change: ['elasticloadbalancing:CreateLoadBalancer'],
    remove: [
      'elasticloadbalancing:DeleteLoadBalancer',
      'elasticloadbalancing:ModifyLoadBalancerAttributes',
      'elasticloadbalancing:SetIpAddressType',
      'elasticloadbalancing:SetSecurityGroups',
      'elasticloadbalancing:SetSubnets',
    ],
    // It waits, after it has removed one, for the network interfaces to go.
    read: [
      'ec2:DescribeNetworkInterfaces',
      'elasticloadbalancing:DescribeCapacityReservation',
      'elasticloadbalancing:DescribeLoadBalancerAttributes',
      'elasticloadbalancing:DescribeLoadBalancers',
      'elasticloadbalancing:DescribeTags',
    ],
  },
  'aws:lb/targetGroupAttachment:TargetGroupAttachment': {
    change: [],
    // Of the target group's tags.
    remove: ['elasticloadbalancing:DeregisterTargets', 'elasticloadbalancing:RegisterTargets'],
    read: ['elasticloadbalancing:DescribeTargetHealth'],
  },
  'aws:route53/healthCheck:HealthCheck': {
    change: [
      'route53:ChangeTagsForResource',
      'route53:CreateHealthCheck',
      'route53:DeleteHealthCheck',
      'route53:UpdateHealthCheck',
    ],
    remove: [],
    read: ['route53:GetHealthCheck', 'route53:ListTagsForResource'],
  },
  'aws:route53/record:Record': {
    change: ['route53:ChangeResourceRecordSets'],
    remove: [],
    read: ['route53:GetChange', 'route53:GetHostedZone', 'route53:ListResourceRecordSets'],
  },
  'aws:route53/zone:Zone': {
    change: [
      'route53:AssociateVPCWithHostedZone',
      'route53:ChangeTagsForResource',
      'route53:CreateHostedZone',
      'route53:DeleteHostedZone',
      'route53:DisassociateVPCFromHostedZone',
      'route53:UpdateHostedZoneComment',
    ],
    remove: [],
    // It asks, before it removes one, whether it signs.
    read: [
      'route53:GetChange',
      'route53:GetDNSSEC',
      'route53:GetHostedZone',
      'route53:ListResourceRecordSets',
      'route53:ListTagsForResource',
    ],
  },
};
