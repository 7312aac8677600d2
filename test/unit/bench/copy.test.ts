import { expect } from 'chai';
import { type CopyMeasured, copyReportText } from '../../../scripts/bench/copy/report';
import { sizesOf, WHOLE_COPY } from '../../../scripts/bench/copy/sizes';

describe('the bench of copying', () => {
  it('has the same 200 sizes of 1 to 500 GiB every time, few of them large', () => {
    const sizes = sizesOf(WHOLE_COPY);
    expect(sizes).to.deep.equal(sizesOf(WHOLE_COPY)).and.have.length(200);
    expect(Math.min(...sizes)).to.be.at.least(1);
    expect(Math.max(...sizes)).to.equal(500);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.equal(15_137);
    expect([...sizes].sort((a, b) => a - b)[100]).to.be.within(30, 50);
    expect(sizesOf({ ...WHOLE_COPY, seed: 6 })).to.not.deep.equal(sizes);
  });

  const way = { seconds: 104, copyCalls: 200, otherCalls: 280, peakBytes: 2 ** 27 };
  const measured: CopyMeasured = {
    snapshots: 200,
    gib: 1_000,
    largestGib: 50,
    rate: 500,
    seed: 5,
    boundSeconds: 100,
    ways: [
      { ...way, way: 'lifeboat' },
      { ...way, way: 'batches', seconds: 400, otherCalls: 4_000, peakBytes: undefined },
    ],
  };

  it('holds the first way against its targets, and shows the others', () => {
    const text = copyReportText(measured);
    expect(text).to.contain('time / bound: 1.040, to reach < 1.05: met');
    expect(text).to.contain('calls a snapshot: 1.400, to reach < 1.5: met');
    expect(text).to.match(/lifeboat copy-snapshots +│ 1m 44s +│ 1\.040 +│ 200 +│ 1\.40 +│ 128 MiB/);
    expect(text).to.match(/batches of 20.* 4\.000 .* 20\.00 .*not measured/);
  });

  it('says what is missed', () => {
    const slow = { ...measured, ways: [{ ...way, way: 'lifeboat' as const, seconds: 106, otherCalls: 300 }] };
    expect(copyReportText(slow)).to.match(
      /1\.060, to reach < 1\.05: missed\n.*1\.500, to reach < 1\.5: missed/,
    );
  });
});
