import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect } from 'chai';
import { Random } from '../estates/random';
import { copyCalls, expectOneCopyEach, shared } from './copyWorld';
import { DR, startWorld, type World } from './world';

const KILLS = 10;
const SEED = 20_260_131;

describe('lifeboat copy-snapshots, killed', function () {
  this.timeout(300_000);
  let world: World;
  before(async () => {
    world = await startWorld();
    await world.emulator.config({ clockRuns: false });
  });
  after(() => world.stop());

  /** Runs it in a process of its own, and kills that after so many calls to AWS. Returns whether it was killed. */
  async function killAfter(calls: number): Promise<boolean> {
    const script = path.join(__dirname, 'copyChild.ts');
    const args = [world.emulator.url, 'copy-snapshots', '--dir', world.dir];
    const before = await callsMade();
    const child = spawn(process.execPath, ['--require', 'tsx/cjs', script, ...args], {
      env: { ...process.env, ...world.emulator.env(DR.account, DR.region) },
      stdio: 'ignore',
    });
    const end = once(child, 'exit');
    while (child.exitCode === null && (await callsMade()) - before < calls)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    const [, signal] = await end;
    return signal === 'SIGKILL';
  }

  async function callsMade(): Promise<number> {
    const { calls } = await world.emulator.state();
    return Object.values(calls).reduce((sum, count) => sum + count, 0);
  }

  it(`copies each once when it is killed at ${KILLS} moments (seed ${SEED})`, async () => {
    const ids = await shared(world, 60, 5);
    const random = new Random(SEED);
    let kills = 0;
    for (let count = 0; count < KILLS; count += 1) {
      // Signing in and lists take some nine calls, each copy two; looks come in between.
      if (await killAfter(random.int(1, 60))) kills += 1;
    }
    expect(kills).to.be.at.least(KILLS / 2);
    const ran = await world.run(['copy-snapshots']);
    expect(ran.code, ran.stderr).to.equal(0);
    await expectOneCopyEach(world, ids);
    expect(await copyCalls(world)).to.equal(ids.length);
  });
});
