import { type EC2Client, GetSubnetCidrReservationsCommand } from '@aws-sdk/client-ec2';
import type { SubnetCidrReservationArgs } from '@pulumi/aws/ec2/subnetCidrReservation';
import { parse, parseCIDR } from 'ipaddr.js';
import { allPages, type Item, type Kind, present } from '../kind';
import type { Instance } from '../machines/instance';
import { resource } from '../mirrorContext';
import { perObject } from '../perObject';
import { describeSubnets } from '../sharedLookUps';
import { overlap } from './overlap';

export interface SubnetCidrReservation extends Item {
  readonly subnetId: string;
  readonly cidr: string;
  /** `explicit`: AWS assigns nothing of it by itself. `prefix`: AWS assigns prefixes of it to interfaces. */
  readonly reservationType: string;
  readonly description?: string;
}

/** All reservations of one subnet. The SDK has no paginator for it, though AWS pages it. */
async function* reservationsOf(ec2: EC2Client, SubnetId: string) {
  let NextToken: string | undefined;
  do {
    const asked = new GetSubnetCidrReservationsCommand({ SubnetId, NextToken });
    const page = await perObject(ec2, () => ec2.send(asked));
    yield page;
    NextToken = page.NextToken;
  } while (NextToken);
}

/**
 * Addresses of a subnet that are kept: those that the source reserves, and each that an instance holds, so that nothing else in DR
 * (a load balancer, an endpoint) takes it before the instance is recovered.
 */
export const subnetCidrReservation: Kind<SubnetCidrReservation> = {
  name: 'subnet-cidr-reservation',
  title: 'Subnet CIDR reservation',
  cost: 'free',
  inDrill: true,
  types: ['aws:ec2/subnetCidrReservation:SubnetCidrReservation'],
  iamActions: ['ec2:DescribeSubnets', 'ec2:GetSubnetCidrReservations'],

  async list(account) {
    const subnets = await describeSubnets(account);
    const lists = await Promise.all(
      subnets.map(({ SubnetId }) =>
        allPages(reservationsOf(account.ec2, present(SubnetId, 'SubnetId')), (page) => [
          ...present(page.SubnetIpv4CidrReservations, 'SubnetIpv4CidrReservations'),
          ...present(page.SubnetIpv6CidrReservations, 'SubnetIpv6CidrReservations'),
        ]),
      ),
    );
    return lists.flat().map((found) => ({
      id: present(found.SubnetCidrReservationId, 'SubnetCidrReservationId'),
      tags: {},
      subnetId: present(found.SubnetId, 'SubnetId'),
      cidr: present(found.Cidr, 'Cidr'),
      reservationType: present(found.ReservationType, 'ReservationType'),
      description: found.Description || undefined,
    }));
  },

  derived(items) {
    const reserved = (items['subnet-cidr-reservation'] ?? []) as readonly SubnetCidrReservation[];
    const wanted = new Map<string, SubnetCidrReservation>();
    // An inventory that an older program wrote tells no addresses.
    for (const { addresses = [] } of (items.instance ?? []) as readonly Partial<Instance>[])
      for (const { subnetId, address } of addresses) {
        if (reserved.some(({ cidr, subnetId: other }) => other === subnetId && holds(cidr, address)))
          continue;
        const isIpv6 = address.includes(':');
        // Colons would read as delimiters in a resource's URN.
        const id = `${subnetId}_${address.replaceAll(':', '-')}`;
        const cidr = `${address}/${isIpv6 ? 128 : 32}`;
        wanted.set(id, { id, tags: {}, subnetId, cidr, reservationType: 'explicit' });
      }
    return [...wanted.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  },

  mirror: (item, ctx) =>
    resource<SubnetCidrReservationArgs>('aws:ec2/subnetCidrReservation:SubnetCidrReservation', {
      subnetId: ctx.ref('subnet', item.subnetId),
      cidrBlock: ctx.ipv6(item.cidr),
      reservationType: item.reservationType,
      description: item.description,
    }),

  importId: (item) => `${item.subnetId}:${item.id}`,

  // Reservations of a subnet do not overlap.
  identity(item, dr) {
    const subnetId = dr.id('subnet', item.subnetId);
    const cidr = dr.ipv6(item.cidr);
    return subnetId && cidr && `${subnetId} ${cidr}`;
  },

  fixed: (item) => [item.reservationType, item.description],

  excludes(item, other, there) {
    const cidr = there.ipv6(item.cidr);
    return there.id('subnet', item.subnetId) === other.subnetId && !!cidr && overlap(cidr, other.cidr);
  },
};

function holds(cidr: string, address: string): boolean {
  const parsed = parse(address);
  const range = parseCIDR(cidr);
  return parsed.kind() === range[0].kind() && parsed.match(range);
}
