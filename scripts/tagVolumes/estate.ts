import {
  type Instance as AwsInstance,
  type Volume as AwsVolume,
  DescribeAvailabilityZonesCommand,
  paginateDescribeInstances,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, GetKeyPolicyCommand } from '@aws-sdk/client-kms';
import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { allPages, present, tagRecord } from '../../kinds/kind';
import { kmsOf } from '../../snapshots/clients';

/** A disk in its place in a machine. */
export interface Disk {
  readonly volumeId: string;
  readonly device: string;
  readonly isRoot: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** ARN of the key it is encrypted under. */
  readonly kmsKeyId?: string;
  /** As it was made; a disk that takes its place is made the same. */
  readonly type?: string;
  readonly iops?: number;
  /** MiB a second, of gp3 alone. */
  readonly throughput?: number;
  /** Whether it ends with its machine. */
  readonly endsWithMachine?: boolean;
  /** Every machine it is attached to, sorted: io1 and io2 disks can be attached to several. */
  readonly attachedTo: readonly string[];
}

/** A machine with all that its disks' tags are to say of it. */
export interface Machine {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly instanceType: string;
  readonly architecture: string;
  readonly enaSupport: boolean;
  readonly availabilityZone: string;
  /** The same zone in every account, unlike its name. */
  readonly availabilityZoneId?: string;
  readonly iamProfile?: { readonly arn: string; readonly id: string };
  readonly securityGroups: readonly { readonly name: string; readonly id: string }[];
  /** What it booted with: `legacy-bios` or `uefi`. */
  readonly bootMode?: string;
  readonly tpmSupport?: string;
  readonly privateIpAddress?: string;
  readonly platform: string;
  readonly rootDevice?: string;
  readonly disks: readonly Disk[];
}

/** The machines and disks of an account and region. */
export interface Estate {
  readonly region: string;
  /** All that are not terminated. */
  readonly machines: readonly Machine[];
  /** Disks that no machine has. */
  readonly looseDisks: readonly Pick<Disk, 'volumeId' | 'tags'>[];
  /** By ARN: true for keys that AWS manages, such as aws/ebs; snapshots under these cannot be shared. */
  readonly isAwsManagedKey: ReadonlyMap<string, boolean>;
  /** By ARN: the policies of the other keys, as far as they could be read. */
  readonly keyPolicies: ReadonlyMap<string, string>;
  /** What could not be found out. */
  readonly warnings: readonly string[];
}

/**
 * Looks up machines, disks, zones and keys, all pages.
 *
 * @throws when any page cannot be had; a key that cannot be asked about is a warning
 */
export async function readEstate(account: Account): Promise<Estate> {
  const { ec2, region } = account;
  const states = ['pending', 'running', 'stopping', 'stopped'];
  const [reservations, volumes, zones] = await Promise.all([
    allPages(
      paginateDescribeInstances(
        { client: ec2 },
        { Filters: [{ Name: 'instance-state-name', Values: states }] },
      ),
      (page) => page.Reservations,
    ),
    allPages(paginateDescribeVolumes({ client: ec2 }, {}), (page) => page.Volumes),
    ec2.send(new DescribeAvailabilityZonesCommand({ AllAvailabilityZones: true })),
  ]);
  const zoneIds = new Map((zones.AvailabilityZones ?? []).map((zone) => [zone.ZoneName, zone.ZoneId]));
  const byId = new Map(volumes.map((volume) => [volume.VolumeId, volume]));
  const machines = reservations
    .flatMap((reservation) => present(reservation.Instances, 'Instances'))
    .map((found) => asMachine(found, byId, zoneIds))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const attached = new Set(machines.flatMap((machine) => machine.disks.map((disk) => disk.volumeId)));
  const keys = new Set(machines.flatMap(({ disks }) => disks.flatMap(({ kmsKeyId }) => kmsKeyId ?? [])));
  const { isAwsManagedKey, keyPolicies, warnings } = await readKeys(account, [...keys]);
  return {
    region,
    machines,
    looseDisks: volumes
      .filter((volume) => !attached.has(volume.VolumeId ?? ''))
      .map((volume) => ({ volumeId: present(volume.VolumeId, 'VolumeId'), tags: tagRecord(volume.Tags) })),
    isAwsManagedKey,
    keyPolicies,
    warnings,
  };
}

function asMachine(
  found: AwsInstance,
  volumes: ReadonlyMap<string | undefined, AwsVolume>,
  zoneIds: ReadonlyMap<string | undefined, string | undefined>,
): Machine {
  const profile = found.IamInstanceProfile;
  const availabilityZone = present(found.Placement?.AvailabilityZone, 'Placement.AvailabilityZone');
  return {
    id: present(found.InstanceId, 'InstanceId'),
    tags: tagRecord(found.Tags),
    instanceType: present(found.InstanceType, 'InstanceType'),
    architecture: present(found.Architecture, 'Architecture'),
    enaSupport: found.EnaSupport ?? false,
    availabilityZone,
    availabilityZoneId: zoneIds.get(availabilityZone),
    iamProfile: profile?.Arn ? { arn: profile.Arn, id: profile.Id ?? '' } : undefined,
    securityGroups: (found.SecurityGroups ?? [])
      .map(({ GroupName = '', GroupId = '' }) => ({ name: GroupName, id: GroupId }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    bootMode: found.CurrentInstanceBootMode ?? found.BootMode,
    tpmSupport: found.TpmSupport,
    privateIpAddress: found.PrivateIpAddress,
    // Absent on machines that are neither Windows nor billed by a code.
    platform: found.PlatformDetails ?? found.Platform ?? 'Linux/UNIX',
    rootDevice: found.RootDeviceType === 'instance-store' ? undefined : found.RootDeviceName,
    disks: (found.BlockDeviceMappings ?? [])
      .filter(({ Ebs }) => Ebs?.Status !== 'detaching' && Ebs?.Status !== 'detached')
      .map((mapping) => {
        const volumeId = present(mapping.Ebs?.VolumeId, 'Ebs.VolumeId');
        const device = present(mapping.DeviceName, 'DeviceName');
        const volume = volumes.get(volumeId);
        return {
          volumeId,
          device,
          isRoot: device === found.RootDeviceName,
          tags: tagRecord(volume?.Tags),
          kmsKeyId: volume?.KmsKeyId,
          type: volume?.VolumeType,
          iops: volume?.Iops,
          throughput: volume?.Throughput,
          endsWithMachine: mapping.Ebs?.DeleteOnTermination,
          attachedTo: (volume?.Attachments ?? []).map(({ InstanceId = '' }) => InstanceId).sort(),
        };
      })
      .sort((a, b) => (a.device < b.device ? -1 : 1)),
  };
}

async function readKeys(
  account: Account,
  arns: readonly string[],
): Promise<Pick<Estate, 'isAwsManagedKey' | 'keyPolicies' | 'warnings'>> {
  const kms = kmsOf(account);
  const warnings: string[] = [];
  const isAwsManagedKey = new Map<string, boolean>();
  const keyPolicies = new Map<string, string>();
  await Promise.all(
    arns.map(async (arn) => {
      try {
        const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: arn }));
        isAwsManagedKey.set(arn, KeyMetadata?.KeyManager === 'AWS');
        if (KeyMetadata?.KeyManager === 'AWS') return;
        const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId: arn, PolicyName: 'default' }));
        if (Policy !== undefined) keyPolicies.set(arn, Policy);
      } catch (error) {
        // Another account's key keeps its policy to itself.
        warnings.push(
          `The key ${arn} could not be asked about, so it may not be shareable: ${reason(error)}`,
        );
      }
    }),
  );
  return { isAwsManagedKey, keyPolicies, warnings: warnings.sort() };
}
