import { DeleteSnapshotCommand, ModifySnapshotTierCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import type { Clock } from '../../../snapshots/clock';
import { emulatorClock } from '../../emulator/emulatorClock';
import { expectOneCopyEach, manifestTags, shared } from './copyWorld';
import { copiesOf, DR, type Ran, SOURCE, startWorld, type World } from './world';

const COPY = ['copy-snapshots'];

describe('lifeboat copy-snapshots under faults', function () {
  this.timeout(120_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.emulator.config({ clockRuns: false });
  });
  afterEach(() => world.stop());

  /** Runs it, and does something when it waits for the first time: copies run then, and others are still to begin. */
  async function runWith(inTheMiddle: () => Promise<unknown>, ...flags: string[]): Promise<Ran> {
    const clock = await emulatorClock(world.emulator);
    let isDone = false;
    const hooked: Clock = {
      now: clock.now,
      async sleep(milliseconds) {
        if (!isDone) {
          isDone = true;
          await inTheMiddle();
        }
        await clock.sleep(milliseconds);
      },
    };
    const ran = await world.run([...COPY, ...flags], 'dr', { clock: hooked });
    expect(isDone, 'it waited').to.equal(true);
    return ran;
  }

  it('copies each once where three of ten calls fail, in whatever way', async () => {
    const ids = await shared(world, 12);
    for (const side of [DR.account, SOURCE.account]) {
      // One after the other: a tenth of all calls, of the rest a ninth, of that rest an eighth.
      const error = { account: side, error: 'InternalError', status: 500 };
      await world.emulator.rules({ ...error, probability: 1 / 10 });
      await world.emulator.rules({ ...error, after: true, probability: 1 / 9 });
      await world.emulator.rules({ account: side, drop: true, after: true, probability: 1 / 8 });
    }
    // Eight in a row may fail. What stops then says so, and the next run goes on from there.
    let ran = await world.run(COPY);
    for (let again = 0; again < 3 && ran.code !== 0; again += 1) {
      expect(ran.stderr).to.contain('next:');
      ran = await world.run(COPY);
    }
    expect(ran.code, ran.stderr).to.equal(0);
    await world.emulator.clearRules();
    await expectOneCopyEach(world, ids);
  });

  it('stops when the source goes away in the middle; what runs goes on, and the next run does the rest', async () => {
    const ids = await shared(world, 25, 10);
    const gone = { account: DR.account, region: SOURCE.region, drop: true } as const;
    const ran = await runWith(() => world.emulator.rules(gone));
    expect(ran.code).to.equal(1);
    expect(ran.stderr)
      .to.contain('an answer that says yes or no, from both regions')
      .and.contain('cannot be reached')
      .and.contain('it goes on where this one stopped');
    await world.emulator.clearRules();
    await world.emulator.advance(3_600);
    const completed = (await world.copies()).filter(({ State }) => State === 'completed');
    expect(completed).to.have.length.at.least(20);
    const next = await world.run(COPY);
    expect(next.code, next.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it('stops when its credentials expire in the middle, says that copies go on, and finishes them later', async () => {
    const ids = await shared(world, 25, 10);
    const expired = { account: DR.account, service: 'ec2', error: 'RequestExpired', message: 'too late' };
    const ran = await runWith(() => world.emulator.rules(expired));
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('20 copies go on in AWS without it').and.contain('RequestExpired');
    await world.emulator.clearRules();
    const next = await world.run([...COPY, '--json']);
    expect(next.code, next.stderr).to.equal(0);
    const { copied } = JSON.parse(next.stdout) as { copied: { fromEarlierRun: boolean }[] };
    expect(copied.filter(({ fromEarlierRun }) => fromEarlierRun)).to.have.length(20);
    await expectOneCopyEach(world, ids);
  });

  it("copies each once though AWS's clock jumps by days, and ours does not", async () => {
    const ids = await shared(world, 25, 10);
    const ran = await runWith(() => world.emulator.advance(3 * 86_400));
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
  });

  it("believes none of the source's tags that claim our keys", async () => {
    const [real = ''] = await shared(world, 1);
    const claims = {
      [TAG.sourceSnapshot]: real,
      [TAG.sourceVolume]: 'vol-forged',
      [TAG.sourceTime]: '2099-01-01T00:00:00Z',
      [TAG.finalOf]: 'i-forged',
      [TAG.sourceId]: 'vol-forged',
      'lifeboat:of-no-use-yet': 'forged',
    };
    const volume = await world.volume('FORGER', 2);
    const forger = await world.snapshot(volume, { Name: 'FORGER', ...claims });
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, [real, forger]);
    const copy = (await world.copies()).find(({ Tags }) => tagRecord(Tags).Name === 'FORGER');
    const { [TAG.sourceTime]: time, ...tags } = tagRecord(copy?.Tags);
    expect(time).to.match(/^202\d-/);
    expect(tags).to.deep.equal({
      MUSTSNAP: 'True',
      Name: 'FORGER',
      [TAG.sourceSnapshot]: forger,
      [TAG.sourceVolume]: volume,
    });
  });

  it('keeps all of 50 tags in the manifest, however long, and says which find no room on the copy', async () => {
    const long = Object.fromEntries(
      Array.from({ length: 48 }, (_, index) => [`${index}-`.padEnd(128, 'k'), 'v'.repeat(256)]),
    );
    const tags = { Name: 'MASTER', ...long };
    const snapshot = await world.snapshot(await world.volume('MASTER', 1), tags);
    const ran = await world.run(COPY);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain('no room on its copy for the tags').and.contain('they are in its manifest');
    expect(await manifestTags(world, snapshot)).to.deep.equal({ MUSTSNAP: 'True', ...tags });
    expect((await world.copies())[0]?.Tags).to.have.length(50);
  });

  describe('with a set of which one snapshot is', () => {
    let disks: string[];
    beforeEach(async () => {
      disks = [await world.volume('SYSTEM', 4), await world.volume('DATA', 8)];
    });
    const [SYSTEM, DATA] = [0, 1];
    async function take(disk: number): Promise<string> {
      await world.emulator.advance(1);
      return world.snapshot(disks[disk] ?? '', { Name: disk === SYSTEM ? 'SYSTEM' : 'DATA' });
    }
    const remove = (SnapshotId: string) => world.source.ec2.send(new DeleteSnapshotCommand({ SnapshotId }));

    it('missing: copies the others', async () => {
      const old = [await take(SYSTEM), await take(DATA)];
      await world.emulator.advance(86_400);
      const half = await take(SYSTEM);
      const ran = await world.run(COPY);
      expect(ran.code, ran.stderr).to.equal(0);
      await expectOneCopyEach(world, [...old, half]);
    });

    it('pending: copies the others, says so, and a later run copies it', async () => {
      const done = await take(SYSTEM);
      await world.emulator.config({ snapshotSeconds: 7_200 });
      const pending = await take(DATA);
      const first = await world.run(COPY);
      expect(first.code, first.stderr).to.equal(0);
      expect(first.stdout).to.contain('1 copied').and.contain('1 not completed in the source yet');
      expect(await copiesOf(world, pending)).to.deep.equal([]);
      await world.emulator.advance(7_200);
      expect((await world.run(COPY)).code).to.equal(0);
      await expectOneCopyEach(world, [done, pending]);
    });

    it('archived: copies the others, and says how to get it back', async () => {
      const [archived, other] = [await take(SYSTEM), await take(DATA)];
      await world.source.ec2.send(
        new ModifySnapshotTierCommand({ SnapshotId: archived, StorageTier: 'archive' }),
      );
      const ran = await world.run(COPY);
      expect(ran.stderr)
        .to.contain(`archived and cannot be copied: ${archived}`)
        .and.contain('restore-snapshot-tier');
      await expectOneCopyEach(world, [other]);
      expect(await copiesOf(world, archived)).to.deep.equal([]);
    });

    it('deleted after it was listed: fails for it, and copies the others', async () => {
      await world.emulator.config({ copyLimit: 1 });
      const both = [await take(SYSTEM), await take(DATA)];
      // Which of the two AWS lets start first is not ours to say.
      let [begun = '', gone = ''] = both;
      const ran = await runWith(async () => {
        if ((await copiesOf(world, begun)).length === 0) [begun, gone] = [gone, begun];
        await remove(gone);
      }, '--json');
      expect(ran.code, ran.stderr).to.equal(1);
      const { copied, failed } = JSON.parse(ran.stdout);
      expect(copied.map(({ snapshot }: { snapshot: string }) => snapshot)).to.deep.equal([begun]);
      expect(failed).to.have.length(1);
      expect(failed[0].snapshot).to.equal(gone);
      expect(failed[0].reason).to.contain('InvalidSnapshot.NotFound');
      await expectOneCopyEach(world, [begun]);
    });

    it('deleted after it was listed, but not the newest of its disk: says so and goes on', async () => {
      await world.emulator.config({ copyLimit: 1 });
      const old = [await take(SYSTEM), await take(DATA)];
      await world.emulator.advance(86_400);
      const now = [await take(SYSTEM), await take(DATA)];
      const ran = await runWith(() => remove(old[0] ?? ''));
      expect(ran.code, ran.stderr).to.equal(0);
      expect(ran.stderr).to.contain(`${old[0]} (SYSTEM) is gone from the source since it was listed`);
      await expectOneCopyEach(world, [...now, old[1] ?? '']);
    });
  });
});
