import {
  AutoScalingClient,
  type AutoScalingGroup as Found,
  type LaunchTemplateSpecification,
  type MixedInstancesPolicy,
  paginateDescribeAutoScalingGroups,
} from '@aws-sdk/client-auto-scaling';
import type { GroupArgs } from '@pulumi/aws/autoscaling/group';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { autoScalingGroupArgs } from './autoScalingGroupArgs';

/** An Auto Scaling group, by its name: what it was told, and not how many machines it has just now. */
export interface AutoScalingGroup extends Item {
  /** Keys of the tags that its machines get too. */
  readonly propagatedTags: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  readonly launchTemplate?: LaunchTemplateSpecification;
  readonly mixedInstancesPolicy?: MixedInstancesPolicy;
  /** The name of a launch configuration, of groups that have no template. */
  readonly launchConfiguration?: string;
  readonly subnetIds: readonly string[];
  readonly targetGroupArns: readonly string[];
  readonly classicLoadBalancers: readonly string[];
  readonly settings: Partial<Settings>;
  readonly metrics: readonly string[];
  readonly suspendedProcesses: readonly string[];
}

/** Under AWS's names. Times are seconds. */
type Settings = Pick<
  Found,
  | 'CapacityRebalance'
  | 'Context'
  | 'DefaultCooldown'
  | 'DefaultInstanceWarmup'
  | 'DesiredCapacityType'
  | 'HealthCheckGracePeriod'
  | 'HealthCheckType'
  | 'InstanceMaintenancePolicy'
  | 'MaxInstanceLifetime'
  | 'NewInstancesProtectedFromScaleIn'
  | 'PlacementGroup'
  | 'ServiceLinkedRoleARN'
  | 'TerminationPolicies'
>;

const SETTINGS = [
  'CapacityRebalance',
  'Context',
  'DefaultCooldown',
  'DefaultInstanceWarmup',
  'DesiredCapacityType',
  'HealthCheckGracePeriod',
  'HealthCheckType',
  'InstanceMaintenancePolicy',
  'MaxInstanceLifetime',
  'NewInstancesProtectedFromScaleIn',
  'PlacementGroup',
  'ServiceLinkedRoleARN',
  'TerminationPolicies',
] as const satisfies readonly (keyof Settings)[];

/** Groups in one page. https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html */
const PAGE = 100;

/** Left to whoever recovers. */
const SIZES: (keyof GroupArgs)[] = ['minSize', 'maxSize', 'desiredCapacity'];

/**
 * An Auto Scaling group. It is kept in the accepted inventory and made at a recovery, without machines: AWS lets only those make a group who
 * may launch its machines, which at rest nobody may. See docs/adr/0017.
 */
export const autoScalingGroup: Kind<AutoScalingGroup> = {
  name: 'auto-scaling-group',
  title: 'Auto Scaling group',
  cost: 'free',
  madeAtRecovery: true,
  types: ['aws:autoscaling/group:Group'],
  iamActions: ['autoscaling:DescribeAutoScalingGroups'],

  async list(account) {
    const client = account.client(AutoScalingClient);
    const groups = await allPages(
      paginateDescribeAutoScalingGroups({ client, pageSize: PAGE }, {}),
      (page) => page.AutoScalingGroups,
    );
    return groups.map((found) => {
      const tags = found.Tags ?? [];
      return {
        id: present(found.AutoScalingGroupName, 'AutoScalingGroupName'),
        tags: tagRecord(tags),
        propagatedTags: tags.flatMap(({ Key, PropagateAtLaunch }) => (PropagateAtLaunch && Key) || []).sort(),
        minSize: present(found.MinSize, 'MinSize'),
        maxSize: present(found.MaxSize, 'MaxSize'),
        launchTemplate: found.LaunchTemplate,
        mixedInstancesPolicy: found.MixedInstancesPolicy,
        launchConfiguration: found.LaunchConfigurationName || undefined,
        subnetIds: (found.VPCZoneIdentifier ?? '').split(',').filter(Boolean).sort(),
        targetGroupArns: [...(found.TargetGroupARNs ?? [])].sort(),
        classicLoadBalancers: [...(found.LoadBalancerNames ?? [])].sort(),
        settings: Object.fromEntries(SETTINGS.map((name) => [name, found[name]])),
        metrics: (found.EnabledMetrics ?? []).flatMap(({ Metric }) => Metric ?? []).sort(),
        suspendedProcesses: (found.SuspendedProcesses ?? [])
          .flatMap(({ ProcessName }) => ProcessName ?? [])
          .sort(),
      };
    });
  },

  skip: ({ launchConfiguration }) =>
    launchConfiguration
      ? `it launches by the launch configuration ${launchConfiguration}, which AWS has ended: give it a launch template`
      : undefined,

  atRecovery: () => 'AWS lets only those make a group who may launch its machines',

  mirror: (item, ctx) =>
    resource<GroupArgs>('aws:autoscaling/group:Group', autoScalingGroupArgs(item, ctx), SIZES),

  // A name is one group in an account and region.
  identity: (item) => item.id,
  taggedWhenMade: true,
  fixed: (item) => [item.id],

  quotas: [
    { service: 'autoscaling', code: 'L-CDE20ADC', name: 'Auto Scaling groups per region', atRecovery: true },
  ],
};
