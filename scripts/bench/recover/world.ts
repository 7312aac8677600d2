import {
  CreateSnapshotCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  CreateVpcCommand,
  type EC2Client,
  RegisterImageCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { WAVE_TAG } from '../../../inventory/waves';
import { present } from '../../../kinds/kind';
import { MUST_SNAP } from '../../../snapshots/mustSnap';
import { SOURCE } from '../../demo/stage';
import type { RecoverSize } from './sizes';

const ROOT = '/dev/xvda';
/** Machines that are launched at once. The emulator does one after the other. */
const AT_ONCE = 8;

/**
 * Makes the machines of the bench, in one subnet, spread evenly over the waves.
 *
 * @param made called for each machine
 */
export async function seedMachines(ec2: EC2Client, size: RecoverSize, made: () => void): Promise<void> {
  const AvailabilityZone = `${SOURCE.region}a`;
  const vpc = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await ec2.send(
    new CreateSubnetCommand({ VpcId: vpc.Vpc?.VpcId, CidrBlock: '10.0.0.0/20', AvailabilityZone }),
  );
  const volume = await ec2.send(new CreateVolumeCommand({ AvailabilityZone, Size: 8 }));
  const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId: volume.VolumeId }));
  const image = await ec2.send(
    new RegisterImageCommand({
      Name: 'bench',
      Architecture: 'x86_64',
      VirtualizationType: 'hvm',
      EnaSupport: true,
      RootDeviceName: ROOT,
      BlockDeviceMappings: [{ DeviceName: ROOT, Ebs: { SnapshotId, VolumeType: 'gp3' } }],
    }),
  );
  const devices = Array.from({ length: size.disks }, (_, at) =>
    at === 0 ? ROOT : `/dev/sd${'fghijklmnop'[at]}`,
  );
  const limit = pLimit(AT_ONCE);
  const launch = async (at: number) => {
    const launched = await ec2.send(
      new RunInstancesCommand({
        ImageId: image.ImageId,
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        SubnetId: Subnet?.SubnetId,
        BlockDeviceMappings: devices.map((DeviceName) => ({
          DeviceName,
          Ebs: { VolumeSize: 8, VolumeType: 'gp3' },
        })),
        TagSpecifications: [
          {
            ResourceType: 'instance',
            Tags: [
              { Key: 'Name', Value: `machine-${at}` },
              { Key: WAVE_TAG, Value: String((at % size.waves) + 1) },
            ],
          },
          {
            ResourceType: 'volume',
            Tags: [
              { Key: 'Name', Value: `machine-${at}` },
              { Key: MUST_SNAP.key, Value: MUST_SNAP.value },
            ],
          },
        ],
      }),
    );
    const disks = present(launched.Instances?.[0]?.BlockDeviceMappings, 'BlockDeviceMappings');
    const system = disks.find(({ DeviceName }) => DeviceName === ROOT)?.Ebs?.VolumeId;
    await ec2.send(
      new CreateTagsCommand({
        Resources: [present(system, 'VolumeId')],
        Tags: [{ Key: 'SYSDISK', Value: 'True' }],
      }),
    );
    made();
  };
  await Promise.all(Array.from({ length: size.machines }, (_, at) => limit(() => launch(at))));
}
