import type { CpuOptions } from '@aws-sdk/client-ec2';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { type Item, type Kind, type Objects, present, tagRecord } from '../kind';
import { describeReservations } from '../sharedLookUps';
import { VCPU_QUOTAS } from './vcpuQuotas';

/** A disk's place in a machine. */
export interface BlockDevice {
  readonly deviceName: string;
  readonly volumeId: string;
  readonly deleteOnTermination: boolean;
}

export interface Instance extends Item {
  readonly instanceType: string;
  readonly architecture: string;
  /** Undefined where AWS does not tell its cores. */
  readonly vcpus?: number;
  readonly subnetId: string;
  readonly vpcId: string;
  /** Absent in an IPv6-only subnet. */
  readonly privateIpAddress?: string;
  readonly securityGroupIds: readonly string[];
  readonly rootDeviceName: string;
  readonly blockDevices: readonly BlockDevice[];
  /** When each disk was attached, ISO 8601, by its volume's id. */
  readonly attachedSince: Readonly<Record<string, string>>;
  readonly enaSupport: boolean;
  readonly sriovNetSupport?: string;
  readonly ebsOptimized: boolean;
  /** What it booted with: `legacy-bios` or `uefi`. */
  readonly bootMode?: string;
  readonly tpmSupport?: string;
  readonly sourceDestCheck: boolean;
  readonly iamInstanceProfileArn?: string;
  readonly keyName?: string;
  readonly metadataOptions: {
    readonly httpTokens?: string;
    readonly httpEndpoint?: string;
    readonly httpPutResponseHopLimit?: number;
    readonly instanceMetadataTags?: string;
  };
  /** Every private address of its interfaces, IPv4 and IPv6, in the subnet that each is in. */
  readonly addresses: readonly { readonly subnetId: string; readonly address: string }[];
  /** More than one, and only the first is recovered. */
  readonly networkInterfaces: number;
  readonly platformDetails?: string;
}

/** A machine. Looked up for recovery, which makes an image and a launch of it; see components/recoveredInstance.ts. */
export const instance: Kind<Instance> = {
  name: 'instance',
  title: 'EC2 instance',
  cost: 'billed',
  types: [],
  iamActions: ['ec2:DescribeInstances'],

  async list(account) {
    const reservations = await describeReservations(account);
    return reservations
      .flatMap((reservation) => present(reservation.Instances, 'Instances'))
      .map((found) => ({
        id: present(found.InstanceId, 'InstanceId'),
        tags: tagRecord(found.Tags),
        instanceType: present(found.InstanceType, 'InstanceType'),
        architecture: present(found.Architecture, 'Architecture'),
        vcpus: vcpusOf(found.CpuOptions),
        subnetId: present(found.SubnetId, 'SubnetId'),
        vpcId: present(found.VpcId, 'VpcId'),
        privateIpAddress: found.PrivateIpAddress,
        securityGroupIds: present(found.SecurityGroups, 'SecurityGroups')
          .map((group) => present(group.GroupId, 'GroupId'))
          .sort(),
        rootDeviceName: present(found.RootDeviceName, 'RootDeviceName'),
        blockDevices: (found.BlockDeviceMappings ?? [])
          .map((mapping) => ({
            deviceName: present(mapping.DeviceName, 'DeviceName'),
            volumeId: present(mapping.Ebs?.VolumeId, 'Ebs.VolumeId'),
            deleteOnTermination: mapping.Ebs?.DeleteOnTermination ?? false,
          }))
          .sort((a, b) => (a.deviceName < b.deviceName ? -1 : 1)),
        attachedSince: Object.fromEntries(
          (found.BlockDeviceMappings ?? [])
            .flatMap(({ Ebs }) =>
              Ebs?.VolumeId && Ebs.AttachTime ? [[Ebs.VolumeId, Ebs.AttachTime.toISOString()]] : [],
            )
            .sort(),
        ),
        enaSupport: found.EnaSupport ?? false,
        sriovNetSupport: found.SriovNetSupport,
        ebsOptimized: found.EbsOptimized ?? false,
        bootMode: found.CurrentInstanceBootMode ?? found.BootMode,
        tpmSupport: found.TpmSupport,
        sourceDestCheck: found.SourceDestCheck ?? true,
        iamInstanceProfileArn: found.IamInstanceProfile?.Arn,
        keyName: found.KeyName,
        metadataOptions: {
          httpTokens: found.MetadataOptions?.HttpTokens,
          httpEndpoint: found.MetadataOptions?.HttpEndpoint,
          httpPutResponseHopLimit: found.MetadataOptions?.HttpPutResponseHopLimit,
          instanceMetadataTags: found.MetadataOptions?.InstanceMetadataTags,
        },
        addresses: (found.NetworkInterfaces ?? [])
          .flatMap(({ SubnetId, PrivateIpAddresses = [], Ipv6Addresses = [] }) => [
            ...PrivateIpAddresses.map(({ PrivateIpAddress }) => ({
              subnetId: present(SubnetId, 'SubnetId'),
              address: present(PrivateIpAddress, 'PrivateIpAddress'),
            })),
            ...Ipv6Addresses.map(({ Ipv6Address }) => ({
              subnetId: present(SubnetId, 'SubnetId'),
              address: present(Ipv6Address, 'Ipv6Address'),
            })),
          ])
          .sort((a, b) => (a.address < b.address ? -1 : 1)),
        networkInterfaces: found.NetworkInterfaces?.length ?? 1,
        platformDetails: found.PlatformDetails,
      }));
  },

  // Of machines that nobody protects nothing is made.
  danger(item, former, { now, accepted }) {
    if (!former) return undefined;
    const isTagged = (volumeId: string, side: Objects) =>
      side.find('volume', volumeId)?.tags[MUST_SNAP.key] === MUST_SNAP.value;
    const lost = former.blockDevices
      .filter(({ volumeId }) => isTagged(volumeId, accepted))
      .filter(({ volumeId }) => !item.blockDevices.some((device) => device.volumeId === volumeId));
    const isProtected = item.blockDevices.some(
      ({ volumeId }) => isTagged(volumeId, now) || isTagged(volumeId, accepted),
    );
    if (!isProtected && lost.length === 0) return undefined;
    const why = [
      ...lost.map(
        ({ volumeId, deviceName }) =>
          `no longer has the protected disk ${volumeId} (${deviceName}): it would be recovered without it, or not at all`,
      ),
      ...item.securityGroupIds
        .filter((id) => !former.securityGroupIds.includes(id))
        .map((id) => `is in the group ${id} now`),
      ...loosened(item, former),
    ];
    return why.length > 0 ? why.join('; ') : undefined;
  },

  quotas: [
    ...VCPU_QUOTAS,
    {
      service: 'vpc',
      code: 'L-2AFB9258',
      name: 'Security groups per network interface',
      per: (item) => item.id,
      weight: (item) => item.securityGroupIds.length,
    },
  ],
};

function vcpusOf({ CoreCount, ThreadsPerCore }: CpuOptions = {}): number | undefined {
  return CoreCount && ThreadsPerCore ? CoreCount * ThreadsPerCore : undefined;
}

/** What gives a machine more rights, or more people or addresses a way to it, in words. */
function loosened(item: Instance, former: Instance): string[] {
  const changed = (field: 'iamInstanceProfileArn' | 'keyName', what: string) =>
    item[field] !== undefined && item[field] !== former[field] ? [`has the ${what} ${item[field]} now`] : [];
  // Without tokens, whoever makes the machine fetch an address gets its role's credentials.
  const isLax = ({ metadataOptions }: Instance) =>
    metadataOptions.httpEndpoint !== 'disabled' && metadataOptions.httpTokens !== 'required';
  return [
    ...changed('iamInstanceProfileArn', 'instance profile'),
    ...changed('keyName', 'key pair'),
    ...(isLax(item) && !isLax(former) ? ['answers for its metadata without a token now'] : []),
    ...(former.sourceDestCheck && !item.sourceDestCheck
      ? ['takes traffic that is for others now (sourceDestCheck)']
      : []),
  ];
}
