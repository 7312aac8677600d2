import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  type EC2Client,
  type IpPermission,
  ReplaceNetworkAclAssociationCommand,
  type ResourceType,
} from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { present } from '../../kinds/kind';
import type { Size } from './size';

/** Calls at once. The emulator answers one at a time. */
const CALLS = 16;

/** What the estate needs beyond AWS's defaults, in both accounts. */
export function quotasFor(size: Size): Record<string, number> {
  return { 'L-F678F1CE': size.vpcs + 5, 'L-A4707A72': size.vpcs + 5 };
}

/**
 * Makes the estate, side by side.
 *
 * @param made called after each call that made something
 */
export async function seed(ec2: EC2Client, size: Size, made: () => void): Promise<void> {
  const limit = pLimit(CALLS);
  const send: Send = (command) =>
    limit(async () => {
      const answer = await command(ec2);
      made();
      return answer;
    });
  await Promise.all(range(size.vpcs).map((vpc) => seedVpc(send, size, vpc)));
}

/** How many calls `seed` makes. */
export function seedCalls(size: Size): number {
  const perSubnet = 3;
  const perGroup = 3;
  const perTable = 1 + size.routes;
  const perAcl = 1 + 2 * size.entries;
  return (
    size.vpcs *
    (4 + perSubnet * size.subnets + perGroup * size.groups + perTable * size.routeTables + perAcl * size.acls)
  );
}

type Send = <T>(command: (ec2: EC2Client) => Promise<T>) => Promise<T>;

async function seedVpc(send: Send, size: Size, vpc: number): Promise<void> {
  const made = await send((ec2) =>
    ec2.send(new CreateVpcCommand({ CidrBlock: `10.${vpc}.0.0/16`, ...named('vpc', `vpc-${vpc}`) })),
  );
  const VpcId = present(made.Vpc?.VpcId, 'VpcId');
  const [tables, acls, subnets] = await Promise.all([
    seedRouteTables(send, size, VpcId, vpc),
    seedAcls(send, size, VpcId, vpc),
    Promise.all(range(size.subnets).map((at) => seedSubnet(send, VpcId, vpc, at))),
    seedGroups(send, size, VpcId, vpc),
  ]);
  const own = await send((ec2) =>
    ec2.send(new DescribeNetworkAclsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] })),
  );
  const associations = present(own.NetworkAcls, 'NetworkAcls').flatMap((acl) => acl.Associations ?? []);
  await Promise.all([
    ...subnets.map((SubnetId, at) =>
      send((ec2) =>
        ec2.send(new AssociateRouteTableCommand({ SubnetId, RouteTableId: tables[at % tables.length] })),
      ),
    ),
    ...associations.map(({ NetworkAclAssociationId: AssociationId }, at) =>
      send((ec2) =>
        ec2.send(
          new ReplaceNetworkAclAssociationCommand({ AssociationId, NetworkAclId: acls[at % acls.length] }),
        ),
      ),
    ),
  ]);
}

async function seedSubnet(send: Send, VpcId: string, vpc: number, at: number): Promise<string> {
  const made = await send((ec2) =>
    ec2.send(
      new CreateSubnetCommand({
        VpcId,
        CidrBlock: `10.${vpc}.${at}.0/24`,
        AvailabilityZoneId: `euw1-az${(at % 3) + 1}`,
        ...named('subnet', `subnet-${vpc}-${at}`),
      }),
    ),
  );
  return present(made.Subnet?.SubnetId, 'SubnetId');
}

async function seedRouteTables(send: Send, size: Size, VpcId: string, vpc: number): Promise<string[]> {
  const gateway = await send((ec2) =>
    ec2.send(new CreateInternetGatewayCommand(named('internet-gateway', `gateway-${vpc}`))),
  );
  const GatewayId = present(gateway.InternetGateway?.InternetGatewayId, 'InternetGatewayId');
  await send((ec2) => ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId })));
  return Promise.all(
    range(size.routeTables).map(async (table) => {
      const made = await send((ec2) =>
        ec2.send(new CreateRouteTableCommand({ VpcId, ...named('route-table', `table-${vpc}-${table}`) })),
      );
      const RouteTableId = present(made.RouteTable?.RouteTableId, 'RouteTableId');
      await Promise.all(
        range(size.routes).map((route) =>
          send((ec2) =>
            ec2.send(
              new CreateRouteCommand({
                RouteTableId,
                GatewayId,
                DestinationCidrBlock: route === 0 ? '0.0.0.0/0' : `192.168.${route}.0/24`,
              }),
            ),
          ),
        ),
      );
      return RouteTableId;
    }),
  );
}

function seedAcls(send: Send, size: Size, VpcId: string, vpc: number): Promise<string[]> {
  return Promise.all(
    range(size.acls).map(async (acl) => {
      const made = await send((ec2) =>
        ec2.send(new CreateNetworkAclCommand({ VpcId, ...named('network-acl', `acl-${vpc}-${acl}`) })),
      );
      const NetworkAclId = present(made.NetworkAcl?.NetworkAclId, 'NetworkAclId');
      const entry = (number: number, Egress: boolean) =>
        send((ec2) =>
          ec2.send(
            new CreateNetworkAclEntryCommand({
              NetworkAclId,
              Egress,
              RuleNumber: 100 * (number + 1),
              Protocol: '6',
              RuleAction: 'allow',
              CidrBlock: `10.${vpc}.0.0/16`,
              PortRange: { From: 8000 + number, To: 8000 + number },
            }),
          ),
        );
      await Promise.all(range(size.entries).flatMap((number) => [entry(number, false), entry(number, true)]));
      return NetworkAclId;
    }),
  );
}

async function seedGroups(send: Send, size: Size, VpcId: string, vpc: number): Promise<void> {
  const groups = await Promise.all(
    range(size.groups).map(async (group) => {
      const GroupName = `group-${vpc}-${group}`;
      const made = await send((ec2) =>
        ec2.send(
          new CreateSecurityGroupCommand({
            VpcId,
            GroupName,
            Description: `The machines of ${GroupName}`,
            ...named('security-group', GroupName),
          }),
        ),
      );
      return present(made.GroupId, 'GroupId');
    }),
  );
  await Promise.all(
    groups.flatMap((GroupId, at) => [
      send((ec2) =>
        ec2.send(
          new AuthorizeSecurityGroupIngressCommand({
            GroupId,
            IpPermissions: [
              ...range(size.rules - 2).map((rule) => fromRange(8000 + rule, `10.${vpc}.${rule}.0/24`)),
              { ...port(9000), UserIdGroupPairs: [{ GroupId: groups[(at + 1) % groups.length] }] },
            ],
          }),
        ),
      ),
      send((ec2) =>
        ec2.send(
          new AuthorizeSecurityGroupEgressCommand({
            GroupId,
            IpPermissions: [fromRange(443, `10.${vpc}.0.0/16`)],
          }),
        ),
      ),
    ]),
  );
}

function port(number: number): IpPermission {
  return { IpProtocol: 'tcp', FromPort: number, ToPort: number };
}

function fromRange(number: number, CidrIp: string): IpPermission {
  return { ...port(number), IpRanges: [{ CidrIp, Description: `port ${number}` }] };
}

function named(type: ResourceType, Name: string) {
  const Tags = [
    { Key: 'Name', Value: Name },
    { Key: 'Team', Value: 'bench' },
  ];
  return { TagSpecifications: [{ ResourceType: type, Tags }] };
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
