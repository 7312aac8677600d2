import {
  CopySnapshotCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import fc from 'fast-check';
import { LifeboatError } from '../../../errors';
import { tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import type { Copy } from '../../../snapshots/catalogue';
import { ec2Once } from '../../../snapshots/clients';
import { copySnapshots } from '../../../snapshots/copy';
import type { CopyOptions } from '../../../snapshots/copyOptions';
import { copyPlan } from '../../../snapshots/copyPlan';
import type { CopyReport, CopyWatcher } from '../../../snapshots/copyReport';
import type { SharedSnapshot } from '../../../snapshots/shared';
import { awsError, copyOf, fakeAccount, fakeClock, sharedSnapshot } from './fakes';

/** What becomes of one CopySnapshot call. */
type Fate = 'good' | 'ends in error' | 'refused' | 'answer lost, done' | 'answer lost, not done';

/** A DR region that copies in a few looks, and keeps AWS's limits. */
class FakeRegion {
  readonly copies: (Snapshot & { looks: number })[] = [];
  readonly notes: string[] = [];
  readonly deleted: string[] = [];
  readonly manifests: string[] = [];
  private readonly dr = fakeAccount('222222222222', 'eu-central-1');
  private readonly once = ec2Once(this.dr);
  mostAtOnce = 0;

  constructor(
    private readonly limit: number,
    private readonly fates: Fate[] = [],
    private readonly canDelete = true,
    private readonly clock = fakeClock(),
  ) {
    mockClient(this.once)
      .on(CopySnapshotCommand)
      .callsFake((input) => this.copy(input));
    const ec2 = mockClient(this.dr.ec2);
    ec2.onAnyCommand().rejects(new Error('unplanned'));
    ec2.on(DescribeSnapshotsCommand).callsFake((input) => this.describe(input));
    ec2.on(DeleteSnapshotCommand).callsFake(({ SnapshotId }) => {
      if (!this.canDelete) throw awsError('UnauthorizedOperation', 403);
      this.deleted.push(SnapshotId);
      this.copies.splice(
        this.copies.findIndex((copy) => copy.SnapshotId === SnapshotId),
        1,
      );
      return {};
    });
    const s3 = mockClient(this.dr.s3);
    s3.on(PutObjectCommand).callsFake(({ Key, IfNoneMatch }) => {
      expect(IfNoneMatch).to.equal('*');
      if (this.manifests.includes(Key)) throw awsError('PreconditionFailed', 412);
      this.manifests.push(Key);
      return {};
    });
  }

  private copy({ SourceSnapshotId, TagSpecifications }: CopySnapshotCommand['input']): {
    SnapshotId: string;
  } {
    const fate = this.fates.shift() ?? 'good';
    if (fate === 'answer lost, not done') throw awsError('ECONNRESET');
    if (fate === 'refused') throw awsError('InvalidSnapshot.NotFound', 400);
    const pending = this.copies.filter(({ State }) => State === 'pending');
    if (pending.length >= this.limit) throw awsError('ResourceLimitExceeded', 400);
    const tags = tagRecord(TagSpecifications?.[0]?.Tags);
    const volumes = pending.map(({ Tags }) => tagRecord(Tags)[TAG.sourceVolume]);
    expect(volumes, 'two copies of one volume at once').to.not.include(tags[TAG.sourceVolume]);
    expect(this.manifests, 'a copy without a manifest').to.include(`manifests/${SourceSnapshotId}.json`);
    const SnapshotId = `copy-${this.copies.length}-of-${SourceSnapshotId}`;
    this.copies.push({
      SnapshotId,
      Tags: TagSpecifications?.[0]?.Tags,
      State: 'pending',
      VolumeSize: 8,
      Encrypted: true,
      Progress: '0%',
      ...(fate === 'ends in error' && { StateMessage: 'Given key ID is not accessible' }),
      looks: 0,
    });
    this.mostAtOnce = Math.max(this.mostAtOnce, pending.length + 1);
    if (fate === 'answer lost, done') throw awsError('InternalError', 500);
    return { SnapshotId };
  }

  private describe({ Filters }: DescribeSnapshotsCommand['input']): { Snapshots: Snapshot[] } {
    const wanted = Filters?.[0]?.Values ?? [];
    const found = this.copies.filter(({ Tags }) =>
      wanted.includes(tagRecord(Tags)[TAG.sourceSnapshot] ?? ''),
    );
    for (const copy of found) {
      copy.looks += 1;
      if (copy.State === 'pending' && copy.looks > 2) copy.State = copy.StateMessage ? 'error' : 'completed';
    }
    return { Snapshots: found };
  }

  run(
    tagged: readonly SharedSnapshot[],
    options: CopyOptions = {},
    copies: readonly Copy[] = [],
  ): Promise<CopyReport> {
    const watcher: CopyWatcher = {
      started: () => {},
      looked: () => {},
      copied: () => {},
      failed: () => {},
      note: (text) => this.notes.push(text),
    };
    const route = {
      source: { id: '111111111111', region: 'eu-west-1' },
      dr: this.dr,
      once: this.once,
      vault: { keyArn: 'arn:aws:kms:eu-central-1:222222222222:key/vault', bucket: 'vault' },
      settleMs: 3_000,
    };
    return copySnapshots(copyPlan(tagged, copies), route, watcher, { clock: this.clock, ...options });
  }
}

const anyEstate = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 8 }).map((counts) =>
  counts.flatMap((count, volume) =>
    Array.from({ length: count }, (_, index) =>
      sharedSnapshot(`snap-${volume}-${index}`, {
        volumeId: `vol-${volume}`,
        startTime: new Date(Date.UTC(2026, 0, 31, index)),
      }),
    ),
  ),
);
const anyFate = fc.constantFrom<Fate>(
  'good',
  'good',
  'good',
  'ends in error',
  'answer lost, done',
  'answer lost, not done',
);

describe('copySnapshots', () => {
  it('copies every snapshot exactly once, whatever the limit and whichever answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyEstate,
        fc.integer({ min: 1, max: 20 }),
        fc.array(anyFate, { maxLength: 20 }),
        async (tagged, limit, fates) => {
          const region = new FakeRegion(limit, [...fates]);
          const { copied, failed } = await region.run(tagged);
          // A copy fails for good only when its second try ends in error too.
          const ends = [
            ...copied.map((copy) => copy.sourceSnapshotId),
            ...failed.map((failure) => failure.snapshotId),
          ];
          expect(ends.sort()).to.deep.equal(tagged.map(({ id }) => id).sort());
          for (const { id } of tagged) {
            const good = region.copies.filter(
              ({ Tags, State }) => tagRecord(Tags)[TAG.sourceSnapshot] === id && State === 'completed',
            );
            expect(good).to.have.length(copied.some((copy) => copy.sourceSnapshotId === id) ? 1 : 0);
          }
          for (const failure of failed) expect(failure.reason).to.equal('Given key ID is not accessible');
          expect(region.mostAtOnce).to.be.at.most(limit);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('copies the newest snapshot of a volume first, then the ones before it', async () => {
    const region = new FakeRegion(20);
    const at = (hour: number) => ({ startTime: new Date(Date.UTC(2026, 0, 31, hour)) });
    await region.run([sharedSnapshot('b', at(2)), sharedSnapshot('c', at(3)), sharedSnapshot('a', at(1))]);
    expect(region.copies.map(({ Tags }) => tagRecord(Tags)[TAG.sourceSnapshot])).to.deep.equal([
      'c',
      'b',
      'a',
    ]);
  });

  it('takes what retention deleted meanwhile for gone, but not the newest of a disk', async () => {
    const region = new FakeRegion(20, ['refused', 'refused']);
    const { copied, failed } = await region.run([
      sharedSnapshot('old'),
      sharedSnapshot('new', { startTime: new Date('2026-02-01T04:00:00Z') }),
    ]);
    expect(copied).to.deep.equal([]);
    expect(failed.map(({ snapshotId }) => snapshotId)).to.deep.equal(['new']);
    expect(region.notes[0]).to.contain('old is gone from the source');
  });

  it('leaves a failed copy where it may not delete, and copies again all the same', async () => {
    const region = new FakeRegion(20, ['ends in error'], false);
    const { copied, failed } = await region.run([sharedSnapshot('a')]);
    expect(copied).to.have.length(1);
    expect(failed).to.deep.equal([]);
    expect(region.notes.join()).to.contain('stays where it is: UnauthorizedOperation');
  });

  it('reports a copy that somebody deletes', async () => {
    const region = new FakeRegion(20);
    const running = region.run([sharedSnapshot('a')]);
    while (region.copies.length === 0) await new Promise((resolve) => setImmediate(resolve));
    region.copies.length = 0;
    const { failed } = await running;
    expect(failed.map(({ reason }) => reason)).to.deep.equal(['it is not in DR any more']);
  });

  it('says that copies go on when a look fails', async () => {
    const region = new FakeRegion(20);
    const running = region.run([sharedSnapshot('a')]).catch((error: unknown) => error);
    Object.defineProperty(region, 'describe', {
      value: () => {
        throw awsError('RequestExpired', 400);
      },
    });
    const error = await running;
    expect(error).to.be.instanceOf(LifeboatError);
    expect(String(error)).to.contain('1 copies go on in AWS without it').and.contain('RequestExpired');
  });
});

describe('copySnapshots without waiting', () => {
  const many = Array.from({ length: 25 }, (_, index) =>
    sharedSnapshot(`snap-${index}`, { volumeId: `vol-${index}` }),
  );

  it('starts what there is room for, leaves, and says what goes on and what is left', async () => {
    const region = new FakeRegion(20);
    const { copied, failed, goesOn, left } = await region.run(many, { wait: false });
    expect([copied, failed]).to.deep.equal([[], []]);
    expect(goesOn).to.have.length(20);
    expect(left).to.have.length(5);
    expect(region.copies.every(({ State }) => State === 'pending')).to.equal(true);
  });

  it('begins once more what failed since the last call, and tells of it', async () => {
    const region = new FakeRegion(20);
    const bad = copyOf('snap-0', { state: 'error', stateMessage: 'Given key ID is not accessible' });
    const { failed, goesOn } = await region.run(many.slice(0, 1), { wait: false }, [bad]);
    expect(failed.map(({ copy, reason }) => [copy, reason])).to.deep.equal([
      ['copy-of-snap-0', 'Given key ID is not accessible; it is begun once more'],
    ]);
    expect(goesOn).to.have.length(1);
    expect(region.deleted).to.deep.equal(['copy-of-snap-0']);
  });
});

describe('copySnapshots under a clock that jumps', () => {
  it('copies each once, whichever way the clock goes', async () => {
    const steady = fakeClock();
    let jump = 0;
    let waits = 0;
    const clock = {
      now: () => steady.now() + jump,
      async sleep(milliseconds: number) {
        await steady.sleep(milliseconds);
        waits += 1;
        jump += waits % 2 === 0 ? -7_200_000 : 3_600_000;
      },
    };
    const region = new FakeRegion(3, ['answer lost, done', 'ends in error'], true, clock);
    const tagged = Array.from({ length: 9 }, (_, index) =>
      sharedSnapshot(`snap-${index}`, {
        volumeId: `vol-${index % 4}`,
        startTime: new Date(index * 3_600_000),
      }),
    );
    const { copied, failed } = await region.run(tagged);
    expect(failed).to.deep.equal([]);
    expect(new Set(copied.map(({ sourceSnapshotId }) => sourceSnapshotId)).size).to.equal(9);
    expect(region.copies).to.have.length(9);
  });
});
