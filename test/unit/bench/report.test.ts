import { expect } from 'chai';
import { type Measured, reportText, rows } from '../../../scripts/bench/report';

const run = {
  milliseconds: 100_000,
  cpuSeconds: 60,
  emulatorCpuSeconds: 12,
  peakBytes: 2 ** 30,
  peakOf: { program: 2 ** 28, engine: 3 * 2 ** 28 },
};

function measured(changes: Partial<Measured> = {}): Measured {
  return {
    estate: '10 VPCs, 200 subnets',
    latency: 20,
    pages: { lists: { calls: 20, pages: 20 }, perObject: { calls: 236, pages: 236 }, unknown: [] },
    lookUp: { all: 1290, slowest: 1000, slowestKind: 'subnet', objects: 7000 },
    far: { all: 1100, slowest: 1000, slowestKind: 'subnet', objects: 7000, latency: 200 },
    resources: 5360,
    first: run,
    noOp: { ...run, milliseconds: 60_000 },
    bare: { ...run, milliseconds: 50_000 },
    ...changes,
  };
}

/** Whether the target of one line is met, by the line's name. */
function isMet(from: Measured, what: string): boolean | undefined {
  const found = rows(from).filter((row) => row.what === what);
  expect(found, what).to.have.lengthOf(1);
  return found[0]?.isMet;
}

describe('the table of the bench', () => {
  it('says that every target is met', () => {
    const verdicts = rows(measured()).flatMap((row) => (row.toReach ? [row.isMet] : []));
    expect(verdicts).to.deep.equal([true, true, true, true, true]);
    expect(reportText(measured())).to.contain('10 VPCs, 200 subnets; 20 ms').and.not.contain('missed');
  });

  it('says of each target that it is missed, at the number itself too', () => {
    const call = { lists: { calls: 21, pages: 20 }, perObject: { calls: 236, pages: 236 }, unknown: [] };
    expect(isMet(measured({ pages: call }), 'calls of the look-up / pages that exist')).to.equal(false);
    const lookUp = { all: 1300, slowest: 1000, slowestKind: 'subnet', objects: 7000 };
    expect(isMet(measured({ lookUp }), 'look-up of all kinds / slowest kind alone')).to.equal(false);
    expect(isMet(measured({ noOp: { ...run, milliseconds: 62_500 } }), 'no-op run / bare')).to.equal(false);
    const large = { ...run, peakBytes: 1.5 * 2 ** 30 };
    expect(isMet(measured({ first: large }), 'peak memory, first run')).to.equal(false);
    expect(isMet(measured({ noOp: large }), 'peak memory, no-op run')).to.equal(false);
  });

  it('gives the ratios of what was measured', () => {
    const text = reportText(measured());
    expect(text).to.contain('256 / 256');
    expect(text).to.contain('1.2s / 1s (subnet) = 1.29');
    expect(text).to.contain('1.20');
    expect(text).to.match(/at 200 ms a call .* = 1\.10/);
    expect(text).to.contain('54 a second');
    expect(text).to.contain('engine 0.75, program 0.25');
  });

  it('names the calls that no pages are known of', () => {
    const pages = {
      lists: { calls: 2, pages: 1 },
      perObject: { calls: 0, pages: 0 },
      unknown: ['DescribeNew'],
    };
    expect(reportText(measured({ pages }))).to.contain('2 / 1, and of DescribeNew unknown');
  });

  it('says of memory that was not measured neither that it is met nor missed', () => {
    const unknown = { ...run, peakBytes: undefined };
    expect(isMet(measured({ first: unknown }), 'peak memory, first run')).to.equal(undefined);
    expect(reportText(measured({ first: unknown }))).to.contain('not measured');
  });
});
