import { expect } from 'chai';
import { type RetainInput, retentionPlan } from '../../../snapshots/retain';
import { copy, DAY, daily, doomed, HOUR, input, MACHINE, NOW, set, without } from './retainWorld';

const RULES = { hourly: 0, daily: 7, weekly: 4, monthly: 12, newest: 3, floorDays: 14 };

/** The days before NOW of the sets that stay, newest first. */
function days(copies: ReturnType<typeof daily>, changes: Partial<RetainInput> = {}): number[] {
  const left = without(copies, doomed(copies, { rules: RULES, ...changes }));
  return left
    .filter(({ sourceVolumeId }) => sourceVolumeId === 'a')
    .map(({ sourceTime }) => Math.floor((Number(NOW) - Number(sourceTime)) / DAY));
}

/** What is said of the set that holds a copy. */
function why(id: string, copies: ReturnType<typeof daily>, changes: Partial<RetainInput> = {}) {
  const { machines } = retentionPlan(input(copies, { rules: RULES, ...changes }));
  return machines.flatMap(({ sets }) => sets).find((each) => each.copies.some((one) => one.id === id))?.why;
}

describe('retentionPlan', () => {
  it('keeps grandfathers, fathers and sons, each the oldest of its slot', () => {
    const copies = daily(400);
    expect(days(copies)).to.deep.equal([
      // Younger than 14 days.
      ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
      // The newest three before that; the first of them is the first of March.
      ...[14, 15, 16],
      // The Mondays of four weeks; two of them are among the younger.
      ...[20, 27],
      // The first of each month, this one and eleven before.
      ...[42, 73, 104, 134, 165, 195, 226, 257, 287, 318, 348],
    ]);
    expect(why(`copy-a@${42 * DAY + HOUR}`, copies)).to.deep.equal(['monthly 2026-02']);
    expect(why(`copy-a@${21 * DAY + HOUR}`, copies)).to.deep.equal(['older than 14 days, and keeps no slot']);
  });

  it('counts slots by time: a hundred sets in one hour are one', () => {
    const flood = Array.from({ length: 100 }, (_, n) => set(20 * DAY + HOUR - n * 30_000)).flat();
    const copies = [...set(HOUR), ...flood];
    const rules = { ...RULES, newest: 1, hourly: 24 * 30 };
    const left = without(copies, doomed(copies, { rules }));
    // The oldest of the hour, for who comes later cannot take its place; and the newest before the floor.
    expect(left.filter(({ sourceVolumeId }) => sourceVolumeId === 'a').map(({ id }) => id)).to.have.members([
      'copy-a@3600000',
      `copy-a@${20 * DAY + HOUR}`,
      `copy-a@${20 * DAY + HOUR - 99 * 30_000}`,
    ]);
  });

  it('keeps the history of a machine that got one disk more', () => {
    const before = daily(100).filter(
      ({ sourceVolumeId, sourceTime }) =>
        sourceVolumeId === 'a' || Number(NOW) - Number(sourceTime) < 5 * DAY,
    );
    // All sets before the disk lack it. They keep their slots as if they did not.
    expect(days(before)).to.include.members([20, 27, 42, 73]);
    expect(days(before)).to.not.include(50);
  });

  it('deletes an incomplete set only when it is old, keeps no slot and a newer point is complete', () => {
    const id = `copy-a@${21.5 * DAY}`;
    const copies = [...daily(40), copy('a', 21.5 * DAY), copy('a', 3.5 * DAY)];
    expect(doomed(copies, { rules: RULES }))
      .to.include(id)
      .and.not.include(`copy-a@${3.5 * DAY}`);
    expect(why(id, copies)).to.deep.equal(['lacks a disk, and newer recovery points are complete']);
    const [, b] = set(HOUR);
    const alone = [copy('a', 30 * DAY), ...(b ? [b] : [])];
    expect(doomed(alone, { rules: RULES })).to.deep.equal([]);
  });

  it('removes what ended in error once it is old, and what was copied twice with the set that it is of', () => {
    const failed = copy('a', 30 * DAY, {
      id: 'copy-failed',
      sourceSnapshotId: 'snap-failed',
      state: 'error',
    });
    const fresh = copy('b', 2 * DAY, { id: 'copy-fresh', state: 'error' });
    const twin = copy('a', 21 * DAY + HOUR, { id: 'copy-twin' });
    const kept = copy('a', 20 * DAY + HOUR, { id: 'copy-kept' });
    const copies = [...daily(40), failed, fresh, twin, kept];
    expect(doomed(copies, { rules: RULES }))
      .to.include.members(['copy-failed', 'copy-twin'])
      .and.not.include.members(['copy-fresh'])
      .and.not.include.members(['copy-kept']);
  });

  it('keeps a whole set for the lock or the image that holds one of it, and says which', () => {
    const held = `copy-b@${21 * DAY + HOUR}`;
    const copies = daily(40);
    const used = new Map([[held, 'the image ami-1 is made of it']]);
    expect(doomed(copies, { rules: RULES })).to.include(held);
    expect(doomed(copies, { rules: RULES, used }))
      .to.not.include(held)
      .and.not.include(held.replace('-b', '-a'));
    expect(why(held, copies, { used })).to.deep.equal(['the image ami-1 is made of it']);
  });

  it('keeps all of a source that looks sick as a whole, and says who', () => {
    const others = ['i-2', 'i-3'].map((id) => ({ ...MACHINE, id, name: id, volumeIds: [id] }));
    const copies = [...daily(40), copy('i-2', HOUR), copy('i-3', 3 * DAY)];
    const of = (guardShare: number) =>
      retentionPlan(input(copies, { rules: RULES, guardShare, machines: [MACHINE, ...others] }));
    expect(of(40).sick).to.equal(undefined);
    expect(of(40).machines.map(({ held }) => held)).to.deep.equal([
      undefined,
      undefined,
      'its newest recovery point is of 2026-03-12T12:00:00.000Z, and should be 26 h old at the most',
    ]);
    const sick = of(30);
    expect(sick.sick).to.contain('1 of 3 machines are gone or without a fresh recovery point (i-3)');
    expect(sick.machines.every(({ sets }) => sets.every(({ keep }) => keep))).to.equal(true);
    // Gone for longer than the floor: people live with it.
    const gone = (back: number) =>
      ({ ...others[1], goneSince: new Date(Number(NOW) - back) }) as typeof MACHINE;
    const withGone = (back: number) =>
      retentionPlan(input(copies, { rules: RULES, machines: [MACHINE, gone(back)] })).sick;
    expect(withGone(15 * DAY)).to.equal(undefined);
    expect(withGone(2 * DAY)).to.contain('1 of 2 machines');
  });

  it('keeps what the source still shares, for it would be copied again; all, when it shares nothing', () => {
    const id = `b@${21 * DAY + HOUR}`;
    const copies = daily(40);
    expect(doomed(copies, { rules: RULES })).to.include.members([`copy-${id}`]);
    const shared = new Set([`snap-${id}`]);
    expect(why(`copy-${id}`, copies, { shared })).to.deep.equal([
      'the source still shares it, so that it would be copied again',
    ]);
    expect(doomed(copies, { rules: RULES, shared: new Set() })).to.deep.equal([]);
  });

  it('keeps all of a machine of which a copy is of a time to come', () => {
    const copies = [...daily(40), copy('a', -HOUR)];
    expect(doomed(copies, { rules: RULES })).to.deep.equal([]);
    expect(why(`copy-a@${HOUR}`, copies)?.join()).to.contain('a copy is of a time to come');
  });

  it('keeps copies of a disk that no machine has, or that another machine keeps', () => {
    const stray = copy('z', 100 * DAY);
    const copies = [...daily(40), stray];
    expect(retentionPlan(input(copies)).strays).to.deep.equal([stray]);
    expect(doomed(copies, { rules: RULES })).to.not.include(stray.id);
    // The disk b was of a machine that is gone: whoever has it now, its copies stay, and so do the sets that they are in.
    const gone = { ...MACHINE, id: 'i-0', name: 'OLD', volumeIds: ['b'], goneSince: new Date(0) };
    const both = retentionPlan(input(copies, { rules: RULES, machines: [MACHINE, gone] }));
    expect(both.machines.flatMap(({ sets }) => sets.filter(({ keep }) => !keep))).to.deep.equal([]);
  });
});
