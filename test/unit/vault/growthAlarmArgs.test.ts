import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { growthAlarmArgs, REPLICA_STORAGE } from '../../../vault/growthAlarmArgs';

const GIB = 2 ** 30;
/** Bytes of one class of storage, a day after the other; a day that S3 says nothing of has none. */
type Days = readonly (number | undefined)[];

/** The three functions of metric math that the alarm uses, as CloudWatch documents them. */
const MATH = {
  FILL: (days: Days, value: number) => days.map((day) => day ?? value),
  SUM: (all: Days[]) => (all[0] ?? []).map((_, at) => all.reduce((sum, days) => sum + (days[at] ?? 0), 0)),
  DIFF: (days: Days) =>
    days.map((day, at) => {
      const before = at === 0 ? undefined : days[at - 1];
      return day === undefined || before === undefined ? undefined : day - before;
    }),
};

/** Whether the alarm of 100 GiB a day is raised, four days looked back on, by what each class of storage held. */
function rings(held: Partial<Record<keyof typeof REPLICA_STORAGE, Days>>): boolean {
  const { metricQueries, threshold, evaluationPeriods } = growthAlarmArgs('shop-dr', 100);
  const nothing: Days = Array.from({ length: evaluationPeriods });
  const series = Object.fromEntries(Object.keys(REPLICA_STORAGE).map((id) => [id, nothing]));
  const [growth] = metricQueries;
  const watched: Days = runInNewContext(growth.expression, { ...MATH, ...series, ...held });
  return watched.filter((day) => day !== undefined && day > threshold).length >= 1;
}

describe('growthAlarmArgs', () => {
  it('watches every class that a rule of replication may name, and no more metrics than AWS allows', () => {
    const { metricQueries } = growthAlarmArgs('shop-dr', 100);
    const metrics = metricQueries.flatMap((query) => ('metric' in query ? [query.metric] : []));
    expect(metrics).to.have.length.at.most(10);
    // The classes that PutBucketReplication takes, but those of Outposts, Snow and directory buckets, by the names of their metrics.
    expect(metrics.map(({ dimensions }) => dimensions.StorageType).sort()).to.deep.equal(
      [
        'DeepArchiveStorage',
        'GlacierInstantRetrievalStorage',
        'GlacierStorage',
        'IntelligentTieringFAStorage',
        'OneZoneIAStorage',
        'ReducedRedundancyStorage',
        'StandardIAStorage',
        'StandardStorage',
      ].sort(),
    );
    for (const { namespace, metricName, period, stat, dimensions } of metrics)
      expect({ namespace, metricName, period, stat, of: dimensions.BucketName }).to.deep.equal({
        namespace: 'AWS/S3',
        metricName: 'BucketSizeBytes',
        period: 86_400,
        stat: 'Average',
        of: 'shop-dr',
      });
    expect(metricQueries.filter(({ returnData }) => returnData).map(({ id }) => id)).to.deep.equal([
      'growth',
    ]);
  });

  it('looks back no further than CloudWatch does', () => {
    const { evaluationPeriods, metricQueries } = growthAlarmArgs('shop-dr', 100);
    for (const query of metricQueries)
      if ('metric' in query) expect(query.metric.period * evaluationPeriods).to.be.at.most(604_800);
  });

  it('says the bucket, the ceiling and where to read on', () => {
    const { name, alarmDescription, threshold } = growthAlarmArgs('shop-dr', 250);
    expect({ name, threshold }).to.deep.equal({ name: 'lifeboat-growth-shop-dr', threshold: 250 * GIB });
    expect(alarmDescription).to.contain('shop-dr').and.contain('250 GiB').and.contain("'The alarm rang'");
  });

  const full = 5_000 * GIB;
  it('is silent while a bucket grows by less, however large it is', () => {
    expect(rings({ standard: [full, full + 99 * GIB, full + 199 * GIB, full + 299 * GIB] })).to.equal(false);
  });

  for (const id of Object.keys(REPLICA_STORAGE) as (keyof typeof REPLICA_STORAGE)[]) {
    it(`rings when too much arrives as ${id}, where that class was empty`, () => {
      const standard = [full, full, full, full];
      const days = [undefined, undefined, 101 * GIB, 101 * GIB];
      expect(rings(id === 'standard' ? { standard: days } : { standard, [id]: days })).to.equal(true);
    });
  }

  it('adds the classes up', () => {
    const some = [undefined, undefined, 60 * GIB, 60 * GIB];
    expect(rings({ deep: some })).to.equal(false);
    expect(rings({ deep: some, glacier: some })).to.equal(true);
  });

  it('is silent where objects only move to another class', () => {
    expect(rings({ standard: [full, full, 0, 0], glacier: [0, 0, full, full] })).to.equal(false);
  });

  it('waits for a day that S3 says late, and rings then', () => {
    expect(rings({ standard: [full, full, undefined, undefined] })).to.equal(false);
    expect(rings({ standard: [full, full + 101 * GIB, undefined, undefined] })).to.equal(true);
  });
});
