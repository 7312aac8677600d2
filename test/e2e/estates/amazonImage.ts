import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { accessKey, type Emulator } from '../../emulator/emulator';

/** The account that publishes Amazon Linux. */
const AMAZON = '137112412989';

/** Publishes an image of Amazon's in each region: one name, and another id in each, as in AWS. */
export async function publishAmazonImage(emulator: Emulator, regions: readonly string[]): Promise<void> {
  const credentials = { accessKeyId: accessKey(AMAZON), secretAccessKey: 'emulated' };
  for (const region of regions) {
    const client = new EC2Client({ region, endpoint: emulator.url, credentials });
    const disk = { AvailabilityZone: `${region}a`, Size: 8, VolumeType: 'gp3' } as const;
    const { VolumeId } = await client.send(new CreateVolumeCommand(disk));
    const { SnapshotId } = await client.send(new CreateSnapshotCommand({ VolumeId }));
    const { ImageId } = await client.send(
      new RegisterImageCommand({
        Name: 'al2023-ami-2023.9.20261101.0-kernel-6.1-x86_64',
        Architecture: 'x86_64',
        VirtualizationType: 'hvm',
        EnaSupport: true,
        RootDeviceName: '/dev/xvda',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }],
      }),
    );
    await client.send(
      new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ Group: 'all' }] } }),
    );
  }
}
