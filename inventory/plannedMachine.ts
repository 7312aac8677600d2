import type { AmiArgs } from '@pulumi/aws/ec2/ami';
import type { InstanceArgs } from '@pulumi/aws/ec2/instance';
import type { Output } from '@pulumi/pulumi';
import { iamInstanceProfile } from '../kinds/iam/iamInstanceProfile';
import type { Instance } from '../kinds/machines/instance';
import type { Volume } from '../kinds/machines/volume';
import { TAG } from '../names';
import type { RecoveryPoint } from '../snapshots/select';
import { recoveredTags } from '../tags';
import { itemName } from './inventory';
import type { ProtectedInstance } from './protectedInstances';
import { Ref } from './refs';
import type { Pin } from './store';

/** One machine to be recovered: what of, and what Pulumi is to make of it. Arguments may hold Refs. */
export interface PlannedMachine {
  /** The source's instance. */
  readonly instance: Instance;
  /** Its Name tag, unique among protected instances. */
  readonly name: string;
  readonly pin: Pin;
  readonly image: AmiArgs;
  /** The launch, without the image's id. */
  readonly launch: Omit<InstanceArgs, 'ami'>;
}

/**
 * What to make of a machine and its recovery point. Pure.
 *
 * @param profile the name of its instance profile, where the mirror has that
 * @returns the plan, and by what each is on the keys of the tags that found no room
 */
export function plannedMachine(
  { instance, name, disks }: ProtectedInstance,
  point: RecoveryPoint,
  profile: string | undefined,
): { planned: PlannedMachine; lost: ReadonlyMap<string, readonly string[]> } {
  const lost = new Map<string, readonly string[]>();
  const tagsOf = (what: string, theirs: Readonly<Record<string, string>>, ours: Record<string, string>) => {
    const { tags, leftOut } = recoveredTags(theirs, ours);
    if (leftOut.length > 0) lost.set(what, leftOut);
    return tags;
  };
  const ours = { [TAG.sourceId]: instance.id, [TAG.recoveryPoint]: point.id };
  const devices = disks.flatMap((disk) => {
    const copy = point.copies.get(disk.volumeId);
    // Attached after the point was taken: see recoveryPointsInTime.
    return copy ? [{ disk, copy, isRoot: disk.deviceName === instance.rootDeviceName }] : [];
  });
  const size = ({ disk, copy }: (typeof devices)[number]) => Math.max(copy.size, disk.volume.size);
  // IOPS can be chosen for these types only, throughput for gp3 only.
  const performance = ({ volumeType, iops, throughput }: Volume) => ({
    volumeType,
    iops: ['io1', 'io2', 'gp3'].includes(volumeType) ? iops : undefined,
    throughput: volumeType === 'gp3' ? throughput : undefined,
  });
  const block = (device: (typeof devices)[number]) => ({
    volumeSize: size(device),
    ...performance(device.disk.volume),
    // stand-down takes a final snapshot of every disk before it ends a machine, so nothing is left to be billed.
    deleteOnTermination: true,
    tags: tagsOf(`the disk of ${device.disk.volumeId}`, device.disk.volume.tags, {
      ...ours,
      [TAG.sourceId]: device.disk.volumeId,
      [TAG.sourceVolume]: device.copy.sourceVolumeId,
      [TAG.sourceSnapshot]: device.copy.sourceSnapshotId,
      [TAG.sourceTime]: device.copy.sourceTime.toISOString(),
    }),
  });
  const planned: PlannedMachine = {
    instance,
    name,
    pin: {
      instance: instance.id,
      point: point.id,
      time: point.time.toISOString(),
      copies: Object.fromEntries(devices.map(({ disk, copy }) => [disk.volumeId, copy.id])),
    },
    image: {
      name: `lifeboat ${instance.id} ${point.id}`,
      // EC2 takes ASCII here, 255 characters of it; a Name may be anything.
      description: `${name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)} as of ${point.time.toISOString()}`,
      architecture: instance.architecture,
      virtualizationType: 'hvm',
      rootDeviceName: instance.rootDeviceName,
      enaSupport: instance.enaSupport,
      sriovNetSupport: instance.sriovNetSupport,
      bootMode: instance.bootMode,
      tpmSupport: instance.tpmSupport,
      ebsBlockDevices: devices.map((device) => ({
        deviceName: device.disk.deviceName,
        snapshotId: device.copy.id,
        volumeSize: size(device),
        ...performance(device.disk.volume),
        deleteOnTermination: true,
      })),
      tags: { ...ours, Name: name },
    },
    launch: {
      instanceType: instance.instanceType,
      subnetId: reference('subnet', instance.subnetId),
      privateIp: instance.privateIpAddress,
      vpcSecurityGroupIds: instance.securityGroupIds.map((id) => reference('security-group', id)),
      iamInstanceProfile: profile === undefined ? undefined : reference(iamInstanceProfile.name, profile),
      sourceDestCheck: instance.sourceDestCheck,
      ebsOptimized: instance.ebsOptimized,
      metadataOptions: instance.metadataOptions,
      rootBlockDevice: devices.filter(({ isRoot }) => isRoot).map(block)[0],
      ebsBlockDevices: devices
        .filter(({ isRoot }) => !isRoot)
        .map((device) => ({
          deviceName: device.disk.deviceName,
          snapshotId: device.copy.id,
          ...block(device),
        })),
      tags: tagsOf('the machine', instance.tags, ours),
    },
  };
  return { planned, lost };
}

function reference(kind: string, id: string): Output<string> {
  return new Ref(itemName(kind, id)) as unknown as Output<string>;
}
