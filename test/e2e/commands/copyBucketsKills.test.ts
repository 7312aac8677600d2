import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect } from 'chai';
import { Random } from '../estates/random';
import { type Buckets, contents, copiesMade, makeBuckets, put } from './bucketWorld';
import { DR, startWorld, type World } from './world';

const KILLS = 8;
const SEED = 20_260_131;

describe('lifeboat copy-buckets, killed', function () {
  this.timeout(300_000);
  let world: World;
  let buckets: Buckets;
  before(async () => {
    world = await startWorld();
    buckets = await makeBuckets(world);
  });
  after(() => world.stop());

  async function callsMade(): Promise<number> {
    const { calls } = await world.emulator.state();
    return Object.values(calls).reduce((sum, count) => sum + count, 0);
  }

  /** Runs it in a process of its own, and kills that after so many calls to AWS. Returns whether it was killed. */
  async function killAfter(calls: number): Promise<boolean> {
    const script = path.join(__dirname, 'copyChild.ts');
    const args = [
      world.emulator.url,
      'copy-buckets',
      '--bucket',
      'shop',
      '--at-once',
      '4',
      '--dir',
      world.dir,
    ];
    const before = await callsMade();
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], {
      env: { ...process.env, ...world.emulator.env(DR.account, DR.region) },
      stdio: 'ignore',
    });
    const end = once(child, 'exit');
    while (child.exitCode === null && (await callsMade()) - before < calls)
      await new Promise((resolve) => setTimeout(resolve, 2));
    child.kill('SIGKILL');
    const [, signal] = await end;
    return signal === 'SIGKILL';
  }

  it(`copies each version once and in order when it is killed at ${KILLS} moments (seed ${SEED})`, async () => {
    const expected: Record<string, string[]> = {};
    for (let key = 0; key < 100; key += 1)
      for (let version = 0; version <= key % 3; version += 1) {
        // Of one size, so that only what was written down can tell them apart.
        const body = `${key % 10}${version}`;
        await put(world.source.s3, 'shop', `key-${key}`, body);
        expected[`key-${key}`] = [...(expected[`key-${key}`] ?? []), body];
      }
    const total = Object.values(expected).flat().length;
    const random = new Random(SEED);
    let kills = 0;
    for (let count = 0; count < KILLS; count += 1) if (await killAfter(random.int(8, 60))) kills += 1;
    expect(kills).to.be.at.least(KILLS / 2);
    const ran = await world.run(['copy-buckets', '--bucket', 'shop', '--json']);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await contents(world, buckets)).to.deep.equal(expected);
    expect(await copiesMade(world)).to.equal(total);
  });
});
