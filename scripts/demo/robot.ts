import * as aws from '@aws-sdk/client-ec2';
import { allPages } from '../../kinds/kind';

/** One sort of thing that a robot deletes. */
interface Target {
  /** The ids of all of them. */
  list(): Promise<(string | undefined)[]>;
  remove(id: string): Promise<unknown>;
}

/** Rounds of deleting before it gives up: each takes away what the round before was refused for. */
const ROUNDS = 6;

/**
 * What a robot with an account's keys does: it ends every machine and deletes every disk, snapshot, image and all of the network but
 * the default VPC's, again and again until nothing is left that AWS lets go. For the emulator only.
 *
 * @returns how many things it deleted
 */
export async function robot(ec2: aws.EC2Client): Promise<number> {
  let deleted = await endMachines(ec2);
  await openGroups(ec2);
  const targets = await targetsOf(ec2);
  for (let round = 0; round < ROUNDS; round++) {
    const results = await Promise.all(
      targets.map(async ({ list, remove }) => {
        const ids = (await list()).flatMap((id) => id ?? []);
        return Promise.allSettled(ids.map(remove));
      }),
    );
    const outcomes = results.flat();
    deleted += outcomes.filter(({ status }) => status === 'fulfilled').length;
    if (outcomes.every(({ status }) => status === 'fulfilled')) return deleted;
  }
  return deleted;
}

async function endMachines(ec2: aws.EC2Client): Promise<number> {
  const reservations = await allPages(
    aws.paginateDescribeInstances({ client: ec2 }, {}),
    (page) => page.Reservations,
  );
  const InstanceIds = reservations
    .flatMap((found) => found.Instances ?? [])
    .flatMap((found) => found.InstanceId ?? []);
  if (InstanceIds.length === 0) return 0;
  await ec2.send(new aws.TerminateInstancesCommand({ InstanceIds }));
  await aws.waitUntilInstanceTerminated({ client: ec2, maxWaitTime: 60, minDelay: 1 }, { InstanceIds });
  return InstanceIds.length;
}

/** Groups that name each other can go only when their rules are gone. */
async function openGroups(ec2: aws.EC2Client): Promise<void> {
  const groups = await allPages(
    aws.paginateDescribeSecurityGroups({ client: ec2 }, {}),
    (page) => page.SecurityGroups,
  );
  for (const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } of groups) {
    if (IpPermissions.length > 0)
      await ec2.send(new aws.RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    if (IpPermissionsEgress.length > 0)
      await ec2.send(
        new aws.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }),
      );
  }
}

async function targetsOf(ec2: aws.EC2Client): Promise<Target[]> {
  const client = { client: ec2 };
  const own = { OwnerIds: ['self'] };
  const vpcs = await allPages(aws.paginateDescribeVpcs(client, {}), (page) => page.Vpcs);
  // The default VPC and what is in it are of no interest here.
  const spared = vpcs.find(({ IsDefault }) => IsDefault);
  const isOurs = ({ VpcId }: { VpcId?: string }) => VpcId !== spared?.VpcId;
  const target = (list: Target['list'], remove: Target['remove']): Target => ({ list, remove });
  return [
    target(
      async () =>
        ((await ec2.send(new aws.DescribeImagesCommand({ Owners: ['self'] }))).Images ?? []).map(
          ({ ImageId }) => ImageId,
        ),
      (ImageId) => ec2.send(new aws.DeregisterImageCommand({ ImageId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeSnapshots(client, own), (page) => page.Snapshots)).map(
          ({ SnapshotId }) => SnapshotId,
        ),
      (SnapshotId) => ec2.send(new aws.DeleteSnapshotCommand({ SnapshotId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeVolumes(client, {}), (page) => page.Volumes)).map(
          ({ VolumeId }) => VolumeId,
        ),
      (VolumeId) => ec2.send(new aws.DeleteVolumeCommand({ VolumeId })),
    ),
    target(
      async () =>
        (
          await allPages(
            aws.paginateDescribeVpcPeeringConnections(client, {}),
            (page) => page.VpcPeeringConnections,
          )
        ).flatMap(({ VpcPeeringConnectionId, Status }) =>
          Status?.Code === 'active' ? [VpcPeeringConnectionId] : [],
        ),
      (VpcPeeringConnectionId) =>
        ec2.send(new aws.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeVpcEndpoints(client, {}), (page) => page.VpcEndpoints)).map(
          ({ VpcEndpointId }) => VpcEndpointId,
        ),
      (id) => ec2.send(new aws.DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeInternetGateways(client, {}), (page) => page.InternetGateways))
          .filter(({ Attachments = [] }) => Attachments.every(isOurs))
          .map(({ InternetGatewayId }) => InternetGatewayId),
      async (InternetGatewayId) => {
        const { InternetGateways = [] } = await ec2.send(
          new aws.DescribeInternetGatewaysCommand({ InternetGatewayIds: [InternetGatewayId] }),
        );
        for (const { VpcId } of InternetGateways[0]?.Attachments ?? [])
          await ec2.send(new aws.DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
        await ec2.send(new aws.DeleteInternetGatewayCommand({ InternetGatewayId }));
      },
    ),
    target(
      async () =>
        (
          await allPages(
            aws.paginateDescribeEgressOnlyInternetGateways(client, {}),
            (page) => page.EgressOnlyInternetGateways,
          )
        ).map(({ EgressOnlyInternetGatewayId }) => EgressOnlyInternetGatewayId),
      (EgressOnlyInternetGatewayId) =>
        ec2.send(new aws.DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeSecurityGroups(client, {}), (page) => page.SecurityGroups))
          .filter(({ GroupName }) => GroupName !== 'default')
          .map(({ GroupId }) => GroupId),
      (GroupId) => ec2.send(new aws.DeleteSecurityGroupCommand({ GroupId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeRouteTables(client, {}), (page) => page.RouteTables))
          .filter(({ Associations = [] }) => !Associations.some(({ Main }) => Main))
          .map(({ RouteTableId }) => RouteTableId),
      async (id) => {
        const { RouteTables = [] } = await ec2.send(
          new aws.DescribeRouteTablesCommand({ RouteTableIds: [id] }),
        );
        for (const { RouteTableAssociationId } of RouteTables[0]?.Associations ?? [])
          await ec2.send(new aws.DisassociateRouteTableCommand({ AssociationId: RouteTableAssociationId }));
        await ec2.send(new aws.DeleteRouteTableCommand({ RouteTableId: id }));
      },
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeSubnets(client, {}), (page) => page.Subnets))
          .filter(isOurs)
          .map(({ SubnetId }) => SubnetId),
      (SubnetId) => ec2.send(new aws.DeleteSubnetCommand({ SubnetId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeNetworkAcls(client, {}), (page) => page.NetworkAcls))
          .filter(({ IsDefault }) => !IsDefault)
          .map(({ NetworkAclId }) => NetworkAclId),
      (NetworkAclId) => ec2.send(new aws.DeleteNetworkAclCommand({ NetworkAclId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeVpcs(client, {}), (page) => page.Vpcs))
          .filter(isOurs)
          .map(({ VpcId }) => VpcId),
      (VpcId) => ec2.send(new aws.DeleteVpcCommand({ VpcId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeDhcpOptions(client, {}), (page) => page.DhcpOptions))
          .filter(({ DhcpOptionsId }) => DhcpOptionsId !== spared?.DhcpOptionsId)
          .map(({ DhcpOptionsId }) => DhcpOptionsId),
      (DhcpOptionsId) => ec2.send(new aws.DeleteDhcpOptionsCommand({ DhcpOptionsId })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeManagedPrefixLists(client, {}), (page) => page.PrefixLists))
          .filter(({ OwnerId }) => OwnerId !== 'AWS')
          .map(({ PrefixListId }) => PrefixListId),
      (PrefixListId) => ec2.send(new aws.DeleteManagedPrefixListCommand({ PrefixListId })),
    ),
    target(
      async () =>
        ((await ec2.send(new aws.DescribeKeyPairsCommand({}))).KeyPairs ?? []).map(
          ({ KeyPairId }) => KeyPairId,
        ),
      (KeyPairId) => ec2.send(new aws.DeleteKeyPairCommand({ KeyPairId })),
    ),
    target(
      async () =>
        ((await ec2.send(new aws.DescribePlacementGroupsCommand({}))).PlacementGroups ?? []).map(
          ({ GroupName }) => GroupName,
        ),
      (GroupName) => ec2.send(new aws.DeletePlacementGroupCommand({ GroupName })),
    ),
    target(
      async () =>
        (await allPages(aws.paginateDescribeLaunchTemplates(client, {}), (page) => page.LaunchTemplates)).map(
          ({ LaunchTemplateId }) => LaunchTemplateId,
        ),
      (LaunchTemplateId) => ec2.send(new aws.DeleteLaunchTemplateCommand({ LaunchTemplateId })),
    ),
  ];
}
