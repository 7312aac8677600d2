import { expect } from 'chai';
import fc from 'fast-check';
import { firstSlot, parseKeepRules, SLOT_RULES, slotOf } from '../../../snapshots/keepRules';

describe('slotOf', () => {
  it('names hours, days, weeks from Monday, and months, in UTC', () => {
    const time = new Date('2026-03-01T23:59:59.999Z');
    expect(SLOT_RULES.map((rule) => slotOf(rule, time))).to.deep.equal([
      '2026-03-01T23:00Z',
      '2026-03-01',
      '2026-02-23',
      '2026-03',
    ]);
    expect(slotOf('weekly', new Date('2026-03-02T00:00:00Z'))).to.equal('2026-03-02');
  });

  it('has as many slots from the first on as the rule says', () => {
    expect(firstSlot('monthly', 13, new Date('2026-03-31T10:00:00Z'))).to.equal('2025-03');
    const times = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(
        times,
        fc.constantFrom(...SLOT_RULES),
        fc.integer({ min: 1, max: 60 }),
        (now, rule, count) => {
          const first = firstSlot(rule, count, now);
          const slots = new Set<string>();
          for (let hour = 0; slots.size <= count; hour += rule === 'hourly' ? 1 : 24)
            slots.add(slotOf(rule, new Date(Number(now) - hour * 3_600_000)));
          expect([...slots].filter((slot) => slot >= first)).to.have.length(count);
        },
      ),
    );
  });
});

describe('parseKeepRules', () => {
  it('fills in what is not said: no slots, and the defaults of the newest and the floor', () => {
    expect(parseKeepRules(' weekly=5 ')).to.deep.equal({
      hourly: 0,
      daily: 0,
      weekly: 5,
      monthly: 0,
      newest: 3,
      floorDays: 14,
    });
  });

  it('refuses what would keep no slot, or is said twice', () => {
    for (const text of ['', 'newest=3', 'daily=0', 'daily=1,daily=1', 'daily', 'daily=1.5', '__proto__=1'])
      expect(parseKeepRules(text), text).to.equal(undefined);
  });
});
