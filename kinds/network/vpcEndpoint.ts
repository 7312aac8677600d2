import { paginateDescribeVpcEndpoints } from '@aws-sdk/client-ec2';
import type { VpcEndpointArgs } from '@pulumi/aws/ec2/vpcEndpoint';
import { allPages, type Item, type Kind, present, tagRecord } from '../kind';
import { resource } from '../mirrorContext';
import { policyInDr, samePolicy } from '../policies/policyDocument';
import { interfaceEndpointArgs } from './interfaceEndpointArgs';

export interface VpcEndpoint extends Item {
  /** `Gateway`, `Interface`, `GatewayLoadBalancer`, `Resource` or `ServiceNetwork`. */
  readonly endpointType: string;
  readonly vpcId: string;
  /** With `<region>` in the place of the region. Absent of endpoints to a resource or a service network. */
  readonly serviceName?: string;
  /** Of a service of another region, that one. */
  readonly serviceRegion?: string;
  readonly routeTableIds: readonly string[];
  /** Of an interface endpoint, as what follows. Absent in an inventory that an older program wrote. */
  readonly subnetIds?: readonly string[];
  readonly securityGroupIds?: readonly string[];
  /** Whether the service's own name leads to it in the VPC. */
  readonly privateDnsEnabled?: boolean;
  /** Whether that is so for what asks from outside of the VPC alone; what asks within goes by a gateway endpoint. */
  readonly privateDnsOnlyForInboundResolverEndpoint?: boolean;
  readonly dnsRecordIpType?: string;
  readonly ipAddressType?: string;
  /** The policy document as JSON; undefined for the one that AWS gives to each, which allows everything. */
  readonly policy?: string;
  /** Whether an AWS service made it, and sees to it. */
  readonly requesterManaged: boolean;
}

/** What AWS gives to an endpoint that is made without a policy. */
const FULL_ACCESS = {
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};

/** AWS's own services. Those of others, and of the Marketplace, are `com.amazonaws.vpce.…`. */
const OF_AWS = /^(aws|com\.amazonaws)\.(?!vpce\.)/;

/**
 * A gateway endpoint, with its policy and the route tables that lead to it; at a recovery interface endpoints too, which are billed by the
 * hour. https://docs.aws.amazon.com/vpc/latest/privatelink/what-is-privatelink.html
 */
export const vpcEndpoint: Kind<VpcEndpoint> = {
  name: 'vpc-endpoint',
  title: 'VPC endpoint',
  cost: 'free',
  madeAtRecovery: 'some',
  types: ['aws:ec2/vpcEndpoint:VpcEndpoint'],
  iamActions: ['ec2:DescribeVpcEndpoints'],

  async list({ ec2, region }) {
    const endpoints = await allPages(
      paginateDescribeVpcEndpoints({ client: ec2 }, {}),
      (page) => page.VpcEndpoints,
    );
    return endpoints
      .filter(({ State }) => !/^delet/i.test(State ?? ''))
      .map((found) => ({
        id: present(found.VpcEndpointId, 'VpcEndpointId'),
        tags: tagRecord(found.Tags),
        endpointType: present(found.VpcEndpointType, 'VpcEndpointType'),
        vpcId: present(found.VpcId, 'VpcId'),
        serviceName: found.ServiceName?.replaceAll(region, '<region>'),
        serviceRegion: found.ServiceRegion === region ? undefined : found.ServiceRegion,
        routeTableIds: [...(found.RouteTableIds ?? [])].sort(),
        subnetIds: [...(found.SubnetIds ?? [])].sort(),
        securityGroupIds: (found.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []).sort(),
        privateDnsEnabled: found.PrivateDnsEnabled ?? false,
        privateDnsOnlyForInboundResolverEndpoint:
          found.DnsOptions?.PrivateDnsOnlyForInboundResolverEndpoint ?? false,
        dnsRecordIpType:
          found.VpcEndpointType === 'Interface' ? found.DnsOptions?.DnsRecordIpType : undefined,
        ipAddressType: found.IpAddressType,
        policy: ownPolicy(found.PolicyDocument),
        requesterManaged: found.RequesterManaged ?? false,
      }));
  },

  skip(item, { dr }) {
    if (item.requesterManaged) return 'an AWS service made it, and makes it again where it is used';
    if (!['Gateway', 'Interface'].includes(item.endpointType))
      return `it is of the type ${item.endpointType}, which is not mirrored`;
    // Whoever has the service would be let into DR.
    if (!OF_AWS.test(item.serviceName ?? '')) return `its service ${item.serviceName} is not AWS's own`;
    return item.serviceRegion === dr.region ? `its service is in ${dr.region} itself` : undefined;
  },

  // AWS lets one of S3 answer outsiders alone only where a gateway endpoint is there already.
  inOrder: (items) => [...items.filter(isGateway), ...items.filter((item) => !isGateway(item))],

  atRecovery: (item) =>
    isGateway(item) ? undefined : `an endpoint of the type ${item.endpointType}, which is billed by the hour`,

  mirror(item, ctx) {
    const { document, foreign } = policyInDr(parsed(item.policy), ctx);
    if (foreign.length > 0)
      ctx.note(`has a policy that names what only the source has, as it is: ${foreign.join(', ')}`);
    return resource<VpcEndpointArgs>('aws:ec2/vpcEndpoint:VpcEndpoint', {
      vpcId: ctx.ref('vpc', item.vpcId),
      serviceName: present(item.serviceName, 'ServiceName').replaceAll('<region>', ctx.dr.region),
      vpcEndpointType: item.endpointType,
      ...(isGateway(item)
        ? {
            routeTableIds: item.routeTableIds.flatMap(
              (id) => ctx.attempt('route-table', id, 'the route table') ?? [],
            ),
            ipAddressType: item.ipAddressType,
          }
        : interfaceEndpointArgs(item, ctx)),
      // The full-access one too: without an argument the provider leaves what is there.
      policy: ctx.json(document),
      tags: ctx.tags(item),
    });
  },

  // A VPC may have several endpoints to one service, but a route table leads to one of them.
  identity(item, dr) {
    if (!isGateway(item)) return undefined;
    const [vpcId, ...tables] = [
      dr.id('vpc', item.vpcId),
      ...item.routeTableIds.map((id) => dr.id('route-table', id)).sort(),
    ];
    if (!vpcId || tables.length === 0 || tables.includes(undefined)) return undefined;
    return [vpcId, item.serviceName, ...tables].join(' ');
  },

  // The service's own name leads to one of a VPC's endpoints to it.
  remade: (item) =>
    isGateway(item)
      ? [item.vpcId, item.serviceName, ...item.routeTableIds].join(' ')
      : item.privateDnsEnabled
        ? `${item.vpcId} ${item.serviceName}`
        : undefined,

  excludes: (item, other, there) =>
    item.privateDnsEnabled === true &&
    other.privateDnsEnabled === true &&
    other.serviceName === item.serviceName &&
    there.id('vpc', item.vpcId) === other.vpcId,

  fixed: (item, _zone) => [item.endpointType, item.serviceName, item.serviceRegion],

  // AWS refuses a second way from one table to one service (RouteAlreadyExists).
  beside(item, other, there) {
    const isOther =
      other.endpointType !== item.endpointType ||
      other.serviceName !== item.serviceName ||
      there.id('vpc', item.vpcId) !== other.vpcId;
    const taken = item.routeTableIds.filter((id) =>
      other.routeTableIds.includes(there.id('route-table', id) ?? ''),
    );
    if (isOther || taken.length === 0) return undefined;
    const routeTableIds = item.routeTableIds.filter((id) => !taken.includes(id));
    return { item: { ...item, routeTableIds }, leftOut: taken.map((id) => `the route table ${id}`) };
  },

  // Whether another policy allows more cannot be told in general. Of the one that AWS gives, any is a part.
  danger(item, former) {
    const policy =
      former?.policy === undefined || samePolicy(parsed(item.policy), parsed(former.policy))
        ? []
        : item.policy === undefined
          ? ['no longer has a policy of its own: it lets everything through']
          : ['has another policy than was accepted'];
    const added = (item.securityGroupIds ?? []).filter(
      (id) => former?.securityGroupIds?.includes(id) === false,
    );
    const groups =
      added.length > 0 ? [`has the group ${added.join(', ')} now, and whoever that lets in reaches it`] : [];
    return [...policy, ...groups].join('; ') || undefined;
  },

  quotas: [
    {
      service: 'vpc',
      code: 'L-1B52E74A',
      name: 'Gateway VPC endpoints per Region',
      per: (item) => (isGateway(item) ? undefined : null),
    },
    {
      service: 'vpc',
      code: 'L-29B6F2EB',
      name: 'Interface VPC endpoints per VPC',
      atRecovery: true,
      per: (item) => (item.endpointType === 'Interface' ? item.vpcId : null),
    },
    {
      service: 'vpc',
      code: 'L-3248932A',
      name: 'Characters per VPC endpoint policy',
      per: (item) => (item.policy ? item.id : null),
      weight: (item) => item.policy?.length ?? 0,
    },
  ],
};

function isGateway({ endpointType }: VpcEndpoint): boolean {
  return endpointType === 'Gateway';
}

function ownPolicy(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const document: unknown = JSON.parse(text);
  return samePolicy(document, FULL_ACCESS) ? undefined : JSON.stringify(document);
}

function parsed(policy: string | undefined): unknown {
  return policy === undefined ? FULL_ACCESS : JSON.parse(policy);
}
