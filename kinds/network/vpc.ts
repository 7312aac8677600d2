import { DescribeVpcAttributeCommand, type VpcAttributeName } from '@aws-sdk/client-ec2';
import type { VpcArgs } from '@pulumi/aws/ec2/vpc';
import type { Account } from '../../accounts';
import { TAG } from '../../names';
import { type Item, type Kind, present, tagRecord } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { describeVpcs } from '../sharedLookUps';
import { type AssignedIpv6, assignedIpv6, unassignable } from './assignedIpv6';
import type { Subnet } from './subnet';

export interface Vpc extends Item, AssignedIpv6 {
  /** The first IPv4 range, which a VPC keeps for life; further ones are the kind vpc-ipv4-range. */
  readonly cidrBlock: string;
  /** The first IPv6 range that DR can have one in the place of, else the first; further ones are the kind vpc-ipv6-range. */
  readonly ipv6CidrBlock?: string;
  readonly instanceTenancy: string;
  readonly enableDnsSupport: boolean;
  readonly enableDnsHostnames: boolean;
  readonly enableNetworkAddressUsageMetrics: boolean;
  readonly isDefault: boolean;
}

const NO_IPV6: AssignedIpv6 = { ipv6CidrBlock: undefined, ipv6Pool: undefined, ipv6IsPrivate: undefined };

/** DescribeVpcs does not tell these, and DescribeVpcAttribute answers one VPC and attribute a call. */
async function attribute({ ec2 }: Account, VpcId: string, Attribute: VpcAttributeName): Promise<boolean> {
  const answer = await perObject(ec2, () => ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute })));
  const { EnableDnsSupport, EnableDnsHostnames, EnableNetworkAddressUsageMetrics } = answer;
  return present(
    (EnableDnsSupport ?? EnableDnsHostnames ?? EnableNetworkAddressUsageMetrics)?.Value,
    Attribute,
  );
}

/** A VPC with its first IPv4 range and, where the source has one, an IPv6 range that AWS assigns anew. */
export const vpc: Kind<Vpc> = {
  name: 'vpc',
  title: 'VPC',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/vpc:Vpc'],
  iamActions: ['ec2:DescribeVpcs', 'ec2:DescribeVpcAttribute'],

  async list(account) {
    const vpcs = await describeVpcs(account);
    return Promise.all(
      vpcs.map(async (found) => {
        const id = present(found.VpcId, 'VpcId');
        const [enableDnsSupport, enableDnsHostnames, enableNetworkAddressUsageMetrics] = await Promise.all([
          attribute(account, id, 'enableDnsSupport'),
          attribute(account, id, 'enableDnsHostnames'),
          attribute(account, id, 'enableNetworkAddressUsageMetrics'),
        ]);
        return {
          id,
          tags: tagRecord(found.Tags),
          cidrBlock: present(found.CidrBlock, 'CidrBlock'),
          ...(assignedIpv6(found)[0]?.range ?? NO_IPV6),
          instanceTenancy: found.InstanceTenancy ?? 'default',
          enableDnsSupport,
          enableDnsHostnames,
          enableNetworkAddressUsageMetrics,
          isDefault: found.IsDefault ?? false,
        };
      }),
    );
  },

  skip(item, { mirrorDefaultVpc, onlyVpcs }) {
    if (onlyVpcs?.includes(item.id)) return undefined;
    if (item.isDefault && !mirrorDefaultVpc)
      return 'the default VPC, mirrored only with lifeboat:mirrorDefaultVpc';
    return onlyVpcs ? 'not among the VPCs that lifeboat:vpcs names' : undefined;
  },

  mirror(item, ctx) {
    const without = unassignable(item);
    if (without !== undefined) ctx.note(`is made without IPv6: ${without}`);
    const isWith = item.ipv6CidrBlock !== undefined && without === undefined;
    const used = isWith ? undefined : usedInDr(item, ctx);
    if (used !== undefined)
      ctx.note(
        `keeps its IPv6 range ${used} for this run, in which its subnets lose theirs; the next takes it`,
      );
    return resource<VpcArgs>('aws:ec2/vpc:Vpc', {
      cidrBlock: item.cidrBlock,
      instanceTenancy: item.instanceTenancy,
      enableDnsSupport: item.enableDnsSupport,
      enableDnsHostnames: item.enableDnsHostnames,
      enableNetworkAddressUsageMetrics: item.enableNetworkAddressUsageMetrics,
      assignGeneratedIpv6CidrBlock: isWith || used !== undefined,
      tags: ctx.tags(item),
    });
  },

  ipv6Range: (item) => item.ipv6CidrBlock,

  unassignable,

  fixed: (item) => [item.cidrBlock],

  quotas: [
    { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs per Region' },
    // Its first ranges count beside the further ones, which are kinds of their own.
    { service: 'vpc', code: 'L-83CA0A9D', name: 'IPv4 CIDR blocks per VPC', per: (item) => item.id },
    {
      service: 'vpc',
      code: 'L-085A6257',
      name: 'IPv6 CIDR blocks per VPC',
      per: (item) => (item.ipv6CidrBlock && unassignable(item) === undefined ? item.id : null),
    },
  ],
};

/** The IPv6 range of the VPC in DR while subnets there are in it: AWS takes none away before them, and the engine changes a VPC first. */
function usedInDr({ id }: Vpc, ctx: MirrorContext): string | undefined {
  const mirror = (ctx.allInDr('vpc') as readonly Vpc[]).find(({ tags }) => tags[TAG.sourceId] === id);
  const isUsed = (ctx.allInDr('subnet') as readonly Subnet[]).some(
    ({ vpcId, ipv6CidrBlock }) => vpcId === mirror?.id && ipv6CidrBlock !== undefined,
  );
  return isUsed ? mirror?.ipv6CidrBlock : undefined;
}
