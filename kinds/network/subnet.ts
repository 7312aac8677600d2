import type { Vpc } from '@aws-sdk/client-ec2';
import type { SubnetArgs } from '@pulumi/aws/ec2/subnet';
import { TAG } from '../../names';
import { contains } from '../contains';
import { type InDr, type Item, type Kind, present, tagRecord } from '../kind';
import { type MirrorContext, resource } from '../mirrorContext';
import { describeSubnets, describeVpcs } from '../sharedLookUps';
import { overlap } from './overlap';

export interface Subnet extends Item {
  readonly vpcId: string;
  /** Absent in an IPv6-only subnet. */
  readonly cidrBlock?: string;
  /** The association of the VPC's further IPv4 range that the subnet lies in. */
  readonly ipv4RangeId?: string;
  readonly ipv6CidrBlock?: string;
  readonly ipv6Native: boolean;
  readonly availabilityZoneId: string;
  readonly mapPublicIpOnLaunch: boolean;
  readonly assignIpv6AddressOnCreation: boolean;
  readonly enableDns64: boolean;
  readonly hostnameType: string;
  readonly resourceNameDnsARecord: boolean;
  readonly resourceNameDnsAaaaRecord: boolean;
  readonly outpostArn?: string;
}

/** A subnet with its ranges and all its attributes, in the zone that stands for the source's. */
export const subnet: Kind<Subnet> = {
  name: 'subnet',
  title: 'Subnet',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/subnet:Subnet'],
  iamActions: ['ec2:DescribeSubnets', 'ec2:DescribeVpcs'],

  async list(account) {
    const [subnets, vpcs] = await Promise.all([describeSubnets(account), describeVpcs(account)]);
    const byId = new Map(vpcs.map((vpc) => [vpc.VpcId, vpc]));
    return subnets.map((found) => {
      const cidrBlock = found.CidrBlock || undefined;
      const names = found.PrivateDnsNameOptionsOnLaunch;
      return {
        id: present(found.SubnetId, 'SubnetId'),
        tags: tagRecord(found.Tags),
        vpcId: present(found.VpcId, 'VpcId'),
        cidrBlock,
        ipv4RangeId: cidrBlock && furtherRange(present(byId.get(found.VpcId), 'its VPC'), cidrBlock),
        ipv6CidrBlock: found.Ipv6CidrBlockAssociationSet?.find(
          (set) => set.Ipv6CidrBlockState?.State === 'associated',
        )?.Ipv6CidrBlock,
        ipv6Native: found.Ipv6Native ?? false,
        availabilityZoneId: present(found.AvailabilityZoneId, 'AvailabilityZoneId'),
        mapPublicIpOnLaunch: found.MapPublicIpOnLaunch ?? false,
        assignIpv6AddressOnCreation: found.AssignIpv6AddressOnCreation ?? false,
        enableDns64: found.EnableDns64 ?? false,
        hostnameType: names?.HostnameType ?? 'ip-name',
        resourceNameDnsARecord: names?.EnableResourceNameDnsARecord ?? false,
        resourceNameDnsAaaaRecord: names?.EnableResourceNameDnsAAAARecord ?? false,
        outpostArn: found.OutpostArn,
      };
    });
  },

  skip: (item) => (item.outpostArn ? `it is on the outpost ${item.outpostArn}` : undefined),

  mirror(item, ctx) {
    const ipv6CidrBlock = rangeInDr(item, ctx);
    const isWithout = item.ipv6CidrBlock !== undefined && ipv6CidrBlock === undefined;
    const lost = item.ipv6CidrBlock === undefined ? lostRange(item, ctx) : undefined;
    return resource<SubnetArgs>('aws:ec2/subnet:Subnet', {
      // Through the further range, where the subnet lies in one: it has to be there first.
      vpcId: item.ipv4RangeId
        ? ctx.output('vpc-ipv4-range', item.ipv4RangeId, 'vpcId')
        : ctx.ref('vpc', item.vpcId),
      cidrBlock: item.cidrBlock,
      ipv6CidrBlock,
      ipv6Native: item.ipv6Native,
      // By id, not by letter: euc1-az2 is the same zone in every account, eu-central-1b is not.
      availabilityZoneId: ctx.zone(item.availabilityZoneId),
      mapPublicIpOnLaunch: item.mapPublicIpOnLaunch,
      // Without IPv6 there is nothing of these.
      assignIpv6AddressOnCreation: item.assignIpv6AddressOnCreation && !isWithout,
      enableDns64: item.enableDns64 && !isWithout,
      privateDnsHostnameTypeOnLaunch: item.hostnameType,
      enableResourceNameDnsARecordOnLaunch: item.resourceNameDnsARecord,
      enableResourceNameDnsAaaaRecordOnLaunch: item.resourceNameDnsAaaaRecord && !isWithout,
      // The provider takes a range away only while it changes something else. The tag stays, or the next run would change it again.
      tags: { ...ctx.tags(item), ...(lost !== undefined && { [TAG.lostIpv6]: lost }) },
    });
  },

  // Ranges within a VPC do not overlap, so a range is one subnet.
  identity(item, dr) {
    const vpcId = dr.id('vpc', item.vpcId);
    const range = item.cidrBlock ?? (item.ipv6CidrBlock && dr.ipv6(item.ipv6CidrBlock));
    return vpcId && range && `${vpcId} ${range}`;
  },

  // An inventory that an older program wrote does not tell whether a subnet has IPv6 only: then it has not.
  fixed: (item, zone) => [item.cidrBlock, item.ipv6Native ?? false, zone(item.availabilityZoneId)],

  excludes(item, other, there) {
    if (there.id('vpc', item.vpcId) !== other.vpcId) return false;
    if (!item.cidrBlock) return sharesIpv6(item, other, there);
    return other.cidrBlock !== undefined && overlap(item.cidrBlock, other.cidrBlock);
  },

  beside(item, other, there) {
    if (there.id('vpc', item.vpcId) !== other.vpcId || !sharesIpv6(item, other, there)) return undefined;
    const without = {
      ipv6CidrBlock: undefined,
      assignIpv6AddressOnCreation: false,
      enableDns64: false,
      resourceNameDnsAaaaRecord: false,
    };
    return { item: { ...item, ...without }, leftOut: [`the IPv6 range ${item.ipv6CidrBlock}`] };
  },

  // Recovered machines are launched into it. An IPv6 address needs a route as well, but one that comes later would be no change of this.
  danger(item, former) {
    if (!former) return undefined;
    const given = [
      item.mapPublicIpOnLaunch && !former.mapPublicIpOnLaunch && 'a public IPv4 address',
      item.assignIpv6AddressOnCreation && !former.assignIpv6AddressOnCreation && 'an IPv6 address',
    ].filter((what) => what !== false);
    return given.length > 0
      ? `now gives ${given.join(' and ')} to every machine that is launched in it`
      : undefined;
  },

  quotas: [{ service: 'vpc', code: 'L-407747CB', name: 'Subnets per VPC', per: (item) => item.vpcId }],
};

/** A subnet of both families can do without its IPv6 range, one of IPv6 only cannot. */
function rangeInDr({ cidrBlock, ipv6CidrBlock }: Subnet, ctx: MirrorContext) {
  if (!ipv6CidrBlock) return undefined;
  return cidrBlock ? ctx.attemptIpv6(ipv6CidrBlock, 'the IPv6 range') : ctx.ipv6(ipv6CidrBlock);
}

/** The IPv6 range that a subnet in DR has, or had, and the source's has not. */
function lostRange({ id }: Subnet, ctx: MirrorContext): string | undefined {
  const found = ctx.allInDr('subnet') as readonly Subnet[];
  const mirror = found.find(({ tags }) => tags[TAG.sourceId] === id);
  return mirror?.ipv6CidrBlock ?? mirror?.tags[TAG.lostIpv6];
}

function sharesIpv6(item: Subnet, other: Subnet, there: InDr): boolean {
  const range = item.ipv6CidrBlock && there.ipv6(item.ipv6CidrBlock);
  return !!range && other.ipv6CidrBlock !== undefined && overlap(range, other.ipv6CidrBlock);
}

function furtherRange(vpc: Vpc, cidrBlock: string): string | undefined {
  if (!vpc.CidrBlock || contains(vpc.CidrBlock, cidrBlock)) return undefined;
  return vpc.CidrBlockAssociationSet?.find(
    (set) =>
      set.CidrBlockState?.State === 'associated' && set.CidrBlock && contains(set.CidrBlock, cidrBlock),
  )?.AssociationId;
}
