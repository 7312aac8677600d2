import { once } from 'node:events';
import {
  DeleteSnapshotCommand,
  DescribeLockedSnapshotsCommand,
  type LockedSnapshotsInfo,
  UnlockSnapshotCommand,
} from '@aws-sdk/client-ec2';
import { CreateAccountAliasCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { copiesOf, DR, startWorld, type World, writeSettings } from './world';

const FAST = ['copy-snapshots', '--poll-seconds', '1'];
const DAY = 86_400;

describe('lifeboat copy-snapshots with lockCopies', function () {
  this.timeout(120_000);
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    await world.emulator.config({ copyMiBps: 100_000 });
    writeSettings(world.dir, { lockCopies: 'governance:30' });
  });
  afterEach(() => world.stop());

  const shared = (count: number) =>
    Promise.all(
      Array.from({ length: count }, async (_, index) =>
        world.snapshot(await world.volume(`MASTER-${index}`, 2)),
      ),
    );
  const locks = async (): Promise<Map<string, LockedSnapshotsInfo>> => {
    const { Snapshots = [] } = await world.dr.ec2.send(new DescribeLockedSnapshotsCommand({}));
    return new Map(Snapshots.map((lock) => [lock.SnapshotId ?? '', lock]));
  };
  const copies = async (ids: readonly string[]) =>
    (await Promise.all(ids.map((id) => copiesOf(world, id)))).flat();
  const remove = async (SnapshotId: string) =>
    world.dr.ec2.send(new DeleteSnapshotCommand({ SnapshotId })).then(
      () => 'deleted',
      (error: Error) => error.name,
    );
  const now = async () => {
    const time = new Date((await world.emulator.state()).now);
    return { now: () => time };
  };

  it('locks each copy while it is still being made, once', async () => {
    // So slow that it is sure to be pending; the run is ended from outside.
    await world.emulator.config({ copyMiBps: 1 });
    const ids = await shared(3);
    const child = world.spawn(FAST);
    while ((await locks()).size < ids.length) await new Promise((resolve) => setTimeout(resolve, 100));
    const pending = (await world.copies()).filter(({ State }) => State === 'pending');
    expect(pending.map(({ SnapshotId }) => SnapshotId)).to.have.members(await copies(ids));
    for (const id of await copies(ids)) expect(await remove(id)).to.equal('SnapshotLocked');
    child.kill('SIGKILL');
    await once(child, 'exit');

    await world.emulator.advance(DAY);
    const before = await locks();
    const ran = await world.run(FAST, 'dr', await now());
    expect(ran.code, ran.stderr).to.equal(0);
    const after = await locks();
    for (const [id, { LockState, LockDuration, LockCreatedOn }] of after) {
      expect([LockState, LockDuration]).to.deep.equal(['governance', 30]);
      expect(LockCreatedOn).to.deep.equal(before.get(id)?.LockCreatedOn);
    }
    const { calls } = await world.emulator.state();
    expect(calls[`${DR.account}/${DR.region}/ec2/LockSnapshot`]).to.equal(ids.length);
    expect(calls).to.not.have.property(`${DR.account}/${DR.region}/ec2/UnlockSnapshot`);
  });

  it('locks what an earlier run left unlocked, as long as its lock would last, and nothing twice', async () => {
    writeSettings(world.dir);
    const old = await shared(1);
    expect((await world.run(FAST)).code).to.equal(0);
    await world.emulator.advance(31 * DAY);
    const left = await shared(2);
    expect((await world.run(FAST)).code).to.equal(0);
    expect((await locks()).size).to.equal(0);

    writeSettings(world.dir, { lockCopies: 'governance:30' });
    const ran = await world.run(FAST, 'dr', await now());
    expect(ran.code, ran.stderr).to.equal(0);
    expect([...(await locks()).keys()]).to.have.members(await copies(left));
    expect(await copies(old)).to.have.length(1);
    // What was locked has served its time.
    await world.emulator.advance(31 * DAY);
    expect((await world.run(FAST, 'dr', await now())).code).to.equal(0);
    expect([...(await locks()).values()].map(({ LockState }) => LockState)).to.deep.equal([
      'expired',
      'expired',
    ]);
  });

  it('keeps the copy that cannot be locked, says so and fails; the next run locks it', async () => {
    const denied = { account: DR.account, action: 'LockSnapshot', error: 'UnauthorizedOperation' };
    await world.emulator.rules({ ...denied, message: 'not you' });
    const ids = await shared(2);
    const failed = await world.run([...FAST, '--json']);
    expect(failed.code).to.equal(1);
    const { copied, problems } = JSON.parse(failed.stdout);
    expect(copied).to.have.length(2);
    const made = await copies(ids);
    expect(problems).to.have.members(made.map((id) => `${id} is not locked: UnauthorizedOperation: not you`));
    await world.emulator.clearRules();
    expect((await world.run(FAST)).code).to.equal(0);
    expect([...(await locks()).keys()]).to.have.members(made);

    // Nor does a look-up that fails keep anything from being copied.
    await world.emulator.rules({ ...denied, action: 'DescribeLockedSnapshots' });
    const more = await shared(1);
    const blind = await world.run(FAST);
    expect(blind.code).to.equal(1);
    expect(blind.stderr).to.contain('which copies are locked could not be looked up');
    expect(await copies(more)).to.have.length(1);
  });

  it('copies once more what failed, and removes what failed although it was locked', async () => {
    await world.emulator.config({ copyMiBps: 1_000 });
    const ids = await shared(1);
    await world.emulator.rules({ account: DR.account, action: 'CopySnapshot', copyErrorAt: 40, times: 1 });
    const ran = await world.run(FAST);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await world.copies()).to.have.length(1);
    expect([...(await locks()).keys()]).to.have.members(await copies(ids));
  });

  it('asks a second time for compliance, and gives it 72 hours in which it can be lifted', async () => {
    writeSettings(world.dir, { lockCopies: 'compliance:365' });
    await world.dr.iam.send(new CreateAccountAliasCommand({ AccountAlias: 'our-dr' }));
    const [one = '', two = ''] = await shared(2);
    const before = await world.mutations(DR.account);
    const unasked = await world.run(FAST);
    expect(unasked.code).to.equal(1);
    expect(unasked.stderr)
      .to.contain('Locking copies in compliance mode must be confirmed')
      .and.contain('--confirm-compliance our-dr');
    const dry = await world.run(['copy-snapshots', '--dry-run']);
    expect(dry.code, dry.stderr).to.equal(0);
    expect(await world.mutations(DR.account)).to.deep.equal(before);

    const asked: string[] = [];
    const ask = async (question: string) => {
      asked.push(question);
      return 'our-dr';
    };
    const ran = await world.run(FAST, 'dr', { canAsk: true, ask });
    expect(ran.code, ran.stderr).to.equal(0);
    expect(asked.join()).to.contain('for 365 days').and.contain('After the first 72 hours nobody can lift');
    const [copy = '', other = ''] = [...(await copies([one])), ...(await copies([two]))];
    expect((await locks()).get(copy)).to.deep.include({ LockState: 'compliance-cooloff', CoolOffPeriod: 72 });
    // A schedule gives the id, which needs no answer of IAM's.
    for (const name of ['our-dr', DR.account])
      expect((await world.run([...FAST, '--confirm-compliance', name])).code, name).to.equal(0);

    await world.dr.ec2.send(new UnlockSnapshotCommand({ SnapshotId: copy }));
    expect(await remove(copy)).to.equal('deleted');
    await world.emulator.advance(73 * 3_600);
    await world.dr.ec2.send(new UnlockSnapshotCommand({ SnapshotId: other })).then(
      () => expect.fail('it was lifted'),
      (error: Error) => expect(error.name).to.equal('OperationNotPermitted'),
    );
    expect(await remove(other)).to.equal('SnapshotLocked');
  });
});
