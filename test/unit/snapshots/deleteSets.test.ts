import { DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { LifeboatError } from '../../../errors';
import { copySets } from '../../../snapshots/copySets';
import { deleteSets, refuseWithoutRight } from '../../../snapshots/deleteSets';
import { awsError, fakeAccount } from './fakes';
import { copy, DAY, MACHINE } from './retainWorld';

const MINUTE = 60_000;

describe('deleteSets', () => {
  const { ec2 } = fakeAccount('222222222222', 'eu-central-1');
  // This client alone: other tests mock the class.
  const aws = mockClient(ec2);
  beforeEach(() => aws.reset());
  const calls = () => aws.commandCalls(DeleteSnapshotCommand).map(({ args }) => args[0].input.SnapshotId);
  const remove = (...sets: ReturnType<typeof copySets>) => deleteSets(ec2, sets, () => {});

  it('deletes last what was taken last, so that a set which is cut off stays in its slot', async () => {
    aws.on(DeleteSnapshotCommand).resolves({});
    const [b, a] = [copy('b', 30 * DAY), copy('a', 30 * DAY + 10 * MINUTE)];
    const sets = copySets(MACHINE.volumeIds, [b, a]);
    expect(await remove(...sets)).to.deep.equal({ deleted: [a.id, b.id], failed: [] });
    expect(calls()).to.deep.equal([a.id, b.id]);
    expect(copySets(MACHINE.volumeIds, [b])[0]?.time).to.deep.equal(sets[0]?.time);
  });

  it('leaves the rest of a set when its first cannot go, and goes on with the others', async () => {
    const [one, other] = [30, 40].map((days) => [copy('a', days * DAY), copy('b', days * DAY)]);
    const sets = copySets(MACHINE.volumeIds, [...(one ?? []), ...(other ?? [])]);
    aws.on(DeleteSnapshotCommand).resolves({});
    aws
      .on(DeleteSnapshotCommand, { SnapshotId: one?.[0]?.id })
      .rejects(awsError('InvalidSnapshot.InUse', 400));
    const { deleted, failed } = await remove(...sets);
    expect(deleted).to.have.members(other?.map(({ id }) => id) ?? []);
    expect(failed).to.deep.equal([{ copy: one?.[0]?.id, reason: 'InvalidSnapshot.InUse said AWS' }]);
  });

  it('takes for done what is not there any more', async () => {
    aws.on(DeleteSnapshotCommand).rejects(awsError('InvalidSnapshot.NotFound', 400));
    const [first] = copySets(['a'], [copy('a', 30 * DAY)]);
    expect((await remove(...(first ? [first] : []))).deleted).to.have.length(1);
  });

  it('refuses who may not, and nobody else', async () => {
    for (const code of ['DryRunOperation', 'InvalidSnapshot.NotFound']) {
      aws.on(DeleteSnapshotCommand).rejects(awsError(code, 412));
      await refuseWithoutRight(ec2, 'snap-1', 'again');
    }
    aws.on(DeleteSnapshotCommand).rejects(awsError('UnauthorizedOperation', 403));
    const refused = await refuseWithoutRight(ec2, 'snap-1', 'again').catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(LifeboatError);
    for (const { args } of aws.commandCalls(DeleteSnapshotCommand))
      expect(args[0].input.DryRun).to.equal(true);
  });
});
