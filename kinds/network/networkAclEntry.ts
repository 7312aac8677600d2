import type { NetworkAclRuleArgs } from '@pulumi/aws/ec2/networkAclRule';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { describeNetworkAcls } from '../sharedLookUps';
import { aclOpenings } from './aclOpenings';
import type { NetworkAcl } from './networkAcl';

export interface NetworkAclEntry extends Item {
  readonly networkAclId: string;
  readonly isEgress: boolean;
  readonly ruleNumber: number;
  /** A number as text, or `-1` for all. */
  readonly protocol: string;
  readonly ruleAction: string;
  readonly cidrBlock?: string;
  readonly ipv6CidrBlock?: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
}

/** The entry at the end of every ACL, which denies the rest and cannot be changed. */
const LAST_RULE = 32767;
/** Where AWS puts the entries that let everything through a new VPC's default ACL: IPv4, and IPv6 where the VPC has it. */
const AWS_RULES = [100, 101];

/** IANA's numbers of the protocols that have ports, and of those that have types and codes. */
const TCP_AND_UDP = ['6', '17'];
const ICMP = ['1', '58'];

/** One entry of a network ACL. */
export const networkAclEntry: Kind<NetworkAclEntry> = {
  name: 'network-acl-entry',
  title: 'Network ACL entry',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/networkAclRule:NetworkAclRule'],
  iamActions: ['ec2:DescribeNetworkAcls'],

  async list(account) {
    const acls = await describeNetworkAcls(account);
    return acls.flatMap((acl) => {
      const networkAclId = present(acl.NetworkAclId, 'NetworkAclId');
      return present(acl.Entries, 'Entries')
        .filter(({ RuleNumber = 0 }) => RuleNumber < LAST_RULE)
        .map((found) => {
          const isEgress = present(found.Egress, 'Egress');
          const ruleNumber = present(found.RuleNumber, 'RuleNumber');
          const protocol = present(found.Protocol, 'Protocol');
          // What a client gave beside the protocol that it belongs to means nothing.
          const ports = TCP_AND_UDP.includes(protocol) ? found.PortRange : undefined;
          const icmp = ICMP.includes(protocol) ? found.IcmpTypeCode : undefined;
          return {
            id: `${networkAclId}_${isEgress ? 'egress' : 'ingress'}_${ruleNumber}`,
            tags: {},
            networkAclId,
            isEgress,
            ruleNumber,
            protocol,
            ruleAction: present(found.RuleAction, 'RuleAction'),
            cidrBlock: found.CidrBlock,
            ipv6CidrBlock: found.Ipv6CidrBlock,
            fromPort: ports?.From,
            toPort: ports?.To,
            icmpType: icmp?.Type,
            icmpCode: icmp?.Code,
          };
        });
    });
  },

  mirror: (item, ctx) =>
    resource<NetworkAclRuleArgs>('aws:ec2/networkAclRule:NetworkAclRule', {
      networkAclId: ctx.ref('network-acl', item.networkAclId),
      egress: item.isEgress,
      ruleNumber: item.ruleNumber,
      protocol: item.protocol,
      ruleAction: item.ruleAction,
      cidrBlock: item.cidrBlock,
      ipv6CidrBlock: item.ipv6CidrBlock && ctx.ipv6(item.ipv6CidrBlock),
      fromPort: item.fromPort,
      toPort: item.toPort,
      icmpType: item.icmpType,
      icmpCode: item.icmpCode,
    }),

  removedByContent: true,

  importId: (item) => `${item.networkAclId}:${item.ruleNumber}:${item.protocol}:${item.isEgress}`,

  identity(item, dr) {
    const acl = dr.id('network-acl', item.networkAclId);
    return acl && `${acl} ${item.isEgress} ${item.ruleNumber}`;
  },

  fixed: (item, _zone, dr) => [
    item.protocol,
    item.ruleAction,
    item.cidrBlock,
    item.ipv6CidrBlock && dr.ipv6(item.ipv6CidrBlock),
    item.fromPort,
    item.toPort,
    item.icmpType,
    item.icmpCode,
  ],

  partOf: {
    whole: (item) => item.networkAclId,
    argument: (item) => (item.isEgress ? 'egress' : 'ingress'),
    madeByAws: isAwsOpen,
  },

  // A new ACL opens nothing that was accepted: that a subnet is given it is judged by itself, see inventory/guard/guardExposed.ts.
  danger(item, former, { now, accepted }) {
    const acl = accepted.find('network-acl', item.networkAclId) as NetworkAcl | undefined;
    if (!acl) return undefined;
    const of = ({ networkAclId }: NetworkAclEntry) => networkAclId === item.networkAclId;
    const after = (now.all('network-acl-entry') as readonly NetworkAclEntry[]).filter(of);
    const before = (accepted.all('network-acl-entry') as readonly NetworkAclEntry[]).filter(of);
    if (acl.isDefault && isAwsIpv6(item, before)) return undefined;
    // One that denied keeps nothing out any more of what comes after it.
    const judged =
      former?.ruleAction === 'deny'
        ? after.filter(({ ruleNumber }) => ruleNumber >= item.ruleNumber)
        : [item];
    const [opened] = aclOpenings(judged, after, before);
    return (
      opened && (item.ruleAction === 'allow' ? opened : `no longer denies what it did, and the ACL ${opened}`)
    );
  },

  quotas: [
    {
      service: 'vpc',
      code: 'L-2AEEBF1A',
      name: 'Rules per network ACL',
      per: ({ networkAclId, isEgress, ipv6CidrBlock }) =>
        `${networkAclId} ${isEgress ? 'outbound' : 'inbound'} ${ipv6CidrBlock ? 'IPv6' : 'IPv4'}`,
    },
  ],
};

/** The entry that AWS adds to a default ACL whose inbound ones nobody has changed, when its VPC is given an IPv6 range. */
function isAwsIpv6(item: NetworkAclEntry, before: readonly NetworkAclEntry[]): boolean {
  const inbound = before.filter(({ isEgress, id }) => !isEgress && id !== item.id);
  const [only] = inbound;
  return (
    isAwsOpen(item) &&
    item.ipv6CidrBlock === '::/0' &&
    inbound.length === 1 &&
    only !== undefined &&
    isAwsOpen(only) &&
    only.cidrBlock === '0.0.0.0/0'
  );
}

/** Whether it is what AWS puts into a default ACL. */
function isAwsOpen({ ruleNumber, ruleAction, protocol }: NetworkAclEntry): boolean {
  return AWS_RULES.includes(ruleNumber) && ruleAction === 'allow' && protocol === '-1';
}
