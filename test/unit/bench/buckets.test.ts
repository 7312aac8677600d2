import { expect } from 'chai';
import {
  type BucketsMeasured,
  bucketsReportText,
  type Copied,
  idealMs,
} from '../../../scripts/bench/buckets/report';

describe('the bench of copying buckets', () => {
  const run: Copied = {
    ...{ objects: 1_000, latencyMs: 20, milliseconds: 500, copyCalls: 1_000, otherCalls: 12 },
    ...{ cpuSeconds: 2, peakBytes: 2 ** 27 },
  };
  const many = { ...run, objects: 10_000, milliseconds: 4_000, copyCalls: 10_000 };
  const measured: BucketsMeasured = {
    ...{ atOnce: 50, few: run, many, ours: many, bare: { ...many, milliseconds: 3_500 } },
    far: { ...many, latencyMs: 200, milliseconds: 44_000, peakBytes: undefined },
    ...{ againMs: 500, listMs: 200 },
  };

  it('takes for the ideal what the copies wait, so many at once', () => {
    expect(idealMs(many, 50)).to.equal(4_000);
    expect(idealMs(measured.far, 50)).to.equal(40_000);
  });

  it('holds the runs against their targets', () => {
    const text = bucketsReportText(measured);
    expect(text).to.contain('copying at 20 ms / bare: 1.14, to reach < 1.25: met');
    expect(text).to.contain('copying at 200 ms / ideal: 1.10, to reach < 1.5: met');
    expect(text).to.contain('nothing to do / listing alone: 2.50, to reach < 3: met');
    expect(text).to.contain('the same in CPU: 1.00, to reach < 1.25: met');
    expect(text).to.contain('peak memory, MiB: 128.00, to reach < 256: met');
    expect(text).to.match(/bare, 10,000 objects at 20 ms a call .* 3\.5s .* 0\.88 .* 10000 .* 128 MiB/);
    expect(text).to.match(/10,000 objects at 200 ms a call .* 44s .*not measured/);
  });

  it('says what is missed, and nothing of a memory that was not measured', () => {
    const slow = { ...measured, againMs: 700, many: { ...many, peakBytes: 2 ** 28 + 2 ** 20 } };
    expect(bucketsReportText(slow)).to.match(
      /3\.50, to reach < 3: missed\n.*257\.00, to reach < 256: missed/,
    );
    const unmeasured = { ...measured, many: { ...many, peakBytes: undefined } };
    expect(bucketsReportText(unmeasured)).not.to.contain('MiB: ');
  });
});
