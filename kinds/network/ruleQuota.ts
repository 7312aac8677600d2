import type { SkipOptions } from '../kind';
import type { Quota } from '../quota';
import { prefixListWeight } from './prefixListWeight';
import type { SecurityGroupRule } from './securityGroupRule';

/** How many rules a group may have: inbound and outbound by themselves, and each again for IPv4 and for IPv6. */
export const ruleQuota: Quota<SecurityGroupRule> = {
  service: 'vpc',
  code: 'L-0EA8095F',
  name: 'Inbound or outbound rules per security group',
  per: (item, find) =>
    families(item, find).map(
      (family) => `${item.groupId} ${item.isEgress ? 'outbound' : 'inbound'} ${family}`,
    ),
  weight: ({ prefixListId }, find) =>
    prefixListId ? prefixListWeight(find('prefix-list', prefixListId)) : 1,
};

/** The address families that a rule counts for; one that names a group counts for both. */
function families(
  { cidrIpv4, cidrIpv6, prefixListId }: SecurityGroupRule,
  find: SkipOptions['find'],
): string[] {
  if (cidrIpv4) return ['IPv4'];
  if (cidrIpv6) return ['IPv6'];
  const list = prefixListId ? find('prefix-list', prefixListId) : undefined;
  const { addressFamily } = (list ?? {}) as { addressFamily?: string };
  return addressFamily ? [addressFamily] : ['IPv4', 'IPv6'];
}
