import { paginateDescribeSecurityGroupRules } from '@aws-sdk/client-ec2';
import type { SecurityGroupEgressRuleArgs } from '@pulumi/aws/vpc/securityGroupEgressRule';
import type { SecurityGroupIngressRuleArgs } from '@pulumi/aws/vpc/securityGroupIngressRule';
import { parseCIDR } from 'ipaddr.js';
import { isWorld } from './isWorld';
import { allPages, type Item, type Kind, present, resource, tagRecord } from './kind';
import { ruleQuota } from './ruleQuota';

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

  danger(item, former) {
    if (!isWorldOpen(item) || (former && isAsOpen(former, item))) return undefined;
    const before =
      former && !former.isEgress ? `; before: ${rangeOf(former) ?? 'a group'} on ${portsOf(former)}` : '';
    return `lets ${rangeOf(item)} in on ${portsOf(item)}${before}`;
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

function rangeOf({ cidrIpv4, cidrIpv6 }: SecurityGroupRule): string | undefined {
  return cidrIpv4 ?? cidrIpv6;
}

function portsOf({ ipProtocol, fromPort, toPort }: SecurityGroupRule): string {
  if (ipProtocol === '-1') return 'every protocol and port';
  if (fromPort === undefined) return `protocol ${ipProtocol}`;
  return `${ipProtocol} ${fromPort === toPort ? fromPort : `${fromPort} to ${toPort}`}`;
}

function isWorldOpen(rule: SecurityGroupRule): boolean {
  const range = rangeOf(rule);
  return !rule.isEgress && range !== undefined && isWorld(range);
}

/** Whether a rule let in all that another lets in. */
function isAsOpen(former: SecurityGroupRule, item: SecurityGroupRule): boolean {
  const [before, now] = [rangeOf(former), rangeOf(item)];
  if (former.isEgress || before === undefined || now === undefined) return false;
  const [outer, bits] = parseCIDR(before);
  const [inner, innerBits] = parseCIDR(now);
  if (outer.kind() !== inner.kind() || innerBits < bits || !inner.match(outer, bits)) return false;
  if (former.ipProtocol === '-1') return true;
  if (former.ipProtocol !== item.ipProtocol) return false;
  // ICMP has a type and a code in place of ports, each -1 for all.
  if (former.fromPort === -1 || former.fromPort === undefined) return true;
  if (item.ipProtocol.startsWith('icmp'))
    return former.fromPort === item.fromPort && (former.toPort === -1 || former.toPort === item.toPort);
  return (
    former.fromPort <= (item.fromPort ?? -1) &&
    (former.toPort ?? former.fromPort) >= (item.toPort ?? Infinity)
  );
}
