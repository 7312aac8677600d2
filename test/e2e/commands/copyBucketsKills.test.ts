import { expect } from 'chai';
import { Random } from '../estates/random';
import { type Buckets, contents, copiesMade, makeBuckets, put } from './bucketWorld';
import { killAfter } from './killAfter';
import { startWorld, type World } from './world';

const COPY = ['copy-buckets', '--bucket', 'shop', '--at-once', '4'];
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
    for (let count = 0; count < KILLS; count += 1)
      if (await killAfter(world, COPY, random.int(8, 60))) kills += 1;
    expect(kills).to.be.at.least(KILLS / 2);
    const ran = await world.run(['copy-buckets', '--bucket', 'shop', '--json']);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await contents(world, buckets)).to.deep.equal(expected);
    expect(await copiesMade(world)).to.equal(total);
  });
});
