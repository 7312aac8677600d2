import { DeleteLifecyclePolicyCommand, UpdateLifecyclePolicyCommand } from '@aws-sdk/client-dlm';
import {
  CreateTagsCommand,
  DeleteTagsCommand,
  ModifySnapshotAttributeCommand,
  ModifyVolumeCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DeleteRoleCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, DisableKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { present } from '../../../kinds/kind';
import { accept } from './guardWorld';
import { codes, one, policyDetails, type StatusWorld, startStatusWorld } from './statusWorld';
import { DR, SOURCE, tagList } from './world';

describe('lifeboat status names what is wrong in the source', function () {
  this.timeout(240_000);
  let world: StatusWorld;
  before(async () => {
    world = await startStatusWorld();
  });
  after(() => world.stop());

  const untag = (Resources: string[], ...keys: string[]) =>
    world.source.ec2.send(new DeleteTagsCommand({ Resources, Tags: keys.map((Key) => ({ Key })) }));
  const tag = (Resources: string[], tags: Record<string, string>) =>
    world.source.ec2.send(new CreateTagsCommand({ Resources, Tags: tagList(tags) }));

  const share = (ids: string[]) =>
    Promise.all(
      ids.map((SnapshotId) =>
        world.source.ec2.send(
          new ModifySnapshotAttributeCommand({
            SnapshotId,
            CreateVolumePermission: { Add: [{ UserId: DR.account }] },
          }),
        ),
      ),
    );

  it('sharing removed', async () => {
    const { volumeIds } = await world.protect('SHARED');
    const snapshotIds = await world.takeSet(volumeIds, { share: false });
    const [first] = snapshotIds;
    // DLM shares a snapshot a while after it has taken it.
    expect(codes((await world.status({ of: 'SHARED' })).problems)).to.not.include('not-shared');
    const said = await world.status({ of: 'SHARED', hoursLater: 2 });
    expect(said.code).to.equal(1);
    expect(codes(said.problems)).to.deep.equal(['not-shared', 'not-shared']);
    const [finding] = said.problems.filter(({ what }) => what.includes(first ?? ''));
    expect(finding?.what).to.contain(`is not shared with ${DR.account}`);
    expect(finding?.next).to.contain(
      `aws ec2 modify-snapshot-attribute --region ${SOURCE.region} --snapshot-id ${first}`,
    );
    expect(said.report.machines[0]?.sets.map(({ state }) => state)).to.deep.equal(['incomplete', 'complete']);
    await share(snapshotIds);
    await world.copy();
    expect((await world.status({ hoursLater: 2 })).code).to.equal(0);
  });

  it('the unique Name broken, in the source as it is now', async () => {
    await world.protect('NAME-1');
    const other = await world.protect('NAME-2');
    await tag([other.id], { Name: 'NAME-1' });
    const said = await world.status({ of: 'NAME-2' });
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'name-not-unique').what).to.contain('shares its Name NAME-1 with i-');
    expect(one((await world.status({ of: 'NAME-1' })).problems, 'name-not-unique').what).to.contain(other.id);
    await untag([other.id], 'Name');
    expect(one((await world.status({ of: 'NAME-2' })).problems, 'name-not-unique').what).to.contain(
      'has no Name tag',
    );
    await tag([other.id], { Name: 'NAME-2' });
    expect(codes((await world.status({ of: 'NAME-2' })).problems)).to.deep.equal([]);
  });

  it('tags lost: of a disk, of the system disk, of the machine itself', async () => {
    const { id, volumeIds } = await world.protect('TAGS');
    const [system = '', data = ''] = volumeIds;
    await untag([data], 'MUSTSNAP');
    const ofDisk = await world.status({ of: 'TAGS' });
    expect(ofDisk.code).to.equal(1);
    expect(codes(ofDisk.problems)).to.deep.equal(['tags-lost']);
    expect(one(ofDisk.problems, 'tags-lost').what).to.contain(data);
    await tag([data], { MUSTSNAP: 'True' });
    await untag([system], 'MUSTSNAP');
    const ofSystem = await world.status({ of: 'TAGS' });
    expect(codes(ofSystem.problems)).to.deep.equal(['tags-lost', 'system-disk-untagged']);
    await tag([system], { MUSTSNAP: 'True' });
    await untag([id], 'MUSTSNAP');
    const ofMachine = one((await world.status({ of: 'TAGS' })).problems, 'tags-lost');
    expect(ofMachine.what).to.contain("the machine's own tag MUSTSNAP: True is gone");
    expect(ofMachine.next).to.contain('npx lifeboat tag-volumes');
    await tag([id], { MUSTSNAP: 'True' });
  });

  it('a disk left out, and whether somebody has said so', async () => {
    const { volumeIds } = await world.protect('LEFT');
    const data = present(volumeIds[1], 'a second disk');
    await untag([data], 'MUSTSNAP');
    await accept(world);
    const said = await world.status({ of: 'LEFT' });
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'disk-left-out').what).to.contain(data).and.contain('nobody has said so');
    await tag([data], { MUSTSNAP: 'False' });
    await accept(world);
    const meant = await world.status({ of: 'LEFT' });
    expect(codes(meant.problems)).to.deep.equal([]);
    expect(one(meant.notes, 'disk-left-out').what).to.contain('as its tag MUSTSNAP says');
  });

  it('a volume grown', async () => {
    const { volumeIds } = await world.protect('GROWN');
    await world.source.ec2.send(new ModifyVolumeCommand({ VolumeId: volumeIds[1], Size: 16 }));
    const said = await world.status({ of: 'GROWN' });
    expect(one(said.notes, 'volume-grown').what).to.contain(`${volumeIds[1]} has grown from 8 to 16 GiB`);
    expect(codes(said.problems)).to.deep.equal([]);
  });

  it('a machine that is gone, before and after a run has taken note of it', async () => {
    const { id } = await world.protect('GONE');
    const { kinds } = await accept(world);
    await world.source.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    const said = await world.status({ of: 'GONE' });
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'instance-gone').what).to.contain('no run of the mirror has taken note of it');
    const goneSince = (await world.time()).toISOString();
    await accept(world, { kinds, gone: { [`instance/${id}`]: goneSince } });
    // Its data can grow no newer: it is held against the time when it was missed.
    const held = await world.status({ of: 'GONE', hoursLater: 100 });
    expect(held.report.machines.find((each) => each.id === id)?.problems).to.deep.equal([]);
    expect(one(held.notes, 'instance-gone').what).to.contain(goneSince);
    await accept(world);
  });

  it('a machine that is tagged and not accepted yet', async () => {
    const accepted = await accept(world);
    const { id } = await world.protect('NEW');
    await accept(world, { kinds: accepted.kinds });
    const said = await world.status({ of: 'NEW' });
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'not-accepted').next).to.equal('npm run pulumi -- up --stack dr');
    expect(said.report.machines.find(({ name }) => name === 'NEW')?.id).to.equal(id);
    await accept(world);
  });

  it('a key that is disabled or to be deleted, or that DR may not use', async () => {
    const { KeyMetadata } = await world.source.kms.send(new CreateKeyCommand({}));
    const KeyId = present(KeyMetadata?.KeyId, 'KeyId');
    const { volumeIds } = await world.protect('KEY', { kmsKeyId: KeyId });
    const denied = await world.status({ of: 'KEY' });
    expect(denied.code).to.equal(1);
    expect(codes(denied.problems)).to.deep.equal(['no-recovery-point', 'key-not-granted']);
    const notGranted = one(denied.problems, 'key-not-granted');
    expect(notGranted.what).to.contain(volumeIds[0]).and.contain('Given key ID is not accessible');
    expect(notGranted.next).to.contain('alias/lifeboat-snapshots');

    await world.source.kms.send(new DisableKeyCommand({ KeyId }));
    const disabled = one((await world.status({ of: 'KEY' })).problems, 'source-key');
    expect(disabled.what).to.contain(KeyId).and.contain('is Disabled');
    expect(disabled.next).to.contain(`aws kms enable-key --region ${SOURCE.region} --key-id`);
    await world.source.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
    const dying = one((await world.status({ of: 'KEY' })).problems, 'source-key');
    expect(dying.what).to.contain('is PendingDeletion');
    expect(dying.next).to.contain('aws kms cancel-key-deletion');
  });

  it('the snapshot policy switched off, sharing no more, in error, or gone', async () => {
    const update = (changes: object) =>
      world.dlm.send(new UpdateLifecyclePolicyCommand({ PolicyId: world.policyId, ...changes }));
    const policy = async () => one((await world.status()).problems, 'snapshot-policy');
    await update({ State: 'DISABLED' });
    const off = await policy();
    expect(off.what).to.contain(world.policyId).and.contain('is DISABLED');
    expect(off.next).to.contain(
      `aws dlm update-lifecycle-policy --region ${SOURCE.region} --policy-id ${world.policyId} --state ENABLED`,
    );
    await update({ State: 'ENABLED', PolicyDetails: policyDetails({ ShareRules: [] }) });
    expect((await policy()).what).to.contain(`does not share its snapshots with ${DR.account}`);
    await update({ PolicyDetails: policyDetails({ CopyTags: false }) });
    expect((await policy()).what).to.contain('does not copy tags');
    await update({ PolicyDetails: policyDetails({}) });
    await world.source.iam.send(new DeleteRoleCommand({ RoleName: 'dlm' }));
    await world.emulator.runDlm();
    expect((await policy()).what).to.contain('is in error: The role arn:aws:iam::');
    await world.dlm.send(new DeleteLifecyclePolicyCommand({ PolicyId: world.policyId }));
    const gone = await policy();
    expect(gone.what).to.contain('is gone');
    expect(gone.next).to.contain('npm run pulumi -- -C source up');
  });
});
