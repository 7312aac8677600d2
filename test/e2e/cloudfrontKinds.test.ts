import { expect } from 'chai';
import { DR, SOURCE, Stage, succeeded } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import { makeBucket } from './subjects/buckets';
import { cloudFrontOf, ORIGIN_SECRET, SITE_BUCKETS, WebSite } from './subjects/cloudfront';
import { asInDr, readCloudFront } from './subjects/cloudfrontRead';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];

describe('CloudFront, on the real engine and provider', function () {
  this.timeout(600_000);
  let stage: Stage;
  let run: Record<string, string>;
  let site: WebSite;
  let changed: string;

  before(async () => {
    stage = await Stage.open();
    for (const name of SITE_BUCKETS) await makeBucket(stage.s3(SOURCE), name);
    site = new WebSite(cloudFrontOf(stage, SOURCE));
    await site.make();
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
  });
  after(() => stage?.close());

  const runs = async (...args: string[]) => succeeded(await stage.pulumi('.', args, { env: run })).stdout;
  // As text, of which the test's output shows what differs.
  const lines = (value: unknown) => JSON.stringify(value, null, 1);
  const inDr = async () => lines(await readCloudFront(cloudFrontOf(stage, DR)));
  const inSource = async () => lines(asInDr(await readCloudFront(cloudFrontOf(stage, SOURCE))));
  const nothingDiffers = async () => {
    await runs(...UP, '--expect-no-changes');
    await runs('preview', '--refresh', '--stack', 'dr', '--expect-no-changes');
  };
  const keepsSecrets = async () => {
    const state = (...more: string[]) => runs('stack', 'export', '--stack', 'dr', ...more);
    expect(await state('--show-secrets')).to.contain(ORIGIN_SECRET);
    expect(await state()).to.not.contain(ORIGIN_SECRET);
  };

  it('comes disabled, with all that it holds', async () => {
    await stage.up('.', { env: run });
    expect(await inDr()).to.equal(await inSource());
    // Each kind has one object here, and most change.
    await stage.config('guardShare', '100');
  });

  it('is the same in the next run, and after a refresh', nothingDiffers);
  it('keeps the headers of origins out of the plain state', keepsSecrets);

  it('follows a change, once that is allowed', async () => {
    await site.change();
    const stops = await allowStops(stage, run);
    expect(stops).to.include.members([
      `distribution/${site.ids.distribution}`,
      'cloudfront-function/rewrite',
    ]);
    await runs(...UP);
    changed = await inSource();
    expect(await inDr()).to.equal(changed);
    await nothingDiffers();
  });

  it('is adopted when the state is lost, and keeps its secrets', async () => {
    await runs('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr');
    await stage.up('.', { env: run });
    expect(await inDr()).to.equal(changed);
    await keepsSecrets();
    await nothingDiffers();
  });

  it('is held when it is gone, and goes when that is wanted', async () => {
    await site.remove();
    await stage.config('guardShare', '100');
    await allowStops(stage, run);
    await runs(...UP);
    expect(await inDr()).to.equal(changed);
    await stage.config('removals', 'follow');
    await allowStops(stage, run);
    await runs(...UP);
    const left = await readCloudFront(cloudFrontOf(stage, DR));
    expect(Object.values(left).flat()).to.deep.equal([]);
    await runs(...UP, '--expect-no-changes');
  });
});
