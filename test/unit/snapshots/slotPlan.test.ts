import { expect } from 'chai';
import fc from 'fast-check';
import { slotPicture } from '../../../scripts/copySnapshots/slotPicture';
import { lowerBound, slotPlan } from '../../../snapshots/slotPlan';
import { copyOf, queuedSnapshot } from './fakes';

/** 1 GiB takes 10.24 s. */
const RATE = 100;
const second = (gib: number) => gib * 10.24;

const anyQueue = fc.array(
  fc.record({ volume: fc.integer({ min: 0, max: 40 }), size: fc.integer({ min: 1, max: 500 }) }),
  { maxLength: 120 },
);

describe('slotPlan', () => {
  it('fills 20 slots, longest first, each volume once at a time', () => {
    fc.assert(
      fc.property(anyQueue, (chosen) => {
        const queue = chosen.map(({ volume, size }, index) =>
          queuedSnapshot(`snap-${index}`, { volumeId: `vol-${volume}`, size }),
        );
        const planned = slotPlan({ queue, pending: [] }, RATE);
        expect(planned.map(({ snapshotId }) => snapshotId).sort()).to.deep.equal(
          queue.map(({ id }) => id).sort(),
        );
        for (const one of planned) {
          expect(one.slot).to.be.within(1, 20);
          for (const other of planned) {
            const together = one.begin < other.end && other.begin < one.end;
            if (one === other || !together) continue;
            expect(one.slot).to.not.equal(other.slot);
            expect(one.volumeId).to.not.equal(other.volumeId);
          }
        }
        const end = Math.max(0, ...planned.map((copy) => copy.end));
        const least = lowerBound(planned, RATE);
        expect(end).to.be.at.least(least - 0.001);
        // Graham's bound for a list that keeps every slot busy.
        expect(end).to.be.at.most(2 * least + 0.001);
      }),
    );
  });

  it('counts what goes on from before, by what is left of it', () => {
    const pending = [copyOf('begun', { state: 'pending', progress: 75, size: 8 })];
    const queue = [queuedSnapshot('next', { size: 2 })];
    const [begun, next] = slotPlan({ queue, pending }, RATE);
    expect(begun).to.deep.include({ slot: 1, begin: 0, end: second(2), goesOn: true });
    // Of the same volume, and therefore after it.
    expect(next).to.deep.include({ slot: 1, begin: second(2), end: second(4), goesOn: false });
  });

  it('is drawn in plain characters, a line for each slot', () => {
    const queue = [
      queuedSnapshot('a', { volumeId: 'a', size: 90, tags: { Name: 'WEB 1\u001b[2J' } }),
      queuedSnapshot('b', { volumeId: 'b', size: 45, tags: { Name: 'DB' } }),
      queuedSnapshot('snap-b2', { volumeId: 'b', size: 45, rank: 1, tags: {} }),
    ];
    expect(slotPicture(slotPlan({ queue, pending: [] }, RATE))).to.equal(
      [
        '      0                 3m 50s            7m 40s            11m 31s',
        '      +-----------------+-----------------+-----------------+-----------------',
        `   1  [WEB_1_[2J${'='.repeat(61)}]`,
        `   2  [DB${'='.repeat(32)}][snap-b2${'='.repeat(27)}]`,
        '',
      ].join('\n'),
    );
    expect(slotPicture([])).to.equal('');
  });
});
