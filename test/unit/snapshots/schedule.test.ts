import {
  CopySnapshotCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  type Snapshot,
} from '@aws-sdk/client-ec2';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import { COPY_TARGETS } from '../../../scripts/bench/copy/report';
import { sizesOf } from '../../../scripts/bench/copy/sizes';
import { ec2Once } from '../../../snapshots/clients';
import { copySnapshots } from '../../../snapshots/copy';
import { copyPlan } from '../../../snapshots/copyPlan';
import type { SharedSnapshot } from '../../../snapshots/shared';
import { lowerBound } from '../../../snapshots/slotPlan';
import { awsError, fakeAccount, fakeClock, sharedSnapshot } from './fakes';

/** A region whose copies take size over rate, by the clock that is given, and of which others may use a part. */
class TimedRegion {
  readonly clock = fakeClock();
  readonly dr = fakeAccount('222222222222', 'eu-central-1');
  readonly once = ec2Once(this.dr);
  private readonly copies: { id: string; begin: number; size: number; tags: Snapshot['Tags'] }[] = [];
  calls = 0;
  refusals = 0;

  /** @param limit of ours, at a time. @param mib a second */
  constructor(
    private readonly snapshots: readonly SharedSnapshot[],
    private readonly mib: number,
    private readonly limit: (now: number) => number = () => 20,
  ) {
    mockClient(this.once as EC2Client)
      .on(CopySnapshotCommand)
      .callsFake((input) => this.copy(input));
    mockClient(this.dr.ec2)
      .on(DescribeSnapshotsCommand)
      .callsFake(() => this.describe());
    mockClient(this.dr.s3)
      .on(PutObjectCommand)
      .callsFake(() => {
        this.calls += 1;
        return {};
      });
  }

  private percent({ begin, size }: { begin: number; size: number }): number {
    return Math.min(100, ((this.clock.now() - begin) * this.mib) / (size * 1024 * 10));
  }

  private copy({ SourceSnapshotId, TagSpecifications }: CopySnapshotCommand['input']) {
    const running = this.copies.filter((copy) => this.percent(copy) < 100);
    if (running.length >= this.limit(this.clock.now())) {
      this.refusals += 1;
      throw awsError('ResourceLimitExceeded', 400);
    }
    const size = this.snapshots.find(({ id }) => id === SourceSnapshotId)?.size ?? 0;
    const id = `copy-of-${SourceSnapshotId}`;
    this.copies.push({ id, begin: this.clock.now(), size, tags: TagSpecifications?.[0]?.Tags });
    return { SnapshotId: id };
  }

  private describe(): { Snapshots: Snapshot[] } {
    this.calls += 1;
    const Snapshots = this.copies.map((copy) => {
      const percent = this.percent(copy);
      return {
        SnapshotId: copy.id,
        VolumeSize: copy.size,
        Encrypted: true,
        State: percent < 100 ? ('pending' as const) : ('completed' as const),
        StartTime: new Date(copy.begin),
        CompletionTime: percent < 100 ? undefined : new Date(copy.begin + (copy.size * 1_024_000) / this.mib),
        Progress: `${Math.floor(percent)}%`,
        Tags: copy.tags,
      };
    });
    return { Snapshots };
  }

  async run(): Promise<{ seconds: number; bound: number; order: string[] }> {
    const route = {
      source: { id: '111111111111', region: 'eu-west-1' },
      dr: this.dr,
      once: this.once,
      vault: { keyArn: 'arn:aws:kms:eu-central-1:222222222222:key/vault', bucket: 'vault' },
      settleMs: 3_000,
    };
    const nothing = () => {};
    const watcher = { started: nothing, looked: nothing, copied: nothing, failed: nothing, note: nothing };
    const began = this.clock.now();
    const plan = copyPlan(this.snapshots, []);
    const { copied } = await copySnapshots(plan, route, watcher, { clock: this.clock });
    expect(copied).to.have.length(this.snapshots.length);
    return {
      seconds: (this.clock.now() - began) / 1000,
      bound: lowerBound(this.snapshots, this.mib),
      order: this.copies.map(({ tags }) => tagRecord(tags)[TAG.sourceSnapshot] ?? ''),
    };
  }
}

const disks = (sizes: readonly number[]) =>
  sizes.map((size, index) => sharedSnapshot(`snap-${index}`, { volumeId: `vol-${index}`, size }));

describe('the schedule of copies', function () {
  this.timeout(60_000);

  for (const [seed, mib] of [
    [1, 250],
    [2, 500],
    [3, 1_000],
  ] as const) {
    it(`is near its bound with few calls (seed ${seed}, ${mib} MiB/s)`, async () => {
      const region = new TimedRegion(disks(sizesOf({ snapshots: 200, seed })), mib);
      const { seconds, bound } = await region.run();
      expect(seconds / bound).to.be.lessThan(COPY_TARGETS.bound);
      // Signing in and the lists of a run are some ten calls more.
      expect((region.calls + 10) / 200).to.be.lessThan(COPY_TARGETS.calls);
      expect(region.refusals).to.equal(0);
    });
  }

  it('is near the bound of one long chain of one disk', async () => {
    const chain = Array.from({ length: 12 }, (_, index) =>
      sharedSnapshot(`chain-${index}`, {
        volumeId: 'chain',
        size: 100,
        startTime: new Date(index * 86_400_000),
      }),
    );
    const region = new TimedRegion([...disks(sizesOf({ snapshots: 60, seed: 4 })), ...chain], 500);
    const { seconds, bound, order } = await region.run();
    expect(bound).to.equal((1_200 * 1024) / 500);
    // The newest of every other disk comes before the second of the chain.
    expect(seconds / bound).to.be.lessThan(1.12);
    const ofChain = order.filter((id) => id.startsWith('chain'));
    expect(ofChain).to.deep.equal(chain.map(({ id }) => id).reverse());
  });

  it('uses what others leave, and what they give back', async () => {
    // Others use 15 slots for the first half hour.
    const region = new TimedRegion(disks(sizesOf({ snapshots: 60, seed: 6 })), 500, (now) =>
      now < 1_800_000 ? 5 : 20,
    );
    const { seconds } = await region.run();
    const gib = sizesOf({ snapshots: 60, seed: 6 }).reduce((sum, size) => sum + size, 0);
    const alone = (gib * 1024) / 500 / 5;
    expect(seconds).to.be.lessThan(alone * 1.1);
    expect(region.refusals).to.be.lessThan(1_800 / 30 + 5);
  });
});
