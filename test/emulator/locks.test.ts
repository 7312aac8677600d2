import {
  CopySnapshotCommand,
  DeleteSnapshotCommand,
  DescribeLockedSnapshotsCommand,
  LockSnapshotCommand,
  type LockSnapshotCommandInput,
  UnlockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newSnapshot, refusal, useEmulator } from './support';

const DAY = 86_400;

describe('emulator: snapshot lock', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let id: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    id = await newSnapshot(mine);
  });

  const lock = (input: Omit<LockSnapshotCommandInput, 'SnapshotId'>) =>
    mine.ec2.send(new LockSnapshotCommand({ SnapshotId: id, ...input }));
  const remove = () => refusal(mine.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id })));
  const unlock = () => refusal(mine.ec2.send(new UnlockSnapshotCommand({ SnapshotId: id })));
  const seen = async () =>
    (await mine.ec2.send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0];
  const state = async () => (await seen())?.LockState;

  it('governance: it cannot be deleted until it is unlocked', async () => {
    expect((await lock({ LockMode: 'governance', LockDuration: 7 })).LockState).to.equal('governance');
    expect(await remove()).to.equal('SnapshotLocked');
    expect(await unlock()).to.equal('none');
    expect(await remove()).to.equal('none');
  });

  it('governance: or until it expires', async () => {
    await lock({ LockMode: 'governance', LockDuration: 1 });
    await emulator().advance(DAY + 1);
    expect(await state()).to.equal('expired');
    expect(await remove()).to.equal('none');
  });

  it('compliance: can be lifted in its cooling-off, up to 72 hours, and not after; then only lengthened', async () => {
    await lock({ LockMode: 'compliance', LockDuration: 30, CoolOffPeriod: 72 });
    expect(await state()).to.equal('compliance-cooloff');
    expect(await unlock()).to.equal('none');
    await lock({ LockMode: 'compliance', LockDuration: 30, CoolOffPeriod: 1 });
    await emulator().advance(3601);
    expect(await state()).to.equal('compliance');
    expect(await unlock()).to.equal('OperationNotPermitted');
    expect(await refusal(lock({ LockMode: 'governance', LockDuration: 40 }))).to.equal(
      'OperationNotPermitted',
    );
    expect(await refusal(lock({ LockMode: 'compliance', LockDuration: 10 }))).to.equal(
      'OperationNotPermitted',
    );
    expect(await refusal(lock({ LockMode: 'compliance', LockDuration: 60 }))).to.equal('none');
    expect(await remove()).to.equal('SnapshotLocked');
  });

  it('1 to 36,500 days, or an end, never both', async () => {
    expect(await refusal(lock({ LockMode: 'governance', LockDuration: 0 }))).to.equal(
      'InvalidParameterValue',
    );
    expect(await refusal(lock({ LockMode: 'governance', LockDuration: 36_501 }))).to.equal(
      'InvalidParameterValue',
    );
    expect(await refusal(lock({ LockMode: 'governance' }))).to.equal('InvalidParameterCombination');
    const both = {
      LockMode: 'governance' as const,
      LockDuration: 3,
      ExpirationDate: new Date(Date.now() + 9 * DAY * 1000),
    };
    expect(await refusal(lock(both))).to.equal('InvalidParameterCombination');
    const cooling = { LockMode: 'governance' as const, LockDuration: 3, CoolOffPeriod: 5 };
    expect(await refusal(lock(cooling))).to.equal('InvalidParameterCombination');
  });

  it('works on a pending snapshot, and counts from its completion', async () => {
    await emulator().config({ copyMiBps: 8 });
    const made = await mine.ec2.send(new CopySnapshotCommand({ SourceSnapshotId: id, SourceRegion: HERE }));
    id = must(made.SnapshotId);
    const locked = await lock({ LockMode: 'governance', LockDuration: 1 });
    // Until then AWS does not say when it ends.
    expect([locked.LockDurationStartTime, locked.LockExpiresOn]).to.deep.equal([undefined, undefined]);
    expect(await remove()).to.equal('SnapshotLocked');
    await emulator().advance(1024);
    const done = await seen();
    const wait = (must(done?.LockDurationStartTime).getTime() - must(locked.LockCreatedOn).getTime()) / 1000;
    expect(wait).to.be.within(1000, 1024);
    expect(must(done?.LockExpiresOn).getTime()).to.equal(
      must(done?.LockDurationStartTime).getTime() + DAY * 1000,
    );
    await emulator().config({ copyMiBps: 1024 });
  });

  it('is canceled when the creation of its snapshot fails, and no failed one can be locked', async () => {
    await emulator().config({ copyMiBps: 8 });
    await emulator().rules({ action: 'CopySnapshot', copyErrorAt: 40, times: 1 });
    const made = await mine.ec2.send(new CopySnapshotCommand({ SourceSnapshotId: id, SourceRegion: HERE }));
    id = must(made.SnapshotId);
    await lock({ LockMode: 'compliance', LockDuration: 1 });
    await emulator().advance(1024);
    await emulator().config({ copyMiBps: 1024 });
    expect(await seen()).to.equal(undefined);
    expect(await refusal(lock({ LockMode: 'governance', LockDuration: 1 }))).to.equal('IncorrectState');
    expect(await remove()).to.equal('none');
  });

  it('is listed page by page', async () => {
    for (let count = 0; count < 7; count += 1) {
      id = await newSnapshot(mine);
      await lock({ LockMode: 'governance', LockDuration: 1 });
    }
    const first = await mine.ec2.send(new DescribeLockedSnapshotsCommand({ MaxResults: 5 }));
    expect(first.Snapshots).to.have.length(5);
    const rest = new DescribeLockedSnapshotsCommand({ MaxResults: 5, NextToken: must(first.NextToken) });
    expect((await mine.ec2.send(rest)).Snapshots).to.have.length(2);
  });
});
