import { expect } from 'chai';
import { underCeiling, usualCeiling } from '../../../snapshots/ceiling';
import { inOrder } from '../../../snapshots/copyOrder';
import type { SharedSnapshot } from '../../../snapshots/shared';
import { copyOf, queuedSnapshot, sharedSnapshot } from './fakes';

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const at = (hour: number, minute = 0) => new Date(Date.UTC(2026, 0, 31, hour, minute));
const POLICY = { 'aws:dlm:lifecycle-policy-id': 'policy-1' };

/** A set of a machine with the disks `system` and `data`. */
function set(name: string, startTime: Date, changes: Partial<SharedSnapshot> = {}): SharedSnapshot[] {
  return ['system', 'data'].map((volumeId) =>
    sharedSnapshot(`${name}-${volumeId}`, { volumeId, startTime, ...changes }),
  );
}
const MACHINES = [['system', 'data']];

describe('inOrder', () => {
  const ranks = (...args: Parameters<typeof inOrder>) =>
    Object.fromEntries(inOrder(...args).map(({ id, rank }) => [id, rank]));

  it('gives the newest complete set first, then history from new to old, then what is not known', () => {
    const unknown = sharedSnapshot('theirs', { volumeId: 'unknown', startTime: at(9) });
    const tagged = [unknown, ...set('old', at(3)), ...set('new', at(8)), ...set('older', at(1))];
    const ordered = inOrder(tagged, [], MACHINES);
    expect(ids(ordered)).to.deep.equal([
      'new-data',
      'new-system',
      'old-data',
      'old-system',
      'older-data',
      'older-system',
      'theirs',
    ]);
    expect(ordered.map(({ rank }) => rank)).to.deep.equal([0, 0, 1, 1, 1, 1, 3]);
    expect(ordered[0]?.set).to.equal(ordered[1]?.set).and.not.equal(ordered[2]?.set);
  });

  it('takes the newest set that is whole, and what is newer for the rest', () => {
    const [half] = set('half', at(8));
    expect(ranks([...set('whole', at(3)), ...(half ? [half] : [])], [], MACHINES)).to.deep.equal({
      'whole-system': 0,
      'whole-data': 0,
      'half-system': 2,
    });
  });

  it('counts what is copied already, or being copied, as a part of its set', () => {
    const [system, data] = set('new', at(8));
    if (!system || !data) throw new Error('a set has two');
    const begun = copyOf(data.id, { sourceVolumeId: 'data', sourceTime: at(8), state: 'pending' });
    expect(ranks([system, ...set('old', at(3))], [begun], MACHINES)).to.deep.equal({
      'new-system': 0,
      'old-system': 1,
      'old-data': 1,
    });
  });

  it('lets a flood of one hour push back neither the sets of other hours nor its first', () => {
    const flood = Array.from({ length: 50 }, (_, minute) => set(`flood${minute}`, at(8, minute + 5))).flat();
    const found = ranks([...set('real', at(3)), ...set('first', at(8)), ...flood], [], MACHINES);
    expect(found['flood49-data']).to.equal(0);
    for (const name of ['real-data', 'real-system', 'first-data', 'first-system'])
      expect(found[name], name).to.equal(1);
    expect(Object.values(found).filter((rank) => rank === 2)).to.have.length(98);
  });

  it('lets the set that a policy took stand for its hour, whoever was there first', () => {
    const flood = Array.from({ length: 20 }, (_, minute) => set(`flood${minute}`, at(8, minute))).flat();
    const real = set('real', new Date(at(8, 10).getTime() + 30_000), {
      tags: { MUSTSNAP: 'True', ...POLICY },
    });
    const found = ranks([...flood, ...real, ...set('later', at(9))], [], MACHINES);
    expect([found['later-data'], found['real-data'], found['flood0-data']]).to.deep.equal([0, 1, 2]);
  });

  it('takes each disk for itself where no inventory was accepted', () => {
    expect(ranks([...set('new', at(8)), ...set('old', at(3))], [], [])).to.deep.equal({
      'new-system': 3,
      'new-data': 3,
      'old-system': 4,
      'old-data': 4,
    });
  });

  it('is quick with ten thousand snapshots that somebody took in a few hours', () => {
    const flood = Array.from({ length: 5_000 }, (_, index) =>
      set(`flood${index}`, new Date(at(1).getTime() + index * 4_000)),
    ).flat();
    const began = performance.now();
    expect(inOrder(flood, [], MACHINES)).to.have.length(10_000);
    expect(performance.now() - began).to.be.lessThan(30_000);
  }).timeout(60_000);
});

describe('underCeiling', () => {
  const queue = [
    queuedSnapshot('big', { volumeId: 'new', size: 90, rank: 0 }),
    queuedSnapshot('a', { volumeId: 'a', size: 40, rank: 0, set: 'machine' }),
    queuedSnapshot('b', { volumeId: 'b', size: 40, rank: 0, set: 'machine' }),
    queuedSnapshot('history', { volumeId: 'a', size: 10, rank: 1 }),
  ];

  it('lets whole sets in, by rank, those of disks with copies first, and leaves out what does not fit', () => {
    const copies = [copyOf('earlier', { sourceVolumeId: 'a' })];
    const { within, over } = underCeiling(queue, copies, { gib: 100, snapshots: 10 });
    expect(ids(within)).to.deep.equal(['a', 'b', 'history']);
    expect(ids(over)).to.deep.equal(['big']);
  });

  it('lets in no half of a set', () => {
    const { within } = underCeiling(queue.slice(1), [], { gib: 50, snapshots: 10 });
    expect(ids(within)).to.deep.equal(['history']);
  });

  it('counts what goes on from before', () => {
    const copies = [copyOf('x', { state: 'pending', size: 10 }), copyOf('y', { state: 'pending', size: 10 })];
    expect(ids(underCeiling(queue, copies, { gib: 1_000, snapshots: 3 }).within)).to.deep.equal(['big']);
    expect(ids(underCeiling(queue, copies, { gib: 110, snapshots: 9 }).within)).to.deep.equal(['big']);
  });
});

describe('usualCeiling', () => {
  const disks = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `vol-${index}`, size: 100 }));
  const now = new Date('2026-01-31T05:00:00Z');
  /** Copies of every disk, begun so many hours before the last hour. */
  const copied = (count: number, hours: readonly number[]) =>
    disks(count).flatMap(({ id }) =>
      hours.map((hour) =>
        copyOf(`${id}-${hour}`, {
          sourceVolumeId: id,
          begun: new Date(now.getTime() - (hour + 1) * 3_600_000),
        }),
      ),
    );
  const ceiling = (count: number, hours: readonly number[], later = 0) =>
    usualCeiling(disks(count), copied(count, hours), new Date(now.getTime() + later * 86_400_000));
  const daily = [0, 24, 48, 72, 96, 120, 144];
  const hourly = Array.from({ length: 168 }, (_, hour) => hour);

  it('is 10 TiB and 500 snapshots, or every protected disk twice where that is more', () => {
    expect(ceiling(0, [])).to.deep.equal({ gib: 10_240, snapshots: 500 });
    expect(ceiling(2, [])).to.deep.equal({ gib: 10_240, snapshots: 500 });
    expect(ceiling(300, [])).to.deep.equal({ gib: 60_000, snapshots: 600 });
    expect(ceiling(300, daily)).to.deep.equal({ gib: 60_000, snapshots: 600 });
  });

  it('follows the pace of the week before the last copy', () => {
    expect(ceiling(30, hourly)).to.deep.equal({ gib: 144_000, snapshots: 1_440 });
  });

  it('is as much more as days were missed, a week at the most', () => {
    expect(ceiling(300, daily, 3).snapshots).to.be.within(1_800, 2_400);
    expect(ceiling(300, daily, 100).snapshots).to.equal(4_200);
  });

  it('is not raised by a flood of one day, nor by copies of what is not protected', () => {
    const flood = [...daily, ...Array.from({ length: 100 }, (_, index) => index / 10)];
    expect(ceiling(300, flood)).to.deep.equal({ gib: 60_000, snapshots: 600 });
    expect(usualCeiling([], copied(300, hourly), now)).to.deep.equal({ gib: 10_240, snapshots: 500 });
  });
});
