import { paginateDescribeDhcpOptions } from '@aws-sdk/client-ec2';
import type { VpcDhcpOptionsArgs } from '@pulumi/aws/ec2/vpcDhcpOptions';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';

export interface DhcpOptions extends Item {
  readonly domainName?: string;
  readonly domainNameServers: readonly string[];
  readonly ntpServers: readonly string[];
  readonly netbiosNameServers: readonly string[];
  readonly netbiosNodeType?: string;
  /** Seconds. */
  readonly ipv6AddressPreferredLeaseTime?: string;
  /** Whether it is the set that AWS keeps in each region. */
  readonly isDefault: boolean;
}

/** The domain of the names that AWS gives to instances of a region. */
export function regionDomain(region: string): string {
  return region === 'us-east-1' ? 'ec2.internal' : `${region}.compute.internal`;
}

/** A set of DHCP options. AWS changes none: a new one is made, and associated. */
export const dhcpOptions: Kind<DhcpOptions> = {
  name: 'dhcp-options',
  title: 'DHCP option set',
  cost: 'free',
  types: ['aws:ec2/vpcDhcpOptions:VpcDhcpOptions'],
  iamActions: ['ec2:DescribeDhcpOptions'],

  async list({ ec2, region }) {
    const sets = await allPages(paginateDescribeDhcpOptions({ client: ec2 }, {}), (page) => page.DhcpOptions);
    return sets.map((found) => {
      const options = new Map(
        present(found.DhcpConfigurations, 'DhcpConfigurations').map(({ Key = '', Values }) => [
          Key,
          (Values ?? []).flatMap(({ Value }) => Value ?? []),
        ]),
      );
      const values = (key: string) => options.get(key) ?? [];
      return {
        id: present(found.DhcpOptionsId, 'DhcpOptionsId'),
        tags: tagRecord(found.Tags),
        domainName: values('domain-name')[0],
        domainNameServers: values('domain-name-servers'),
        ntpServers: values('ntp-servers'),
        netbiosNameServers: values('netbios-name-servers'),
        netbiosNodeType: values('netbios-node-type')[0],
        ipv6AddressPreferredLeaseTime: values('ipv6-address-preferred-lease-time')[0],
        isDefault:
          options.size === 2 &&
          values('domain-name').join() === regionDomain(region) &&
          values('domain-name-servers').join() === 'AmazonProvidedDNS',
      };
    });
  },

  awsOwn: (item) => (item.isDefault ? 'default DHCP options' : undefined),

  mirror: (item, ctx) =>
    resource<VpcDhcpOptionsArgs>('aws:ec2/vpcDhcpOptions:VpcDhcpOptions', {
      // The names that AWS's DNS gives to instances carry the region.
      domainName:
        item.domainName === regionDomain(ctx.source.region) ? regionDomain(ctx.dr.region) : item.domainName,
      domainNameServers: orNothing(item.domainNameServers),
      ntpServers: orNothing(item.ntpServers),
      netbiosNameServers: orNothing(item.netbiosNameServers),
      netbiosNodeType: item.netbiosNodeType,
      ipv6AddressPreferredLeaseTime: item.ipv6AddressPreferredLeaseTime,
      tags: ctx.tags(item),
    }),
};

function orNothing(values: readonly string[]): string[] | undefined {
  return values.length === 0 ? undefined : [...values];
}
