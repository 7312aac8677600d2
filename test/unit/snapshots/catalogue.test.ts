import { DescribeSnapshotsCommand, type Snapshot } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { TAG } from '../../../names';
import { copiesInDr } from '../../../snapshots/catalogue';
import { sharedSnapshots, sharingReport } from '../../../snapshots/shared';
import { awsError, fakeAccount } from './fakes';

const tagList = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const lineage = (id: string) => ({
  [TAG.sourceSnapshot]: id,
  [TAG.sourceVolume]: 'vol-1',
  [TAG.sourceTime]: '2026-01-31T04:00:00.000Z',
});

function snapshot(id: string, tags: Record<string, string> = {}, changes: Partial<Snapshot> = {}): Snapshot {
  return {
    SnapshotId: id,
    VolumeId: 'vol-1',
    StartTime: new Date('2026-01-31T04:00:00Z'),
    VolumeSize: 8,
    State: 'completed',
    Encrypted: true,
    Tags: tagList(tags),
    ...changes,
  };
}

describe('copiesInDr', () => {
  const dr = fakeAccount('222222222222', 'eu-central-1');
  const ec2 = mockClient(dr.ec2);
  beforeEach(() => {
    ec2.reset();
    ec2.onAnyCommand().rejects(new Error('unplanned'));
  });

  it('reads every page, and lineage from our tags', async () => {
    const search = { OwnerIds: ['self'], Filters: [{ Name: 'tag-key', Values: [TAG.sourceSnapshot] }] };
    ec2
      .on(DescribeSnapshotsCommand, { ...search, MaxResults: 1000 })
      .resolves({ Snapshots: [snapshot('copy-1', lineage('snap-1'))], NextToken: 'more' })
      .on(DescribeSnapshotsCommand, { ...search, NextToken: 'more' })
      .resolves({
        Snapshots: [
          snapshot('copy-2', lineage('snap-2'), {
            State: 'error',
            StateMessage: 'Given key ID is not accessible',
            Progress: '40%',
          }),
          snapshot('copy-3', lineage('snap-3'), { State: 'pending', Progress: '' }),
        ],
      });
    const copies = await copiesInDr(dr);
    expect(
      copies.map(({ id, sourceSnapshotId, state, progress }) => [id, sourceSnapshotId, state, progress]),
    ).to.deep.equal([
      ['copy-1', 'snap-1', 'completed', 100],
      ['copy-2', 'snap-2', 'error', 40],
      ['copy-3', 'snap-3', 'pending', 0],
    ]);
    expect(copies[0]).to.deep.include({ sourceVolumeId: 'vol-1', size: 8, encrypted: true });
    expect(copies[0]?.sourceTime.toISOString()).to.equal('2026-01-31T04:00:00.000Z');
    expect(copies[1]?.stateMessage).to.equal('Given key ID is not accessible');
  });

  it('throws when a later page cannot be had', async () => {
    ec2
      .on(DescribeSnapshotsCommand)
      .resolvesOnce({ Snapshots: [snapshot('copy-1', lineage('snap-1'))], NextToken: 'more' })
      .rejects(awsError('RequestLimitExceeded', 503));
    const error = await copiesInDr(dr).then(
      () => undefined,
      (caught: Error) => caught,
    );
    expect(error?.name).to.equal('RequestLimitExceeded');
  });

  it('leaves out what is no copy or cannot be used, and says so', async () => {
    const { [TAG.sourceVolume]: _volume, ...noVolume } = lineage('snap-2');
    ec2.on(DescribeSnapshotsCommand).resolves({
      Snapshots: [
        snapshot('final-1', { ...lineage('snap-1'), [TAG.finalOf]: 'i-1' }),
        snapshot('copy-2', noVolume),
        snapshot('copy-3', { ...lineage('snap-3'), [TAG.sourceTime]: 'yesterday' }),
        snapshot('copy-4', lineage('snap-4'), { State: 'recoverable' }),
      ],
    });
    const warnings: string[] = [];
    expect(await copiesInDr(dr, { warn: (text) => warnings.push(text) })).to.deep.equal([]);
    expect(warnings).to.deep.equal([
      'copy-2 is not taken for a copy: it has no tag lifeboat:source-volume',
      'copy-3 is not taken for a copy: its tag lifeboat:source-time is yesterday',
      'copy-4 is not taken for a copy: it is in the state recoverable',
    ]);
  });

  it('asks for few copies in calls of 200 values', async () => {
    ec2.on(DescribeSnapshotsCommand).resolves({ Snapshots: [] });
    await copiesInDr(dr, { only: Array.from({ length: 401 }, (_, index) => `snap-${index}`) });
    const values = ec2
      .commandCalls(DescribeSnapshotsCommand)
      .map((call) => call.args[0].input.Filters?.[0]?.Values?.length);
    expect(values).to.deep.equal([200, 200, 1]);
  });
});

describe('sharedSnapshots', () => {
  const source = fakeAccount('111111111111', 'eu-west-1');
  const dr = fakeAccount('222222222222', 'eu-central-1');

  it('joins what DR sees with the tags that only the source sees', async () => {
    const must = { MUSTSNAP: 'True', Name: 'MASTER' };
    mockClient(dr.ec2)
      .on(DescribeSnapshotsCommand, { OwnerIds: ['111111111111'], RestorableByUserIds: ['self'] })
      .resolves({ Snapshots: ['snap-1', 'snap-untagged', 'snap-copy'].map((id) => snapshot(id)) });
    mockClient(source.ec2)
      .on(DescribeSnapshotsCommand, { Filters: [{ Name: 'tag:MUSTSNAP', Values: ['True'] }] })
      .resolves({
        Snapshots: [
          snapshot('snap-1', must),
          snapshot('snap-2', must, { StartTime: new Date('2026-01-31T05:00:00Z') }),
          snapshot('snap-new', must, { State: 'pending', StartTime: new Date('2026-01-31T06:00:00Z') }),
          snapshot('snap-old', must, { StorageTier: 'archive' }),
          snapshot('snap-copy', must, { VolumeId: 'vol-ffffffff' }),
          snapshot('snap-copy-2', must, { VolumeId: 'vol-ffffffff' }),
          snapshot('snap-error', must, { State: 'error', VolumeId: 'vol-2' }),
        ],
      });
    const shared = await sharedSnapshots(source, dr);
    const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
    expect(ids(shared.tagged)).to.deep.equal(['snap-1']);
    expect(ids(shared.notShared)).to.deep.equal(['snap-2']);
    expect(ids(shared.archived)).to.deep.equal(['snap-old']);
    expect(ids(shared.copies)).to.deep.equal(['snap-copy', 'snap-copy-2']);
    expect(ids(shared.failed)).to.deep.equal(['snap-error']);
    expect(shared.untagged).to.equal(1);

    const { problems, notes } = sharingReport(shared, source, dr.id);
    expect(problems).to.have.length(2);
    expect(problems[0]).to.contain(
      'snap-2 (MASTER) is the newest of vol-1 and is not shared with 222222222222',
    );
    expect(problems[0]).to.contain(
      'aws ec2 modify-snapshot-attribute --region eu-west-1 --snapshot-id snap-2',
    );
    expect(problems[1]).to.contain('snap-error (MASTER) is the newest of vol-2 and ended in error');
    expect(notes).to.have.length(2);
    expect(notes[0]).to.contain('archived').and.contain('snap-old');
    expect(notes[1]).to.contain('copies themselves').and.contain('snap-copy');
  });

  it('finds no problem in an older snapshot that is not shared or failed, but in nothing shared at all', () => {
    const old = {
      id: 'snap-0',
      volumeId: 'vol-1',
      startTime: new Date(0),
      size: 8,
      state: 'completed',
      encrypted: true,
      tags: {},
    };
    const tagged = [{ ...old, id: 'snap-1', startTime: new Date(1) }];
    const none = { notShared: [], failed: [], archived: [], copies: [], untagged: 0 };
    const report = (some: object) => sharingReport({ tagged, ...none, ...some }, source, dr.id);
    expect(report({ notShared: [old] })).to.deep.equal({ problems: [], notes: [] });
    expect(report({ failed: [{ ...old, state: 'error' }] })).to.deep.equal({
      problems: [],
      notes: ['1 older snapshots failed in the source: snap-0'],
    });
    expect(report({ tagged: [], untagged: 2 }).problems).to.deep.equal([
      '111111111111 shares no tagged snapshot in eu-west-1 with 222222222222 (2 without the tag MUSTSNAP: True are); ' +
        'check the snapshot policy that source/ makes, and, in the source: npx lifeboat tag-volumes',
    ]);
  });
});
