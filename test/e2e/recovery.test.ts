import type { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import {
  CopySnapshotCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { VAULT_KEY, vaultNames } from '../../names';
import { type Estate, makeEstate } from '../../scripts/demo/estate';
import { robot } from '../../scripts/demo/robot';
import { DR, powerCut, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const tagsOf = (tags: { Key?: string; Value?: string }[] | undefined): Record<string, string> =>
  Object.fromEntries((tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));

describe('recovery with the source dead, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let estate: Estate;
  let asItWas: Map<string, Instance>;
  let recover: Record<string, string>;

  const copyNight = async () => {
    const runs = await stage.emulator.runDlm();
    expect(runs.flatMap(({ errors }) => errors)).to.deep.equal([]);
    return succeeded(await stage.lifeboat(['copy-snapshots'], { env: await stage.role('lifeboat-run') }));
  };
  const machines = async () => {
    const { Reservations = [] } = await stage.ec2(DR).send(new DescribeInstancesCommand({}));
    return Reservations.flatMap(({ Instances = [] }) => Instances).filter(
      ({ State }) => State?.Name !== 'terminated',
    );
  };
  const copies = async () =>
    (await stage.ec2(DR).send(new DescribeSnapshotsCommand({ OwnerIds: ['self'] }))).Snapshots ?? [];
  const engine = (...args: string[]) => stage.pulumi('.', args, { env: recover });

  before(async () => {
    stage = await Stage.open();
    await stage.emulator.config({ copyMiBps: 200 * 1024 });
    const source = stage.ec2(SOURCE);
    estate = await makeEstate(source, stage.kms(SOURCE), SOURCE.account, DR.account);
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    succeeded(await stage.lifeboat(['tag-volumes'], { env: stage.root(SOURCE) }));
    const described = await source.send(
      new DescribeInstancesCommand({ InstanceIds: Object.values(estate.instances) }),
    );
    asItWas = new Map(
      described.Reservations?.flatMap(({ Instances = [] }) => Instances).map((found) => [
        found.InstanceId ?? '',
        found,
      ]),
    );
    await stage.up('.', { env: await stage.role('lifeboat-run') });
    recover = await stage.role('lifeboat-recover');
  });
  after(() => stage?.close());

  it('refuses, and changes nothing, while a machine has no complete set of copies', async () => {
    await stage.config('recover', 'true');
    const refused = await engine(...UP);
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout)
      .to.contain('4 of 4 machines cannot be recovered')
      .and.contain('npx lifeboat copy-snapshots');
    expect(await machines()).to.deep.equal([]);
    await stage.config('recover', 'false');
  });

  it('is finished by the next run when it is killed while it registers images, its state deleted', async () => {
    await copyNight();
    await stage.config('recover', 'true');
    // An image is made by one call and tagged by another; the kill falls in between.
    await stage.emulator.rules({ account: DR.account, action: 'CreateTags', hangSeconds: 30 });
    let child: ChildProcess | undefined;
    const killed = stage.pulumi('.', UP, {
      env: recover,
      onStart: (started) => {
        child = started;
      },
    });
    const images = async () =>
      (await stage.ec2(DR).send(new DescribeImagesCommand({ Owners: ['self'] }))).Images?.length ?? 0;
    while ((await images()) === 0) await setTimeout(200);
    powerCut(child);
    expect((await killed).code).to.equal(137);
    await stage.emulator.clearRules();
    expect(await machines()).to.deep.equal([]);
    succeeded(await engine('cancel', '--yes', '--stack', 'dr'));
    succeeded(await engine('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr'));
  });

  it('brings every machine up as it was, with every call to the source account failing', async () => {
    await robot(stage.ec2(SOURCE));
    await stage.loseSource();
    await stage.up('.', { env: recover });
    expect((await stage.ec2(DR).send(new DescribeImagesCommand({ Owners: ['self'] }))).Images).to.have.length(
      4,
    );
    const lineage = await stage.emulator.lineage();
    const drCopies = new Map((await copies()).map((copy) => [copy.SnapshotId, copy]));
    const recovered = await machines();
    expect(recovered).to.have.length(4);
    for (const machine of recovered) {
      const tags = tagsOf(machine.Tags);
      const was = asItWas.get(tags['lifeboat:source-id'] ?? '');
      expect(was, `${machine.InstanceId} stands for a machine`).to.not.equal(undefined);
      expect(machine.State?.Name).to.equal('running');
      for (const field of [
        'PrivateIpAddress',
        'InstanceType',
        'Architecture',
        'RootDeviceName',
        'EnaSupport',
        'BootMode',
      ] as const)
        expect(machine[field], field).to.equal(was?.[field]);
      expect(machine.MetadataOptions?.HttpTokens).to.equal('required');
      expect(machine.MetadataOptions?.HttpPutResponseHopLimit).to.equal(2);
      expect(tags).to.include({ Name: tagsOf(was?.Tags).Name, team: 'shop' });
      expect(machine.SecurityGroups?.map(({ GroupName }) => GroupName).sort()).to.deep.equal(
        was?.SecurityGroups?.map(({ GroupName }) => GroupName).sort(),
      );
      const { Volumes = [] } = await stage.ec2(DR).send(
        new DescribeVolumesCommand({
          Filters: [{ Name: 'attachment.instance-id', Values: [machine.InstanceId ?? ''] }],
        }),
      );
      const deviceOf = (found: Instance | undefined, volumeId: string | undefined) =>
        found?.BlockDeviceMappings?.find(({ Ebs }) => Ebs?.VolumeId === volumeId)?.DeviceName;
      expect(Volumes).to.have.length(was?.BlockDeviceMappings?.length ?? 0);
      for (const volume of Volumes) {
        const disk = tagsOf(volume.Tags);
        const copy = drCopies.get(volume.SnapshotId);
        const bytes = lineage[volume.SnapshotId ?? ''];
        expect(deviceOf(machine, volume.VolumeId)).to.equal(deviceOf(was, disk['lifeboat:source-volume']));
        // What the tags say of the bytes is what the emulator knows of them.
        expect(bytes).to.include({
          volume: disk['lifeboat:source-volume'],
          snapshot: disk['lifeboat:source-snapshot'],
        });
        expect(bytes?.account).to.equal(SOURCE.account);
        expect(volume.Size).to.equal(copy?.VolumeSize);
        expect(volume.Encrypted).to.equal(true);
        expect(volume.KmsKeyId).to.equal(copy?.KmsKeyId);
      }
    }
  });

  it('changes nothing when it runs again, nor finds a difference after a refresh', async () => {
    succeeded(await engine(...UP, '--expect-no-changes'));
    succeeded(await engine('preview', '--refresh', '--stack', 'dr', '--expect-no-changes'));
  });

  it('finds its machines again when the state is lost', async () => {
    const before = (await machines()).map(({ InstanceId }) => InstanceId).sort();
    succeeded(await engine('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr'));
    await stage.up('.', { env: recover });
    expect((await machines()).map(({ InstanceId }) => InstanceId).sort()).to.deep.equal(before);
    succeeded(await engine(...UP, '--expect-no-changes'));
  });

  it('leaves running machines alone when there are newer copies', async () => {
    // A copy of a copy, tagged as the copy command would have: the source has no more to give.
    const later = new Date(Date.now() + 3_600_000).toISOString();
    for (const copy of await copies()) {
      const tags = {
        ...tagsOf(copy.Tags),
        'lifeboat:source-snapshot': `${copy.SnapshotId}-later`,
        'lifeboat:source-time': later,
      };
      await stage.ec2(DR).send(
        new CopySnapshotCommand({
          SourceRegion: DR.region,
          SourceSnapshotId: copy.SnapshotId,
          Encrypted: true,
          KmsKeyId: copy.KmsKeyId,
          TagSpecifications: [
            {
              ResourceType: 'snapshot',
              Tags: Object.entries(tags)
                .filter(([key]) => !key.startsWith('aws:'))
                .map(([Key, Value]) => ({ Key, Value })),
            },
          ],
        }),
      );
    }
    await stage.emulator.advance(3_600);
    // An hour has passed, and with it the role's credentials.
    recover = await stage.role('lifeboat-recover');
    succeeded(await engine(...UP, '--expect-no-changes'));
  });

  it('refuses a destroy, and a machine left out, while it runs', async () => {
    const destroyed = await engine('destroy', '--yes', '--skip-preview', '--stack', 'dr');
    expect(destroyed.code).to.not.equal(0);
    await stage.config('recoverExcept', 'SHOP-WEB');
    const refused = await engine(...UP);
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout).to.contain('until stand-down');
    succeeded(await engine('config', 'rm', 'lifeboat:recoverExcept', '--stack', 'dr'));
    expect((await machines()).map(({ State }) => State?.Name)).to.deep.equal(Array(4).fill('running'));
    succeeded(await engine(...UP, '--expect-no-changes'));
  });

  it('refuses to end by a flag, also when an earlier stand-down was begun and given up', async () => {
    const { inventoryBucket: Bucket } = vaultNames(DR.account, DR.region);
    await stage.s3(DR).send(new PutObjectCommand({ Bucket, Key: VAULT_KEY.standDown('dr'), Body: '{}' }));
    succeeded(await engine(...UP, '--expect-no-changes'));
    await stage.config('recover', 'false');
    const refused = await engine(...UP);
    expect(refused.code).to.not.equal(0);
    expect(refused.stdout).to.contain('A recovery is active').and.contain('npx lifeboat stand-down');
    expect(await machines()).to.have.length(4);
    await stage.config('recover', 'true');
  });

  it('ends by stand-down, which takes a final snapshot of each disk and leaves every copy', async () => {
    const before = (await copies()).map(({ SnapshotId }) => SnapshotId);
    const disks = (await machines()).flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings);
    const wrong = await stage.lifeboat(['stand-down', '--confirm', 'another-account'], { env: recover });
    expect(wrong.code).to.not.equal(0);
    expect(await machines()).to.have.length(4);
    succeeded(await stage.lifeboat(['stand-down', '--confirm', DR.account], { env: recover }));
    expect(await machines()).to.deep.equal([]);
    const { Images } = await stage.ec2(DR).send(new DescribeImagesCommand({ Owners: ['self'] }));
    expect(Images).to.deep.equal([]);
    const left = await copies();
    expect(left.map(({ SnapshotId }) => SnapshotId)).to.include.members(before);
    const final = left.filter(({ Tags }) => tagsOf(Tags)['lifeboat:final-snapshot-of']);
    expect(final).to.have.length(disks.length);
    const { Volumes } = await stage.ec2(DR).send(new DescribeVolumesCommand({}));
    expect(Volumes).to.deep.equal([]);
    // The mirror stays, and runs at rest go on.
    await stage.config('inventory', 'saved');
    succeeded(await engine(...UP, '--expect-no-changes'));
    const again = succeeded(await stage.lifeboat(['stand-down', '--confirm', DR.account], { env: recover }));
    expect(again.stdout + again.stderr).to.match(/nothing|no machine/i);
  });

  it('leaves every copy and the vault when its stack is destroyed', async () => {
    const before = (await copies()).map(({ SnapshotId }) => SnapshotId).sort();
    expect(before).to.not.be.empty;
    succeeded(await engine('destroy', '--yes', '--skip-preview', '--stack', 'dr'));
    expect((await copies()).map(({ SnapshotId }) => SnapshotId).sort()).to.deep.equal(before);
  });
});
