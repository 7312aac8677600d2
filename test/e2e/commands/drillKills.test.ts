import { expect } from 'chai';
import { DR, powerCut, type Stage, succeeded } from '../../../scripts/demo/stage';
import { Random } from '../estates/random';
import { RecoveryWorld } from '../recoveryWorld';
import { everythingInDr } from './inDr';

/** Five for every change, many under `npm run check`. */
const KILLS = process.env.LIFEBOAT_FULL ? 25 : 5;
/** Milliseconds. */
const OWED = 3_000;
const SEED = Number(process.env.LIFEBOAT_SEED ?? '1');
/** AWS's limit of the vCPUs of standard machines. */
const VCPUS = 'L-1216C47A';

/** On the demo's estate, with every policy enforced. */
describe('a drill that is killed', function () {
  this.timeout(1_800_000);
  const random = new Random(SEED);
  let world: RecoveryWorld;
  let stage: Stage;
  let atRest: Awaited<ReturnType<typeof everythingInDr>>;
  /** What an undisturbed drill asks AWS for, in calls. */
  let calls = 0;

  // Credentials last an hour.
  const lifeboat = async (args: string[], options: Parameters<Stage['lifeboat']>[1] = {}) =>
    stage.lifeboat(['drill', '--poll-seconds', '0.2', ...args], {
      env: await stage.role('lifeboat-recover'),
      ...options,
    });
  const callsMade = async () =>
    Object.values((await stage.emulator.state()).calls).reduce((sum, count) => sum + count, 0);

  before(async () => {
    world = await RecoveryWorld.open(async (opened) => {
      stage = opened;
    });
    await stage.emulator.config({ quotas: { [VCPUS]: 64 } });
    atRest = await everythingInDr(stage);
  });
  after(() => world?.close());

  it('not at all leaves nothing', async () => {
    const before = await callsMade();
    succeeded(await lifeboat(['--confirm', DR.account]));
    calls = (await callsMade()) - before;
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
  });

  for (let kill = 0; kill < KILLS; kill++)
    it(`at a random moment (${kill + 1} of ${KILLS}, seed ${SEED}), leaves nothing once it is swept`, async () => {
      // One in each part of it, from the first look to the last.
      const moment = Math.floor(((kill + random.next()) / KILLS) * calls);
      const from = await callsMade();
      let child: Parameters<typeof powerCut>[0];
      const run = lifeboat(['--confirm', DR.account], {
        onStart: (started) => {
          child = started;
        },
      });
      let isOver = false;
      const finished = run.finally(() => {
        isOver = true;
      });
      while (!isOver && (await callsMade()) - from < moment) await new Promise((done) => setTimeout(done, 5));
      // A file of state, unlike an object in a bucket, can be cut off in the middle: while AWS owes all answers nobody writes it.
      await stage.emulator.config({ latencyMs: OWED });
      await new Promise((done) => setTimeout(done, OWED / 2));
      powerCut(child);
      const { code } = await finished;
      // AWS finishes what it was asked before the power went.
      await new Promise((done) => setTimeout(done, OWED));
      await stage.emulator.config({ latencyMs: 0 });
      expect(code, `killed after ${moment} of ${calls} calls`).to.equal(137);
      const swept = await lifeboat(['--sweep', '--json']);
      expect(swept.code, swept.stdout + swept.stderr).to.equal(0);
      expect(await everythingInDr(stage), `killed after ${moment} of ${calls} calls`).to.deep.equal(atRest);
    });

  it('is no hindrance to the next', async () => {
    succeeded(await lifeboat(['--confirm', DR.account]));
    expect(await everythingInDr(stage)).to.deep.equal(atRest);
  });
});
