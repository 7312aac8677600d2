import { expect } from 'chai';
import fc from 'fast-check';
import { PROBE_TAG } from '../../inventory/probes';
import { recoverySteps, WAVE_TAG, waveOf, waveText, withoutProbes } from '../../inventory/waves';

const machine = (name: string, wave?: string) => {
  const tags: Record<string, string> = wave === undefined ? {} : { [WAVE_TAG]: wave };
  return { id: `i-${name}`, name, tags };
};

describe('waves', () => {
  it('are a number, or a chain and a number', () => {
    expect(waveOf({ [WAVE_TAG]: '2' })).to.deep.equal({ chain: '', number: 2 });
    expect(waveOf({ [WAVE_TAG]: ' shop/10 ' })).to.deep.equal({ chain: 'shop', number: 10 });
    expect(waveOf({})).to.equal(undefined);
    for (const text of ['', '0', '-1', '1.5', '100', 'first', 'shop/', '/1', 'a/b/1'])
      expect(waveOf({ [WAVE_TAG]: text }), text).to.equal('malformed');
  });

  it('come one number after the other, in all chains at once, and last what has none', () => {
    const machines = [
      machine('web', 'shop/3'),
      machine('files'),
      machine('db', 'shop/1'),
      machine('ldap', '1'),
      machine('odd', 'soon'),
    ];
    const steps = recoverySteps(machines).map(
      ({ title, machines }) => `${title}: ${machines.map(({ name, wave }) => `${name} ${waveText(wave)}`)}`,
    );
    expect(steps).to.deep.equal([
      'wave 1: db shop/1,ldap 1',
      'wave 3: web shop/3',
      'the rest: files -,odd -',
    ]);
  });

  it('carry the ports that have to answer, and a drill asks none', () => {
    const tags: Record<string, string> = { [PROBE_TAG]: '5432', [WAVE_TAG]: '1' };
    const steps = recoverySteps([
      { id: 'i-1', name: 'db', tags },
      { id: 'i-2', name: 'odd', tags: { ...tags, [PROBE_TAG]: 'ssh' } },
      machine('web', '1'),
    ]);
    expect(steps[0]?.machines.map(({ probe }) => probe)).to.deep.equal([[5432], 'malformed', undefined]);
    expect(JSON.stringify(withoutProbes(steps))).to.not.contain('probe');
    expect(withoutProbes(steps)[0]?.machines).to.have.length(3);
  });

  it('have each machine once, whatever its tag says', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string())), (tags) => {
        const machines = tags.map((tag, index) => machine(String(index), tag ?? undefined));
        const ids = recoverySteps(machines).flatMap((step) => step.machines.map(({ id }) => id));
        expect([...ids].sort()).to.deep.equal(machines.map(({ id }) => id).sort());
      }),
    );
  });
});
