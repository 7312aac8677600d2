import { expect } from 'chai';
import { Budget } from '../../../buckets/bucketTotals';
import { partRanges } from '../../../buckets/copyObject';
import { KeyQueue, keyPlan } from '../../../buckets/keyPlan';
import { knownOf, type Pair, type Planned } from '../../../buckets/lineage';
import { mergeKeys } from '../../../buckets/mergeKeys';
import { compareKeys, copySource, decodeKey, type KeyVersions } from '../../../buckets/objectVersion';

const T = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** Versions of the key `k`, oldest first: id, size and second. */
function key(...versions: [id: string, size: number, second: number][]): KeyVersions {
  return {
    key: 'k',
    isHidden: false,
    versions: versions
      .map(([versionId, size, second]) => ({
        ...{ key: 'k', versionId, size, lastModified: T(second) },
        ...{ etag: `"${versionId}"`, storageClass: 'STANDARD' },
      }))
      .reverse(),
  };
}
const pair = (source: string, dr: string): Pair => ({ ...planned(source, 1), dr });
function planned(source: string, size: number, second = 10): Planned {
  return { key: 'k', source, size, time: T(0).toISOString(), at: T(second) };
}
const known = (source: KeyVersions, dr: KeyVersions, pairs: Pair[], open: Planned[] = []) =>
  knownOf(source, dr, { pairs, planned: open });

describe('lineage of objects', () => {
  const source = key(['s1', 1, 1], ['s2', 1, 2]);

  it('goes by what was written down, and by the version ids of replicas', () => {
    const { copies } = known(source, key(['d1', 1, 9], ['s2', 1, 2]), [pair('s1', 'd1')]);
    expect([...copies]).to.deep.equal([
      ['s1', { dr: 'd1', isThere: true }],
      ['s2', { dr: 's2', isThere: true }],
    ]);
  });

  it('finds what an interrupted round had made', () => {
    const { attributed } = known(source, key(['d1', 1, 11]), [], [planned('s1', 1)]);
    expect(attributed.map(({ source: of, dr }) => [of, dr])).to.deep.equal([['s1', 'd1']]);
  });

  for (const [what, dr, open] of [
    ['of another size', key(['d1', 2, 11]), [planned('s1', 1)]],
    ['that was there before', key(['d1', 1, 9]), [planned('s1', 1)]],
    ['where two rounds disagree', key(['d1', 1, 11]), [planned('s1', 1), planned('s2', 1)]],
    ['that nobody planned', key(['d1', 1, 11]), []],
  ] as const)
    it(`takes no version for a copy ${what}`, () => {
      const found = known(source, dr, [], [...open]);
      expect(found.attributed).to.deep.equal([]);
      expect(keyPlan(source, dr, found).missing).to.have.length(2);
    });

  it('plans the oldest missing version first', () => {
    const dr = key(['d1', 1, 9]);
    const plan = keyPlan(
      key(['s1', 1, 1], ['s2', 1, 2], ['s3', 1, 3]),
      dr,
      known(source, dr, [pair('s1', 'd1')]),
    );
    expect(plan.missing.map(({ versionId }) => versionId)).to.deep.equal(['s2', 's3']);
  });

  it('makes again what DR has lost only of the newest', () => {
    const dr = key(['other', 1, 9]);
    const plan = keyPlan(source, dr, known(source, dr, [pair('s1', 'lost-1'), pair('s2', 'lost-2')]));
    expect(plan.missing.map(({ versionId }) => versionId)).to.deep.equal(['s2']);
  });

  it('puts the newest on top again after an older one, and after a run that ended between the two', () => {
    const dr = key(['d2', 1, 9]);
    const queue = new KeyQueue(keyPlan(source, dr, known(source, dr, [pair('s2', 'd2')])));
    const order: string[] = [];
    for (let next = queue.next(); next; next = queue.next()) {
      order.push(next.versionId);
      queue.ended(next, 'copied');
    }
    expect(order).to.deep.equal(['s1', 's2']);
    const late = key(['d2', 1, 9], ['d1', 1, 10]);
    const ended = keyPlan(source, late, known(source, late, [pair('s1', 'd1'), pair('s2', 'd2')]));
    expect(ended.isOutOfOrder).to.equal(true);
    expect(new KeyQueue(ended).next()?.versionId).to.equal('s2');
  });

  it('leaves on top what a recovery put there, and what the source has lost', () => {
    const dr = key(['d1', 1, 8], ['d2', 1, 9], ['by-hand', 1, 10]);
    const plan = keyPlan(source, dr, known(source, dr, [pair('s1', 'd1'), pair('s2', 'd2')]));
    expect(plan).to.deep.include({ missing: [], isOutOfOrder: false });
  });

  it('makes nothing on top when the newest fails, nor when all fails', () => {
    const dr = key(['d2', 1, 9]);
    const queue = new KeyQueue(keyPlan(source, dr, known(source, dr, [pair('s2', 'd2')])));
    const first = queue.next();
    if (first) queue.ended(first, 'failed');
    expect(queue.next()).to.equal(undefined);
  });
});

describe('names of objects', () => {
  it('are in the order of their bytes, written so that nothing in them is taken for something else, and read back', () => {
    expect(compareKeys('\u{FFFD}', '\u{1F600}')).to.be.below(0);
    const version = {
      ...(key(['v?1', 1, 1]).versions[0] as KeyVersions['versions'][0]),
      key: "a+b c/%2F?x=1&'(é)/../",
    };
    expect(copySource('shop', version)).to.equal(
      'shop/a%2Bb%20c/%252F%3Fx%3D1%26%27%28%C3%A9%29/../?versionId=v%3F1',
    );
    expect(decodeKey('a+%2B%01')).to.equal('a +\u0001');
  });

  it('are merged in order, and a stream that is not is refused', async () => {
    async function* stream(...keys: string[]) {
      for (const one of keys) yield { key: one };
    }
    const merged: string[] = [];
    for await (const { key: one, items } of mergeKeys([stream('a', 'c'), stream('b', 'c')]))
      merged.push(`${one}${items.filter(Boolean).length}`);
    expect(merged).to.deep.equal(['a1', 'b1', 'c2']);
    const wrong = (async () => {
      for await (const _ of mergeKeys([stream('b', 'a')]));
    })();
    expect(await wrong.catch((error: Error) => error.message)).to.contain('not in order');
  });
});

describe('amounts', () => {
  it('cut an object into parts without a gap, 10,000 at most', () => {
    for (const size of [5 * 1024 ** 3 + 1, 6 * 1024 ** 3, 48 * 1024 ** 4]) {
      const ranges = partRanges(size);
      expect(ranges.length).to.be.at.most(10_000);
      expect(ranges[0]?.first).to.equal(0);
      expect(ranges.at(-1)?.last).to.equal(size - 1);
      ranges.slice(1).forEach(({ first }, index) => {
        expect(first).to.equal((ranges[index]?.last ?? 0) + 1);
      });
    }
  });

  it('reserve the ceiling for keys that DR has', () => {
    const missing = key(['s1', 1, 1]).versions;
    const plan = { missing, isOutOfOrder: false, already: 0 };
    const none = {
      lineage: { pairs: [], planned: [] },
      known: { copies: new Map(), sourceOf: new Map(), attributed: [] },
    };
    const budget = new Budget({ gib: 1, objects: 2 }, { objects: 1, bytes: 1 });
    expect(budget.take({ key: 'new-1', plan, ...none })).to.equal(true);
    expect(budget.take({ key: 'new-2', plan, ...none })).to.equal(false);
    expect(budget.take({ key: 'old', plan, dr: key(['d1', 1, 1]), ...none })).to.equal(true);
  });
});
