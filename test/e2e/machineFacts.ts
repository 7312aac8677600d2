import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  GetInstanceUefiDataCommand,
  type Instance,
  type Tag,
} from '@aws-sdk/client-ec2';
import { holdsIpv6, moveIpv6 } from '../../inventory/ipv6';
import { present } from '../../kinds/kind';

/** What AWS itself sets, and what we do, is not as it was. */
const own = (tags: Tag[] = []): Record<string, string> =>
  Object.fromEntries(
    tags
      .filter(({ Key = '' }) => !/^(aws|lifeboat):/.test(Key))
      .map(({ Key = '', Value = '' }) => [Key, Value])
      .sort(),
  );

/** Where IPv6 addresses are compared: in a range that no AWS gives. */
const SOMEWHERE = '2001:db8::/56';

/**
 * All that EC2 says of one machine which a recovery keeps, in terms that are the same on both sides: subnets by range, groups by name,
 * IPv6 addresses by their place in the VPC's range.
 */
export async function machineFacts(ec2: EC2Client, machine: Instance): Promise<object> {
  const InstanceId = present(machine.InstanceId, 'InstanceId');
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const ranges = Vpcs.flatMap(({ Ipv6CidrBlockAssociationSet: all = [] }) => all).flatMap(
    ({ Ipv6CidrBlock }) => Ipv6CidrBlock ?? [],
  );
  const six = (address: string) => {
    const range = ranges.find((each) => holdsIpv6(each, address));
    return range ? moveIpv6(address, range, SOMEWHERE) : address;
  };
  const byId = { Filters: [{ Name: 'attachment.instance-id', Values: [InstanceId] }] };
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand(byId));
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand(byId));
  const attribute = (
    Attribute: 'disableApiTermination' | 'disableApiStop' | 'instanceInitiatedShutdownBehavior' | 'userData',
  ) => ec2.send(new DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
  const credits = machine.InstanceType?.startsWith('t')
    ? await ec2.send(new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [InstanceId] }))
    : undefined;
  const { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit, HttpProtocolIpv6, InstanceMetadataTags } =
    machine.MetadataOptions ?? {};
  const { GroupName, PartitionNumber, Tenancy } = machine.Placement ?? {};
  return {
    type: machine.InstanceType,
    architecture: machine.Architecture,
    boot: machine.CurrentInstanceBootMode,
    tpm: machine.TpmSupport,
    ena: machine.EnaSupport,
    root: machine.RootDeviceName,
    profile: machine.IamInstanceProfile?.Arn?.split('/').at(-1),
    ebsOptimized: machine.EbsOptimized,
    monitoring: machine.Monitoring?.State,
    key: machine.KeyName,
    cpu: machine.CpuOptions,
    credits: credits?.InstanceCreditSpecifications?.[0]?.CpuCredits,
    placement: { GroupName, PartitionNumber, Tenancy },
    recovery: machine.MaintenanceOptions?.AutoRecovery,
    hibernation: machine.HibernationOptions,
    enclave: machine.EnclaveOptions,
    metadata: { HttpTokens, HttpEndpoint, HttpPutResponseHopLimit, HttpProtocolIpv6, InstanceMetadataTags },
    names: machine.PrivateDnsNameOptions,
    address: machine.PrivateIpAddress,
    check: machine.SourceDestCheck,
    termination: (await attribute('disableApiTermination')).DisableApiTermination?.Value,
    stop: (await attribute('disableApiStop')).DisableApiStop?.Value,
    shutdown: (await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior?.Value,
    uefi: (await ec2.send(new GetInstanceUefiDataCommand({ InstanceId }))).UefiData,
    userData: (await attribute('userData')).UserData?.Value,
    tags: own(machine.Tags),
    interfaces: NetworkInterfaces.map((found) => ({
      place: found.Attachment?.DeviceIndex,
      subnet: Subnets.find(({ SubnetId }) => SubnetId === found.SubnetId)?.CidrBlock,
      description: found.Description,
      check: found.SourceDestCheck,
      groups: found.Groups?.map((group) => group.GroupName).sort(),
      addresses: found.PrivateIpAddresses?.map((each) => `${each.PrivateIpAddress} ${each.Primary}`).sort(),
      sixes: found.Ipv6Addresses?.map(({ Ipv6Address = '' }) => six(Ipv6Address)).sort(),
      tags: own(found.TagSet),
    })).sort((a, b) => (a.place ?? 0) - (b.place ?? 0)),
    disks: Volumes.map((found) => ({
      device: found.Attachments?.[0]?.Device,
      type: found.VolumeType,
      size: found.Size,
      iops: found.Iops,
      throughput: found.Throughput,
      tags: own(found.Tags),
    })).sort((a, b) => ((a.device ?? '') < (b.device ?? '') ? -1 : 1)),
  };
}

/** Machines that are there, by their Name. */
export async function namedMachines(ec2: EC2Client): Promise<Map<string, Instance>> {
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
  const there = Reservations.flatMap(({ Instances = [] }) => Instances).filter(
    ({ State }) => State?.Name !== 'terminated',
  );
  return new Map(there.map((found) => [own(found.Tags).Name ?? '', found]));
}
