import {
  type AvailabilityZone,
  DescribeLoadBalancerAttributesCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancerArgs } from '@pulumi/aws/lb/loadBalancer';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { loadBalancerArgs } from './loadBalancerArgs';
import { listLoadBalancers, loadBalancing, loadBalancingTags } from './loadBalancing';

/** A load balancer, by its name. */
export interface LoadBalancer extends Item {
  readonly arn: string;
  /** As AWS writes it; AWS makes it up. */
  readonly dnsName: string;
  /** `application`, `network` or `gateway`. */
  readonly loadBalancerType: string;
  /** `internal` or `internet-facing`. */
  readonly scheme?: string;
  readonly vpcId: string;
  readonly ipAddressType: string;
  readonly securityGroupIds: readonly string[];
  readonly subnets: readonly BalancedSubnet[];
  /** An address pool of an Outpost's. */
  readonly customerOwnedIpv4Pool?: string;
  /** An address pool of IPAM's. */
  readonly ipamPool?: string;
  /** Whether a Network Load Balancer's groups judge what comes by PrivateLink: `on` or `off`. */
  readonly privateLinkRules?: string;
  /** By AWS's own names, as AWS writes the values. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** The one subnet of a zone that a load balancer is in. */
export interface BalancedSubnet {
  readonly subnetId: string;
  /** Of a Network Load Balancer, where somebody chose it. */
  readonly privateIpAddress?: string;
  /** Its Elastic IP. */
  readonly allocationId?: string;
}

/** An Application or Network Load Balancer. AWS bills it by the hour. https://aws.amazon.com/elasticloadbalancing/pricing/ */
export const loadBalancer: Kind<LoadBalancer> = {
  name: 'load-balancer',
  title: 'Load balancer',
  cost: 'billed',
  madeAtRecovery: true,
  types: ['aws:lb/loadBalancer:LoadBalancer'],
  iamActions: [
    'elasticloadbalancing:DescribeLoadBalancers',
    'elasticloadbalancing:DescribeLoadBalancerAttributes',
    'elasticloadbalancing:DescribeTags',
  ],

  async list(account) {
    const client = loadBalancing(account);
    const balancers = await listLoadBalancers(account);
    const arns = balancers.map(({ LoadBalancerArn }) => present(LoadBalancerArn, 'LoadBalancerArn'));
    const [attributes, tags] = await Promise.all([
      Promise.all(arns.map((arn) => attributesOf(client, arn))),
      loadBalancingTags(account, arns),
    ]);
    return balancers.map((found, index) => ({
      id: present(found.LoadBalancerName, 'LoadBalancerName'),
      tags: present(tags[index], 'Tags'),
      arn: present(arns[index], 'LoadBalancerArn'),
      // A Gateway Load Balancer has no name in DNS.
      dnsName: found.DNSName ?? '',
      loadBalancerType: present(found.Type, 'Type'),
      scheme: found.Scheme,
      vpcId: present(found.VpcId, 'VpcId'),
      ipAddressType: present(found.IpAddressType, 'IpAddressType'),
      securityGroupIds: [...(found.SecurityGroups ?? [])].sort(),
      subnets: present(found.AvailabilityZones, 'AvailabilityZones').map(subnetOf).sort(bySubnet),
      customerOwnedIpv4Pool: found.CustomerOwnedIpv4Pool || undefined,
      ipamPool: found.IpamPools?.Ipv4IpamPoolId || undefined,
      privateLinkRules: found.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic || undefined,
      attributes: present(attributes[index], 'Attributes'),
    }));
  },

  skip({ loadBalancerType, customerOwnedIpv4Pool }) {
    if (loadBalancerType === 'gateway') return 'it is a Gateway Load Balancer, which is not mirrored';
    return customerOwnedIpv4Pool && `its addresses are an Outpost's, of ${customerOwnedIpv4Pool}`;
  },

  atRecovery: () => 'a load balancer, which is billed by the hour',

  mirror: (item, ctx) =>
    resource<LoadBalancerArgs>('aws:lb/loadBalancer:LoadBalancer', {
      ...loadBalancerArgs(item, ctx),
      tags: ctx.tags(item),
    }),

  // AWS refuses a second one of a name in a region.
  identity: (item) => item.id,
  importId: (item) => item.arn,
  taggedWhenMade: true,

  fixed: (item, _zone, dr) => [
    item.id,
    item.loadBalancerType,
    item.scheme,
    dr.id('vpc', item.vpcId),
    // One that was made without security groups can have none.
    item.loadBalancerType === 'network' && item.securityGroupIds.length === 0,
  ],

  danger: (item, former) =>
    item.scheme === 'internet-facing' && former?.scheme !== item.scheme
      ? `is reached from the internet${former ? ' now' : ''}`
      : undefined,

  quotas: [
    {
      service: 'elasticloadbalancing',
      code: 'L-53DA6B97',
      name: 'Application Load Balancers per Region',
      per: (item) => (item.loadBalancerType === 'application' ? undefined : null),
    },
    {
      service: 'elasticloadbalancing',
      code: 'L-69A177A2',
      name: 'Network Load Balancers per Region',
      per: (item) => (item.loadBalancerType === 'network' ? undefined : null),
    },
  ],
};

async function attributesOf(
  client: ElasticLoadBalancingV2Client,
  LoadBalancerArn: string,
): Promise<Record<string, string>> {
  const { Attributes } = await perObject(client, () =>
    client.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn })),
  );
  return tagRecord(present(Attributes, 'Attributes'));
}

function subnetOf({ SubnetId, LoadBalancerAddresses = [] }: AvailabilityZone): BalancedSubnet {
  const [address] = LoadBalancerAddresses;
  return {
    subnetId: present(SubnetId, 'SubnetId'),
    privateIpAddress: address?.PrivateIPv4Address,
    allocationId: address?.AllocationId,
  };
}

function bySubnet(a: BalancedSubnet, b: BalancedSubnet): number {
  return a.subnetId < b.subnetId ? -1 : 1;
}
