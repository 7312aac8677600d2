import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { LockSnapshotCommand, UnlockSnapshotCommand } from '@aws-sdk/client-ec2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { present } from '../../../kinds/kind';
import { vaultNames } from '../../../names';
import { copyPolicy } from '../../../vault/copyPolicy';
import { LOOK_UP_POLICIES, runPolicy } from '../../../vault/policies';
import { PLACE } from '../../unit/vault/place';
import { goingOf, keep, type PruneWorld, setWith, startPruneWorld } from './pruneWorld';
import { DR, ended } from './world';

const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
const CONFIRMED = ['--delete', '--confirm', 'our-dr'];
/** Some go by these, and more by the next. */
const WIDE = 'daily=15,newest=2,floorDays=2';
const NARROW = 'daily=8,newest=2,floorDays=2';

// One world for all: the tests that delete come last, and the later ones with rules by which more goes.
describe('lifeboat prune-snapshots --delete', function () {
  this.timeout(180_000);
  let world: PruneWorld;
  before(async () => {
    world = await startPruneWorld();
    keep(world, WIDE);
  });
  after(() => world.stop());
  afterEach(() => world.emulator.clearRules());

  it('asks for the name of the account, and deletes nothing without it', async () => {
    const before = await world.copyIds();
    const nobody = await world.prune(['--delete']);
    expect(nobody.code).to.equal(1);
    expect(nobody.stderr).to.contain('nobody is there to answer').and.contain('--delete --confirm our-dr');
    const wrong = await world.prune(['--delete'], { canAsk: true, ask: async () => 'our-source' });
    expect(wrong.code).to.equal(1);
    expect(wrong.stderr).to.contain('not the name of the DR account');
    expect(await world.copyIds()).to.deep.equal(before);
  });

  it('concludes nothing from a look-up that fails', async () => {
    const before = await world.copyIds();
    for (const action of [
      'DescribeSnapshots',
      'DescribeImages',
      'DescribeLockedSnapshots',
      'DescribeVolumes',
    ]) {
      await world.emulator.rules({ account: DR.account, action, error: 'UnauthorizedOperation' });
      const ran = await world.prune(CONFIRMED);
      await world.emulator.clearRules();
      expect(ran.code, action).to.equal(1);
      expect(ran.stderr, action).to.contain('UnauthorizedOperation');
    }
    await world.emulator.rules({
      account: DR.account,
      service: 's3',
      action: 'GetObject',
      error: 'AccessDenied',
    });
    expect((await world.prune(CONFIRMED)).code).to.equal(1);
    expect(await world.copyIds()).to.deep.equal(before);
  });

  it('shows the plan to the run role, and refuses it before anything is asked or done', async () => {
    const before = await world.copyIds();
    const RoleName = vaultNames(DR.account, DR.region).runRole;
    const trust = {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${DR.account}:root` } },
      ],
    };
    await world.dr.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }),
    );
    const locks = { Effect: 'Allow', Action: 'ec2:DescribeLockedSnapshots', Resource: '*' };
    const policies = [
      runPolicy(PLACE),
      copyPolicy(PLACE),
      ...Object.values(LOOK_UP_POLICIES).map((document) => document()),
      { Statement: [locks] },
    ];
    for (const [index, { Statement }] of policies.entries())
      await world.dr.iam.send(
        new PutRolePolicyCommand({
          RoleName,
          PolicyName: `part-${index}`,
          PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }),
        }),
      );
    const sts = new STSClient({
      endpoint: world.emulator.url,
      region: DR.region,
      credentials: { accessKeyId: `AKIA${DR.account}TEST`, secretAccessKey: 'emulated' },
    });
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: `arn:aws:iam::${DR.account}:role/${RoleName}`,
        RoleSessionName: 'run',
      }),
    );
    const session = {
      AWS_ACCESS_KEY_ID: present(Credentials?.AccessKeyId, 'AccessKeyId'),
      AWS_SECRET_ACCESS_KEY: present(Credentials?.SecretAccessKey, 'SecretAccessKey'),
      AWS_SESSION_TOKEN: present(Credentials?.SessionToken, 'SessionToken'),
    };
    await world.emulator.config({ enforceIam: true });
    const shown = await ended(await pruneProcess([], session));
    const refused = await ended(await pruneProcess(['--delete'], session));
    await world.emulator.config({ enforceIam: false });
    expect(shown.code, shown.stderr).to.equal(0);
    expect(shown.stdout).to.contain('to go');
    expect(refused.code).to.equal(1);
    expect(refused.stderr)
      .to.contain('Who runs this may delete no copy, so nothing was changed')
      .and.contain('UnauthorizedOperation');
    expect(await world.copyIds()).to.deep.equal(before);
  });

  /** The program in a process of its own, at the emulator's time. */
  async function pruneProcess(argv: readonly string[], env: Record<string, string> = {}) {
    const time = (await world.clock()).toISOString();
    return spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'test/e2e/commands/pruneAt.ts',
        time,
        'prune-snapshots',
        ...argv,
        '--dir',
        world.dir,
      ],
      {
        env: { ...process.env, ...world.emulator.env(DR.account, DR.region), ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
  }

  it('leaves what somebody has begun to use since it was shown; deletes the rest, and reports what AWS refuses', async () => {
    const plan = await world.plan();
    const going = goingOf(plan);
    const held = setWith(plan, goingOf(plan, 'DB')[0])?.copies ?? [];
    const refusal = { account: DR.account, action: 'DeleteSnapshot', error: 'InvalidSnapshot.InUse' };
    // The dry run comes first.
    await world.emulator.rules({ ...refusal, message: 'somebody copies it', skip: 1, times: 1 });
    const before = await world.copyIds();
    const ran = await world.prune(['--delete', '--json'], {
      canAsk: true,
      ask: async () => {
        await world.dr.ec2.send(
          new LockSnapshotCommand({ SnapshotId: held[0], LockMode: 'governance', LockDuration: 1 }),
        );
        return 'our-dr';
      },
    });
    expect(ran.code).to.equal(1);
    const { failed, deleted } = JSON.parse(ran.stdout);
    expect(failed).to.have.length(1);
    expect(failed[0].reason).to.contain('somebody copies it');
    const left = setWith(plan, failed[0].copy)?.copies ?? [];
    expect(deleted).to.have.members(going.filter((id) => !held.includes(id) && !left.includes(id)));
    expect(await world.copyIds()).to.have.members(before.filter((id) => !deleted.includes(id)));

    await world.dr.ec2.send(new UnlockSnapshotCommand({ SnapshotId: held[0] }));
    const again = await world.prune(CONFIRMED);
    expect(again.code, again.stderr).to.equal(0);
    expect(again.stdout).to.contain(`${held.length + left.length} copies deleted; their manifests stay.`);
    expect(await world.copyIds()).to.have.members(before.filter((id) => !going.includes(id)));
    const manifests = new ListObjectsV2Command({ Bucket, Prefix: 'manifests/' });
    expect((await world.dr.s3.send(manifests)).KeyCount).to.equal(before.length);
    const last = await world.prune(CONFIRMED);
    expect([last.code, last.stdout.includes('0 of ')]).to.deep.equal([0, true]);
  });

  it('finishes what a killed run began, and deletes nothing else', async () => {
    keep(world, NARROW);
    const going = goingOf(await world.plan());
    expect(going.length).to.be.at.least(9);
    const before = await world.copyIds();
    await world.emulator.rules({ account: DR.account, action: 'DeleteSnapshot', latencyMs: 300 });
    for (const most of [1, 2]) {
      const child = await pruneProcess(CONFIRMED);
      let seen = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        seen += text;
        if ((seen.match(/^deleted/gm) ?? []).length >= most) child.kill('SIGKILL');
      });
      const [code, signal] = await once(child, 'exit');
      expect([code, signal], seen).to.deep.equal([null, 'SIGKILL']);
    }
    await world.emulator.clearRules();
    const left = await world.copyIds();
    expect(left.length).to.be.within(before.length - going.length + 1, before.length - 2);
    expect(before.filter((id) => !left.includes(id) && !going.includes(id))).to.deep.equal([]);
    const ran = await world.prune(CONFIRMED);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await world.copyIds()).to.have.members(before.filter((id) => !going.includes(id)));
    // Every recovery point that stayed is whole.
    const { machines } = await world.plan();
    for (const { sets } of machines)
      for (const { kind, keep: isKept } of sets) expect([kind, isKept]).to.deep.equal(['complete', true]);
  });
});
