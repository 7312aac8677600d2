import { expect } from 'chai';
import fc from 'fast-check';
import { copySets, type OwnCopy } from '../../../snapshots/copySets';
import { firstSlot, SLOT_RULES, slotOf } from '../../../snapshots/keepRules';
import { retentionPlan } from '../../../snapshots/retain';
import { recoveryPoints } from '../../../snapshots/select';
import {
  anyHistory,
  anyRules,
  anyTangle,
  DAY,
  doomed,
  HOUR,
  input,
  MACHINE,
  NOW,
  set,
  TANGLED,
  without,
} from './retainWorld';

/** Copies, and the machine that they are of. */
const anyCopies = fc.oneof(
  anyHistory.map((copies) => ({ copies, machine: MACHINE })),
  anyTangle.map((copies) => ({ copies, machine: TANGLED })),
);

describe('retentionPlan, whatever there is', () => {
  it('puts every copy into one set, and each recovery point of a recovery into one of its own', () => {
    fc.assert(
      fc.property(anyCopies, ({ copies, machine }) => {
        const sets = copySets(machine.volumeIds, copies);
        expect(sets.flatMap((each) => each.copies.map(({ id }) => id))).to.have.members(
          copies.map(({ id }) => id),
        );
        expect(sets.flatMap(({ point }) => point ?? [])).to.have.members(
          recoveryPoints(machine.volumeIds, copies).map(({ id }) => id),
        );
      }),
    );
  });

  it('never deletes one of the newest N recovery points', () => {
    fc.assert(
      fc.property(anyCopies, anyRules, ({ copies, machine }, rules) => {
        const going = new Set(doomed(copies, { rules, machines: [machine] }));
        const newest = recoveryPoints(machine.volumeIds, copies).slice(0, rules.newest);
        for (const point of newest)
          for (const { id } of point.copies.values()) expect(going.has(id), id).to.equal(false);
      }),
    );
  });

  it('never deletes what was taken, or copied, less than the floor ago', () => {
    fc.assert(
      fc.property(anyCopies, anyRules, ({ copies, machine }, rules) => {
        const going = new Set(doomed(copies, { rules, machines: [machine] }));
        for (const { id, sourceTime, startTime } of copies.filter((each) => going.has(each.id))) {
          const floor = rules.floorDays * DAY;
          expect(Number(NOW) - Number(sourceTime)).to.be.at.least(floor);
          expect(Number(NOW) - Number(startTime), id).to.be.at.least(floor);
        }
      }),
    );
  });

  it('deletes recovery points whole, or not at all', () => {
    fc.assert(
      fc.property(anyCopies, anyRules, ({ copies, machine }, rules) => {
        const going = new Set(doomed(copies, { rules, machines: [machine] }));
        for (const point of recoveryPoints(machine.volumeIds, copies))
          expect(new Set([...point.copies.values()].map(({ id }) => going.has(id))).size).to.equal(1);
      }),
    );
  });

  it('never deletes the newest copy of a disk, nor what is pending or used', () => {
    fc.assert(
      fc.property(anyCopies, anyRules, fc.nat(), ({ copies, machine }, rules, pick) => {
        const used = copies[pick % copies.length]?.id ?? '';
        const going = new Set(
          doomed(copies, { rules, machines: [machine], used: new Map([[used, 'the image ami-1']]) }),
        );
        expect(going.has(used)).to.equal(false);
        for (const { id, state } of copies) if (state === 'pending') expect(going.has(id)).to.equal(false);
        for (const volume of machine.volumeIds)
          for (const by of ['sourceTime', 'startTime'] as const) {
            const own = copies.filter((each) => each.sourceVolumeId === volume && each.state === 'completed');
            const last = Math.max(...own.map((each) => Number(each[by])));
            expect(own.some((each) => Number(each[by]) === last && !going.has(each.id))).to.equal(true);
          }
      }),
    );
  });

  it('keeps a set of every slot that has one', () => {
    fc.assert(
      fc.property(anyHistory, (copies) => {
        const rules = { hourly: 0, daily: 0, weekly: 0, monthly: 6, newest: 1, floorDays: 1 };
        const left = without(copies, doomed(copies, { rules }));
        const months = (all: readonly OwnCopy[]) =>
          new Set(
            recoveryPoints(MACHINE.volumeIds, all)
              .map(({ time }) => time.toISOString().slice(0, 7))
              .filter((month) => month >= '2025-10'),
          );
        expect(months(left)).to.deep.equal(months(copies));
      }),
    );
  });

  it('has nothing more to delete once that is done, however the sets overlap and whatever is used', () => {
    const anyUsed = fc
      .array(fc.nat(23), { maxLength: 8 })
      .map((picks) => new Map(picks.map((pick) => [`copy-${pick}`, 'locked'])));
    fc.assert(
      fc.property(anyCopies, anyRules, anyUsed, ({ copies, machine }, rules, used) => {
        const more = { rules, used, machines: [machine] };
        expect(doomed(without(copies, doomed(copies, more)), more)).to.deep.equal([]);
      }),
      { numRuns: 1_500 },
    );
  });

  it('finishes the same work when it was cut off anywhere', () => {
    fc.assert(
      fc.property(anyHistory, anyRules, fc.nat(), (copies, rules, cut) => {
        const going = doomed(copies, { rules });
        // Cut off within the oldest sets: each is deleted copy by copy.
        const gone = going.slice(0, cut % (going.length + 1));
        expect(doomed(without(copies, gone), { rules })).to.deep.equal(
          going.filter((id) => !gone.includes(id)),
        );
      }),
    );
  });

  it('deletes nothing for a hundred sets in one hour that would have stayed without them', () => {
    fc.assert(
      fc.property(anyHistory, anyRules, fc.boolean(), (copies, rules, areCopied) => {
        const flood = Array.from({ length: 100 }, (_, n) => set(HOUR / 2 - n * 15_000)).flat();
        const arrived = areCopied ? flood : flood.map((each) => ({ ...each, state: 'pending' as const }));
        const own = new Set(copies.map(({ id }) => id));
        const going = doomed([...copies, ...arrived], { rules }).filter((id) => own.has(id));
        expect(doomed(copies, { rules })).to.include.members(going);
      }),
    );
  });

  it('nor for sets with forged times, in whatever slots', () => {
    fc.assert(
      fc.property(
        anyHistory,
        anyRules,
        fc.uniqueArray(fc.integer({ min: 1, max: 250 * 24 }), { maxLength: 60 }),
        (copies, rules, hours) => {
          const startTime = new Date(Number(NOW) - 1_000);
          // Half an hour off: nearer than the window of a set they would be taken for parts of it.
          const forged = hours.flatMap((hour) => set(hour * HOUR + HOUR / 2, { startTime }));
          const own = new Set(copies.map(({ id }) => id));
          const slots = (all: readonly OwnCopy[]) =>
            recoveryPoints(MACHINE.volumeIds, all)
              .filter((point) => [...point.copies.values()].every(({ id }) => own.has(id)))
              .flatMap(({ time }) =>
                SLOT_RULES.filter((rule) => rules[rule] > 0).flatMap((rule) => {
                  const slot = slotOf(rule, time);
                  return slot >= firstSlot(rule, rules[rule], NOW) ? [`${rule} ${slot}`] : [];
                }),
              );
          const both = [...copies, ...forged];
          // A slot that had a point of its own has one of its own still.
          expect(slots(without(both, doomed(both, { rules })))).to.include.members(slots(copies));
        },
      ),
    );
  });

  it('deletes nothing of a machine that is gone, held or without a fresh recovery point', () => {
    fc.assert(
      fc.property(
        anyCopies,
        anyRules,
        fc.integer({ min: 27, max: 2_000 }),
        ({ copies, machine }, rules, hours) => {
          const gone = { ...machine, goneSince: new Date(0) };
          const held = { ...machine, held: 'recovered as i-2' };
          expect(doomed(copies, { rules, machines: [gone] })).to.deep.equal([]);
          expect(doomed(copies, { rules, machines: [held] })).to.deep.equal([]);
          expect(doomed(copies, { rules, machines: [] })).to.deep.equal([]);
          expect(
            doomed(copies, { rules, machines: [machine], now: new Date(Number(NOW) + hours * HOUR) }),
          ).to.deep.equal([]);
          // A clock that jumped back.
          expect(
            doomed(copies, { rules, machines: [machine], now: new Date(Number(NOW) - hours * HOUR) }),
          ).to.deep.equal([]);
          for (const { sets } of retentionPlan(input(copies, { rules, machines: [gone] })).machines)
            for (const each of sets) expect(each.why).to.have.length(1);
        },
      ),
    );
  });
});
