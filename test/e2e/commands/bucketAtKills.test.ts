import { expect } from 'chai';
import { Random } from '../estates/random';
import { type Buckets, contents, copiesMade, makeBuckets, put } from './bucketWorld';
import { killAfter } from './killAfter';
import { DR, startWorld, type World } from './world';

const KEYS = 200;
const KILLS = 6;
const SEED = 20_260_131;

describe('lifeboat bucket-at, killed', function () {
  this.timeout(300_000);
  let world: World;
  let buckets: Buckets;
  let at: string[];
  beforeEach(async () => {
    world = await startWorld();
    buckets = await makeBuckets(world);
    // Of one size, so that only what was written down can tell them apart.
    for (let key = 0; key < KEYS; key += 1) await put(world.source.s3, 'shop', `key-${key}`, 'true');
    await world.emulator.advance(3_600);
    const moment = (await world.emulator.state()).now;
    await world.emulator.advance(3_600);
    for (let key = 0; key < KEYS; key += 1) await put(world.source.s3, 'shop', `key-${key}`, 'pay!');
    await world.emulator.advance(3_600);
    expect((await world.run(['copy-buckets', '--bucket', 'shop'])).code).to.equal(0);
    await world.emulator.advance(60);
    at = ['bucket-at', '--bucket', 'shop', '--at', moment, '--confirm', DR.account];
  });
  afterEach(() => world.stop());

  const all = (...versions: string[]) =>
    Object.fromEntries(Array.from({ length: KEYS }, (_, key) => [`key-${key}`, versions]));

  it(`puts each version on top once when it is killed at ${KILLS} moments (seed ${SEED})`, async () => {
    const before = await copiesMade(world);
    const random = new Random(SEED);
    await world.emulator.rules({ action: 'CopyObject', latencyMs: 50 });
    let inTheMiddle = 0;
    for (let count = 0; count < KILLS; count += 1) {
      const isKilled = await killAfter(world, at, random.int(15, 60));
      const made = (await copiesMade(world)) - before;
      if (isKilled && made > 0 && made < KEYS) inTheMiddle += 1;
    }
    expect(inTheMiddle).to.be.at.least(1);
    await world.emulator.clearRules();
    const ran = await world.run(at);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await contents(world, buckets)).to.deep.equal(all('true', 'pay!', 'true'));
    expect((await copiesMade(world)) - before).to.equal(KEYS);
    const later = await world.run(['copy-buckets', '--bucket', 'shop', '--json']);
    expect(JSON.parse(later.stdout).buckets[0].report).to.include({ copied: 0 });
    expect(await contents(world, buckets)).to.deep.equal(all('true', 'pay!', 'true'));
  });

  it('knows what it has put there when it ends before it can write that down, a second time too', async () => {
    for (const round of [1, 2]) {
      const before = await copiesMade(world);
      // The first page says what is to be done; the second, what was, is never written.
      await world.emulator.rules({
        action: 'PutObject',
        error: 'AccessDenied',
        status: 403,
        skip: 1,
        times: 1,
      });
      const cut = await world.run(at);
      expect(cut.stderr).to.contain('could not be written down, so the run stops');
      expect((await copiesMade(world)) - before).to.equal(KEYS);
      const again = await world.run([...at, '--json']);
      expect(again.code, again.stderr).to.equal(0);
      expect(JSON.parse(again.stdout).planned).to.include({ back: 0, same: KEYS });
      expect((await copiesMade(world)) - before, `round ${round}`).to.equal(KEYS);
      // Somebody takes it over once more, and it is brought back once more.
      await world.emulator.advance(3_600);
      for (let key = 0; key < KEYS; key += 1) await put(world.source.s3, 'shop', `key-${key}`, 'more');
      await world.emulator.advance(3_600);
      expect((await world.run(['copy-buckets', '--bucket', 'shop'])).code).to.equal(0);
      await world.emulator.advance(60);
    }
  });
});
