import {
  CreateTagsCommand,
  DeleteTagsCommand,
  type Snapshot,
  StartInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateAccountAliasCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../../names';
import type { Deps } from '../../../scripts/command';
import { describe as describeInstance, type LaunchedMachine, launcher } from './machines';
import { DR, type Ran, startWorld, tagList, type World } from './world';

const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
const POINT = '20260131T040000Z-0a1b2c3d';

describe('lifeboat stand-down', function () {
  this.timeout(120_000);
  let world: World;
  let machines: LaunchedMachine[];
  /** What the engine was asked to do. */
  let engine: string[][];

  beforeEach(async () => {
    world = await startWorld();
    engine = [];
    const launch = await launcher(world.dr.ec2, DR.region, world.emulator.advance);
    const recovered = (name: string, disks: number) =>
      launch({
        tags: { Name: name, team: 'shop', [TAG.sourceId]: `i-${name}`, [TAG.recoveryPoint]: POINT },
        disks: Array.from({ length: disks }, (_, index) => ({
          tags: {
            Name: `${name}-${index}`,
            [TAG.sourceId]: `vol-${name}-${index}`,
            [TAG.sourceVolume]: `vol-${name}-${index}`,
            [TAG.sourceSnapshot]: `snap-${name}-${index}`,
            [TAG.sourceTime]: '2026-01-31T04:00:00.000Z',
          },
        })),
      });
    machines = [await recovered('APP', 1), await recovered('DB', 2)];
    await put(VAULT_KEY.recoveryRecord('dr'));
    for (const name of ['APP', 'DB']) await put(VAULT_KEY.recovery('dr', `i-${name}`));
  });
  afterEach(() => world.stop());

  async function put(Key: string): Promise<void> {
    await world.dr.s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
  }

  async function objects(): Promise<string[]> {
    const { Contents = [] } = await world.dr.s3.send(new ListObjectsV2Command({ Bucket }));
    return Contents.map(({ Key = '' }) => Key);
  }

  async function finals(): Promise<Snapshot[]> {
    return (await world.copies()).filter(({ Tags }) => TAG.finalOf in tagRecord(Tags));
  }

  /** The engine's part: removes what recovery made, when the record allows it. */
  const pulumi: Deps['pulumi'] = async (args) => {
    engine.push([...args]);
    if (args[0] === 'up') {
      await world.dr.s3.send(new GetObjectCommand({ Bucket, Key: VAULT_KEY.standDown('dr') }));
      await world.dr.ec2.send(new TerminateInstancesCommand({ InstanceIds: machines.map(({ id }) => id) }));
    }
    return { code: 0, stdout: args[1] === 'export' ? state() : '' };
  };

  /** What the engine's state holds. */
  const state = (ids: readonly string[] = machines.map(({ id }) => id)) =>
    JSON.stringify({
      deployment: { resources: ids.map((id) => ({ type: 'aws:ec2/instance:Instance', id })) },
    });

  const standDown = (argv: string[] = ['--confirm', DR.account], deps: Partial<Deps> = {}): Promise<Ran> =>
    world.run(['stand-down', '--poll-seconds', '0.3', ...argv], 'dr', { pulumi, ...deps });

  it('takes a final snapshot of every disk, has the machines removed and leaves every snapshot', async () => {
    const ran = await standDown();
    expect(ran.code, ran.stderr).to.equal(0);
    expect(engine).to.deep.equal([
      ['state', 'unprotect', '--all', '--yes', '--stack', 'dr'],
      [
        'config',
        'set',
        'lifeboat:recover',
        'false',
        '--stack',
        'dr',
        '--config-file',
        `${world.dir}/Pulumi.dr.yaml`,
      ],
      ['up', '--yes', '--skip-preview', '--stack', 'dr', '--config-file', `${world.dir}/Pulumi.dr.yaml`],
    ]);
    const taken = await finals();
    expect(taken.map(({ VolumeId }) => VolumeId)).to.have.members(
      machines.flatMap(({ volumeIds }) => volumeIds),
    );
    expect(taken.map(({ State }) => State)).to.deep.equal(['completed', 'completed', 'completed']);
    const [data] = taken.filter(({ VolumeId }) => VolumeId === machines[1]?.volumeIds[1]);
    // Not source-snapshot: it would pass for a copy of it.
    expect(tagRecord(data?.Tags)).to.deep.equal({
      Name: 'DB-1',
      owner: 'test',
      team: 'shop',
      [TAG.finalOf]: machines[1]?.id,
      [TAG.sourceId]: 'i-DB',
      [TAG.sourceVolume]: 'vol-DB-1',
      [TAG.recoveryPoint]: POINT,
    });
    expect(await objects()).to.deep.equal([]);
    expect(ran.stdout).to.contain('The recovery of 2 machines is ended');

    const again = await standDown();
    expect(again.code).to.equal(0);
    expect(again.stdout).to.equal(`Nothing is under recovery in ${DR.account}, ${DR.region}.\n`);
    expect(await finals()).to.have.length(3);
  });

  it('is refused without the name of the account, and changes nothing', async () => {
    await world.dr.iam.send(new CreateAccountAliasCommand({ AccountAlias: 'our-dr' }));
    const before = await world.mutations(DR.account);
    const attempts: [string[], Partial<Deps>][] = [
      [['--confirm', DR.account], {}],
      [[], {}],
      [[], { canAsk: true, ask: async () => 'our-source' }],
      [[], { canAsk: true, ask: async () => '' }],
    ];
    for (const [argv, deps] of attempts) {
      const ran = await standDown(argv, deps);
      expect(ran.code).to.equal(1);
      expect(ran.stderr).to.contain('npx lifeboat stand-down --stack dr --confirm our-dr');
    }
    expect(await world.mutations(DR.account)).to.deep.equal(before);
    expect(engine).to.deep.equal([]);

    const asked = await standDown([], { canAsk: true, ask: async () => 'our-dr' });
    expect(asked.code, asked.stderr).to.equal(0);
  });

  it('goes on after a kill at any step without a second set of final snapshots', async () => {
    const dies = () => Promise.reject(new Error('killed'));
    // Killed once while the engine runs, once after it has removed the machines.
    const first = await standDown(undefined, { pulumi: dies });
    expect(first.code).to.equal(1);
    expect(await objects()).to.include(VAULT_KEY.standDown('dr'));
    const second = await standDown(undefined, {
      pulumi: async (args, options) => {
        await pulumi(args, options);
        return args[0] === 'up' ? dies() : { code: 0, stdout: '' };
      },
    });
    expect(second.code).to.equal(1);
    expect(second.stderr).to.contain('DB: its final snapshots are there already');
    const third = await standDown();
    expect(third.code, third.stderr).to.equal(0);
    expect(await finals()).to.have.length(3);
    expect(await objects()).to.deep.equal([]);
  });

  it('takes another set of a machine that has run since its first', async () => {
    await standDown(undefined, { pulumi: () => Promise.reject(new Error('killed')) });
    const [app] = machines;
    // AWS tells the time of a stop to the second.
    await world.emulator.advance(60);
    await world.dr.ec2.send(new StartInstancesCommand({ InstanceIds: [app?.id ?? ''] }));
    const ran = await standDown();
    expect(ran.code, ran.stderr).to.equal(0);
    const taken = (await finals()).filter(({ Tags }) => tagRecord(Tags)[TAG.finalOf] === app?.id);
    expect(taken).to.have.length(2);
    expect(await finals()).to.have.length(4);
  });

  it('leaves the machines when a final snapshot cannot be taken', async () => {
    await world.emulator.rules({
      account: DR.account,
      action: 'CreateSnapshots',
      error: 'IncorrectState',
      message: 'not now',
    });
    const ran = await standDown();
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('IncorrectState: not now').and.contain('no machine is removed');
    expect(engine).to.deep.equal([]);
    for (const { id } of machines)
      expect((await describeInstance(world.dr.ec2, id)).State?.Name).to.equal('stopped');

    await world.emulator.clearRules();
    expect((await standDown()).code).to.equal(0);
    expect(await finals()).to.have.length(3);
  });

  it('does not take a set twice when its answer is lost', async () => {
    await world.emulator.rules({
      account: DR.account,
      action: 'CreateSnapshots',
      drop: true,
      after: true,
      times: 1,
    });
    const ran = await standDown();
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await finals()).to.have.length(3);
  });

  it('keeps its records when the engine fails', async () => {
    const ran = await standDown(undefined, { pulumi: async () => ({ code: 255, stdout: '' }) });
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain('exit code 255 of pulumi state unprotect');
    expect(await objects()).to.have.length(4);
  });

  it('is refused, and changes nothing, while a machine in the state has lost its tags', async () => {
    const id = machines[0]?.id ?? '';
    await world.dr.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: [{ Key: TAG.recoveryPoint }] }));
    const before = await world.mutations(DR.account);
    const ran = await standDown();
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain(`aws ec2 create-tags --region ${DR.region} --resources ${id}`);
    expect(await world.mutations(DR.account)).to.deep.equal(before);
    expect(engine).to.deep.equal([['stack', 'export', '--stack', 'dr']]);
  });

  it('leaves machines alone that another stack has under recovery', async () => {
    await put(VAULT_KEY.recovery('other', 'i-MAIL'));
    const [app] = machines;
    await world.dr.ec2.send(
      new CreateTagsCommand({ Resources: [app?.id ?? ''], Tags: tagList({ [TAG.sourceId]: 'i-MAIL' }) }),
    );
    const ran = await standDown(undefined, {
      pulumi: async (args) => {
        if (args[0] === 'up')
          await world.dr.ec2.send(new TerminateInstancesCommand({ InstanceIds: [machines[1]?.id ?? ''] }));
        return { code: 0, stdout: args[1] === 'export' ? state([machines[1]?.id ?? '']) : '' };
      },
    });
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stderr).to.contain('is under recovery by another stack, and is left alone');
    expect((await describeInstance(world.dr.ec2, app?.id ?? '')).State?.Name).to.equal('running');
    expect(await objects()).to.deep.equal([VAULT_KEY.recovery('other', 'i-MAIL')]);
  });
});
