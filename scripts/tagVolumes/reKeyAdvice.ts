import { SOURCE_NAMES } from '../../names';
import { MUST_SNAP } from '../../snapshots/mustSnap';
import type { Disk, Estate, Machine } from './estate';
import { quoted } from './quoted';
import { isMustSnap, isOwnKey, protectedMachines, titled } from './tagProblems';

/**
 * For each machine with protected disks under a key that AWS manages: the commands that move these disks to the key that `source/` made,
 * so that their snapshots can be shared. The machine stands still meanwhile. Pure.
 *
 * CreateVolume may re-encrypt what it makes of an encrypted snapshot:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html
 *
 * @returns text for people, one for each machine
 */
export function reKeyAdvice(estate: Estate): string[] {
  const { isAwsManagedKey } = estate;
  return protectedMachines(estate).flatMap((machine) => {
    const disks = machine.disks.filter(
      (disk) => isMustSnap(disk) && disk.kmsKeyId !== undefined && isAwsManagedKey.get(disk.kmsKeyId),
    );
    return disks.length === 0 ? [] : [reKey(machine, disks, estate.region)];
  });
}

function reKey(machine: Machine, disks: readonly Disk[], region: string): string {
  const shared = disks.filter(({ attachedTo }) => attachedTo.length > 1);
  const ec2 = (command: string) => `aws ec2 ${command} --region ${region}`;
  const stop = `--instance-ids ${machine.id}`;
  return [
    `# ${titled(machine).replace(/[\r\n]/g, ' ')}, ${machine.id}: moves ${disks.length === 1 ? 'one disk' : `${disks.length} disks`} to ${SOURCE_NAMES.snapshotKeyAlias}. It stands still meanwhile.`,
    '# The old disks stay, without their tag, until you delete them. They end where one of them fails.',
    ...shared.map(
      ({ volumeId, attachedTo }) => `# ${volumeId} is attached to ${attachedTo.join(', ')}: stop those too.`,
    ),
    // In a shell of its own: an error ends that one, and not the reader's.
    '(set -e',
    `${ec2('stop-instances')} ${stop}`,
    `${ec2('wait instance-stopped')} ${stop}`,
    ...disks.flatMap((disk) => reKeyDisk(machine, disk, ec2)),
    `${ec2('start-instances')} ${stop}`,
    `${ec2('wait instance-running')} ${stop}`,
    'npx lifeboat tag-volumes)',
  ].join('\n');
}

function reKeyDisk(machine: Machine, disk: Disk, ec2: (command: string) => string): string[] {
  const { volumeId, device, type, iops, throughput } = disk;
  const Tags = Object.entries(disk.tags)
    .filter(([key]) => isOwnKey(key))
    .map(([Key, Value]) => ({ Key, Value }));
  const specification = quoted(JSON.stringify([{ ResourceType: 'volume', Tags }]));
  // Of the other types AWS sets it, and takes no word on it.
  const hasIops = iops !== undefined && ['gp3', 'io1', 'io2'].includes(type ?? '');
  const shape = [
    ...(type === undefined ? [] : [`--volume-type ${type}`]),
    ...(hasIops ? [`--iops ${iops}`] : []),
    ...(throughput === undefined || type !== 'gp3' ? [] : [`--throughput ${throughput}`]),
  ].join(' ');
  const ends = quoted(JSON.stringify([{ DeviceName: device, Ebs: { DeleteOnTermination: true } }]));
  return [
    `SNAPSHOT=$(${ec2('create-snapshot')} --volume-id ${volumeId} --description re-key --query SnapshotId --output text)`,
    `${ec2('wait snapshot-completed')} --snapshot-ids "$SNAPSHOT"`,
    `VOLUME=$(${ec2('create-volume')} --snapshot-id "$SNAPSHOT" --availability-zone ${machine.availabilityZone} ${shape} --encrypted --kms-key-id ${SOURCE_NAMES.snapshotKeyAlias} --tag-specifications ${specification} --query VolumeId --output text)`,
    `${ec2('wait volume-available')} --volume-ids "$VOLUME"`,
    `${ec2('detach-volume')} --volume-id ${volumeId}`,
    `${ec2('wait volume-available')} --volume-ids ${volumeId}`,
    `${ec2('attach-volume')} --volume-id "$VOLUME" --instance-id ${machine.id} --device ${quoted(device)}`,
    `${ec2('wait volume-in-use')} --volume-ids "$VOLUME"`,
    ...(disk.endsWithMachine
      ? [`${ec2('modify-instance-attribute')} --instance-id ${machine.id} --block-device-mappings ${ends}`]
      : []),
    `${ec2('delete-tags')} --resources ${volumeId} --tags Key=${MUST_SNAP.key}`,
  ];
}
