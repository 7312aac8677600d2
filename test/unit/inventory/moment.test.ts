import { expect } from 'chai';
import fc from 'fast-check';
import { parseMoment, timeOf } from '../../../inventory/moment';

const now = new Date('2026-02-01T00:00:00Z');
const read = (text: string) => {
  const moment = parseMoment(text);
  return moment && timeOf(moment, now).toISOString();
};

describe('a moment', () => {
  it('is a time with a zone', () => {
    expect(read('2026-01-31T04:00:00Z')).to.equal('2026-01-31T04:00:00.000Z');
    expect(read('2026-01-31T04:00:00+02:00')).to.equal('2026-01-31T02:00:00.000Z');
  });

  it('is words, by the clock', () => {
    expect(read('2 days ago')).to.equal('2026-01-30T00:00:00.000Z');
    expect(read('90 minutes ago')).to.equal('2026-01-31T22:30:00.000Z');
    expect(read('1 week ago')).to.equal('2026-01-25T00:00:00.000Z');
    expect(read('1 hour ago')).to.equal('2026-01-31T23:00:00.000Z');
  });

  it('is nothing else', () => {
    for (const text of [
      '',
      'now',
      '2 days',
      '-1 days ago',
      '0 days ago',
      '1.5 days ago',
      '2 Days ago',
      '99999 days ago',
    ])
      expect(read(text), text).to.equal(undefined);
    for (const text of ['2026-01-31', '2026-01-31T04:00:00', '2026-13-31T00:00:00Z'])
      expect(read(text), text).to.equal(undefined);
  });

  it('keeps what was typed, and goes by the clock that it is given alone', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999 }),
        fc.constantFrom('minutes', 'hours', 'days', 'weeks'),
        fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
        (number, unit, clock) => {
          const text = `${number} ${unit} ago`;
          const moment = parseMoment(text);
          expect(moment?.text).to.equal(text);
          if (!moment) return;
          const later = new Date(Number(clock) + 5_000);
          expect(Number(timeOf(moment, later)) - Number(timeOf(moment, clock))).to.equal(5_000);
          expect(timeOf(moment, clock) < clock).to.equal(true);
        },
      ),
    );
  });
});
