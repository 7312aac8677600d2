import {
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  DescribeInstancesCommand,
  type EC2Client,
  type Instance,
  RegisterImageCommand,
  RunInstancesCommand,
  waitUntilInstanceRunning,
} from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import { tagList } from './world';

/** A machine to be launched. The first disk is its system disk. */
export interface MachineShape {
  readonly tags: Record<string, string>;
  readonly disks: readonly { readonly tags: Record<string, string>; readonly kmsKeyId?: string }[];
}

/** A machine that runs. */
export interface LaunchedMachine {
  readonly id: string;
  /** Its disks in the order of the shape. */
  readonly volumeIds: readonly string[];
}

const ROOT = '/dev/xvda';

/** Makes a subnet and an image, and returns how to launch machines there. */
export async function launcher(
  ec2: EC2Client,
  region: string,
  advance: (seconds: number) => Promise<void>,
): Promise<(shape: MachineShape) => Promise<LaunchedMachine>> {
  const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const subnet = await ec2.send(
    new CreateSubnetCommand({
      VpcId: vpc.Vpc?.VpcId,
      CidrBlock: '10.0.0.0/24',
      AvailabilityZone: `${region}a`,
    }),
  );
  const ImageId = await baseImage(ec2, region, advance);
  return async ({ tags, disks }) => {
    const device = (index: number) => (index === 0 ? ROOT : `/dev/sd${'efghij'[index]}`);
    const launched = await ec2.send(
      new RunInstancesCommand({
        ImageId,
        MinCount: 1,
        MaxCount: 1,
        InstanceType: 't3.small',
        SubnetId: subnet.Subnet?.SubnetId,
        BlockDeviceMappings: disks.map(({ kmsKeyId }, index) => ({
          DeviceName: device(index),
          Ebs: { VolumeSize: 8, VolumeType: 'gp3', ...(kmsKeyId && { Encrypted: true, KmsKeyId: kmsKeyId }) },
        })),
        TagSpecifications: [{ ResourceType: 'instance', Tags: tagList({ owner: 'test', ...tags }) }],
      }),
    );
    const id = present(launched.Instances?.[0]?.InstanceId, 'InstanceId');
    await waitUntilInstanceRunning({ client: ec2, maxWaitTime: 60, minDelay: 1 }, { InstanceIds: [id] });
    const mappings = (await describe(ec2, id)).BlockDeviceMappings ?? [];
    const volumeIds = disks.map((_, index) =>
      present(mappings.find(({ DeviceName }) => DeviceName === device(index))?.Ebs?.VolumeId, 'VolumeId'),
    );
    for (const [index, disk] of disks.entries()) {
      if (Object.keys(disk.tags).length === 0) continue;
      await ec2.send(
        new CreateTagsCommand({ Resources: [volumeIds[index] ?? ''], Tags: tagList(disk.tags) }),
      );
    }
    return { id, volumeIds };
  };
}

export async function describe(ec2: EC2Client, id: string): Promise<Instance> {
  const described = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  return present(described.Reservations?.[0]?.Instances?.[0], 'Instance');
}

async function baseImage(
  ec2: EC2Client,
  region: string,
  advance: (seconds: number) => Promise<void>,
): Promise<string> {
  const volume = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${region}a`, Size: 8 }));
  const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId: volume.VolumeId }));
  await advance(600);
  const image = await ec2.send(
    new RegisterImageCommand({
      Name: 'base',
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      BootMode: 'uefi',
      RootDeviceName: ROOT,
      BlockDeviceMappings: [{ DeviceName: ROOT, Ebs: { SnapshotId, VolumeType: 'gp3' } }],
    }),
  );
  return present(image.ImageId, 'ImageId');
}
