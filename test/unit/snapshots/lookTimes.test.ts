import { expect } from 'chai';
import type { RunningCopy } from '../../../snapshots/copyReport';
import { LookTimes } from '../../../snapshots/lookTimes';

/** A copy of 100 GiB. Times in seconds. */
function running(changes: Partial<RunningCopy> = {}): RunningCopy {
  return {
    id: 'copy',
    sourceSnapshotId: 'snap',
    sourceVolumeId: 'vol',
    sourceTime: new Date(0),
    name: '',
    size: 100,
    progress: 0,
    firstProgress: 0,
    adopted: false,
    since: 0,
    seen: 0,
    ...changes,
  };
}

describe('LookTimes', () => {
  it('looks at longer and longer times while nothing moves', () => {
    const times = new LookTimes(2, 20);
    const waits = Array.from({ length: 6 }, () => times.wait([running()], [], 0));
    expect(waits).to.deep.equal([2, 4, 8, 16, 20, 20]);
  });

  it('waits for the last copy when nothing is queued, by its progress', () => {
    const times = new LookTimes(2, 10_000);
    const half = running({ progress: 50, seen: 505 });
    expect(times.wait([half], [], 505)).to.equal(495);
    const slower = running({ progress: 25, seen: 510 });
    expect(times.wait([half, slower], [], 510)).to.equal(1_490);
  });

  it('tells the end of a copy that was taken up half-way from what it has done since', () => {
    const times = new LookTimes(2, 10_000);
    const taken = running({ firstProgress: 50, progress: 75, since: 1_000, seen: 1_510 });
    expect(times.wait([taken], [], 1_510)).to.equal(490);
  });

  it('tells the end of a copy without progress from the rate of the others', () => {
    const times = new LookTimes(2, 10_000);
    times.ended(100, 1_000);
    expect(times.wait([running({ size: 20, since: 1_000, seen: 1_000 })], [], 1_000)).to.equal(200);
  });

  it('looks when slots have been idle long enough to be worth a call, and not before', () => {
    const times = new LookTimes(2, 10_000);
    times.ended(100, 1_000);
    const short = [10, 11, 12].map((size) => running({ size }));
    const queued = (...sizes: number[]) => sizes.map((size) => ({ volumeId: 'other', size }));
    // Ends at 100, 110 and 120. Queued copies take 1,000 each: 150 of idle time are allowed.
    expect(times.wait(short, queued(100, 100, 100), 0)).to.be.closeTo((150 + 100 + 110 + 120) / 3, 0.001);
    // One is queued, so that only one free slot is missed.
    expect(times.wait(short, queued(100), 0)).to.equal(250);
    // Short ones are queued: an idle slot is missed at once.
    expect(times.wait(short, queued(1, 1, 1), 0)).to.be.closeTo(101.5, 0.001);
  });

  it('waits for the copy of the same disk alone when slots are free, and hardly longer', () => {
    const times = new LookTimes(2, 10_000);
    times.ended(100, 1_000);
    const all = [running({ size: 10, sourceVolumeId: 'quick' }), running({ sourceVolumeId: 'chain' })];
    expect(times.wait(all, [{ volumeId: 'chain', size: 100 }], 0)).to.be.closeTo(1_020, 0.001);
  });

  it('looks again soon after a copy should have ended, and less often the longer it has taken', () => {
    const times = new LookTimes(2, 10_000);
    const late = running({ progress: 99, seen: 1_000 });
    expect(times.wait([late], [], 1_100)).to.be.closeTo(5.5, 0.001);
    expect(times.wait([late], [], 100_000)).to.be.closeTo(500, 0.001);
  });
});
