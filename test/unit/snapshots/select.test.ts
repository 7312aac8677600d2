import { expect } from 'chai';
import fc from 'fast-check';
import type { Copy } from '../../../snapshots/catalogue';
import { missingFor, recoveryPoints, recoveryPointsInTime, SET_WINDOW } from '../../../snapshots/select';

const MINUTE = 60_000;
const START = Date.parse('2026-01-31T04:00:00Z');

function copy(volume: string, minutes: number, changes: Partial<Copy> = {}): Copy {
  const id = `${volume}@${minutes}`;
  return {
    id: `copy-${id}`,
    sourceSnapshotId: `snap-${id}`,
    sourceVolumeId: volume,
    sourceTime: new Date(START + minutes * MINUTE),
    size: 8,
    state: 'completed',
    progress: 100,
    encrypted: true,
    tags: {},
    ...changes,
  };
}

const members = (points: ReturnType<typeof recoveryPoints>) =>
  points.map((point) => [...point.copies.values()].map(({ id }) => id).sort());

/** Copies of three volumes at any minute of three hours, some unfinished. */
const anyCopies = fc
  .array(
    fc.record({
      volume: fc.constantFrom('a', 'b', 'c'),
      minutes: fc.integer({ min: 0, max: 180 }),
      state: fc.constantFrom<Copy['state']>('completed', 'completed', 'completed', 'pending', 'error'),
    }),
    { maxLength: 40 },
  )
  .map((all) =>
    all.map(({ volume, minutes, state }, index) =>
      copy(volume, minutes, {
        state,
        id: `copy-${index}`,
        sourceSnapshotId: `snap-${index}`,
      }),
    ),
  );

describe('recoveryPoints', () => {
  it('finds the sets of an instance policy, newest first', () => {
    const copies = [copy('a', 0), copy('b', 0), copy('a', 60), copy('b', 60)];
    const points = recoveryPoints(['a', 'b'], copies);
    expect(members(points)).to.deep.equal([
      ['copy-a@60', 'copy-b@60'],
      ['copy-a@0', 'copy-b@0'],
    ]);
    expect(points[0]?.time.toISOString()).to.equal('2026-01-31T05:00:00.000Z');
    expect(points[0]?.id).to.match(/^20260131T050000Z-[0-9a-f]{8}$/);
  });

  it('finds the sets of a volume policy, whose disks are taken minutes apart', () => {
    const copies = [copy('a', 0), copy('b', 14), copy('a', 61), copy('b', 62)];
    expect(members(recoveryPoints(['a', 'b'], copies))).to.deep.equal([
      ['copy-a@61', 'copy-b@62'],
      ['copy-a@0', 'copy-b@14'],
    ]);
  });

  it('passes over a set of which one copy is missing, pending or failed', () => {
    const older = [copy('a', 0), copy('b', 0)];
    for (const rest of [[], [copy('b', 60, { state: 'pending' })], [copy('b', 60, { state: 'error' })]])
      expect(members(recoveryPoints(['a', 'b'], [...older, copy('a', 60), ...rest]))).to.deep.equal([
        ['copy-a@0', 'copy-b@0'],
      ]);
  });

  it('does not break a crash-consistent set for a later snapshot of one of its disks', () => {
    const copies = [copy('a', 0), copy('b', 0), copy('a', 10)];
    expect(members(recoveryPoints(['a', 'b'], copies))).to.deep.equal([['copy-a@0', 'copy-b@0']]);
  });

  it('gives the same bytes the same id, also when they were copied anew', () => {
    const [first] = recoveryPoints(['a', 'b'], [copy('a', 0), copy('b', 0)]);
    const [again] = recoveryPoints(
      ['b', 'a'],
      [copy('b', 0, { id: 'copy-x' }), copy('a', 0, { id: 'copy-y' })],
    );
    expect(again?.id).to.equal(first?.id);
  });

  it('takes one of two copies of one snapshot, always the same', () => {
    const twice = [copy('a', 0, { id: 'copy-2' }), copy('a', 0, { id: 'copy-1' })];
    expect(members(recoveryPoints(['a'], twice))).to.deep.equal([['copy-1']]);
    expect(members(recoveryPoints(['a'], twice.reverse()))).to.deep.equal([['copy-1']]);
  });

  it('takes the one that was begun first, whatever its id: a second may have been planted', () => {
    const real = copy('a', 0, { id: 'copy-9', begun: new Date(START) });
    const planted = copy('a', 0, { id: 'copy-0', begun: new Date(START + MINUTE) });
    expect(members(recoveryPoints(['a'], [planted, real]))).to.deep.equal([['copy-9']]);
    const untold = copy('a', 0, { id: 'copy-1' });
    expect(members(recoveryPoints(['a'], [untold, real]))).to.deep.equal([['copy-9']]);
  });

  it('has no point for no disks', () => {
    expect(recoveryPoints([], [copy('a', 0)])).to.deep.equal([]);
  });

  it('makes whole sets only, each copy in one at most, newest first, whatever the order of the copies', () => {
    fc.assert(
      fc.property(anyCopies, fc.constantFrom(['a'], ['a', 'b'], ['a', 'b', 'c']), (copies, volumes) => {
        const points = recoveryPoints(volumes, copies);
        const used = points.flatMap((point) => [...point.copies.values()]);
        expect(new Set(used.map(({ id }) => id)).size).to.equal(used.length);
        for (const point of points) {
          expect([...point.copies.keys()].sort()).to.deep.equal(volumes);
          const times = [...point.copies.values()].map(({ sourceTime }) => sourceTime.getTime());
          expect(Math.max(...times) - Math.min(...times)).to.be.at.most(SET_WINDOW);
          expect(point.time.getTime()).to.equal(Math.max(...times));
          for (const [volume, member] of point.copies) {
            expect(member.sourceVolumeId).to.equal(volume);
            expect(member.state).to.equal('completed');
          }
        }
        const times = points.map((point) => point.time.getTime());
        expect(times).to.deep.equal([...times].sort((a, b) => b - a));
        const reversed = recoveryPoints(volumes, [...copies].reverse());
        expect(reversed.map(({ id }) => id)).to.deep.equal(points.map(({ id }) => id));
      }),
    );
  });

  it('finds a point wherever there is a set, and one not much older than the newest set', () => {
    fc.assert(
      fc.property(anyCopies, (copies) => {
        const volumes = ['a', 'b', 'c'];
        const whole = copies.filter(({ state }) => state === 'completed');
        // A set ends with some copy, and has one of each volume in the window before it.
        const ends = whole
          .map(({ sourceTime }) => sourceTime.getTime())
          .filter((end) =>
            volumes.every((volume) =>
              whole.some(({ sourceVolumeId, sourceTime }) => {
                const before = end - sourceTime.getTime();
                return sourceVolumeId === volume && before >= 0 && before <= SET_WINDOW;
              }),
            ),
          );
        const [newest] = recoveryPoints(volumes, copies);
        if (ends.length === 0) expect(newest).to.equal(undefined);
        else expect(newest?.time.getTime()).to.be.at.least(Math.max(...ends) - SET_WINDOW);
      }),
    );
  });

  it('keeps the points there are when later sets arrive an hour on', () => {
    fc.assert(
      fc.property(anyCopies, (copies) => {
        const before = recoveryPoints(['a', 'b'], copies).map(({ id }) => id);
        const later = [copy('a', 300), copy('b', 304), copy('a', 360)];
        const after = recoveryPoints(['a', 'b'], [...copies, ...later]).map(({ id }) => id);
        expect(after.slice(1)).to.deep.equal(before);
      }),
    );
  });

  it('is quick with years of copies', () => {
    const copies = Array.from({ length: 4_000 }, (_, hour) => [
      copy('a', hour * 60),
      copy('b', hour * 60),
    ]).flat();
    const began = performance.now();
    expect(recoveryPoints(['a', 'b'], copies)).to.have.length(4_000);
    expect(performance.now() - began).to.be.below(5_000);
  });
});

describe('recoveryPointsInTime', () => {
  const at = (minutes: number) => new Date(START + minutes * MINUTE);
  const sets = [0, 60].flatMap((minutes) => [copy('a', minutes), copy('b', minutes)]);
  const found = (copies: Copy[], since: [string, Date][], volumes = ['a', 'b', 'c']) =>
    members(recoveryPointsInTime(volumes, copies, new Map(since)));
  const before = [
    ['copy-a@60', 'copy-b@60'],
    ['copy-a@0', 'copy-b@0'],
  ];

  it('has those from before a disk was attached, without it', () => {
    expect(found(sets, [['c', at(90)]])).to.deep.equal(before);
    expect(found(sets, [['c', at(30)]])).to.deep.equal([['copy-a@0', 'copy-b@0']]);
    const late = [...sets, copy('a', 120), copy('b', 120), copy('c', 120, { state: 'pending' })];
    expect(found(late, [['c', at(90)]])).to.deep.equal(before);
  });

  it('has the whole ones first', () => {
    const whole = [...sets, copy('a', 120), copy('b', 120), copy('c', 120)];
    expect(found(whole, [['c', at(90)]])).to.deep.equal([
      ['copy-a@120', 'copy-b@120', 'copy-c@120'],
      ...before,
    ]);
  });

  it('has none without a disk that was copied before it was attached, or of which nobody knows when that was', () => {
    expect(found([...sets, copy('c', 0)], [['c', at(90)]])).to.deep.equal([
      ['copy-a@0', 'copy-b@0', 'copy-c@0'],
    ]);
    expect(found(sets, [])).to.deep.equal([]);
    expect(found(sets, [['c', at(-1)]])).to.deep.equal([]);
  });

  it('goes back disk by disk', () => {
    const since: [string, Date][] = [
      ['b', at(30)],
      ['c', at(90)],
    ];
    const copies = [copy('a', 0), copy('a', 60), copy('b', 60)];
    expect(found(copies, since)).to.deep.equal([['copy-a@60', 'copy-b@60'], ['copy-a@0']]);
  });

  it('is recoveryPoints where all disks were attached always', () => {
    fc.assert(
      fc.property(anyCopies, (copies) => {
        const volumes = ['a', 'b', 'c'];
        const always = new Map(volumes.map((id) => [id, undefined]));
        expect(recoveryPointsInTime(volumes, copies, always)).to.deep.equal(recoveryPoints(volumes, copies));
      }),
    );
  });
});

describe('missingFor', () => {
  it('says what each disk lacks', () => {
    const copies = [
      copy('a', 0),
      copy('b', 0, { state: 'pending', progress: 40 }),
      copy('c', 0, { state: 'error', stateMessage: 'Given key ID is not accessible' }),
    ];
    expect(missingFor(['a', 'b', 'c', 'd'], copies)).to.equal(
      'b: its copy is 40 % done; c: its copy failed, Given key ID is not accessible; d: no copy',
    );
  });

  it('says that copies were not taken together', () => {
    expect(missingFor(['a', 'b'], [copy('a', 0), copy('b', 30)])).to.equal(
      'no copies taken within 15 minutes of each other; the newest are a 2026-01-31T04:00:00.000Z, b 2026-01-31T04:30:00.000Z',
    );
    expect(missingFor([], [])).to.equal('it has no disks that are to be copied');
  });
});
