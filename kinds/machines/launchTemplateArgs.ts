import type {
  LaunchTemplateBlockDeviceMapping,
  LaunchTemplateInstanceNetworkInterfaceSpecification,
  ResponseLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import type { LaunchTemplateArgs } from '@pulumi/aws/ec2/launchTemplate';
import { carriedTags } from '../../tags';
import { tagRecord } from '../kind';
import { known, lowered } from '../known';
import type { MirrorContext } from '../mirrorContext';
import { instanceRequirements } from './instanceRequirements';

type Data = Omit<ResponseLaunchTemplateData, 'UserData'>;

/** What each of AWS's fields becomes. The compiler asks for all of them: none that AWS adds is lost without a word. */
const FIELDS: {
  readonly [Field in keyof Data]-?: (
    value: NonNullable<Data[Field]>,
    ctx: MirrorContext,
  ) => Partial<LaunchTemplateArgs>;
} = {
  BlockDeviceMappings: (value, ctx) => ({ blockDeviceMappings: value.map((each) => blockDevice(each, ctx)) }),
  CapacityReservationSpecification({ CapacityReservationPreference, CapacityReservationTarget }, ctx) {
    if (CapacityReservationTarget) ctx.note('leaves out its capacity reservation, which DR does not have');
    return CapacityReservationPreference
      ? { capacityReservationSpecification: { capacityReservationPreference: CapacityReservationPreference } }
      : {};
  },
  CpuOptions: (value, ctx) => ({
    cpuOptions: known(value, ['CoreCount', 'ThreadsPerCore', 'AmdSevSnp', 'NestedVirtualization'], ctx),
  }),
  CreditSpecification: (value, ctx) => ({ creditSpecification: known(value, ['CpuCredits'], ctx) }),
  DisableApiStop: (disableApiStop) => ({ disableApiStop }),
  DisableApiTermination: (disableApiTermination) => ({ disableApiTermination }),
  EbsOptimized: (value) => ({ ebsOptimized: String(value) }),
  ElasticGpuSpecifications: leftOut('elastic GPUs, which AWS has ended'),
  ElasticInferenceAccelerators: leftOut('elastic inference, which AWS has ended'),
  EnclaveOptions: (value, ctx) => ({ enclaveOptions: known(value, ['Enabled'], ctx) }),
  HibernationOptions: ({ Configured = false }) => ({ hibernationOptions: { configured: Configured } }),
  IamInstanceProfile({ Arn, Name = Arn?.split('/').at(-1) ?? '' }, ctx) {
    const name = ctx.attempt('iam-instance-profile', Name, 'the instance profile');
    return name === undefined ? {} : { iamInstanceProfile: { name } };
  },
  // An image that a parameter names is looked up at each launch.
  ImageId: (value, ctx) => ({
    imageId: value.startsWith('resolve:ssm:') ? value : ctx.attempt('image', value, 'the image'),
  }),
  InstanceInitiatedShutdownBehavior: (value) => ({ instanceInitiatedShutdownBehavior: value }),
  InstanceMarketOptions: ({ MarketType, SpotOptions }, ctx) => ({
    instanceMarketOptions: {
      marketType: MarketType,
      spotOptions: SpotOptions && {
        ...known(
          SpotOptions,
          ['MaxPrice', 'SpotInstanceType', 'BlockDurationMinutes', 'InstanceInterruptionBehavior'],
          ctx,
          ['ValidUntil'],
        ),
        // To the second, as the provider reads it.
        validUntil: SpotOptions.ValidUntil && String(SpotOptions.ValidUntil).replace(/\.\d+Z$/, 'Z'),
      },
    },
  }),
  InstanceRequirements: (value, ctx) => ({ instanceRequirements: instanceRequirements(value, ctx) }),
  InstanceType: (instanceType) => ({ instanceType }),
  KernelId: leftOut('the kernel, which is of the source region'),
  KeyName: (value, ctx) => ({ keyName: ctx.attempt('key-pair', value, 'the key pair') }),
  LicenseSpecifications: leftOut('license configurations, which are of the source account'),
  MaintenanceOptions: (value, ctx) => ({ maintenanceOptions: known(value, ['AutoRecovery'], ctx) }),
  MetadataOptions: (value, ctx) => ({
    metadataOptions: known(
      value,
      ['HttpEndpoint', 'HttpProtocolIpv6', 'HttpPutResponseHopLimit', 'HttpTokens', 'InstanceMetadataTags'],
      ctx,
      ['State'],
    ),
  }),
  Monitoring: (value, ctx) => ({ monitoring: known(value, ['Enabled'], ctx) }),
  NetworkInterfaces: (value, ctx) => ({
    networkInterfaces: value.map((each) => networkInterface(each, ctx)),
  }),
  NetworkPerformanceOptions: (value, ctx) => ({
    networkPerformanceOptions: known(value, ['BandwidthWeighting'], ctx),
  }),
  Operator: () => ({}),
  Placement({ GroupName, ...value }, ctx) {
    const group = GroupName ? ctx.attempt('placement-group', GroupName, 'the placement group') : undefined;
    const rest = known(value, ['Affinity', 'PartitionNumber', 'SpreadDomain', 'Tenancy'], ctx);
    return { placement: { ...rest, groupName: group } };
  },
  PrivateDnsNameOptions: ({ EnableResourceNameDnsAAAARecord, ...value }, ctx) => ({
    privateDnsNameOptions: {
      ...known(value, ['HostnameType', 'EnableResourceNameDnsARecord'], ctx),
      enableResourceNameDnsAaaaRecord: EnableResourceNameDnsAAAARecord,
    },
  }),
  RamDiskId: leftOut('the RAM disk, which is of the source region'),
  SecondaryInterfaces: leftOut('secondary interfaces, whose subnets are not mirrored'),
  SecurityGroupIds: (value, ctx) => ({ vpcSecurityGroupIds: groups(value, ctx) }),
  // Names of groups of the default VPC.
  SecurityGroups: (value) => (value.length > 0 ? { securityGroupNames: value } : {}),
  TagSpecifications: (value) => ({
    tagSpecifications: value.map(({ ResourceType, Tags }) => ({
      resourceType: ResourceType,
      tags: carriedTags(tagRecord(Tags), {}).tags,
    })),
  }),
};

/**
 * A template's arguments but for its name, tags and user data. What DR cannot have is left out, and said so: the rest of a template is
 * worth more than none.
 */
export function launchTemplateArgs(data: Data, ctx: MirrorContext): Partial<LaunchTemplateArgs> {
  const parts = Object.entries(data).map(([field, value]): Partial<LaunchTemplateArgs> => {
    const part = FIELDS[field as keyof Data] as
      | ((value: unknown, ctx: MirrorContext) => Partial<LaunchTemplateArgs>)
      | undefined;
    if (part) return part(value, ctx);
    ctx.note(`leaves out ${field}, which this program does not know`);
    return {};
  });
  return Object.assign({}, ...parts);
}

function leftOut(what: string) {
  return (value: unknown, ctx: MirrorContext): Partial<LaunchTemplateArgs> => {
    if (!Array.isArray(value) || value.length > 0) ctx.note(`leaves out ${what}`);
    return {};
  };
}

function groups(ids: readonly string[], ctx: MirrorContext) {
  return ids.flatMap((id) => ctx.attempt('security-group', id, 'the group') ?? []);
}

/** The provider takes truth values as texts where AWS tells no value from `false`. */
function text(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function blockDevice(mapping: LaunchTemplateBlockDeviceMapping, ctx: MirrorContext) {
  const { DeviceName, VirtualName, NoDevice, Ebs } = mapping;
  if (NoDevice === '') ctx.note(`leaves out that the image's ${DeviceName} is not to be there`);
  if (Ebs?.SnapshotId)
    ctx.note(`leaves out the snapshot ${Ebs.SnapshotId} of ${DeviceName}: it is of the source`);
  if (Ebs?.KmsKeyId)
    ctx.note(
      `leaves out the key ${Ebs.KmsKeyId} of ${DeviceName}: it is of the source; DR's default key is used`,
    );
  return {
    deviceName: DeviceName,
    virtualName: VirtualName,
    noDevice: NoDevice || undefined,
    ebs: Ebs && {
      ...known(Ebs, ['Iops', 'Throughput', 'VolumeSize', 'VolumeType', 'VolumeInitializationRate'], ctx, [
        'SnapshotId',
        'KmsKeyId',
        'Encrypted',
        'DeleteOnTermination',
      ]),
      encrypted: text(Ebs.Encrypted),
      deleteOnTermination: text(Ebs.DeleteOnTermination),
    },
  };
}

function networkInterface(found: LaunchTemplateInstanceNetworkInterfaceSpecification, ctx: MirrorContext) {
  const { ConnectionTrackingSpecification: tracking, EnaSrdSpecification: srd, ...value } = found;
  if (value.NetworkInterfaceId)
    ctx.note(`leaves out the interface ${value.NetworkInterfaceId}: it is of the source`);
  const primary = value.PrivateIpAddresses?.find(({ Primary }) => Primary)?.PrivateIpAddress;
  return {
    ...known(
      value,
      [
        'Description',
        'DeviceIndex',
        'InterfaceType',
        'Ipv4PrefixCount',
        'Ipv6AddressCount',
        'Ipv6PrefixCount',
        'NetworkCardIndex',
      ],
      ctx,
      [
        'AssociateCarrierIpAddress',
        'AssociatePublicIpAddress',
        'DeleteOnTermination',
        'Groups',
        'Ipv4Prefixes',
        'Ipv6Addresses',
        'Ipv6Prefixes',
        'NetworkInterfaceId',
        'PrimaryIpv6',
        'PrivateIpAddress',
        'PrivateIpAddresses',
        'SecondaryPrivateIpAddressCount',
        'SubnetId',
      ],
    ),
    associateCarrierIpAddress: text(value.AssociateCarrierIpAddress),
    associatePublicIpAddress: text(value.AssociatePublicIpAddress),
    deleteOnTermination: text(value.DeleteOnTermination),
    primaryIpv6: text(value.PrimaryIpv6),
    subnetId: value.SubnetId ? ctx.attempt('subnet', value.SubnetId, 'the subnet') : undefined,
    securityGroups: value.Groups && groups(value.Groups, ctx),
    // Subnets keep their ranges, so addresses stay as they are.
    privateIpAddress: value.PrivateIpAddress ?? primary,
    ipv4Addresses: value.PrivateIpAddresses?.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
    ipv4AddressCount: value.SecondaryPrivateIpAddressCount,
    ipv4Prefixes: value.Ipv4Prefixes?.flatMap(({ Ipv4Prefix }) => Ipv4Prefix ?? []),
    ipv6Addresses: value.Ipv6Addresses?.flatMap(({ Ipv6Address }) =>
      Ipv6Address ? (ctx.attemptIpv6(Ipv6Address, 'the address') ?? []) : [],
    ),
    ipv6Prefixes: value.Ipv6Prefixes?.flatMap(({ Ipv6Prefix }) =>
      Ipv6Prefix ? (ctx.attemptIpv6(Ipv6Prefix, 'the prefix') ?? []) : [],
    ),
    connectionTrackingSpecification:
      tracking && known(tracking, ['TcpEstablishedTimeout', 'UdpStreamTimeout', 'UdpTimeout'], ctx),
    enaSrdSpecification: srd && {
      enaSrdEnabled: srd.EnaSrdEnabled,
      enaSrdUdpSpecification: srd.EnaSrdUdpSpecification && lowered(srd.EnaSrdUdpSpecification),
    },
  };
}
