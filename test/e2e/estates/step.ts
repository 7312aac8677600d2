import * as sdk from '@aws-sdk/client-ec2';
import { ipv6Text, span } from './addresses';

/** A call of EC2, by its name in the API. */
export type Call = {
  [K in keyof typeof sdk]: K extends `${infer Name}Command` ? Name : never;
}[keyof typeof sdk];

/** What a call takes. */
export type CallInput<C extends Call> = NonNullable<ConstructorParameters<(typeof sdk)[`${C}Command`]>[0]>;

/**
 * One call that makes a part of an estate, as data. Where its input names another step in angle brackets (`<vpc-0>`), that
 * step's id is put in, and the call waits for it; see `filledIn` for IPv6 ranges, which nobody knows beforehand.
 */
export interface Step {
  /** What other steps call it. */
  readonly name: string;
  readonly call: Call;
  readonly input: object;
  readonly tags: Readonly<Record<string, string>>;
  /** Steps to wait for that the input does not name. */
  readonly after: readonly string[];
  /** Whether it belongs to the source alone: what is billed, and what only leads to that. */
  readonly sourceOnly: boolean;
}

export type StepOptions = Partial<Pick<Step, 'tags' | 'after' | 'sourceOnly'>>;

/** A step with its input checked against the call's. */
export function step<C extends Call>(
  name: string,
  call: C,
  input: CallInput<C>,
  options: StepOptions = {},
): Step {
  return { name, call, input, tags: {}, after: [], sourceOnly: false, ...options };
}

/**
 * What each call makes: where its answer holds the id, under which names further values are kept (`<vpc-0.group>`), and the
 * resource type of its tags, where it takes any.
 */
const MAKES: { readonly [C in Call]?: { type?: sdk.ResourceType; gives: Readonly<Record<string, string>> } } =
  {
    CreateVpc: { type: 'vpc', gives: { '': 'Vpc.VpcId' } },
    CreateDhcpOptions: { type: 'dhcp-options', gives: { '': 'DhcpOptions.DhcpOptionsId' } },
    CreateInternetGateway: { type: 'internet-gateway', gives: { '': 'InternetGateway.InternetGatewayId' } },
    CreateEgressOnlyInternetGateway: {
      type: 'egress-only-internet-gateway',
      gives: { '': 'EgressOnlyInternetGateway.EgressOnlyInternetGatewayId' },
    },
    CreateSubnet: { type: 'subnet', gives: { '': 'Subnet.SubnetId' } },
    CreateSubnetCidrReservation: { gives: { '': 'SubnetCidrReservation.SubnetCidrReservationId' } },
    CreateRouteTable: { type: 'route-table', gives: { '': 'RouteTable.RouteTableId' } },
    AssociateRouteTable: { gives: { '': 'AssociationId' } },
    CreateNetworkAcl: { type: 'network-acl', gives: { '': 'NetworkAcl.NetworkAclId' } },
    CreateSecurityGroup: { type: 'security-group', gives: { '': 'GroupId' } },
    AuthorizeSecurityGroupIngress: {
      type: 'security-group-rule',
      gives: { '': 'SecurityGroupRules.0.SecurityGroupRuleId' },
    },
    AuthorizeSecurityGroupEgress: {
      type: 'security-group-rule',
      gives: { '': 'SecurityGroupRules.0.SecurityGroupRuleId' },
    },
    CreateManagedPrefixList: { type: 'prefix-list', gives: { '': 'PrefixList.PrefixListId' } },
    CreateVpcEndpoint: { type: 'vpc-endpoint', gives: { '': 'VpcEndpoint.VpcEndpointId' } },
    CreateVpcPeeringConnection: {
      type: 'vpc-peering-connection',
      gives: { '': 'VpcPeeringConnection.VpcPeeringConnectionId' },
    },
    ImportKeyPair: { type: 'key-pair', gives: { '': 'KeyPairId' } },
    CreatePlacementGroup: { type: 'placement-group', gives: { '': 'PlacementGroup.GroupId' } },
    CreateLaunchTemplate: { type: 'launch-template', gives: { '': 'LaunchTemplate.LaunchTemplateId' } },
    CreateVolume: { gives: { '': 'VolumeId' } },
    CreateSnapshot: { gives: { '': 'SnapshotId' } },
    RegisterImage: { gives: { '': 'ImageId' } },
    RunInstances: {
      type: 'instance',
      gives: { '': 'Instances.0.InstanceId', eni: 'Instances.0.NetworkInterfaces.0.NetworkInterfaceId' },
    },
    CreateNatGateway: { gives: { '': 'NatGateway.NatGatewayId' } },
    CreateTransitGateway: { gives: { '': 'TransitGateway.TransitGatewayId' } },
    CreateTransitGatewayVpcAttachment: { gives: {} },
    // Look-ups of what AWS made by itself, and of what is AWS's own.
    DescribeVpcs: {
      gives: {
        ipv6: 'Vpcs.0.Ipv6CidrBlockAssociationSet.0.Ipv6CidrBlock',
        second: 'Vpcs.0.Ipv6CidrBlockAssociationSet.1.Ipv6CidrBlock',
      },
    },
    DescribeRouteTables: {
      gives: {
        '': 'RouteTables.0.RouteTableId',
        association: 'RouteTables.0.Associations.0.RouteTableAssociationId',
      },
    },
    DescribeNetworkAcls: {
      gives: {
        '': 'NetworkAcls.0.NetworkAclId',
        association: 'NetworkAcls.0.Associations.@SubnetId.NetworkAclAssociationId',
      },
    },
    DescribeSecurityGroups: { gives: { '': 'SecurityGroups.0.GroupId' } },
    DescribeSecurityGroupRules: {
      gives: {
        '0': 'SecurityGroupRules.0.SecurityGroupRuleId',
        '1': 'SecurityGroupRules.1.SecurityGroupRuleId',
        '2': 'SecurityGroupRules.2.SecurityGroupRuleId',
      },
    },
    DescribeManagedPrefixLists: { gives: { '': 'PrefixLists.0.PrefixListId' } },
    DescribeImages: { gives: { '': 'Images.0.ImageId' } },
  };

/** Carries a step out and returns its values by their names, its own and those with a dot. */
export async function carryOut(
  ec2: sdk.EC2Client,
  { name, call, input, tags }: Step,
  values: ReadonlyMap<string, string>,
): Promise<Map<string, string>> {
  const makes = MAKES[call];
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const tagged =
    Tags.length > 0 && makes?.type ? { TagSpecifications: [{ ResourceType: makes.type, Tags }] } : {};
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: tests are not bundled, and a list of sixty commands says less.
  const Command = sdk[`${call}Command`] as new (input: object) => Parameters<sdk.EC2Client['send']>[0];
  const complete = filledIn(input, values);
  const answer = await ec2.send(new Command({ ...complete, ...tagged })).catch((cause: Error) => {
    throw new Error(`${name} (${call}) failed: ${cause.message}`, { cause });
  });
  const found = Object.entries(makes?.gives ?? {}).map(([suffix, path]): [string, unknown] => [
    suffix === '' ? name : `${name}.${suffix}`,
    at(answer, path, complete),
  ]);
  return new Map(found.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The part of an answer that a path leads to; `@Key` is the element with the Key that the call filtered by. */
function at(answer: unknown, path: string, input: { Filters?: sdk.Filter[] }): unknown {
  const wanted = input.Filters?.[0]?.Values?.[0];
  return path.split('.').reduce<unknown>((part, key) => {
    if (key.startsWith('@'))
      return (part as Record<string, unknown>[] | undefined)?.find((each) => each[key.slice(1)] === wanted);
    return (part as Record<string, unknown> | undefined)?.[key];
  }, answer);
}

const REFERENCE = /<([\w.-]+)(?: (\d+)\/(\d+)(?:\+(\d+))?)?>/g;

/** Names of the values that an input refers to. */
export function references(input: unknown): string[] {
  return [...JSON.stringify(input).matchAll(REFERENCE)].map(([, name = '']) => name);
}

/**
 * An input with every reference replaced by its value. `<x>` is the value of x; where that is an IPv6 range, `<x 5/64>` is the
 * fifth /64 in it, counted from zero, and `<x 5/64+10>` the address that comes ten after the beginning of that.
 */
function filledIn<T>(input: T, values: ReadonlyMap<string, string>): T {
  if (typeof input === 'string') {
    const filled = input.replace(
      REFERENCE,
      (_, name: string, index?: string, bits?: string, host?: string) => {
        const value = values.get(name);
        if (value === undefined) throw new Error(`No step has given ${name}`);
        return index === undefined || bits === undefined
          ? value
          : within(value, Number(index), Number(bits), host === undefined ? undefined : Number(host));
      },
    );
    return filled as T;
  }
  if (Array.isArray(input)) return input.map((part) => filledIn(part, values)) as T;
  if (input === null || typeof input !== 'object' || input instanceof Uint8Array) return input;
  return Object.fromEntries(Object.entries(input).map(([key, part]) => [key, filledIn(part, values)])) as T;
}

/** A range or address in an IPv6 range, as filledIn says. */
function within(range: string, index: number, bits: number, host: number | undefined): string {
  const first = span(range).first + (BigInt(index) << BigInt(128 - bits));
  return host === undefined ? `${ipv6Text(first)}/${bits}` : ipv6Text(first + BigInt(host));
}
