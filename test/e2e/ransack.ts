import { DeleteLifecyclePolicyCommand, DLMClient, GetLifecyclePoliciesCommand } from '@aws-sdk/client-dlm';
import {
  CreateTagsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
} from '@aws-sdk/client-iam';
import {
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { SOURCE_NAMES, TAG } from '../../names';
import { robot } from '../../scripts/demo/robot';
import { DR, SOURCE, type Stage } from '../../scripts/demo/stage';

/**
 * What a thief with an administrator's keys of the source does, in the order that hurts most: forges our tags, stops the sharing and the
 * snapshots, ends the keys and our roles, and deletes all that AWS lets go. For the emulator only.
 *
 * @returns how many things were deleted
 */
export async function ransack(stage: Stage): Promise<number> {
  const ec2 = stage.ec2(SOURCE);
  const { Volumes = [] } = await ec2.send(new DescribeVolumesCommand({}));
  const { Snapshots = [] } = await ec2.send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }));
  const Resources = [...Volumes.map(({ VolumeId = '' }) => VolumeId), ...idsOf(Snapshots)];
  const forged = Object.values(TAG).map((Key) => ({ Key, Value: 'forged' }));
  await ec2.send(
    new CreateTagsCommand({ Resources, Tags: [...forged, { Key: 'MUSTSNAP', Value: 'False' }] }),
  );
  for (const SnapshotId of idsOf(Snapshots)) {
    const CreateVolumePermission = { Remove: [{ UserId: DR.account }] };
    await ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId, CreateVolumePermission }));
  }
  await endPolicies(stage);
  await endKeys(stage);
  await endRoles(stage);
  return robot(ec2);
}

const idsOf = (snapshots: readonly { SnapshotId?: string }[]) =>
  snapshots.flatMap(({ SnapshotId }) => SnapshotId ?? []);

async function endPolicies(stage: Stage): Promise<void> {
  const dlm = new DLMClient(stage.client(SOURCE));
  const { Policies = [] } = await dlm.send(new GetLifecyclePoliciesCommand({}));
  for (const { PolicyId } of Policies) await dlm.send(new DeleteLifecyclePolicyCommand({ PolicyId }));
  dlm.destroy();
}

async function endKeys(stage: Stage): Promise<void> {
  const kms = stage.kms(SOURCE);
  const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
  for (const { AliasName = '' } of Aliases)
    if (!AliasName.startsWith('alias/aws/')) await kms.send(new DeleteAliasCommand({ AliasName }));
  const { Keys = [] } = await kms.send(new ListKeysCommand({}));
  for (const { KeyId } of Keys) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    if (KeyMetadata?.KeyManager === 'AWS') continue;
    await kms.send(new DisableKeyCommand({ KeyId }));
    await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  }
}

async function endRoles(stage: Stage): Promise<void> {
  const iam = new IAMClient(stage.client(SOURCE));
  for (const RoleName of [SOURCE_NAMES.readerRole, SOURCE_NAMES.policyRole]) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames)
      await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    await iam.send(new DeleteRoleCommand({ RoleName }));
  }
  iam.destroy();
}
