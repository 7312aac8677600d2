import { paginateDescribeVpcEndpoints } from '@aws-sdk/client-ec2';
import type { VpcEndpointArgs } from '@pulumi/aws/ec2/vpcEndpoint';
import { allPages, type Item, type Kind, present, resource, tagRecord } from './kind';
import { policyInDr, samePolicy } from './policyDocument';

export interface VpcEndpoint extends Item {
  /** `Gateway`, `Interface`, `GatewayLoadBalancer`, `Resource` or `ServiceNetwork`. */
  readonly endpointType: string;
  readonly vpcId: string;
  /** With `<region>` in the place of the region. Absent of endpoints to a resource or a service network. */
  readonly serviceName?: string;
  readonly routeTableIds: readonly string[];
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

/** A gateway endpoint, with its policy and the route tables that lead to it. Others are billed by the hour. */
export const vpcEndpoint: Kind<VpcEndpoint> = {
  name: 'vpc-endpoint',
  title: 'VPC endpoint',
  cost: 'free',
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
        routeTableIds: [...(found.RouteTableIds ?? [])].sort(),
        ipAddressType: found.IpAddressType,
        policy: ownPolicy(found.PolicyDocument),
        requesterManaged: found.RequesterManaged ?? false,
      }));
  },

  skip: (item) =>
    item.requesterManaged ? 'an AWS service made it, and makes it again where it is used' : undefined,

  atRecovery: (item) =>
    item.endpointType === 'Gateway'
      ? undefined
      : `an endpoint of the type ${item.endpointType}, which is billed by the hour`,

  mirror(item, ctx) {
    const { document, foreign } = policyInDr(parsed(item.policy), ctx);
    if (foreign.length > 0)
      ctx.note(`has a policy that names what only the source has, as it is: ${foreign.join(', ')}`);
    return resource<VpcEndpointArgs>('aws:ec2/vpcEndpoint:VpcEndpoint', {
      vpcId: ctx.ref('vpc', item.vpcId),
      serviceName: present(item.serviceName, 'ServiceName').replaceAll('<region>', ctx.dr.region),
      vpcEndpointType: item.endpointType,
      routeTableIds: item.routeTableIds.flatMap(
        (id) => ctx.attempt('route-table', id, 'the route table') ?? [],
      ),
      ipAddressType: item.ipAddressType,
      // The full-access one too: without an argument the provider leaves what is there.
      policy: ctx.json(document),
      tags: ctx.tags(item),
    });
  },

  // A VPC may have several endpoints to one service, but a route table leads to one of them.
  identity(item, dr) {
    const [vpcId, ...tables] = [
      dr.id('vpc', item.vpcId),
      ...item.routeTableIds.map((id) => dr.id('route-table', id)).sort(),
    ];
    if (!vpcId || tables.length === 0 || tables.includes(undefined)) return undefined;
    return [vpcId, item.serviceName, ...tables].join(' ');
  },

  fixed: (item, _zone) => [item.endpointType, item.serviceName],

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
  danger: (item, former) =>
    former?.policy === undefined || samePolicy(parsed(item.policy), parsed(former.policy))
      ? undefined
      : item.policy === undefined
        ? 'no longer has a policy of its own: it lets everything through'
        : 'has another policy than was accepted',

  quotas: [
    {
      service: 'vpc',
      code: 'L-1B52E74A',
      name: 'Gateway VPC endpoints per Region',
      per: (item) => (item.endpointType === 'Gateway' ? undefined : null),
    },
    {
      service: 'vpc',
      code: 'L-3248932A',
      name: 'Characters per VPC endpoint policy',
      per: (item) => (item.endpointType === 'Gateway' && item.policy ? item.id : null),
      weight: (item) => item.policy?.length ?? 0,
    },
  ],
};

function ownPolicy(text: string | undefined): string | undefined {
  if (!text) return undefined;
  const document: unknown = JSON.parse(text);
  return samePolicy(document, FULL_ACCESS) ? undefined : JSON.stringify(document);
}

function parsed(policy: string | undefined): unknown {
  return policy === undefined ? FULL_ACCESS : JSON.parse(policy);
}
