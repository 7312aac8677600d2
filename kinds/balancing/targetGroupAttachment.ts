import {
  DescribeTargetHealthCommand,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroupAttachmentArgs } from '@pulumi/aws/lb/targetGroupAttachment';
import type { Output } from '@pulumi/pulumi';
import type { Account } from '../../accounts';
import { contains } from '../contains';
import { type Item, type Kind, present, type SkipOptions } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { describeReservations } from '../sharedLookUps';
import { listTargetGroups, loadBalancing } from './loadBalancing';

/** A target that is registered with a target group, by the group's name, the target and the port. Whether it is healthy is not kept. */
export interface TargetGroupAttachment extends Item {
  readonly targetGroup: string;
  /** `instance`, `ip`, `lambda` or `alb`. */
  readonly targetType: string;
  /** A machine's id, an address, or an ARN. */
  readonly target: string;
  readonly port?: number;
  /** Of an address: whether it lies outside of the group's VPC. AWS wants to be told so. */
  readonly isOutside: boolean;
  /** Of a listener by QUIC. */
  readonly quicServerId?: string;
}

/** The tag that Auto Scaling puts on the machines of its groups. https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html */
const OF_GROUP = 'aws:autoscaling:groupName';

/** Every zone, of an address outside of the group's VPC. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html */
const ALL_ZONES = 'all';

/** What is registered no more, or not yet taken out. https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealth.html */
const LEAVING = ['Target.DeregistrationInProgress', 'Target.NotRegistered'];

/** Kinds whose items are ranges of a VPC. */
const RANGES = ['vpc', 'vpc-ipv4-range', 'vpc-ipv6-range'];

/** A machine or an address that a target group sends requests to. Machines of Auto Scaling groups come and go, and register themselves. */
export const targetGroupAttachment: Kind<TargetGroupAttachment> = {
  name: 'target-group-attachment',
  title: 'Target of a target group',
  cost: 'billed',
  madeAtRecovery: true,
  types: ['aws:lb/targetGroupAttachment:TargetGroupAttachment'],
  iamActions: [
    'ec2:DescribeInstances',
    'elasticloadbalancing:DescribeTargetGroups',
    'elasticloadbalancing:DescribeTargetHealth',
  ],

  async list(account) {
    const client = loadBalancing(account);
    const [groups, passing] = await Promise.all([listTargetGroups(account), ofScalingGroups(account)]);
    const lists = await Promise.all(
      groups.map(async ({ TargetGroupArn, TargetGroupName, TargetType }) => {
        const { TargetHealthDescriptions } = await perObject(client, () =>
          client.send(new DescribeTargetHealthCommand({ TargetGroupArn })),
        );
        const group = present(TargetGroupName, 'TargetGroupName');
        return present(TargetHealthDescriptions, 'TargetHealthDescriptions')
          .filter(({ TargetHealth }) => !LEAVING.includes(TargetHealth?.Reason ?? ''))
          .map((found) => attachment(group, present(TargetType, 'TargetType'), found));
      }),
    );
    return lists.flat().filter(({ target }) => !passing.has(target));
  },

  skip(item, { all }) {
    if (item.targetType === 'lambda') return 'it is a Lambda function, which is not mirrored';
    if (item.targetType === 'alb')
      return 'it is a load balancer, which Lifeboat does not register with another';
    return item.isOutside && rangesWith(item, all).length === 0
      ? 'it is an address in no VPC of the source'
      : undefined;
  },

  atRecovery: (item) => `a target of ${item.targetGroup}, which is registered once the machines run`,

  mirror(item, ctx) {
    if (item.quicServerId) ctx.note('leaves out its id of QUIC');
    return resource<TargetGroupAttachmentArgs>('aws:lb/targetGroupAttachment:TargetGroupAttachment', {
      targetGroupArn: ctx.ref('target-group', item.targetGroup),
      targetId: item.targetType === 'ip' ? addressInDr(item, ctx) : ctx.machine(item.target),
      port: item.port,
      availabilityZone: item.isOutside ? ALL_ZONES : undefined,
    });
  },

  // To register a target again is no error, and changes nothing.
  madeAgain: true,

  danger: (item, former) =>
    item.isOutside && !former?.isOutside
      ? `sends requests to ${item.target}, which lies outside of its VPC`
      : undefined,
};

/** Ids and addresses of the machines of Auto Scaling groups. */
async function ofScalingGroups(account: Account): Promise<Set<string>> {
  const machines = (await describeReservations(account))
    .flatMap(({ Instances }) => present(Instances, 'Instances'))
    .filter(({ Tags = [] }) => Tags.some(({ Key }) => Key === OF_GROUP));
  return new Set(
    machines.flatMap(({ InstanceId, NetworkInterfaces = [] }) => [
      present(InstanceId, 'InstanceId'),
      ...NetworkInterfaces.flatMap(({ PrivateIpAddresses = [], Ipv6Addresses = [] }) => [
        ...PrivateIpAddresses.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
        ...Ipv6Addresses.flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
      ]),
    ]),
  );
}

function attachment(
  targetGroup: string,
  targetType: string,
  { Target }: TargetHealthDescription,
): TargetGroupAttachment {
  const target = present(Target?.Id, 'Target.Id');
  // Colons would read as delimiters in a resource's URN.
  const parts = [targetGroup, target.replaceAll(':', '-'), Target?.Port].filter((part) => part !== undefined);
  return {
    id: parts.join('_'),
    tags: {},
    targetGroup,
    targetType,
    target,
    port: Target?.Port,
    isOutside: Target?.AvailabilityZone === ALL_ZONES,
    quicServerId: Target?.QuicServerId,
  };
}

interface Range extends Item {
  readonly cidrBlock?: string;
  readonly ipv6CidrBlock?: string;
}

/** The ranges of VPCs that an address lies in: those of two VPCs may be the same. */
function rangesWith(
  { target }: TargetGroupAttachment,
  all: SkipOptions['all'],
): { readonly kind: string; readonly id: string }[] {
  const host = `${target}/${target.includes(':') ? 128 : 32}`;
  return RANGES.flatMap((kind) =>
    (all(kind) as readonly Range[]).flatMap(({ id, cidrBlock, ipv6CidrBlock }) =>
      [cidrBlock, ipv6CidrBlock].some((cidr) => cidr && contains(cidr, host)) ? [{ kind, id }] : [],
    ),
  );
}

/** Machines keep their addresses, and what lies in a range that AWS assigned is moved with that. One inside of the VPC goes where that goes. */
function addressInDr(item: TargetGroupAttachment, ctx: MirrorContext): Output<string> {
  if (item.isOutside && !rangesWith(item, ctx.all).some(({ kind, id }) => ctx.known(kind, id)))
    ctx.skip('it is an address in no VPC that is mirrored');
  return item.target.includes(':') ? ctx.ipv6(item.target) : (item.target as unknown as Output<string>);
}
