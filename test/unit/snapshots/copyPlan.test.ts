import { expect } from 'chai';
import { copyPlan } from '../../../snapshots/copyPlan';
import { CopyQueue } from '../../../snapshots/copyQueue';
import { Slots } from '../../../snapshots/slots';
import { copyOf, queuedSnapshot, sharedSnapshot } from './fakes';

const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

describe('copyPlan', () => {
  it('queues what has no copy, waits for what is pending, and counts what is there', () => {
    const tagged = [
      sharedSnapshot('done'),
      sharedSnapshot('begun'),
      sharedSnapshot('new'),
      sharedSnapshot('unready', { state: 'pending' }),
      sharedSnapshot('broken', { state: 'error' }),
    ];
    const copies = [
      copyOf('done'),
      copyOf('begun', { state: 'pending' }),
      copyOf('elsewhere', { state: 'pending' }),
    ];
    const plan = copyPlan(tagged, copies);
    expect(ids(plan.queue)).to.deep.equal(['new']);
    expect(ids(plan.pending)).to.deep.equal(['copy-of-begun', 'copy-of-elsewhere']);
    expect(plan.already).to.equal(1);
    expect(ids(plan.waiting)).to.deep.equal(['unready']);
    expect(plan.failed).to.deep.equal([]);
    expect(plan.doubles).to.deep.equal([]);
  });

  it('queues again what failed, unless another copy of it is there', () => {
    const tagged = [sharedSnapshot('a'), sharedSnapshot('b')];
    const copies = [
      copyOf('a', { id: 'a-failed', state: 'error' }),
      copyOf('b', { id: 'b-failed', state: 'error' }),
      copyOf('b', { id: 'b-good' }),
      copyOf('gone', { id: 'gone-failed', state: 'error' }),
    ];
    const plan = copyPlan(tagged, copies);
    expect(ids(plan.queue)).to.deep.equal(['a']);
    expect(ids(plan.failed)).to.deep.equal(['a-failed']);
  });

  it('leaves what is over the ceiling out of the queue, and its failed copies where they are', () => {
    const tagged = [sharedSnapshot('a', { size: 10 }), sharedSnapshot('b', { size: 10, volumeId: 'vol-2' })];
    const copies = [copyOf('b', { id: 'b-failed', sourceVolumeId: 'vol-2', state: 'error' })];
    const plan = copyPlan(tagged, copies, { machines: [['vol-1']], ceiling: { gib: 10, snapshots: 5 } });
    expect(ids(plan.queue)).to.deep.equal(['a']);
    expect(ids(plan.over)).to.deep.equal(['b']);
    expect(plan.failed).to.deep.equal([]);
  });

  it('says what was copied twice', () => {
    const copies = [copyOf('a', { id: 'first' }), copyOf('a', { id: 'second', state: 'pending' })];
    expect(ids(copyPlan([sharedSnapshot('a')], copies).doubles)).to.deep.equal(['second']);
  });
});

describe('CopyQueue', () => {
  it('gives each volume in its order, lower ranks first, and of equals the longest chain first', () => {
    const queue = new CopyQueue([
      queuedSnapshot('a1', { volumeId: 'a' }),
      queuedSnapshot('b1', { volumeId: 'b', size: 10 }),
      queuedSnapshot('a2', { volumeId: 'a' }),
      queuedSnapshot('c1', { volumeId: 'c', size: 1_000, rank: 3 }),
    ]);
    expect(queue.size).to.equal(4);
    expect(ids(queue.heads())).to.deep.equal(['a1', 'b1', 'c1']);
    queue.remove({ id: 'c1', volumeId: 'c' });
    expect(queue.size).to.equal(3);
    expect(ids(queue.heads())).to.deep.equal(['a1', 'b1']);
    queue.remove({ id: 'a1', volumeId: 'a' });
    expect(ids(queue.heads())).to.deep.equal(['b1', 'a2']);
    queue.putBack(queuedSnapshot('a1', { volumeId: 'a' }));
    expect(ids(queue.heads())).to.deep.equal(['a1', 'b1']);
    for (const id of ['a1', 'a2']) queue.remove({ id, volumeId: 'a' });
    expect(ids(queue.heads())).to.deep.equal(['b1']);
    queue.remove({ id: 'unknown', volumeId: 'b' });
    expect(queue.size).to.equal(1);
    expect(ids(queue.all())).to.deep.equal(['b1']);
  });
});

describe('Slots', () => {
  it('keeps to the limit of AWS', () => {
    const slots = new Slots();
    expect(slots.free(0, 0)).to.equal(20);
    expect(slots.free(20, 0)).to.equal(0);
  });

  it('learns a lower limit, and tries one more from time to time', () => {
    const slots = new Slots(20, 30_000);
    slots.refused(5, 1_000);
    expect(slots.free(5, 1_000)).to.equal(0);
    expect(slots.free(4, 1_000)).to.equal(1);
    expect(slots.free(5, 31_000)).to.equal(1);
    slots.accepted(6);
    expect(slots.free(6, 31_000)).to.equal(1);
    slots.refused(6, 31_000);
    expect(slots.free(6, 32_000)).to.equal(0);
  });

  it('tries again where others use all slots, and says when', () => {
    const slots = new Slots(20, 30_000);
    expect(slots.untilProbe(0)).to.equal(Number.POSITIVE_INFINITY);
    slots.refused(0, 0);
    expect(slots.untilProbe(10_000)).to.equal(20_000);
    expect(slots.untilProbe(40_000)).to.equal(0);
    expect(slots.free(0, 29_000)).to.equal(0);
    expect(slots.free(0, 30_000)).to.equal(1);
  });
});
