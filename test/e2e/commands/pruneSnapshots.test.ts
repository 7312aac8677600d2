import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeSnapshotsCommand,
  LockSnapshotCommand,
  ModifySnapshotAttributeCommand,
  RegisterImageCommand,
  TerminateInstancesCommand,
  UnlockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { present, tagRecord } from '../../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../../names';
import { accept } from './guardWorld';
import { launcher } from './machines';
import { goingOf, keep, machineOf, type PruneWorld, setWith, startPruneWorld } from './pruneWorld';
import { DR, SOURCE, tagList } from './world';

const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
const CONFIRMED = ['--delete', '--confirm', 'our-dr'];
const WIDE = 'daily=15,newest=2,floorDays=2';

describe('lifeboat prune-snapshots', function () {
  this.timeout(180_000);
  let world: PruneWorld;
  before(async () => {
    world = await startPruneWorld();
    keep(world, WIDE);
  });
  after(() => world.stop());
  afterEach(() => world.emulator.clearRules());

  it('takes no confirmation without --delete for one', async () => {
    const refused = await world.run(['prune-snapshots', '--confirm', 'our-dr']);
    expect(refused.code).to.equal(1);
    expect(refused.stderr).to.contain('--confirm confirms nothing without --delete');
  });

  it('shows every recovery point with what becomes of it and why, and changes nothing', async () => {
    const before = await world.mutations(DR.account);
    const ran = await world.prune();
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout)
      .to.match(
        /MASTER +│ \d{8}T\d{6}Z-[0-9a-f]{8} +│ \d+d \d+[hms]+ +│ 2 +│ 16 +│ to go +│ older than 2 days, and keeps no slot/,
      )
      .and.match(/kept +│ among the newest 2; daily .*; younger than 2 days/)
      .and.contain('Nothing was changed; with --delete it is.');
    const plan = await world.plan();
    expect(plan.machines.map(({ name, held }) => [name, held])).to.deep.equal([
      ['DB', undefined],
      ['MASTER', undefined],
    ]);
    expect(machineOf(plan, 'MASTER')?.sets).to.have.length(17);
    expect(goingOf(plan, 'MASTER')).to.have.length(2 * goingOf(plan, 'DB').length);
    expect(goingOf(plan, 'DB').length).to.be.within(2, 6);
    expect(await world.mutations(DR.account)).to.deep.equal(before);
  });

  it('keeps all of a machine that vanished, and all of a source that looks sick', async () => {
    const inventory = await accept(world, {});
    const time = new Date(Number(await world.clock()) - 3 * 86_400_000).toISOString();
    await accept(world, { ...inventory, gone: { [`instance/${world.db.id}`]: time } });
    const gone = await world.plan();
    expect(goingOf(gone, 'DB')).to.deep.equal([]);
    expect(machineOf(gone, 'DB')?.held).to.equal(`gone from the source since ${time}`);
    // Longer ago than the floor, so that it says nothing about MASTER.
    expect(goingOf(gone, 'MASTER')).not.to.deep.equal([]);

    const justGone = new Date(Number(await world.clock()) - 3_600_000).toISOString();
    await accept(world, { ...inventory, gone: { [`instance/${world.db.id}`]: justGone } });
    const sick = await world.plan();
    expect(sick.sick).to.contain('1 of 2 machines');
    expect(goingOf(sick)).to.deep.equal([]);
    await accept(world, inventory);

    const later = new Date(Number(await world.clock()) + 27 * 3_600_000);
    const before = await world.copyIds();
    const stale = await world.prune(CONFIRMED, { now: () => later });
    expect(stale.code, stale.stderr).to.equal(0);
    expect(stale.stdout).to.contain('should be 26 h old at the most').and.contain('0 of 34 sets go');
    expect(await world.copyIds()).to.deep.equal(before);
  });

  it('keeps what an image, a volume or a lock holds, as whole recovery points', async () => {
    const going = goingOf(await world.plan(), 'MASTER');
    const [one, other, third] = [going[0], going[2], going[4]];
    const image = await world.dr.ec2.send(
      new RegisterImageCommand({
        Name: 'held',
        Architecture: 'x86_64',
        VirtualizationType: 'hvm',
        RootDeviceName: '/dev/xvda',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: one } }],
      }),
    );
    const volume = await world.dr.ec2.send(
      new CreateVolumeCommand({ AvailabilityZone: `${DR.region}a`, SnapshotId: other }),
    );
    await world.dr.ec2.send(
      new LockSnapshotCommand({ SnapshotId: third, LockMode: 'governance', LockDuration: 2 }),
    );
    const plan = await world.plan();
    expect(setWith(plan, one)?.why).to.deep.equal([`the image ${image.ImageId} is made of it`]);
    expect(setWith(plan, other)?.why).to.deep.equal([`the volume ${volume.VolumeId} was made of it`]);
    expect(setWith(plan, third)?.why?.[0]).to.match(/^locked \(governance\) until \d{4}-/);
    expect(goingOf(plan, 'MASTER')).to.have.members(
      going.filter((id) => ![one, other, third].some((held) => setWith(plan, held)?.copies.includes(id))),
    );
    await world.dr.ec2.send(new DeregisterImageCommand({ ImageId: image.ImageId }));
    await world.dr.ec2.send(new DeleteVolumeCommand({ VolumeId: volume.VolumeId }));
    await world.dr.ec2.send(new UnlockSnapshotCommand({ SnapshotId: third }));
    expect(goingOf(await world.plan(), 'MASTER')).to.have.members(going);
  });

  it('keeps all of a machine that any stack has under recovery, and stops at a damaged record', async () => {
    const point = machineOf(await world.plan(), 'MASTER')?.sets.at(-1);
    const pin = {
      instance: world.master.id,
      point: point?.point,
      time: '2026-01-01T00:00:00Z',
      copies: { [world.master.volumeIds[0] ?? '']: point?.copies[0] },
    };
    // What a whole recovery was begun with is of no machine.
    const whole = { Bucket, Key: VAULT_KEY.recoveryRecord('another'), Body: '{}' };
    await world.dr.s3.send(new PutObjectCommand(whole));
    const at = { Bucket, Key: VAULT_KEY.recovery('another', world.master.id) };
    await world.dr.s3.send(new PutObjectCommand({ ...at, Body: JSON.stringify(pin) }));
    const plan = await world.plan();
    expect(goingOf(plan, 'MASTER')).to.deep.equal([]);
    expect(machineOf(plan, 'MASTER')?.held).to.equal(`under recovery, from ${point?.point}`);
    expect(goingOf(plan, 'DB')).not.to.deep.equal([]);
    await world.dr.s3.send(new PutObjectCommand({ ...at, Body: '{' }));
    const damaged = await world.prune(CONFIRMED);
    expect(damaged.code).to.equal(1);
    expect(damaged.stderr).to.contain('An object in the vault is damaged');
    await world.dr.s3.send(new DeleteObjectCommand(at));
  });

  it('keeps all of a machine that runs in DR, though no record says so', async () => {
    const launch = await launcher(world.dr.ec2, DR.region, (seconds) => world.emulator.advance(seconds));
    const tags = { [TAG.sourceId]: world.master.id, [TAG.recoveryPoint]: 'some' };
    const { id } = await launch({ tags, disks: [{ tags: {} }] });
    const plan = await world.plan();
    expect(machineOf(plan, 'MASTER')?.held).to.equal(`recovered as ${id}`);
    expect(goingOf(plan, 'MASTER')).to.deep.equal([]);
    await world.dr.ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    expect(goingOf(await world.plan(), 'MASTER')).not.to.deep.equal([]);
  });

  it('leaves alone what only claims to be ours', async () => {
    // Of the newest set, which the source still has.
    const [newest] = machineOf(await world.plan(), 'MASTER')?.sets[0]?.copies ?? [];
    const source = (await world.copies()).find(({ SnapshotId }) => SnapshotId === newest);
    const tags = tagRecord(source?.Tags);
    const { VolumeId } = await world.dr.ec2.send(
      new CreateVolumeCommand({ AvailabilityZone: `${DR.region}a`, Size: 8 }),
    );
    const specification = (changes: Record<string, string>) => [
      { ResourceType: 'snapshot' as const, Tags: tagList({ ...tags, ...changes }) },
    ];
    // One that was taken here, with the tags of a copy that has a manifest.
    const taken = await world.dr.ec2.send(
      new CreateSnapshotCommand({ VolumeId, TagSpecifications: specification({}) }),
    );
    const copy = async (Description: string, changes: Record<string, string>) => {
      const made = await world.dr.ec2.send(
        new CopySnapshotCommand({
          SourceRegion: SOURCE.region,
          SourceSnapshotId: tags[TAG.sourceSnapshot],
          Description,
          Encrypted: true,
          TagSpecifications: specification(changes),
        }),
      );
      return present(made.SnapshotId, 'SnapshotId');
    };
    // A copy of somebody else's, and one of ours whose tags were changed to an older time.
    const other = await copy('mine', {});
    const forged = await copy(source?.Description ?? '', { [TAG.sourceTime]: '2020-01-01T00:00:00.000Z' });
    const unknown = await copy(
      `Lifeboat: snap-0 of ${tags[TAG.sourceVolume]} in ${SOURCE.account}, ${SOURCE.region}`,
      { [TAG.sourceSnapshot]: 'snap-0' },
    );
    await world.emulator.advance(5);
    const plan = await world.plan();
    const why = new Map(plan.foreign.map((each) => [each.copy, each.why]));
    expect([...why.keys()]).to.have.members([taken.SnapshotId, other, forged, unknown]);
    expect(why.get(taken.SnapshotId ?? '')).to.contain('is no copy');
    expect(why.get(other)).to.contain('its description is "mine"');
    expect(why.get(forged)).to.contain("its source's time should be 2020-01-01T00:00:00.000Z");
    expect(why.get(unknown)).to.equal('the vault has no manifest of snap-0');
    expect(machineOf(plan, 'MASTER')?.sets).to.have.length(17);
    for (const SnapshotId of why.keys()) await world.dr.ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  });

  it('keeps everything when the source shares nothing any more', async () => {
    const going = goingOf(await world.plan(), 'DB');
    const snapshots = new DescribeSnapshotsCommand({ OwnerIds: ['self'] });
    const { Snapshots = [] } = await world.source.ec2.send(snapshots);
    const share = async (operation: 'Add' | 'Remove') => {
      for (const { SnapshotId } of Snapshots)
        await world.source.ec2.send(
          new ModifySnapshotAttributeCommand({
            SnapshotId,
            CreateVolumePermission: { [operation]: [{ UserId: DR.account }] },
          }),
        );
    };
    await share('Remove');
    const alone = await world.plan();
    await share('Add');
    expect(alone.sick).to.contain('it shares no snapshot at all');
    expect(goingOf(alone)).to.deep.equal([]);
    expect(goingOf(await world.plan(), 'DB')).to.have.members(going);
  });
});
