import type { CpuOptions } from '@aws-sdk/client-ec2';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import { type Item, type Kind, type Objects, present, tagRecord } from '../kind';
import { describeReservations } from '../sharedLookUps';
import { type Licence, licenceOf } from './licence';
import { type MachineInterface, machineInterfaces } from './machineInterface';
import { type MachineOptions, machineOptions } from './machineOptions';
import { NO_FACTS, type ProtectedFacts, protectedFacts } from './protectedFacts';
import { VCPU_QUOTAS } from './vcpuQuotas';

/** A disk's place in a machine. */
export interface BlockDevice {
  readonly deviceName: string;
  readonly volumeId: string;
  readonly deleteOnTermination: boolean;
}

/** What an older program has accepted lacks most of MachineOptions and ProtectedFacts, and `interfaces`. */
export interface Instance extends Item, Partial<MachineOptions>, ProtectedFacts {
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
    readonly httpProtocolIpv6?: string;
  };
  /** Every private address of its interfaces, IPv4 and IPv6, in the subnet that each is in. */
  readonly addresses: readonly { readonly subnetId: string; readonly address: string }[];
  readonly networkInterfaces: number;
  /** The first first. */
  readonly interfaces?: readonly MachineInterface[];
  readonly platformDetails?: string;
  readonly usageOperation?: string;
  /** AWS's own and those of the Marketplace, as `type code`. */
  readonly productCodes?: readonly string[];
}

/** What a machine bills by. Pure. */
export function licenceOfMachine({ platformDetails, usageOperation, productCodes }: Instance): Licence {
  return { platformDetails, usageOperation, productCodes };
}

/** What protected machines are asked for one by one. DR's machines are known by their tags. */
const IN_SOURCE = [
  'ec2:DescribeInstanceAttribute',
  'ec2:DescribeInstanceCreditSpecifications',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeNetworkInterfaces',
  'ec2:GetInstanceUefiData',
] as const;

/** A machine. Looked up for recovery, which makes an image and a launch of it; see components/recoveredInstance.ts. */
export const instance: Kind<Instance> = {
  name: 'instance',
  title: 'EC2 instance',
  cost: 'billed',
  types: [],
  iamActions: ['ec2:DescribeInstances', 'ec2:DescribeVolumes', ...IN_SOURCE],
  inSourceOnly: IN_SOURCE,

  async list(account, options) {
    const machines = (await describeReservations(account)).flatMap((reservation) =>
      present(reservation.Instances, 'Instances'),
    );
    const { facts, interfaceTags } = options?.isDr
      ? { facts: new Map<string, ProtectedFacts>(), interfaceTags: undefined }
      : await protectedFacts(account, machines, options?.passUserData);
    return machines.map((found) => ({
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
        httpProtocolIpv6: found.MetadataOptions?.HttpProtocolIpv6,
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
      interfaces: machineInterfaces(found.NetworkInterfaces, interfaceTags),
      ...licenceOf(found),
      ...machineOptions(found),
      ...NO_FACTS,
      ...facts.get(found.InstanceId ?? ''),
    }));
  },

  // What is in a machine's UEFI variables is for it to say, and they change when it boots.
  secrets: ['uefiData', 'userData'],
  changesByItself: ['uefiData'],

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
      ...groupsOf(item)
        .filter((id) => !groupsOf(former).includes(id))
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
      weight: (item) =>
        Math.max(
          item.securityGroupIds.length,
          ...(item.interfaces ?? []).map(({ securityGroupIds }) => securityGroupIds.length),
        ),
    },
  ],
};

/** Of all its interfaces, each once. */
function groupsOf({ securityGroupIds, interfaces = [] }: Instance): string[] {
  return [...new Set([securityGroupIds, ...interfaces.map((each) => each.securityGroupIds)].flat())];
}

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
    // Never its value. Also where nobody had asked for it: a tag that somebody gives it may be what asks now.
    ...(item.userData && item.userData !== former.userData
      ? ['has other user data, which would be run at its recovery (lifeboat:passUserData)']
      : []),
    ...(former.sourceDestCheck && !item.sourceDestCheck
      ? ['takes traffic that is for others now (sourceDestCheck)']
      : []),
  ];
}
