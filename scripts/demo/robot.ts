import {
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteSubnetCommand,
  DeleteVolumeCommand,
  DeleteVpcCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  type EC2Client,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  TerminateInstancesCommand,
  waitUntilInstanceTerminated,
} from '@aws-sdk/client-ec2';
import { allPages } from '../../kinds/kind';

/**
 * What a robot with an account's keys does: it ends every machine and deletes every disk, snapshot, image, group, subnet and
 * VPC. For the emulator only.
 *
 * @returns how many things it deleted
 */
export async function robot(ec2: EC2Client): Promise<number> {
  const client = { client: ec2 };
  let deleted = 0;
  const each = async <T>(items: readonly T[], remove: (item: T) => Promise<unknown>) => {
    await Promise.all(items.map(remove));
    deleted += items.length;
  };
  const reservations = await allPages(paginateDescribeInstances(client, {}), (page) => page.Reservations);
  const InstanceIds = reservations
    .flatMap((found) => found.Instances ?? [])
    .flatMap((found) => found.InstanceId ?? []);
  if (InstanceIds.length > 0) {
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await waitUntilInstanceTerminated({ ...client, maxWaitTime: 60, minDelay: 1 }, { InstanceIds });
    deleted += InstanceIds.length;
  }
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ['self'] }));
  await each(Images, ({ ImageId }) => ec2.send(new DeregisterImageCommand({ ImageId })));
  const own = { OwnerIds: ['self'] };
  await each(
    await allPages(paginateDescribeSnapshots(client, own), (page) => page.Snapshots),
    ({ SnapshotId }) => ec2.send(new DeleteSnapshotCommand({ SnapshotId })),
  );
  await each(await allPages(paginateDescribeVolumes(client, {}), (page) => page.Volumes), ({ VolumeId }) =>
    ec2.send(new DeleteVolumeCommand({ VolumeId })),
  );
  const groups = await allPages(paginateDescribeSecurityGroups(client, {}), (page) => page.SecurityGroups);
  for (const { GroupId, IpPermissions = [], IpPermissionsEgress = [] } of groups) {
    if (IpPermissions.length > 0)
      await ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
    if (IpPermissionsEgress.length > 0)
      await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: IpPermissionsEgress }));
  }
  const named = groups.filter(({ GroupName }) => GroupName !== 'default');
  await each(named, ({ GroupId }) => ec2.send(new DeleteSecurityGroupCommand({ GroupId })));
  await each(await allPages(paginateDescribeSubnets(client, {}), (page) => page.Subnets), ({ SubnetId }) =>
    ec2.send(new DeleteSubnetCommand({ SubnetId })),
  );
  // The default VPC holds an internet gateway and is of no interest here.
  const vpcs = await allPages(paginateDescribeVpcs(client, {}), (page) => page.Vpcs);
  await each(
    vpcs.filter(({ IsDefault }) => !IsDefault),
    ({ VpcId }) => ec2.send(new DeleteVpcCommand({ VpcId })),
  );
  return deleted;
}
