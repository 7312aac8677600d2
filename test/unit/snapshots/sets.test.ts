import { expect } from 'chai';
import fc from 'fast-check';
import type { Copy } from '../../../snapshots/catalogue';
import { recoveryPoints } from '../../../snapshots/select';
import { snapshotSets } from '../../../snapshots/sets';
import type { SharedSnapshot } from '../../../snapshots/shared';
import { copyOf, sharedSnapshot } from './fakes';

const START = Date.parse('2026-01-31T04:00:00Z');
const at = (minutes: number) => new Date(START + minutes * 60_000);
const copy = (volume: string, minutes: number, changes: Partial<Copy> = {}) =>
  copyOf(`snap-${volume}${minutes}`, { sourceVolumeId: volume, sourceTime: at(minutes), ...changes });
const shared = (volume: string, minutes: number, changes: Partial<SharedSnapshot> = {}) =>
  sharedSnapshot(`snap-${volume}${minutes}`, { volumeId: volume, startTime: at(minutes), ...changes });
const none = { tagged: [], notShared: [], failed: [] };
const shape = (sets: ReturnType<typeof snapshotSets>) =>
  sets.map(
    ({ state, disks }) => `${state}: ${disks.map((disk) => `${disk.volumeId} ${disk.state}`).join(', ')}`,
  );

describe('snapshotSets', () => {
  it('tells of each disk of each set how far it has come, newest first', () => {
    const sets = snapshotSets(
      ['a', 'b'],
      [
        copy('a', 0),
        copy('b', 1),
        copy('a', 60),
        copy('b', 60, { state: 'pending', progress: 40 }),
        copy('a', 120, { state: 'error', stateMessage: 'Given key ID is not accessible' }),
        copy('b', 120),
      ],
      {
        tagged: [shared('a', 60), shared('a', 180), shared('b', 180, { state: 'pending' }), shared('a', 300)],
        notShared: [shared('a', 240), shared('b', 240)],
        failed: [],
      },
    );
    expect(shape(sets)).to.deep.equal([
      'incomplete: a shared, b missing',
      'incomplete: a not-shared, b not-shared',
      'under-way: a shared, b unfinished',
      'incomplete: a failed, b copied',
      'under-way: a copied, b copying',
      'complete: a copied, b copied',
    ]);
    expect(sets[4]?.disks[1]?.progress).to.equal(40);
    expect(sets[3]?.disks[0]?.reason).to.equal('Given key ID is not accessible');
    expect(sets[5]?.point?.copies.get('b')?.sourceSnapshotId).to.equal('snap-b1');
    expect(sets[0]?.time).to.deep.equal(at(300));
  });

  it('knows the copies alone when the source does not answer', () => {
    expect(shape(snapshotSets(['a', 'b'], [copy('a', 0), copy('b', 0), copy('a', 60)]))).to.deep.equal([
      'incomplete: a copied, b missing',
      'complete: a copied, b copied',
    ]);
  });

  it('takes a snapshot that was copied again for copied, whatever became of the first copy', () => {
    const twice = [copy('a', 0, { id: 'copy-1', state: 'error' }), copy('a', 0, { id: 'copy-2' })];
    for (const copies of [twice, [...twice].reverse()])
      expect(shape(snapshotSets(['a'], copies, { ...none, tagged: [shared('a', 0)] }))).to.deep.equal([
        'complete: a copied',
      ]);
  });

  it('leaves out the disks of others, and has no set of no disks', () => {
    expect(snapshotSets(['a'], [copy('b', 0)], { ...none, tagged: [shared('c', 0)] })).to.deep.equal([]);
    expect(snapshotSets([], [copy('b', 0)], none)).to.deep.equal([]);
  });

  it('has exactly the recovery points as its complete sets, and each snapshot in one set', () => {
    const any = fc.array(
      fc.record({
        volume: fc.constantFrom('a', 'b', 'c'),
        minutes: fc.integer({ min: 0, max: 200 }),
        state: fc.constantFrom<Copy['state'] | 'shared'>(
          'completed',
          'completed',
          'pending',
          'error',
          'shared',
        ),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(any, (all) => {
        const known = new Map(all.map((each) => [`${each.volume}${each.minutes}`, each]));
        const copies: Copy[] = [];
        const tagged: SharedSnapshot[] = [];
        for (const { volume, minutes, state } of known.values()) {
          tagged.push(shared(volume, minutes));
          if (state !== 'shared') copies.push(copy(volume, minutes, { state }));
        }
        const volumes = ['a', 'b', 'c'];
        const sets = snapshotSets(volumes, copies, { ...none, tagged });
        const points = sets.flatMap(({ point }) => point?.id ?? []);
        expect(points).to.deep.equal(recoveryPoints(volumes, copies).map(({ id }) => id));
        const used = sets.flatMap(({ disks }) => disks.flatMap(({ snapshotId }) => snapshotId ?? []));
        expect([...used].sort()).to.deep.equal(tagged.map(({ id }) => id).sort());
        const times = sets.map(({ time }) => time.getTime());
        expect(times).to.deep.equal([...times].sort((x, y) => y - x));
      }),
    );
  });
});
