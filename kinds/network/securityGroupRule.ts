import { paginateDescribeSecurityGroupRules } from '@aws-sdk/client-ec2';
import type { SecurityGroupEgressRuleArgs } from '@pulumi/aws/vpc/securityGroupEgressRule';
import type { SecurityGroupIngressRuleArgs } from '@pulumi/aws/vpc/securityGroupIngressRule';
import { contains } from '../contains';
import { allPages, type Item, type Kind, type Objects, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import type { PrefixList } from './prefixList';
import { ruleQuota } from './ruleQuota';
import { coversTraffic, type Traffic, trafficText } from './traffic';
import { isWorld, someRanges, worldIn } from './world';

export interface SecurityGroupRule extends Item {
  readonly groupId: string;
  readonly isEgress: boolean;
  /** A name (`tcp`), a number, or `-1` for all. */
  readonly ipProtocol: string;
  /** Absent, like toPort, where the protocol has no ports. For ICMP the type, and toPort the code. */
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly cidrIpv4?: string;
  readonly cidrIpv6?: string;
  readonly prefixListId?: string;
  readonly referencedGroupId?: string;
  /** Set when the referenced group is in another VPC and reached over a peering. */
  readonly peeringConnectionId?: string;
  readonly referencedUserId?: string;
  readonly groupOwnerId: string;
  readonly description?: string;
}

/** One rule of a security group, inbound or outbound, always stand-alone. */
export const securityGroupRule: Kind<SecurityGroupRule> = {
  name: 'security-group-rule',
  title: 'Security group rule',
  cost: 'free',
  inDrill: true,
  types: [
    'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
    'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule',
  ],
  iamActions: ['ec2:DescribeSecurityGroupRules'],

  async list({ ec2 }) {
    const rules = await allPages(
      paginateDescribeSecurityGroupRules({ client: ec2 }, {}),
      (page) => page.SecurityGroupRules,
    );
    return rules.map((found) => {
      const ipProtocol = present(found.IpProtocol, 'IpProtocol');
      // For all protocols AWS answers ports of -1, and takes none.
      const port = (value: number | undefined) => (ipProtocol === '-1' ? undefined : value);
      return {
        id: present(found.SecurityGroupRuleId, 'SecurityGroupRuleId'),
        tags: tagRecord(found.Tags),
        groupId: present(found.GroupId, 'GroupId'),
        isEgress: present(found.IsEgress, 'IsEgress'),
        ipProtocol,
        fromPort: port(found.FromPort),
        toPort: port(found.ToPort),
        cidrIpv4: found.CidrIpv4,
        cidrIpv6: found.CidrIpv6,
        prefixListId: found.PrefixListId,
        referencedGroupId: found.ReferencedGroupInfo?.GroupId,
        peeringConnectionId: found.ReferencedGroupInfo?.VpcPeeringConnectionId,
        referencedUserId: found.ReferencedGroupInfo?.UserId,
        groupOwnerId: present(found.GroupOwnerId, 'GroupOwnerId'),
        description: found.Description || undefined,
      };
    });
  },

  skip(item, { find }) {
    // A rule outlives the sharing of a list, and of a peering.
    if (item.prefixListId && !find('prefix-list', item.prefixListId))
      return `it names the prefix list ${item.prefixListId}, which the source does not have`;
    if (item.referencedUserId && item.referencedUserId !== item.groupOwnerId)
      return `it names a group of the account ${item.referencedUserId}, which is outside the estate`;
    if (item.peeringConnectionId && !find('vpc-peering-connection', item.peeringConnectionId))
      return `it names a group over the peering ${item.peeringConnectionId}, which the source does not have`;
    // AWS keeps rules that name a group which was deleted at the other end of a peering that is gone.
    if (item.referencedGroupId && !find('security-group', item.referencedGroupId))
      return `it names the group ${item.referencedGroupId}, which the source does not have`;
    return undefined;
  },

  mirror(item, ctx) {
    if (item.peeringConnectionId) ctx.after('vpc-peering-connection', item.peeringConnectionId);
    const args: SecurityGroupIngressRuleArgs & SecurityGroupEgressRuleArgs = {
      securityGroupId: ctx.ref('security-group', item.groupId),
      ipProtocol: item.ipProtocol,
      fromPort: item.fromPort,
      toPort: item.toPort,
      cidrIpv4: item.cidrIpv4,
      cidrIpv6: item.cidrIpv6 && ctx.ipv6(item.cidrIpv6),
      prefixListId: item.prefixListId && ctx.ref('prefix-list', item.prefixListId),
      referencedSecurityGroupId: item.referencedGroupId && ctx.ref('security-group', item.referencedGroupId),
      description: item.description,
      tags: ctx.tags(item),
    };
    return resource(
      item.isEgress
        ? 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule'
        : 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule',
      args,
    );
  },

  danger(item, former, { now }) {
    const siblings = () =>
      (now.all('security-group-rule') as readonly SecurityGroupRule[])
        .filter(({ groupId }) => groupId === item.groupId)
        .flatMap((rule) => rangesOf(rule, now));
    const before = former ? rangesOf(former, now) : [];
    const isAsOpen = (range: string) =>
      former !== undefined &&
      coversTraffic(trafficOf(former), trafficOf(item)) &&
      before.some((each) => contains(each, range));
    const opened = worldIn(rangesOf(item, now), siblings).filter((range) => !isAsOpen(range));
    if (opened.length === 0) return undefined;
    return [
      `lets ${someRanges(opened)} in on ${trafficText(trafficOf(item))}`,
      item.prefixListId ? `, by the prefix list ${item.prefixListId}` : '',
      opened.some(isWorld) ? '' : ", which is the world together with the group's other ranges",
      former && !former.isEgress
        ? `; before: ${former.cidrIpv4 ?? former.cidrIpv6 ?? former.prefixListId ?? 'a group'} on ${trafficText(trafficOf(former))}`
        : '',
    ].join('');
  },

  partOf: {
    whole: (item) => item.groupId,
    argument: (item) => (item.isEgress ? 'egress' : 'ingress'),
    // Every new group comes with a way out to everywhere, a default group also with a way in from itself.
    madeByAws: (item) =>
      item.ipProtocol === '-1' &&
      item.description === undefined &&
      (item.isEgress
        ? item.cidrIpv4 === '0.0.0.0/0' || item.cidrIpv6 === '::/0'
        : item.referencedGroupId === item.groupId),
  },

  // AWS refuses a second rule that differs only in its description (InvalidPermission.Duplicate).
  identity(item, dr) {
    const group = dr.id('security-group', item.groupId);
    const target =
      item.cidrIpv4 ??
      (item.cidrIpv6 && dr.ipv6(item.cidrIpv6)) ??
      (item.prefixListId && dr.id('prefix-list', item.prefixListId)) ??
      (item.referencedGroupId && dr.id('security-group', item.referencedGroupId));
    if (!group || !target) return undefined;
    return [group, item.isEgress, item.ipProtocol, item.fromPort, item.toPort, target].join(' ');
  },

  quotas: [ruleQuota],
};

/** The ranges that a rule lets in, those of a list that it names too. */
function rangesOf(rule: SecurityGroupRule, { find }: Objects): string[] {
  if (rule.isEgress) return [];
  const list = rule.prefixListId
    ? (find('prefix-list', rule.prefixListId) as PrefixList | undefined)
    : undefined;
  return [rule.cidrIpv4, rule.cidrIpv6, ...(list?.entries ?? []).map(({ cidr }) => cidr)].filter(
    (range) => range !== undefined,
  );
}

function trafficOf({ ipProtocol, fromPort, toPort }: SecurityGroupRule): Traffic {
  return { protocol: ipProtocol, from: fromPort, to: toPort };
}
