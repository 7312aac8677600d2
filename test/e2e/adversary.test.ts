import { expect } from 'chai';
import { DR, SOURCE, Stage } from '../../scripts/demo/stage';
import { type DrDocuments, drDocuments } from './adversary/drDocuments';
import { EDGE_WAYS } from './adversary/edgeWays';
import { IDENTITY_WAYS, makeByHand, makeOutsider } from './adversary/identityWays';
import { BUCKET_WAYS, TOPIC_WAYS } from './adversary/storeWays';
import { OUTSIDER, type Way } from './adversary/way';

const WAYS: readonly Way[] = [...IDENTITY_WAYS, ...BUCKET_WAYS, ...TOPIC_WAYS, ...EDGE_WAYS];

/**
 * Somebody with full rights in the source has planted all of it before the first run, which accepts what there is: the guard, which stops
 * most of it in a later run, stands by. What DR's documents say then is evaluated, each by itself.
 */
describe('somebody with full rights in the source', function () {
  this.timeout(600_000);
  let stage: Stage;
  let source: DrDocuments;
  let dr: DrDocuments;

  before(async () => {
    stage = await Stage.open();
    await makeOutsider(stage.client({ ...SOURCE, account: OUTSIDER }));
    await makeByHand(stage.client(DR));
    for (const way of WAYS) await way.plant(stage.client(SOURCE));
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    await stage.up('.', { env: await stage.role('lifeboat-run') });
    [source, dr] = await Promise.all([drDocuments(stage.client(SOURCE)), drDocuments(stage.client(DR))]);
  });
  after(() => stage?.close());

  it('has 30 ways and more', () => {
    expect(new Set(WAYS.map(({ name }) => name)).size).to.be.at.least(30);
  });

  for (const way of WAYS)
    it(`does not get into DR by ${way.name}`, () => {
      expect(way.opened(dr)).to.deep.equal([]);
      // In the source it is as open as it was planted: the evaluation sees it.
      if (!way.isClosedInSource) expect(way.opened(source), 'in the source').to.not.deep.equal([]);
    });
});
