import type { VpcDhcpOptionsAssociationArgs } from '@pulumi/aws/ec2/vpcDhcpOptionsAssociation';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { describeVpcs } from '../sharedLookUps';
import type { DhcpOptions } from './dhcpOptions';

export interface DhcpOptionsAssociation extends Item {
  /** `default` for a VPC without any. */
  readonly dhcpOptionsId: string;
}

/** Which DHCP options a VPC has. Its id is the VPC's. */
export const dhcpOptionsAssociation: Kind<DhcpOptionsAssociation> = {
  name: 'dhcp-options-association',
  title: 'DHCP options of a VPC',
  cost: 'free',
  types: ['aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation'],
  iamActions: ['ec2:DescribeVpcs'],

  async list(account) {
    const vpcs = await describeVpcs(account);
    return vpcs.map((vpc) => ({
      id: present(vpc.VpcId, 'VpcId'),
      tags: {},
      dhcpOptionsId: present(vpc.DhcpOptionsId, 'DhcpOptionsId'),
    }));
  },

  mirror: (item, ctx) =>
    resource<VpcDhcpOptionsAssociationArgs>('aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation', {
      vpcId: ctx.ref('vpc', item.id),
      dhcpOptionsId:
        item.dhcpOptionsId === 'default' ? 'default' : ctx.ref('dhcp-options', item.dhcpOptionsId),
    }),

  // Who answers for names and for the time decides where a recovered machine goes. An option set never changes: another takes its place.
  danger(item, former, { now, accepted }) {
    if (!former || former.dhcpOptionsId === item.dhcpOptionsId) return undefined;
    const given = valuesOf(now.find('dhcp-options', item.dhcpOptionsId));
    const before = valuesOf(accepted.find('dhcp-options', former.dhcpOptionsId));
    const other = [...given].filter((value) => !before.has(value));
    return other.length > 0
      ? `has the options ${item.dhcpOptionsId} now, before ${former.dhcpOptionsId}: its machines are given ${other.join(', ')}`
      : undefined;
  },

  settingOf: (item) => ({ kind: 'vpc', id: item.id }),
  madeAgain: true,
};

/** What a set gives to machines. AWS's own set, and no set at all, give nothing that is anybody else's. */
function valuesOf(item: Item | undefined): Set<string> {
  const set = item as DhcpOptions | undefined;
  if (!set || set.isDefault) return new Set();
  return new Set([
    ...(set.domainName === undefined ? [] : [`the domain ${set.domainName}`]),
    ...set.domainNameServers
      .filter((server) => server !== 'AmazonProvidedDNS')
      .map((server) => `the name server ${server}`),
    ...set.ntpServers.map((server) => `the time server ${server}`),
    ...set.netbiosNameServers.map((server) => `the NetBIOS name server ${server}`),
  ]);
}
