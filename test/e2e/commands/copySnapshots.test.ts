import { once } from 'node:events';
import { CopySnapshotCommand } from '@aws-sdk/client-ec2';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../../names';
import { expectOneCopyEach, shared } from './copyWorld';
import { copiesOf, DR, ended, SOURCE, startWorld, type World } from './world';

const COPY = ['copy-snapshots'];
/** For programs of their own, which wait in real time. */
const FAST = [...COPY, '--poll-seconds', '1'];

describe('lifeboat copy-snapshots', function () {
  this.timeout(120_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it('copies what is shared and tagged, with its tags and lineage, under the vault key', async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const volume = await world.volume('MASTER', 4);
    const tags = { Name: 'MASTER', SYSDISK: 'True', [TAG.sourceVolume]: 'vol-forged' };
    const first = await world.snapshot(volume, tags);
    const second = await world.snapshot(volume, { Name: 'MASTER' });
    const untagged = await world.snapshot(volume, { MUSTSNAP: 'No' });
    const kept = await world.snapshot(volume, { Name: 'MASTER' }, { share: false });
    await world.emulator.advance(60);

    const ran = await world.run(COPY);
    // All is copied, but not what it should have been: the newest is not shared.
    expect(ran.code, ran.stderr).to.equal(1);
    expect(ran.stdout).to.contain('2 copied (8 GiB');
    expect(ran.stderr).to.contain(
      `problem  ${kept} (MASTER) is the newest of ${volume} and is not shared with ${DR.account}`,
    );
    await expectOneCopyEach(world, [first, second]);
    expect(await copiesOf(world, untagged)).to.deep.equal([]);

    const copy = (await world.copies()).find(({ Tags }) => tagRecord(Tags)[TAG.sourceSnapshot] === first);
    expect(copy?.Encrypted).to.equal(true);
    expect(copy?.KmsKeyId).to.match(/^arn:aws:kms:eu-central-1:222222222222:key\//);
    const { [TAG.sourceTime]: time, ...others } = tagRecord(copy?.Tags);
    expect(others).to.deep.equal({
      MUSTSNAP: 'True',
      Name: 'MASTER',
      SYSDISK: 'True',
      [TAG.sourceSnapshot]: first,
      [TAG.sourceVolume]: volume,
    });
    expect(new Date(time ?? '').toISOString()).to.equal(time);

    const manifest = await world.dr.s3.send(
      new GetObjectCommand({
        Bucket: vaultNames(DR.account, DR.region).inventoryBucket,
        Key: VAULT_KEY.manifest(first),
      }),
    );
    expect(JSON.parse((await manifest.Body?.transformToString()) ?? '')).to.deep.equal({
      format: 'lifeboat-copy',
      version: 1,
      sourceAccount: SOURCE.account,
      sourceRegion: SOURCE.region,
      sourceSnapshotId: first,
      sourceVolumeId: volume,
      sourceTime: time,
      sizeGiB: 4,
      encrypted: false,
      tags: { MUSTSNAP: 'True', ...tags },
    });
    expect(await world.mutations(SOURCE.account)).to.not.have.any.keys('CopySnapshot');
  });

  it('changes nothing when all is copied, and nothing in a dry run', async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const ids = await shared(world, 3);
    const before = await world.mutations(DR.account);
    const dry = await world.run(['copy-snapshots', '--dry-run', '--json']);
    expect(dry.code, dry.stderr).to.equal(0);
    expect(
      JSON.parse(dry.stdout).toCopy.map(({ snapshot }: { snapshot: string }) => snapshot),
    ).to.have.members(ids);
    expect(await world.mutations(DR.account)).to.deep.equal(before);

    expect((await world.run(COPY)).code).to.equal(0);
    const after = await world.mutations(DR.account);
    const again = await world.run([...COPY, '--json']);
    expect(again.code).to.equal(0);
    expect(JSON.parse(again.stdout)).to.deep.include({ copied: [], failed: [], already: 3 });
    expect(await world.mutations(DR.account)).to.deep.equal(after);
  });

  it('copies each snapshot exactly once when it is killed in the middle, again and again', async () => {
    // So slow that no copy ends before it is meant to, however slow the machine is.
    await world.emulator.config({ copyMiBps: 1 });
    const ids = await shared(world, 28, 3);
    for (const lines of [1, 7, 22]) {
      const child = world.spawn(FAST);
      let seen = '';
      child.stderr?.setEncoding('utf8').on('data', (text: string) => {
        seen += text;
        const count = (seen.match(/^(started|goes on)/gm) ?? []).length;
        if (count >= lines) child.kill('SIGKILL');
        // All twenty slots are taken: others are started when these have ended.
        else if (count === 20) void world.emulator.advance(3_600);
      });
      const [code, signal] = await once(child, 'exit');
      expect([code, signal], seen).to.deep.equal([null, 'SIGKILL']);
    }
    await world.emulator.config({ copyMiBps: 10_000 });
    await world.emulator.advance(3_600);
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
    const { calls } = await world.emulator.state();
    expect(calls[`${DR.account}/${DR.region}/ec2/CopySnapshot`]).to.equal(ids.length);
  });

  it('does not copy twice what AWS did without answering', async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const ids = await shared(world, 6);
    const lost = { account: DR.account, service: 'ec2', action: 'CopySnapshot', after: true, times: 2 };
    await world.emulator.rules({ ...lost, drop: true });
    await world.emulator.rules({ ...lost, error: 'InternalError', status: 500 });
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('rides out throttling', async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const ids = await shared(world, 12);
    await world.emulator.rules({ account: DR.account, service: 'ec2', rate: 5, burst: 5 });
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('goes on with fewer at once where another user shares the limit', async () => {
    await world.emulator.config({ copyMiBps: 512, copyLimit: 4 });
    const [foreign = ''] = await shared(world, 1, 2, { MUSTSNAP: 'No' });
    const ids = await shared(world, 6, 1);
    for (let count = 0; count < 3; count += 1) {
      await world.dr.ec2.send(
        new CopySnapshotCommand({ SourceRegion: SOURCE.region, SourceSnapshotId: foreign }),
      );
    }
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain('AWS lets no copy more start now');
    await expectOneCopyEach(world, ids);
  });

  it('copies once more what ended in error, and removes what failed', async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const ids = await shared(world, 3);
    await world.emulator.rules({ account: DR.account, action: 'CopySnapshot', copyErrorAt: 40, times: 1 });
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain('it is copied once more');
    await expectOneCopyEach(world, ids);
    expect((await world.copies()).filter(({ State }) => State === 'error')).to.deep.equal([]);
  });

  it("reports a failed copy with AWS's reason, copies the others and mends it in a later run", async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const [bad = ''] = await shared(world, 1);
    await world.emulator.rules({ account: DR.account, action: 'CopySnapshot', copyErrorAt: 40, times: 2 });
    const failed = await world.run([...COPY, '--json']);
    expect(failed.code).to.equal(1);
    const [failure] = JSON.parse(failed.stdout).failed;
    expect(failure).to.deep.include({ snapshot: bad, name: 'MASTER-0' });
    expect(failure.reason).to.be.a('string').and.not.equal('');

    const good = await shared(world, 2);
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, [bad, ...good]);
    expect((await world.copies()).filter(({ State }) => State === 'error')).to.deep.equal([]);
  });

  it('says why a snapshot under a key that DR may not use cannot be copied', async () => {
    await world.emulator.config({ copyMiBps: 10_000 });
    const good = await shared(world, 1);
    const { KeyMetadata } = await world.source.kms.send(new CreateKeyCommand({}));
    const volume = await world.volume('SECRET', 2, {}, KeyMetadata?.Arn);
    await world.snapshot(volume, { Name: 'SECRET' });
    await world.emulator.advance(60);
    const ran = await world.run(COPY);
    expect(ran.code).to.equal(1);
    expect(ran.stdout).to.contain('Given key ID is not accessible');
    await expectOneCopyEach(world, good);
  });

  it('waits for what another run has begun, and begins nothing twice', async () => {
    await world.emulator.config({ copyMiBps: 1_024 });
    const ids = await shared(world, 8, 4);
    const first = ended(world.spawn(FAST));
    while ((await world.copies()).length < ids.length)
      await new Promise((resolve) => setTimeout(resolve, 100));
    const second = await world.run(COPY);
    expect((await first).code).to.equal(0);
    expect(second.code, second.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('begins nothing twice when two runs start at the same moment', async () => {
    await world.emulator.config({ copyMiBps: 1_024 });
    const ids = await shared(world, 30, 2);
    const ran = await Promise.all([ended(world.spawn(FAST)), ended(world.spawn(FAST))]);
    for (const { code, stderr } of ran) expect(code, stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('stops with what to do when credentials expire, and goes on later', async () => {
    await world.emulator.config({ copyMiBps: 1_024 });
    const ids = await shared(world, 4);
    const expired = { account: DR.account, service: 'ec2', error: 'RequestExpired', message: 'too late' };
    await world.emulator.rules({ ...expired, action: 'CopySnapshot', times: 1 });
    const first = await world.run(COPY);
    expect(first.code).to.equal(1);
    expect(first.stderr).to.contain('RequestExpired').and.contain('it goes on where this one stopped');
    await world.emulator.clearRules();
    expect((await world.run(COPY)).code).to.equal(0);
    await expectOneCopyEach(world, ids);
  });
});
