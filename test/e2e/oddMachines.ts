import * as sdk from '@aws-sdk/client-ec2';
import { present } from '../../kinds/kind';
import type { Estate } from '../../scripts/demo/estate';
import { SOURCE, type Stage } from '../../scripts/demo/stage';

const PUBLIC_KEY =
  'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ3vE7pFQ5YJ8m0c0yq0n3C1m6m3oQYz3M1mU1xE7b1S odd@machines';
const tagged = (ResourceType: sdk.ResourceType, tags: Record<string, string>) => ({
  ResourceType,
  Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
});

/** What SLEEPER is told at its first boot. */
export const SCRIPT = '#!/bin/sh\necho a-word-that-is-secret > /etc/join';

/** Launches a machine whose disks are to be copied. */
export async function launchProtected(
  ec2: sdk.EC2Client,
  name: string,
  { TagSpecifications = [], ...input }: Partial<sdk.RunInstancesCommandInput>,
): Promise<sdk.Instance> {
  const { Instances } = await ec2.send(
    new sdk.RunInstancesCommand({
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [tagged('instance', { Name: name, team: 'odd', empty: '' }), ...TagSpecifications],
      ...input,
    }),
  );
  const id = present(Instances?.[0]?.InstanceId, name);
  const found = await ec2.send(new sdk.DescribeInstancesCommand({ InstanceIds: [id] }));
  const machine = present(found.Reservations?.[0]?.Instances?.[0], name);
  for (const { DeviceName = '', Ebs } of machine.BlockDeviceMappings ?? []) {
    const isRoot = DeviceName === machine.RootDeviceName;
    const tags = {
      Name: `${name}-${DeviceName.slice(-1)}`,
      MUSTSNAP: 'True',
      ...(isRoot && { SYSDISK: 'True' }),
    };
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await ec2.send(new sdk.CreateTagsCommand({ Resources: [Ebs?.VolumeId ?? ''], Tags }));
  }
  return machine;
}

/** Three machines that between them have everything that a machine may have, in a VPC with IPv6 of its own. */
export async function makeOddMachines(stage: Stage, estate: Estate): Promise<void> {
  const ec2 = stage.ec2(SOURCE);
  const { Vpc } = await ec2.send(
    new sdk.CreateVpcCommand({ CidrBlock: '10.30.0.0/16', AmazonProvidedIpv6CidrBlock: true }),
  );
  const VpcId = present(Vpc?.VpcId, 'VpcId');
  const { Vpcs } = await ec2.send(new sdk.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const range = present(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock, 'range');
  const six = (net: string) => range.replace('00::/56', `${net}::/64`);
  const subnet = async (CidrBlock: string, net: string) => {
    const { Subnet } = await ec2.send(
      new sdk.CreateSubnetCommand({
        VpcId,
        CidrBlock,
        Ipv6CidrBlock: six(net),
        AvailabilityZoneId: 'euw1-az1',
      }),
    );
    return present(Subnet?.SubnetId, 'SubnetId');
  };
  const [front, back] = [await subnet('10.30.1.0/24', '01'), await subnet('10.30.2.0/24', '02')];
  const at = (net: string, place: string) => ({ Ipv6Address: six(net).replace('::/64', place) });
  const group = async (GroupName: string) =>
    present(
      (await ec2.send(new sdk.CreateSecurityGroupCommand({ VpcId, GroupName, Description: GroupName })))
        .GroupId,
      GroupName,
    );
  const [public_, inner] = [await group('public'), await group('inner')];
  await ec2.send(
    new sdk.ImportKeyPairCommand({
      KeyName: 'operator',
      PublicKeyMaterial: new TextEncoder().encode(PUBLIC_KEY),
    }),
  );
  await ec2.send(
    new sdk.CreatePlacementGroupCommand({ GroupName: 'racks', Strategy: 'partition', PartitionCount: 3 }),
  );
  const { Reservations } = await ec2.send(
    new sdk.DescribeInstancesCommand({ InstanceIds: [estate.instances['SHOP-DB'] ?? ''] }),
  );
  const model = present(Reservations?.[0]?.Instances?.[0], 'SHOP-DB');
  const { Volumes = [] } = await ec2.send(new sdk.DescribeVolumesCommand({}));
  const KmsKeyId = Volumes.flatMap((volume) => volume.KmsKeyId ?? [])[0];
  const launch = (name: string, input: Partial<sdk.RunInstancesCommandInput>) =>
    launchProtected(ec2, name, { ImageId: model.ImageId, ...input });

  const two = await launch('TWO-SIDES', {
    InstanceType: 'm6a.large',
    UserData: Buffer.from('#!/bin/sh\nrm -rf /srv/old').toString('base64'),
    KeyName: 'operator',
    Monitoring: { Enabled: true },
    DisableApiTermination: true,
    DisableApiStop: true,
    InstanceInitiatedShutdownBehavior: 'terminate',
    CpuOptions: { CoreCount: 1, ThreadsPerCore: 1, AmdSevSnp: 'enabled' },
    Placement: { GroupName: 'racks', PartitionNumber: 2 },
    MaintenanceOptions: { AutoRecovery: 'disabled' },
    MetadataOptions: {
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 3,
      HttpProtocolIpv6: 'enabled',
      InstanceMetadataTags: 'enabled',
    },
    PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: front,
        Groups: [public_],
        PrivateIpAddress: '10.30.1.10',
        Ipv6Addresses: [at('01', '::10'), at('01', ':a::11')],
      },
      {
        DeviceIndex: 1,
        SubnetId: back,
        Groups: [inner, public_],
        Description: 'the way in',
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.30.2.20', Primary: true },
          { PrivateIpAddress: '10.30.2.22' },
          { PrivateIpAddress: '10.30.2.21' },
        ],
        Ipv6Addresses: [at('02', '::20')],
      },
    ],
    TagSpecifications: [tagged('network-interface', { side: 'either' })],
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/sdf',
        Ebs: { VolumeSize: 30, VolumeType: 'io2', Iops: 2000, Encrypted: true, KmsKeyId },
      },
      { DeviceName: '/dev/sdg', Ebs: { VolumeSize: 500, VolumeType: 'st1', Encrypted: true, KmsKeyId } },
    ],
  });
  const inside = two.NetworkInterfaces?.find(({ Attachment }) => Attachment?.DeviceIndex === 1);
  await ec2.send(
    new sdk.ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: inside?.NetworkInterfaceId,
      SourceDestCheck: { Value: false },
    }),
  );
  const { AllocationId } = await ec2.send(new sdk.AllocateAddressCommand({ Domain: 'vpc' }));
  const first = two.NetworkInterfaces?.find(({ Attachment }) => Attachment?.DeviceIndex === 0);
  await ec2.send(
    new sdk.AssociateAddressCommand({ AllocationId, NetworkInterfaceId: first?.NetworkInterfaceId }),
  );
  const sleeper = await launch('SLEEPER', {
    InstanceType: 't3.small',
    UserData: Buffer.from(SCRIPT).toString('base64'),
    CreditSpecification: { CpuCredits: 'standard' },
    HibernationOptions: { Configured: true },
    NetworkInterfaces: [
      {
        DeviceIndex: 0,
        SubnetId: back,
        Groups: [inner],
        PrivateIpAddresses: [
          { PrivateIpAddress: '10.30.2.30', Primary: true },
          { PrivateIpAddress: '10.30.2.31' },
        ],
        Ipv6Addresses: [at('02', '::30')],
      },
    ],
    BlockDeviceMappings: [
      {
        DeviceName: '/dev/xvda',
        Ebs: { VolumeSize: 20, VolumeType: 'gp3', Iops: 3500, Throughput: 200, Encrypted: true, KmsKeyId },
      },
    ],
  });
  await ec2.send(
    new sdk.ModifyInstanceAttributeCommand({
      InstanceId: sleeper.InstanceId,
      SourceDestCheck: { Value: false },
    }),
  );
  await launch('VAULTED', {
    InstanceType: 'c5.2xlarge',
    SubnetId: back,
    SecurityGroupIds: [inner],
    PrivateIpAddress: '10.30.2.40',
    EbsOptimized: true,
    EnclaveOptions: { Enabled: true },
    CpuOptions: { CoreCount: 2, ThreadsPerCore: 2 },
    Placement: { Tenancy: 'dedicated' },
    BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp2', Encrypted: true, KmsKeyId } }],
  });
}
