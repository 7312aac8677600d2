import { CopySnapshotCommand, CreateTagsCommand, DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import { DescribeKeyCommand, DisableKeyCommand, EnableKeyCommand } from '@aws-sdk/client-kms';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { present, tagRecord } from '../../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../../names';
import { accept, writeAccepted } from './guardWorld';
import { codes, one, type StatusWorld, startStatusWorld } from './statusWorld';
import { copiesOf, DR, SOURCE, tagList } from './world';

const { inventoryBucket: Bucket, keyAlias } = vaultNames(DR.account, DR.region);

describe('lifeboat status names what is wrong with copies and runs', function () {
  this.timeout(240_000);
  let world: StatusWorld;
  before(async () => {
    world = await startStatusWorld();
  });
  after(() => world.stop());

  const manifestOf = (snapshotId: string) => ({ Bucket, Key: VAULT_KEY.manifest(snapshotId) });
  const tagInDr = (id: string, tags: Record<string, string>) =>
    world.dr.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: tagList(tags) }));

  /** The ids in the source and in DR of a machine's newest recovery point, disk by disk. */
  async function newestOf(name: string): Promise<{ snapshotId: string; copyId: string }[]> {
    const { report } = await world.status({ of: name });
    const machine = report.machines.find((each) => each.name === name);
    const tags = new Map(
      (await world.copies()).map(({ SnapshotId = '', Tags }) => [SnapshotId, tagRecord(Tags)]),
    );
    return Object.values(machine?.newest?.copies ?? {}).map((copyId) => ({
      copyId,
      snapshotId: tags.get(copyId)?.[TAG.sourceSnapshot] ?? '',
    }));
  }

  it('that nothing was accepted and no run has ended well yet, and that nothing is protected', async () => {
    await world.dr.s3.send(new DeleteObjectCommand({ Bucket, Key: VAULT_KEY.inventory('dr') }));
    const first = await world.status();
    expect(first.code).to.equal(1);
    expect(one(first.problems, 'inventory').what).to.contain('no inventory has been accepted yet');
    await accept(world);
    expect(codes((await world.status()).problems)).to.deep.equal(['nothing-protected']);
  });

  it('data older than wanted, the last run and the last copy too long ago', async () => {
    await world.protect('OLD');
    const { problems, code } = await world.status({ of: 'OLD', hoursLater: 30 });
    expect(code).to.equal(1);
    expect(codes(problems)).to.deep.equal(['mirror-run-late', 'copy-run-late', 'rpo-missed']);
    expect(one(problems, 'rpo-missed').what).to.match(/is 1 day 6 hours old, and 26 hours are wanted/);
    expect(one(problems, 'rpo-missed').next).to.contain('npx lifeboat tag-volumes --dry-run');
    expect(one(problems, 'mirror-run-late').what).to.contain('1 day 6 hours ago');
    expect(one(problems, 'copy-run-late').next).to.contain('npx lifeboat copy-snapshots');
  });

  it('no run as good that failed, or that did something else', async () => {
    const now = await world.time();
    for (const [index, [result, kind]] of [
      ['failed', 'update'],
      ['succeeded', 'refresh'],
      ['succeeded', 'destroy'],
    ].entries())
      await world.writeHistory(new Date(now.getTime() + (28 + index / 10) * 3_600_000), result, kind);
    expect(codes((await world.status({ hoursLater: 30 })).problems)).to.include('mirror-run-late');
    await world.writeHistory(new Date(now.getTime() + 29 * 3_600_000));
    expect(codes((await world.status({ hoursLater: 30 })).problems)).to.not.include('mirror-run-late');
  });

  it('another age where a tag wants it', async () => {
    await world.protect('QUICK', { tags: { RPO: '4' } });
    await world.protect('SLOW', { tags: { RPO: '100' } });
    await world.protect('FORGED', { tags: { RPO: '1000000' } });
    const quick = await world.status({ of: 'QUICK', hoursLater: 5 });
    expect(one(quick.problems, 'rpo-missed').what).to.contain('4 hours are wanted');
    const slow = await world.status({ of: 'SLOW', hoursLater: 30 });
    expect(codes(slow.problems)).to.not.include('rpo-missed');
    expect(one(slow.notes, 'rpo-tag').what).to.contain('100 hours');
    const forged = await world.status({ of: 'FORGED', hoursLater: 30 });
    expect(one(forged.problems, 'rpo-missed').what).to.contain('26 hours are wanted');
    expect(one(forged.notes, 'rpo-tag').what).to.contain('is passed over');
  });

  it("a copy in error, with AWS's reason, and a set that waits to be copied", async () => {
    const { volumeIds } = await world.protect('FAILS');
    await world.takeSet(volumeIds);
    const waits = await world.status({ of: 'FAILS' });
    expect(codes(waits.problems)).to.deep.equal([]);
    expect(one(waits.notes, 'set-under-way').what).to.contain('2 to be copied');
    await world.emulator.rules({ account: DR.account, action: 'CopySnapshot', copyErrorAt: 40 });
    expect((await world.copy()).code).to.equal(1);
    await world.emulator.clearRules();
    const said = await world.status({ of: 'FAILS' });
    expect(said.code).to.equal(1);
    expect(codes(said.problems)).to.deep.equal(['copy-failed', 'copy-failed']);
    expect(said.problems[0]?.what).to.contain('An internal error occurred while copying the snapshot');
    expect((await world.copy()).code).to.equal(0);
    expect(codes((await world.status({ of: 'FAILS' })).problems)).to.deep.equal([]);
  });

  it('a set of which one snapshot is missing, once it had time to be whole', async () => {
    const { volumeIds } = await world.protect('HALF');
    await world.emulator.advance(3_600);
    const [, lost] = await world.takeSet(volumeIds);
    await world.source.ec2.send(new DeleteSnapshotCommand({ SnapshotId: lost }));
    await world.copy();
    expect(codes((await world.status({ of: 'HALF' })).problems)).to.deep.equal([]);
    const said = await world.status({ of: 'HALF', hoursLater: 2 });
    expect(
      said.code,
      JSON.stringify(
        said.report.machines.find(({ name }) => name === 'HALF'),
        null,
        1,
      ),
    ).to.equal(1);
    expect(one(said.problems, 'set-incomplete').what).to.contain(`has no snapshot of ${volumeIds[1]}`);
    expect(said.report.machines.find(({ name }) => name === 'HALF')?.sets[0]?.state).to.equal('incomplete');
  });

  it('a machine without any recovery point', async () => {
    await world.protect('NONE');
    for (const { copyId } of await newestOf('NONE'))
      await world.dr.ec2.send(new DeleteSnapshotCommand({ SnapshotId: copyId }));
    const said = await world.status({ of: 'NONE' });
    const none = one(said.problems, 'no-recovery-point');
    expect(none.what).to.match(/vol-\w+: no copy; vol-\w+: no copy/);
    expect(none.next).to.equal('npx lifeboat copy-snapshots');
    await world.copy();
  });

  it('tags of a copy that say other than its manifest, which is believed', async () => {
    await world.protect('FORGED-TAGS');
    const [disk = { copyId: '', snapshotId: '' }] = await newestOf('FORGED-TAGS');
    const before = (await world.status({ of: 'FORGED-TAGS' })).report;
    const newest = (report: typeof before) =>
      report.machines.find(({ name }) => name === 'FORGED-TAGS')?.newest?.copies;
    const forgeries: Record<string, string>[] = [
      { [TAG.sourceTime]: '2099-01-01T00:00:00.000Z' },
      { [TAG.sourceVolume]: 'vol-0123456789abcdef0' },
      { [TAG.sourceSnapshot]: 'snap-0123456789abcdef0' },
    ];
    const tags = tagRecord((await world.copies()).find(({ SnapshotId }) => SnapshotId === disk.copyId)?.Tags);
    for (const forged of forgeries) {
      await tagInDr(disk.copyId, forged);
      const said = await world.status({ of: 'FORGED-TAGS' });
      expect(said.code).to.equal(1);
      const finding = one(said.problems, 'lineage');
      expect(finding.what).to.contain(disk.copyId).and.contain('the manifest is believed');
      expect(finding.what).to.contain(Object.values(forged)[0]);
      expect(finding.next).to.contain('CloudTrail');
      expect(newest(said.report)).to.deep.equal(newest(before));
    }
    expect(await copiesOf(world, disk.snapshotId)).to.deep.equal([]);
    await tagInDr(disk.copyId, tags);
  });

  it('a copy that has no manifest, and one whose manifest is damaged', async () => {
    await world.protect('BARE');
    const [first, second] = await newestOf('BARE');
    const whole = await world.dr.s3.send(
      new GetObjectCommand(manifestOf(present(second, 'disk').snapshotId)),
    );
    const text = (await whole.Body?.transformToString()) ?? '';
    await world.dr.s3.send(new DeleteObjectCommand(manifestOf(present(first, 'disk').snapshotId)));
    await world.dr.s3.send(
      new PutObjectCommand({ ...manifestOf(present(second, 'disk').snapshotId), Body: text.slice(0, 40) }),
    );
    const said = (await world.status({ of: 'BARE' })).problems.filter(({ code }) => code === 'lineage');
    const about = (id: string | undefined) => said.find(({ what }) => what.includes(id ?? '-'))?.what;
    expect(about(first?.copyId)).to.contain('has no manifest');
    expect(about(second?.copyId)).to.contain('has a damaged manifest');
  });

  it('a second copy of a snapshot that copy-snapshots did not make, which is not believed', async () => {
    const { volumeIds } = await world.protect('PLANTED');
    const [disk = { copyId: '', snapshotId: '' }] = await newestOf('PLANTED');
    const tags = tagRecord((await world.copies()).find(({ SnapshotId }) => SnapshotId === disk.copyId)?.Tags);
    const { SnapshotId: planted = '' } = await world.dr.ec2.send(
      new CopySnapshotCommand({
        SourceRegion: SOURCE.region,
        SourceSnapshotId: disk.snapshotId,
        Encrypted: true,
        TagSpecifications: [{ ResourceType: 'snapshot', Tags: tagList(tags) }],
      }),
    );
    await world.emulator.advance(60);
    const said = await world.status({ of: 'PLANTED' });
    expect(said.problems.map(({ what }) => what).join('\n')).to.contain(
      `${planted} claims to be a copy of ${disk.snapshotId}`,
    );
    const machine = said.report.machines.find(({ name }) => name === 'PLANTED');
    expect(machine?.newest?.copies[volumeIds[0] ?? '']).to.not.equal(planted);
    await world.dr.ec2.send(new DeleteSnapshotCommand({ SnapshotId: planted }));
  });

  it("the vault's key disabled", async () => {
    const { KeyMetadata } = await world.dr.kms.send(new DescribeKeyCommand({ KeyId: keyAlias }));
    const KeyId = KeyMetadata?.KeyId;
    await world.dr.kms.send(new DisableKeyCommand({ KeyId }));
    const said = await world.status();
    await world.dr.kms.send(new EnableKeyCommand({ KeyId }));
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'vault-key').what).to.contain('cannot be used').and.contain('Disabled');
    expect(one(said.problems, 'vault-key').next).to.contain('aws kms enable-key');
  });

  it('an accepted inventory that is damaged, and goes on with what the source shows', async () => {
    await writeAccepted(world, '{"format":"lifeb');
    const said = await world.status({ of: 'OLD' });
    expect(said.code).to.equal(1);
    expect(one(said.problems, 'inventory').what).to.contain('is damaged');
    expect(said.report.machines.find(({ name }) => name === 'OLD')?.newest).to.not.equal(null);
    await accept(world);
  });
});
