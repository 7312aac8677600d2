import { expect } from 'chai';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import { publishAmazonImage } from './estates/amazonImage';
import { AREAS } from './estates/areas';
import { differences, type Reachable } from './estates/compare';
import { makeEstate } from './estates/makeEstate';
import { randomChanges } from './estates/randomChanges';
import { randomEstate } from './estates/randomEstate';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

/** Three estates in every run of the tests, twenty in the long one; LIFEBOAT_SEED makes one of them, or any other, again. */
function seeds(): number[] {
  if (process.env.LIFEBOAT_SEED) return [Number(process.env.LIFEBOAT_SEED)];
  return Array.from({ length: process.env.LIFEBOAT_FULL ? 20 : 3 }, (_, index) => index + 1);
}

for (const seed of seeds())
  describe(`an estate made by chance (LIFEBOAT_SEED=${seed})`, function () {
    this.timeout(600_000);
    const estate = randomEstate(seed);
    let stage: Stage;
    let ids: ReadonlyMap<string, string>;
    let run: Record<string, string>;

    const runs = async (...args: string[]) => succeeded(await stage.pulumi('.', args, { env: run }));
    const found = async () => {
      const sides = [SOURCE, DR].map((side) => ({ ...side, client: stage.ec2(side) }));
      const areas = await Promise.all(AREAS.map((area) => area.differences(stage)));
      return [...(await differences(...(sides as [Reachable, Reachable]))), ...areas.flat()];
    };

    before(async () => {
      stage = await Stage.open();
      await publishAmazonImage(stage.emulator, [SOURCE.region, DR.region]);
      ids = await makeEstate(stage.ec2(SOURCE), estate.steps);
      for (const area of AREAS) await area.make(stage, seed, ids);
      await stage.up('vault');
      await stage.up('source', { env: stage.root(SOURCE) });
      await stage.emulator.config({ enforceIam: true });
      run = await stage.role('lifeboat-run');
      succeeded(await stage.pulumi('.', ['stack', 'init', 'dr'], { env: run }));
      await stage.config('removals', 'follow');
      // The changes below are more than a source of this size should see at once.
      await stage.config('guardShare', '100');
    });
    after(() => stage?.close());

    it('is mirrored field by field', async () => {
      await stage.up('.', { env: run });
      expect(await found()).to.deep.equal([]);
    });

    it('is not changed by a second run, nor differs after a refresh', async () => {
      await runs(...UP, NOTHING);
      await runs('preview', '--refresh', '--stack', 'dr', NOTHING);
    });

    it('is followed when it changes', async () => {
      await makeEstate(stage.ec2(SOURCE), randomChanges(seed, estate), ids);
      for (const area of AREAS) await area.change(stage, seed, ids);
      expect(await found()).to.not.be.empty;
      await allowStops(stage, run);
      await runs(...UP);
      expect(await found()).to.deep.equal([]);
      await runs(...UP, NOTHING);
    });
  });
