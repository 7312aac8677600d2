import { DescribeSnapshotsCommand, type Snapshot } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { TAG } from '../../../names';
import { withOrigins } from '../../../snapshots/origins';
import { unfinishedSet } from '../../../snapshots/wayHomeSnapshots';
import { fakeAccount } from './fakes';

const DR = { id: '222222222222', region: 'eu-central-1' };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 31, 4, minute));
const tagged = [{ Key: TAG.wayHomeOf, Value: 'i-1' }];
const describedAs = (snapshot: string, volume = 'vol-1', account = DR.id) =>
  `Lifeboat: ${snapshot} of ${volume} in ${account}, ${DR.region}`;
const taken = (
  SnapshotId: string,
  VolumeId: string,
  minute: number,
  more: Partial<Snapshot> = {},
): Snapshot => ({
  SnapshotId,
  VolumeId,
  VolumeSize: 8,
  StartTime: at(minute),
  State: 'completed',
  Tags: tagged,
  ...more,
});
const copy = (SnapshotId: string, of: string, more: Partial<Snapshot> = {}): Snapshot =>
  taken(SnapshotId, 'vol-ffffffff', 50, { Description: describedAs(of), ...more });

describe('withOrigins', () => {
  const told = async (snapshot: Snapshot, ...origins: Snapshot[]) => {
    const account = fakeAccount(DR.id, DR.region);
    mockClient(account.ec2).on(DescribeSnapshotsCommand).resolves({ Snapshots: origins });
    const [found] = await withOrigins(account, [snapshot]);
    return [found?.SnapshotId, found?.VolumeId, found?.StartTime];
  };

  it('gives a copy the volume and time of what it is of, by its description and what AWS says of that', async () => {
    expect(await told(copy('snap-2', 'snap-1'), taken('snap-1', 'vol-1', 10))).to.deep.equal([
      'snap-2',
      'vol-1',
      at(10),
    ]);
  });

  for (const [what, snapshot, origin] of [
    ['whose snapshot is gone', copy('snap-2', 'snap-1'), undefined],
    ['of another volume than it says', copy('snap-2', 'snap-1'), taken('snap-1', 'vol-9', 10)],
    ['of another size', copy('snap-2', 'snap-1', { VolumeSize: 9 }), taken('snap-1', 'vol-1', 10)],
    [
      'of what was not taken for the way home',
      copy('snap-2', 'snap-1'),
      taken('snap-1', 'vol-1', 10, { Tags: [] }),
    ],
    [
      'of another account',
      copy('snap-2', 'snap-1', { Description: describedAs('snap-1', 'vol-1', '111111111111') }),
      taken('snap-1', 'vol-1', 10),
    ],
    ['that says nothing', copy('snap-2', 'snap-1', { Description: 'mine' }), taken('snap-1', 'vol-1', 10)],
  ] as const)
    it(`does not believe a copy ${what}`, async () => {
      const found = await told(snapshot, ...(origin ? [origin] : []));
      expect(found).to.deep.equal(['snap-2', 'vol-ffffffff', at(50)]);
    });
});

describe('unfinishedSet', () => {
  const running = { id: 'i-1', state: 'running' };
  const both = [taken('snap-1', 'vol-1', 10), taken('snap-2', 'vol-2', 10)];
  const disks = ['vol-1', 'vol-2'];
  const ids = (set: Map<string, string> | undefined) => set && [...set.values()];

  it('is the newest set of which a disk has no copy', () => {
    expect(ids(unfinishedSet(running, disks, both))).to.deep.equal(['snap-1', 'snap-2']);
    const one = [...both, copy('snap-3', 'snap-1')];
    expect(ids(unfinishedSet(running, disks, one))).to.deep.equal(['snap-1', 'snap-2']);
    const failed = [...one, copy('snap-4', 'snap-2', { State: 'error' })];
    expect(ids(unfinishedSet(running, disks, failed))).to.deep.equal(['snap-1', 'snap-2']);
  });

  it('is none when all is copied, a disk is missing, or it was not taken together', () => {
    const whole = [...both, copy('snap-3', 'snap-1'), copy('snap-4', 'snap-2')];
    expect(unfinishedSet(running, disks, whole)).to.equal(undefined);
    expect(unfinishedSet(running, disks, both.slice(1))).to.equal(undefined);
    const apart = [taken('snap-1', 'vol-1', 10), taken('snap-2', 'vol-2', 40)];
    expect(unfinishedSet(running, disks, apart)).to.equal(undefined);
  });

  it('of a machine that was stopped is one taken since, whole or not, for nothing was written after', () => {
    const stopped = (minute: number) => ({ id: 'i-1', state: 'stopped', stoppedAt: at(minute) });
    expect(unfinishedSet(stopped(20), disks, both)).to.equal(undefined);
    const whole = [...both, copy('snap-3', 'snap-1'), copy('snap-4', 'snap-2')];
    expect(ids(unfinishedSet(stopped(5), disks, whole))).to.deep.equal(['snap-1', 'snap-2']);
  });
});
