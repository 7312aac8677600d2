import type { LaunchTemplateOverrides, LaunchTemplateSpecification } from '@aws-sdk/client-auto-scaling';
import type { GroupArgs } from '@pulumi/aws/autoscaling/group';
import type { Output, Unwrap } from '@pulumi/pulumi';
import { TAG } from '../../names';
import { present } from '../kind';
import { known, lowered } from '../known';
import type { MirrorContext } from '../mirrorContext';
import { targetGroupName } from '../policies/mirroredIds';
import type { AutoScalingGroup } from './autoScalingGroup';
import { instanceRequirements } from './instanceRequirements';

type Mixed = NonNullable<Unwrap<GroupArgs['mixedInstancesPolicy']>>;

/**
 * The version that all groups of DR launch by: the template that is mirrored has the source's default one as its latest.
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateSpecification.html
 */
const VERSION = '$Default';

/** AWS's own role of the service in an account. A suffix behind it is one that people made. */
const SERVICE_ROLE = /\/AWSServiceRoleForAutoScaling$/;

/** The arguments of a group, with nothing in it: whoever recovers raises it. */
export function autoScalingGroupArgs(item: AutoScalingGroup, ctx: MirrorContext): GroupArgs {
  const { settings, launchTemplate, mixedInstancesPolicy } = item;
  const subnets = item.subnetIds.flatMap((id) => ctx.attempt('subnet', id, 'the subnet') ?? []);
  if (subnets.length === 0) ctx.skip('none of its subnets is mirrored');
  if (item.classicLoadBalancers.length > 0)
    ctx.note(`does without Classic Load Balancers: ${item.classicLoadBalancers.join(', ')}`);
  const role = settings.ServiceLinkedRoleARN;
  if (role && !SERVICE_ROLE.test(role)) ctx.note(`launches by DR's own role of Auto Scaling, not by ${role}`);
  ctx.note(
    `is made without machines; to have ${item.minSize}: aws autoscaling update-auto-scaling-group --auto-scaling-group-name ${item.id} --min-size ${item.minSize}`,
  );
  return {
    name: item.id,
    minSize: 0,
    desiredCapacity: 0,
    maxSize: item.maxSize,
    // There is nothing to wait for.
    waitForCapacityTimeout: '0',
    vpcZoneIdentifiers: subnets,
    targetGroupArns: item.targetGroupArns.flatMap((arn) => targetGroup(arn, ctx)),
    launchTemplate: launchTemplate && { id: template(launchTemplate, ctx), version: VERSION },
    mixedInstancesPolicy: mixedInstancesPolicy && mixed(item, ctx),
    capacityRebalance: settings.CapacityRebalance || undefined,
    context: settings.Context || undefined,
    defaultCooldown: settings.DefaultCooldown,
    defaultInstanceWarmup: settings.DefaultInstanceWarmup,
    desiredCapacityType: settings.DesiredCapacityType || undefined,
    healthCheckGracePeriod: settings.HealthCheckGracePeriod,
    healthCheckType: settings.HealthCheckType,
    instanceMaintenancePolicy: maintenance(settings.InstanceMaintenancePolicy),
    maxInstanceLifetime: settings.MaxInstanceLifetime,
    protectFromScaleIn: settings.NewInstancesProtectedFromScaleIn || undefined,
    placementGroup:
      settings.PlacementGroup &&
      ctx.attempt('placement-group', settings.PlacementGroup, 'the placement group'),
    terminationPolicies: terminationPolicies(settings.TerminationPolicies ?? [], ctx),
    suspendedProcesses: [...item.suspendedProcesses],
    enabledMetrics: item.metrics as GroupArgs['enabledMetrics'],
    tags: Object.entries(ctx.tags(item)).map(([key, value]) => ({
      key,
      value,
      // Its machines are not the mirror of the group.
      propagateAtLaunch: key !== TAG.sourceId && item.propagatedTags.includes(key),
    })),
  };
}

/** AWS's own. A function of the source's would be told of DR's machines, and choose which of them end. */
function terminationPolicies(policies: readonly string[], ctx: MirrorContext): string[] {
  const functions = policies.filter((policy) => policy.startsWith('arn:'));
  if (functions.length > 0)
    ctx.note(`ends machines by AWS's own rules, and does without ${functions.join(', ')}`);
  return policies.filter((policy) => !functions.includes(policy));
}

function template(specification: LaunchTemplateSpecification, ctx: MirrorContext): Output<string> {
  const { LaunchTemplateId, Version } = specification;
  if (Version !== undefined && Version !== VERSION)
    ctx.note(`launches by the default version of its template, not by ${Version}`);
  return ctx.ref('launch-template', present(LaunchTemplateId, 'LaunchTemplateId'));
}

function targetGroup(arn: string, ctx: MirrorContext): Output<string> | [] {
  const name = targetGroupName(arn.split(':').at(-1) ?? '');
  return name === undefined ? [] : (ctx.attempt('target-group', name, 'the target group') ?? []);
}

function maintenance(
  policy: AutoScalingGroup['settings']['InstanceMaintenancePolicy'],
): GroupArgs['instanceMaintenancePolicy'] {
  const { MinHealthyPercentage: minHealthyPercentage, MaxHealthyPercentage: maxHealthyPercentage } =
    policy ?? {};
  return minHealthyPercentage === undefined || maxHealthyPercentage === undefined
    ? undefined
    : { minHealthyPercentage, maxHealthyPercentage };
}

function mixed({ mixedInstancesPolicy = {} }: AutoScalingGroup, ctx: MirrorContext): Mixed {
  const { InstancesDistribution: distribution, LaunchTemplate: launch } = mixedInstancesPolicy;
  const specification = present(launch?.LaunchTemplateSpecification, 'LaunchTemplateSpecification');
  const args = {
    launchTemplate: {
      launchTemplateSpecification: { launchTemplateId: template(specification, ctx), version: VERSION },
      overrides: (launch?.Overrides ?? []).map((each) => override(each, ctx)),
    },
    instancesDistribution: distribution && lowered(distribution),
  };
  // References stand for the provider's texts.
  return args as unknown as Mixed;
}

function override(each: LaunchTemplateOverrides, ctx: MirrorContext) {
  const { LaunchTemplateSpecification: specification, InstanceRequirements: requirements } = each;
  return {
    ...known(each, ['InstanceType', 'WeightedCapacity'], ctx, [
      'InstanceRequirements',
      'LaunchTemplateSpecification',
    ]),
    instanceRequirements:
      requirements && instanceRequirements(requirements as Parameters<typeof instanceRequirements>[0], ctx),
    launchTemplateSpecification: specification && {
      launchTemplateId: template(specification, ctx),
      version: VERSION,
    },
  };
}
