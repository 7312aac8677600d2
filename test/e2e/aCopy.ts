import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteVolumeCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { TAG, vaultNames } from '../../names';
import { DR, type Stage } from '../../scripts/demo/stage';

const AvailabilityZone = `${DR.region}a`;
const Tags = [{ Key: TAG.sourceSnapshot, Value: 'snap-0' }];

/** A copy in DR under the vault's key, tagged as `copy-snapshots` tags one. */
export async function makeCopy(stage: Stage): Promise<string> {
  const ec2 = stage.ec2(DR);
  const KmsKeyId = vaultNames(DR.account, DR.region).keyAlias;
  const disk = { AvailabilityZone, Size: 8, Encrypted: true, KmsKeyId };
  const { VolumeId } = await ec2.send(new CreateVolumeCommand(disk));
  const TagSpecifications = [{ ResourceType: 'snapshot' as const, Tags }];
  const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId, TagSpecifications }));
  await ec2.send(new DeleteVolumeCommand({ VolumeId }));
  return SnapshotId;
}

/** Asserts that the copy is there with its lineage, and that a disk can be made of it. */
export async function expectReadable(stage: Stage, SnapshotId: string): Promise<void> {
  const ec2 = stage.ec2(DR);
  const { Snapshots } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }));
  expect(Snapshots?.map((found) => [found.State, found.Tags])).to.deep.equal([['completed', Tags]]);
  const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone, SnapshotId }));
  await ec2.send(new DeleteVolumeCommand({ VolumeId }));
}
