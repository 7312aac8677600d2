import { expect } from 'chai';
import fc from 'fast-check';
import { costAtRest } from '../../../scripts/status/costAtRest';
import { costText } from '../../../scripts/status/costText';
import { PRICES } from '../../../scripts/status/prices';
import type { Copy } from '../../../snapshots/catalogue';
import { REPLICA_STORAGE } from '../../../vault/growthAlarmArgs';
import { copy } from '../items';

const settings = { replicateBuckets: [] as string[], drRegion: 'eu-central-1' };
const two: Copy[] = [
  copy('snap-1', 'vol-1', '2026-01-01T02:00:00Z', { size: 100 }),
  copy('snap-2', 'vol-1', '2026-01-02T02:00:00Z', { size: 120 }),
  copy('snap-3', 'vol-2', '2026-01-02T02:00:00Z', { size: 8 }),
  copy('snap-4', 'vol-2', '2026-01-02T03:00:00Z', { size: 900, state: 'error' }),
];

describe('the cost at rest', () => {
  it('is of snapshots between one whole copy of each disk and all of them whole', () => {
    const [snapshots] = costAtRest({ copies: two, settings }).lines;
    expect(snapshots).to.deep.include({ what: '3 copies of 2 disks', least: 128, most: 228, unit: 'GiB' });
  });

  it('is little where nothing was ever copied, and never nothing', () => {
    const { least, most } = costAtRest({ copies: [], settings });
    expect(least).to.be.closeTo(3 * PRICES.key + PRICES.alarmMetric + PRICES.metric, 1e-9);
    expect(most).to.be.closeTo(9 * PRICES.key + PRICES.alarmMetric + PRICES.metric, 1e-9);
  });

  it('counts each metric that the alarm on a replicated bucket looks at', () => {
    const { lines } = costAtRest({ copies: [], settings: { ...settings, replicateBuckets: ['a', 'b'] } });
    const alarms = lines.find(({ what }) => what.includes('2 replicated buckets'));
    expect(alarms?.most).to.equal(2 * Object.keys(REPLICA_STORAGE).length);
  });

  it('is the sum of its lines, and only grows with another copy', () => {
    const some = fc.array(fc.constantFrom(...two));
    fc.assert(
      fc.property(some, fc.constantFrom(...two), (copies, another) => {
        const cost = costAtRest({ copies, settings });
        const sum = (bound: 'least' | 'most') =>
          cost.lines.reduce((total, line) => total + line[bound] * line.price, 0);
        expect(cost.least).to.equal(sum('least'));
        expect(cost.most).to.equal(sum('most'));
        expect(cost.least).to.be.at.most(cost.most);
        expect(costAtRest({ copies: [...copies, another], settings }).most).to.be.at.least(cost.most);
      }),
    );
  });

  it('says what it assumes, and that prices are of another region where they are', () => {
    const text = costText(costAtRest({ copies: two, settings }));
    expect(text).to.match(/3 copies of 2 disks +│ 128 to 228 GiB +│ 0.054 +│ 6.91 to 12.31/);
    expect(text).to.match(/DR costs 10.31 to 21.71 USD a month at rest/);
    for (const what of [
      'list prices of eu-central-1',
      'as of 2025',
      'https://aws.amazon.com/ebs/pricing/',
      'not counted',
    ])
      expect(text).to.contain(what);
    const elsewhere = costAtRest({ copies: two, settings: { ...settings, drRegion: 'us-west-2' } });
    expect(costText(elsewhere)).to.contain('of eu-central-1, and not of us-west-2');
  });
});
