import type { AmiArgs } from '@pulumi/aws/ec2/ami';
import type { InstanceArgs } from '@pulumi/aws/ec2/instance';
import type { Output } from '@pulumi/pulumi';
import type { Instance } from '../kinds/machines/instance';
import type { Volume } from '../kinds/machines/volume';
import { TAG } from '../names';
import type { RecoveryPoint } from '../snapshots/select';
import { recoveredTags } from '../tags';
import type { LaunchedImage, LaunchImage } from './launchImage';
import { launchNetwork, type PlannedInterface } from './launchNetwork';
import { launchOptions } from './launchOptions';
import type { Ipv6InDr } from './machineIpv6';
import type { ProtectedInstance } from './protectedInstances';
import { Secret } from './refs';
import type { Pin } from './store';

/** One machine to be recovered: what of, and what Pulumi is to make of it. Arguments may hold Refs. */
export interface PlannedMachine {
  /** The source's instance. */
  readonly instance: Instance;
  /** Its Name tag, unique among protected instances. */
  readonly name: string;
  readonly pin: Pin;
  /** The image to be registered of its copies, unless there is a `namedImage`. */
  readonly image: AmiArgs;
  /** The id of an image in DR that it is launched from instead. */
  readonly namedImage?: string;
  /** Why its image is registered and nothing launched from it, in words. */
  readonly held?: string;
  /** The launch, without the image's id. */
  readonly launch: Omit<InstanceArgs, 'ami'>;
  /** The network interfaces that it is launched with, where AWS does not make one with it. */
  readonly interfaces: readonly PlannedInterface[];
}

/** What is known of DR when a machine is planned. */
export interface MachineOptionsInDr {
  /** Names of the planned mirror. */
  readonly mirrored: ReadonlySet<string>;
  /** Where DR has an IPv6 address. */
  readonly ipv6: (cidr: string) => Ipv6InDr;
  /** ARN of the key of its disks. Default: that of the copies. */
  readonly volumeKey?: string;
  /** `lifeboat:passUserData`. */
  readonly passUserData: readonly string[];
  /** What the image is called that is registered of its copies. */
  readonly imageName: string;
  /** Whether and from what it is launched; no `wrong` one. */
  readonly from: Exclude<LaunchImage, { kind: 'wrong' }>;
}

/**
 * What to make of a machine and its recovery point. Pure.
 *
 * @returns the plan, and what of it is not as it was, in words that follow the machine's name
 */
export function plannedMachine(
  { instance, name, disks }: ProtectedInstance,
  point: RecoveryPoint,
  options: MachineOptionsInDr,
): { planned: PlannedMachine; notes: string[] } {
  const own = launchOptions(instance, options.mirrored, options.passUserData);
  const network = launchNetwork(instance, { ...options, point: point.id });
  const notes = [...own.notes, ...network.notes];
  const { from } = options;
  const named = from.kind === 'named' ? from.image : undefined;
  if (named)
    notes.push(
      `launched from ${named.id}, an image that was named for it: its system disk is as of ${named.created ?? 'the making of that'}, its other disks are as of ${point.time.toISOString()}`,
    );
  const tagsOf = (what: string, theirs: Readonly<Record<string, string>>, ours: Record<string, string>) => {
    const { tags, leftOut } = recoveredTags(theirs, ours);
    if (leftOut.length > 0)
      notes.push(`no room on ${what} for the tags ${leftOut.join(', ')}; the accepted inventory has them`);
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
  const isOfImage = ({ isRoot }: (typeof devices)[number]) => isRoot && named !== undefined;
  const block = (device: (typeof devices)[number]) => ({
    volumeSize: Math.max(size(device), isOfImage(device) ? (named?.rootSize ?? 0) : 0),
    ...performance(device.disk.volume),
    // Of the copies' own key AWS needs no word.
    ...(options.volumeKey !== undefined && { encrypted: true, kmsKeyId: options.volumeKey }),
    // Not as it was, and on purpose: stand-down takes a final snapshot of every disk before it ends a machine, and none is left to be billed.
    deleteOnTermination: true,
    tags: tagsOf(`the disk of ${device.disk.volumeId}`, device.disk.volume.tags, {
      ...ours,
      [TAG.sourceId]: device.disk.volumeId,
      [TAG.sourceVolume]: device.copy.sourceVolumeId,
      // They say whose bytes a disk has.
      ...(!isOfImage(device) && {
        [TAG.sourceSnapshot]: device.copy.sourceSnapshotId,
        [TAG.sourceTime]: device.copy.sourceTime.toISOString(),
      }),
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
      ...(named && {
        image: {
          id: named.id,
          created: named.created,
          rootSize: named.rootSize,
          deviceNames: named.deviceNames,
        },
      }),
    },
    ...(named && { namedImage: named.id }),
    ...(from.kind === 'held' && { held: from.reason }),
    image: {
      name: options.imageName,
      // EC2 takes ASCII here, 255 characters of it; a Name may be anything.
      description: `${name.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)} as of ${point.time.toISOString()}`,
      architecture: instance.architecture,
      virtualizationType: 'hvm',
      rootDeviceName: instance.rootDeviceName,
      enaSupport: instance.enaSupport,
      sriovNetSupport: instance.sriovNetSupport,
      bootMode: instance.bootMode,
      tpmSupport: instance.tpmSupport,
      ...(instance.uefiData !== undefined && {
        uefiData: new Secret(instance.uefiData) as unknown as Output<string>,
      }),
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
      ...own.launch,
      ...network.launch,
      rootBlockDevice: devices.filter(({ isRoot }) => isRoot).map(block)[0],
      ebsBlockDevices: devices
        .filter(({ isRoot }) => !isRoot)
        .map((device) => ({
          deviceName: device.disk.deviceName,
          snapshotId: device.copy.id,
          ...block(device),
        })),
      ...(named &&
        leftOutDevices(
          named,
          devices.map(({ disk }) => disk.deviceName),
        )),
      tags: tagsOf('the machine', instance.tags, ours),
    },
    interfaces: network.interfaces,
  };
  return { planned, notes };
}

/** An image that somebody made may have disks of its own beside the machine's. */
function leftOutDevices(
  { deviceNames }: LaunchedImage,
  ours: readonly string[],
): Pick<InstanceArgs, 'ephemeralBlockDevices'> {
  const others = deviceNames.filter((name) => !ours.includes(name));
  return others.length === 0
    ? {}
    : { ephemeralBlockDevices: others.map((deviceName) => ({ deviceName, noDevice: true })) };
}
