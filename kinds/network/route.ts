import type { Route as AwsRoute } from '@aws-sdk/client-ec2';
import type { RouteArgs } from '@pulumi/aws/ec2/route';
import { type Item, type Kind, present, type SkipOptions } from '../kind';
import type { Instance } from '../machines/instance';
import { type MirrorContext, resource } from '../mirrorContext';
import { describeRouteTables } from '../sharedLookUps';
import { prefixListWeight } from './prefixListWeight';
import { prefix, routeDanger } from './routeDanger';
import { mainTablePlace } from './routeTable';

export interface Route extends Item {
  readonly routeTableId: string;
  readonly destinationCidrBlock?: string;
  readonly destinationIpv6CidrBlock?: string;
  readonly destinationPrefixListId?: string;
  /** The id of what it leads to. */
  readonly target: string;
  /** `CreateRoute`, or `EnableVgwRoutePropagation` for what a VPN gateway put there. */
  readonly origin: string;
  /** Whether what it leads to is gone. */
  readonly isBlackhole: boolean;
}

/** What a route may lead to, by the prefix of its id: the kind, and the provider's argument for it. */
const MIRRORED = {
  igw: ['internet-gateway', 'gatewayId'],
  eigw: ['egress-only-internet-gateway', 'egressOnlyGatewayId'],
  pcx: ['vpc-peering-connection', 'vpcPeeringConnectionId'],
} as const;

/** What is billed by the hour, and made at a recovery. */
const BILLED: Readonly<Record<string, string>> = { nat: 'a NAT gateway', i: 'an instance' };

/** What is never made. */
const UNMADE: Readonly<Record<string, string>> = {
  tgw: 'a transit gateway',
  eni: 'a network interface of no machine',
  vpce: 'an endpoint of a Gateway Load Balancer',
};

const GONE = 'what it leads to is gone, in the source too';

/** One route of a table. Those that AWS puts there itself (within the VPC, to a gateway endpoint) come with the table. */
export const route: Kind<Route> = {
  name: 'route',
  title: 'Route',
  cost: 'free',
  madeAtRecovery: 'some',
  types: ['aws:ec2/route:Route'],
  iamActions: ['ec2:DescribeRouteTables'],

  async list(account) {
    const tables = await describeRouteTables(account);
    return tables.flatMap((table) => {
      const routeTableId = present(table.RouteTableId, 'RouteTableId');
      const isMain = present(table.Associations, 'Associations').some(({ Main }) => Main);
      const place = isMain ? mainTablePlace(present(table.VpcId, 'VpcId')) : routeTableId;
      return present(table.Routes, 'Routes')
        .filter((found) => !isAwsOwn(found))
        .map((found) => {
          const destination = present(
            found.DestinationCidrBlock ?? found.DestinationIpv6CidrBlock ?? found.DestinationPrefixListId,
            'a destination',
          );
          return {
            // Colons would read as delimiters in a resource's URN.
            id: `${place}_${destination.replaceAll(':', '-')}`,
            tags: {},
            routeTableId,
            destinationCidrBlock: found.DestinationCidrBlock,
            destinationIpv6CidrBlock: found.DestinationIpv6CidrBlock,
            destinationPrefixListId: found.DestinationPrefixListId,
            target: targetOf(found),
            origin: present(found.Origin, 'Origin'),
            isBlackhole: found.State === 'blackhole',
          };
        });
    });
  },

  skip(item, { find }) {
    if (item.origin === 'EnableVgwRoutePropagation') return 'a VPN gateway propagates it';
    const unmade = UNMADE[prefix(item.target)];
    if (unmade) return `it leads to ${unmade}, which is not mirrored`;
    if (BILLED[prefix(item.target)]) return item.isBlackhole ? goneToo(item, find) : undefined;
    const mirrored = MIRRORED[prefix(item.target) as keyof typeof MIRRORED];
    if (!mirrored) return `it leads to ${item.target}, which is not mirrored`;
    const found = find(mirrored[0], item.target) as { vpcId?: string; requester?: unknown } | undefined;
    // AWS takes no route to a gateway that is attached to nothing.
    return found?.vpcId || found?.requester ? undefined : GONE;
  },

  atRecovery(item) {
    const billed = BILLED[prefix(item.target)];
    return billed && `it leads to ${billed}, which is billed by the hour`;
  },

  mirror(item, ctx) {
    // A prefix list can be removed only once no route leads by it any more.
    if (!item.destinationPrefixListId) ctx.goesWith('route-table', item.routeTableId);
    return resource<RouteArgs>('aws:ec2/route:Route', {
      routeTableId: ctx.ref('route-table', item.routeTableId),
      destinationCidrBlock: item.destinationCidrBlock,
      destinationIpv6CidrBlock: item.destinationIpv6CidrBlock && ctx.ipv6(item.destinationIpv6CidrBlock),
      destinationPrefixListId:
        item.destinationPrefixListId && ctx.ref('prefix-list', item.destinationPrefixListId),
      ...target(item, ctx),
    });
  },

  removedByContent: true,

  importId: (item) => `${item.routeTableId}_${destinationOf(item)}`,

  identity(item, dr) {
    const table = dr.id('route-table', item.routeTableId);
    const destination =
      item.destinationCidrBlock ??
      (item.destinationIpv6CidrBlock && dr.ipv6(item.destinationIpv6CidrBlock)) ??
      (item.destinationPrefixListId && dr.id('prefix-list', item.destinationPrefixListId));
    return table && destination && `${table} ${destination}`;
  },

  partOf: { whole: (item) => item.routeTableId, argument: () => 'routes', madeByAws: () => false },

  danger: routeDanger,

  quotas: [
    {
      service: 'vpc',
      code: 'L-93826ACB',
      name: 'Routes per route table',
      // IPv4 and IPv6 are counted apart.
      per: (item, find) => `${item.routeTableId} ${family(item, find)}`,
      weight: ({ destinationPrefixListId: id }, find) => (id ? prefixListWeight(find('prefix-list', id)) : 1),
    },
  ],
};

/** What is gone from the source, and not held. */
function goneToo(item: Route, find: SkipOptions['find']): string | undefined {
  return find(prefix(item.target) === 'nat' ? 'nat-gateway' : 'instance', item.target) ? undefined : GONE;
}

function destinationOf(item: Route): string | undefined {
  return item.destinationCidrBlock ?? item.destinationIpv6CidrBlock ?? item.destinationPrefixListId;
}

/** Within the VPC, or put there by a gateway endpoint, which leads to a prefix list of AWS. */
function isAwsOwn(found: AwsRoute): boolean {
  return (
    found.Origin === 'CreateRouteTable' ||
    (found.DestinationPrefixListId !== undefined && (found.GatewayId ?? '').startsWith('vpce-'))
  );
}

function targetOf(found: AwsRoute): string {
  return (
    found.EgressOnlyInternetGatewayId ??
    found.NatGatewayId ??
    found.TransitGatewayId ??
    found.VpcPeeringConnectionId ??
    found.CarrierGatewayId ??
    found.LocalGatewayId ??
    found.CoreNetworkArn ??
    found.InstanceId ??
    found.NetworkInterfaceId ??
    found.GatewayId ??
    // AWS adds kinds of targets now and then.
    'something that is not known'
  );
}

function target(item: Route, ctx: MirrorContext): Partial<RouteArgs> {
  if (prefix(item.target) === 'nat') return { natGatewayId: ctx.ref('nat-gateway', item.target) };
  if (prefix(item.target) === 'i') {
    const machine = ctx.find('instance', item.target) as Instance | undefined;
    // The route names the machine alone, and may lead to any of them.
    if (machine && machine.networkInterfaces > 1) ctx.skip(`${item.target} has several network interfaces`);
    return { networkInterfaceId: ctx.machine(item.target, undefined, 'primaryNetworkInterfaceId') };
  }
  const [kind, argument] = MIRRORED[prefix(item.target) as keyof typeof MIRRORED];
  return { [argument]: ctx.ref(kind, item.target) };
}

function family(
  { destinationIpv6CidrBlock, destinationPrefixListId: id }: Route,
  find: SkipOptions['find'],
): string {
  const list = id ? (find('prefix-list', id) as { addressFamily?: string } | undefined) : undefined;
  return list?.addressFamily ?? (destinationIpv6CidrBlock ? 'IPv6' : 'IPv4');
}
