import { expect } from 'chai';
import fc from 'fast-check';
import { LifeboatError } from '../../errors';
import { mapZones } from '../../inventory/zones';

const dr3 = ['euc1-az1', 'euc1-az2', 'euc1-az3'];
const source = (...numbers: number[]) => numbers.map((number) => `euw1-az${number}`);

describe('mapZones', () => {
  it('maps each zone to the one of its number', () => {
    expect(mapZones(source(1, 2, 3), dr3, {}, {})).to.deep.equal({
      zones: { 'euw1-az1': 'euc1-az1', 'euw1-az2': 'euc1-az2', 'euw1-az3': 'euc1-az3' },
      notes: [],
    });
  });

  it('spreads more zones than DR has, and says so', () => {
    const { zones, notes } = mapZones(source(1, 2, 3, 4, 5), ['euc1-az1', 'euc1-az2'], {}, {});
    const load = Object.values(zones).filter((zone) => zone === 'euc1-az1').length;
    expect(Object.keys(zones)).to.have.length(5);
    expect([2, 3]).to.include(load);
    expect(notes.join()).to.match(/the zones .* of the source share euc1-az1 in DR/);
  });

  it('maps to a zone of another number where DR lacks the number', () => {
    expect(mapZones(source(2, 6), dr3, {}, {}).zones).to.deep.equal({
      'euw1-az2': 'euc1-az2',
      'euw1-az6': 'euc1-az1',
    });
  });

  it('keeps what an earlier run has chosen, and moves it only by setting', () => {
    const kept = { 'euw1-az1': 'euc1-az3' };
    expect(mapZones(source(1), dr3, kept, {}).zones['euw1-az1']).to.equal('euc1-az3');
    expect(mapZones(source(1), dr3, kept, { 'euw1-az1': 'euc1-az2' }).zones['euw1-az1']).to.equal('euc1-az2');
  });

  it('refuses a setting that names a zone which DR does not have', () => {
    expect(() => mapZones(source(1), dr3, {}, { 'euw1-az1': 'euc1-az9' })).to.throw(
      LifeboatError,
      'euw1-az1=euc1-az9',
    );
  });

  it('refuses a kept zone that is gone, unless a setting moves it', () => {
    const kept = { 'euw1-az1': 'euc1-az9' };
    expect(() => mapZones(source(1), dr3, kept, {})).to.throw(LifeboatError, 'chosen by an earlier run');
    expect(mapZones(source(1), dr3, kept, { 'euw1-az1': 'euc1-az1' }).zones['euw1-az1']).to.equal('euc1-az1');
  });

  it('maps every zone of any region into DR, evenly, the same way each time, and keeps it when a zone is added', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(numbers, numbers, fc.integer({ min: 1, max: 8 }), (used, available, added) => {
        const dr = available.map((number) => `euc1-az${number}`).sort();
        const first = mapZones(source(...used), dr, {}, {}).zones;
        expect(Object.keys(first)).to.have.members(source(...used));
        const loads = dr.map((zone) => Object.values(first).filter((chosen) => chosen === zone).length);
        expect(Math.max(...loads) - Math.min(...loads)).to.be.at.most(1);
        expect(mapZones(source(...used.toReversed()), dr, {}, {}).zones).to.deep.equal(first);
        expect(mapZones(source(...used, added), dr, first, {}).zones).to.deep.include(first);
      }),
    );
  });
});
