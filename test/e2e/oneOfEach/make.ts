import * as sdk from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import { MUST_SNAP } from '../../../snapshots/mustSnap';
import { makeEdge } from './edge';
import { putWatch } from './watch';

/** Ids of a small estate, by what they are. */
export type OneOfEach = Awaited<ReturnType<typeof makeOneOfEach>>;

const TAGGED = [{ Key: 'round', Value: '0' }];

function tags(ResourceType: sdk.ResourceType, Name: string) {
  return { TagSpecifications: [{ ResourceType, Tags: [{ Key: 'Name', Value: Name }, ...TAGGED] }] };
}

/**
 * Makes one of each kind of object that is mirrored, through the SDK: the smallest estate in which every permission is needed.
 *
 * @param zone a zone of the source's region, such as eu-west-1a
 */
export async function makeOneOfEach(ec2: sdk.EC2Client, zone: string) {
  const vpcs = await makeVpcs(ec2);
  const { main, peer, peering, internet, egressOnly } = vpcs;
  const filters = await makeFilters(ec2, main);
  const routed = await makeRouting(ec2, zone, { main, peering, internet, egressOnly, ...filters });
  const launching = await makeLaunching(ec2, zone, routed.subnet, filters.group);
  await makeEdge(ec2, main);
  await putWatch(ec2, 0);
  return { ...vpcs, peer, ...filters, ...routed, ...launching };
}

async function makeVpcs(ec2: sdk.EC2Client) {
  const vpc = async (Name: string, CidrBlock: string, ipv6: boolean) => {
    const made = await ec2.send(
      new sdk.CreateVpcCommand({ CidrBlock, AmazonProvidedIpv6CidrBlock: ipv6, ...tags('vpc', Name) }),
    );
    return present(made.Vpc?.VpcId, Name);
  };
  const [main, peer] = [await vpc('main', '10.40.0.0/16', true), await vpc('peer', '10.41.0.0/16', false)];
  await ec2.send(new sdk.AssociateVpcCidrBlockCommand({ VpcId: main, CidrBlock: '10.42.0.0/20' }));
  await ec2.send(new sdk.AssociateVpcCidrBlockCommand({ VpcId: main, AmazonProvidedIpv6CidrBlock: true }));
  const dhcp = await ec2.send(
    new sdk.CreateDhcpOptionsCommand({
      DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['10.40.0.2'] }],
      ...tags('dhcp-options', 'names'),
    }),
  );
  const DhcpOptionsId = present(dhcp.DhcpOptions?.DhcpOptionsId, 'DhcpOptionsId');
  await ec2.send(new sdk.AssociateDhcpOptionsCommand({ DhcpOptionsId, VpcId: main }));
  const gateway = await ec2.send(new sdk.CreateInternetGatewayCommand(tags('internet-gateway', 'out')));
  const internet = present(gateway.InternetGateway?.InternetGatewayId, 'InternetGatewayId');
  await ec2.send(new sdk.AttachInternetGatewayCommand({ InternetGatewayId: internet, VpcId: main }));
  const egress = await ec2.send(
    new sdk.CreateEgressOnlyInternetGatewayCommand({
      VpcId: main,
      ...tags('egress-only-internet-gateway', 'out'),
    }),
  );
  const egressOnly = present(egress.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId, 'egress-only');
  const connected = await ec2.send(
    new sdk.CreateVpcPeeringConnectionCommand({
      VpcId: main,
      PeerVpcId: peer,
      ...tags('vpc-peering-connection', 'peering'),
    }),
  );
  const peering = present(connected.VpcPeeringConnection?.VpcPeeringConnectionId, 'peering');
  await ec2.send(new sdk.AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId: peering }));
  return { main, peer, dhcp: DhcpOptionsId, internet, egressOnly, peering };
}

async function makeFilters(ec2: sdk.EC2Client, VpcId: string) {
  const made = await ec2.send(
    new sdk.CreateManagedPrefixListCommand({
      PrefixListName: 'offices',
      AddressFamily: 'IPv4',
      MaxEntries: 5,
      Entries: [{ Cidr: '192.0.2.0/24', Description: 'an office' }],
      ...tags('prefix-list', 'offices'),
    }),
  );
  const list = present(made.PrefixList?.PrefixListId, 'PrefixListId');
  const grouped = await ec2.send(
    new sdk.CreateSecurityGroupCommand({
      VpcId,
      GroupName: 'web',
      Description: 'The web machines',
      ...tags('security-group', 'web'),
    }),
  );
  const group = present(grouped.GroupId, 'GroupId');
  const tcp = (port: number) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port });
  const inbound = async (permission: sdk.IpPermission) => {
    const { SecurityGroupRules } = await ec2.send(
      new sdk.AuthorizeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [permission],
        ...tags('security-group-rule', 'rule'),
      }),
    );
    return present(SecurityGroupRules?.[0]?.SecurityGroupRuleId, 'SecurityGroupRuleId');
  };
  const rule = await inbound({ ...tcp(443), IpRanges: [{ CidrIp: '192.0.2.0/24', Description: 'offices' }] });
  await inbound({ ...tcp(22), PrefixListIds: [{ PrefixListId: list }] });
  await inbound({ ...tcp(8080), UserIdGroupPairs: [{ GroupId: group }] });
  const out = await ec2.send(
    new sdk.AuthorizeSecurityGroupEgressCommand({
      GroupId: group,
      IpPermissions: [{ ...tcp(5432), IpRanges: [{ CidrIp: '10.40.0.0/16' }] }],
    }),
  );
  const outbound = present(out.SecurityGroupRules?.[0]?.SecurityGroupRuleId, 'SecurityGroupRuleId');
  const acl = present(
    (await ec2.send(new sdk.CreateNetworkAclCommand({ VpcId, ...tags('network-acl', 'acl') }))).NetworkAcl
      ?.NetworkAclId,
    'NetworkAclId',
  );
  for (const Egress of [true, false])
    await ec2.send(
      new sdk.CreateNetworkAclEntryCommand({
        NetworkAclId: acl,
        RuleNumber: 100,
        Protocol: '6',
        PortRange: { From: 443, To: 443 },
        CidrBlock: '10.40.0.0/16',
        RuleAction: 'allow',
        Egress,
      }),
    );
  return { list, group, rule, outbound, acl };
}

async function makeRouting(
  ec2: sdk.EC2Client,
  AvailabilityZone: string,
  of: { main: string; peering: string; internet: string; egressOnly: string; list: string; acl: string },
) {
  const VpcId = of.main;
  const { Vpcs } = await ec2.send(new sdk.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const range = present(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock, 'Ipv6CidrBlock');
  const subnet = async (Name: string, more: object) => {
    const made = await ec2.send(
      new sdk.CreateSubnetCommand({ VpcId, AvailabilityZone, ...more, ...tags('subnet', Name) }),
    );
    return present(made.Subnet?.SubnetId, Name);
  };
  const Ipv6CidrBlock = range.replace(/\/56$/, '/64');
  const first = await subnet('first', { CidrBlock: '10.40.1.0/24', Ipv6CidrBlock });
  const second = await subnet('second', { CidrBlock: '10.42.1.0/24' });
  const table = async (Name: string) => {
    const made = await ec2.send(new sdk.CreateRouteTableCommand({ VpcId, ...tags('route-table', Name) }));
    return present(made.RouteTable?.RouteTableId, Name);
  };
  const [routes, other] = [await table('routes'), await table('other')];
  const route = (target: Omit<sdk.CreateRouteCommandInput, 'RouteTableId'>) =>
    ec2.send(new sdk.CreateRouteCommand({ RouteTableId: routes, ...target }));
  await route({ DestinationCidrBlock: '0.0.0.0/0', GatewayId: of.internet });
  await route({ DestinationCidrBlock: '10.41.0.0/16', VpcPeeringConnectionId: of.peering });
  await route({ DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId: of.egressOnly });
  await route({ DestinationPrefixListId: of.list, GatewayId: of.internet });
  await route({ DestinationCidrBlock: '192.168.0.0/16', GatewayId: of.internet });
  await ec2.send(new sdk.AssociateRouteTableCommand({ RouteTableId: routes, SubnetId: first }));
  const made = await ec2.send(
    new sdk.CreateVpcEndpointCommand({
      VpcId,
      ServiceName: 'com.amazonaws.eu-west-1.s3',
      VpcEndpointType: 'Gateway',
      RouteTableIds: [routes],
      ...tags('vpc-endpoint', 's3'),
    }),
  );
  const endpoint = present(made.VpcEndpoint?.VpcEndpointId, 'VpcEndpointId');
  const found = { main: VpcId, subnet: first };
  await ec2.send(
    new sdk.ReplaceRouteTableAssociationCommand({
      AssociationId: await associationOf(ec2, found, 'main table'),
      RouteTableId: other,
    }),
  );
  await ec2.send(
    new sdk.ReplaceNetworkAclAssociationCommand({
      AssociationId: await associationOf(ec2, found, 'ACL'),
      NetworkAclId: of.acl,
    }),
  );
  return { subnet: first, second, routes, other, endpoint };
}

/** The id that a VPC's main table, or the table or the ACL of the first subnet, is associated by now: it changes with each change. */
export async function associationOf(
  ec2: sdk.EC2Client,
  { main, subnet }: { main: string; subnet: string },
  what: 'main table' | 'table' | 'ACL',
): Promise<string> {
  const Filters = [{ Name: 'vpc-id', Values: [main] }];
  if (what === 'ACL') {
    const { NetworkAcls } = await ec2.send(new sdk.DescribeNetworkAclsCommand({ Filters }));
    const all = (NetworkAcls ?? []).flatMap((acl) => acl.Associations ?? []);
    return present(all.find(({ SubnetId }) => SubnetId === subnet)?.NetworkAclAssociationId, what);
  }
  const { RouteTables } = await ec2.send(new sdk.DescribeRouteTablesCommand({ Filters }));
  const all = (RouteTables ?? []).flatMap((table) => table.Associations ?? []);
  const found = all.find(({ Main, SubnetId }) => (what === 'table' ? SubnetId === subnet : Main));
  return present(found?.RouteTableAssociationId, what);
}

/** What a launch template says. */
export function templateData(InstanceType: sdk._InstanceType, group: string): sdk.RequestLaunchTemplateData {
  return {
    InstanceType,
    KeyName: 'operator',
    SecurityGroupIds: [group],
    // The provider asks whether the type has any.
    CreditSpecification: { CpuCredits: 'standard' },
  };
}

const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3vE7pFQ5YJ8m0c0yq0n3C1m6m3oQYz3M1mU1xE7b1S one@of.each';

async function makeLaunching(ec2: sdk.EC2Client, AvailabilityZone: string, SubnetId: string, group: string) {
  const imported = await ec2.send(
    new sdk.ImportKeyPairCommand({
      KeyName: 'operator',
      PublicKeyMaterial: new TextEncoder().encode(PUBLIC_KEY),
      ...tags('key-pair', 'operator'),
    }),
  );
  const placed = await ec2.send(
    new sdk.CreatePlacementGroupCommand({
      GroupName: 'close',
      Strategy: 'cluster',
      ...tags('placement-group', 'close'),
    }),
  );
  const { Volumes: before } = await ec2.send(new sdk.DescribeVolumesCommand({}));
  const volume = await ec2.send(
    new sdk.CreateVolumeCommand({ AvailabilityZone, Size: 8, VolumeType: 'gp3' }),
  );
  const snapshot = await ec2.send(new sdk.CreateSnapshotCommand({ VolumeId: volume.VolumeId }));
  const image = await ec2.send(
    new sdk.RegisterImageCommand({
      Name: `base ${before?.length ?? 0}`,
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      BootMode: 'uefi',
      RootDeviceName: '/dev/xvda',
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot.SnapshotId } }],
    }),
  );
  const run = await ec2.send(
    new sdk.RunInstancesCommand({
      ImageId: image.ImageId,
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 't3.micro',
      SubnetId,
      SecurityGroupIds: [group],
      PrivateIpAddress: '10.40.1.10',
      // Protected machines are asked for more than others.
      TagSpecifications: [
        ...tags('instance', 'machine').TagSpecifications,
        { ResourceType: 'volume', Tags: [{ Key: MUST_SNAP.key, Value: MUST_SNAP.value }] },
      ],
    }),
  );
  const template = await ec2.send(
    new sdk.CreateLaunchTemplateCommand({
      LaunchTemplateName: 'web',
      LaunchTemplateData: templateData('t3.micro', group),
      ...tags('launch-template', 'web'),
    }),
  );
  return {
    key: present(imported.KeyPairId, 'KeyPairId'),
    placement: present(placed.PlacementGroup?.GroupId, 'GroupId'),
    instance: present(run.Instances?.[0]?.InstanceId, 'InstanceId'),
    template: present(template.LaunchTemplate?.LaunchTemplateId, 'LaunchTemplateId'),
  };
}
