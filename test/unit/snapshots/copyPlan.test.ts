import { expect } from 'chai';
import { copyPlan } from '../../../snapshots/copyPlan';
import { CopyQueue } from '../../../snapshots/copyQueue';
import { Slots } from '../../../snapshots/slots';
import { copyOf, sharedSnapshot } from './fakes';

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

  it('says what was copied twice', () => {
    const copies = [copyOf('a', { id: 'first' }), copyOf('a', { id: 'second', state: 'pending' })];
    expect(ids(copyPlan([sharedSnapshot('a')], copies).doubles)).to.deep.equal(['second']);
  });
});

describe('CopyQueue', () => {
  const at = (hour: number) => new Date(Date.UTC(2026, 0, 31, hour));

  it('gives each volume oldest first, and the longest chain first', () => {
    const queue = new CopyQueue([
      sharedSnapshot('a2', { volumeId: 'a', startTime: at(2) }),
      sharedSnapshot('b1', { volumeId: 'b', size: 10 }),
      sharedSnapshot('a1', { volumeId: 'a', startTime: at(1) }),
    ]);
    expect(queue.size).to.equal(3);
    expect(ids(queue.heads())).to.deep.equal(['a1', 'b1']);
    queue.remove({ id: 'a1', volumeId: 'a' });
    expect(ids(queue.heads())).to.deep.equal(['b1', 'a2']);
    queue.putBack(sharedSnapshot('a1', { volumeId: 'a', startTime: at(1) }));
    expect(ids(queue.heads())).to.deep.equal(['a1', 'b1']);
    for (const id of ['a1', 'a2']) queue.remove({ id, volumeId: 'a' });
    expect(ids(queue.heads())).to.deep.equal(['b1']);
    queue.remove({ id: 'unknown', volumeId: 'b' });
    expect(queue.size).to.equal(1);
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

  it('tries again where others use all slots', () => {
    const slots = new Slots(20, 30_000);
    slots.refused(0, 0);
    expect(slots.free(0, 29_000)).to.equal(0);
    expect(slots.free(0, 30_000)).to.equal(1);
  });
});
