import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { DR, SOURCE, Stage } from '../../scripts/demo/stage';
import { allowStops } from './allowStops';
import * as buckets from './subjects/buckets';

const UP = ['up', '--yes', '--skip-preview', '--stack', 'dr'];
const NOTHING = '--expect-no-changes';

describe('buckets, on the real engine and provider', function () {
  this.timeout(300_000);
  let stage: Stage;
  let run: Record<string, string>;
  let source: S3Client;
  let dr: S3Client;

  before(async () => {
    stage = await Stage.open();
    [source, dr] = [stage.s3(SOURCE), stage.s3(DR)];
    await buckets.makeBuckets(source, stage.s3({ ...SOURCE, region: 'us-east-1' }));
    await stage.up('vault');
    await stage.up('source', { env: stage.root(SOURCE) });
    await stage.emulator.config({ enforceIam: true });
    run = await stage.role('lifeboat-run');
  });
  after(() => stage?.close());

  const runs = async (...args: string[]) => {
    const finished = await stage.pulumi('.', args, { env: run });
    expect(finished.code, finished.stdout + finished.stderr).to.equal(0);
    return finished.stdout;
  };
  const shown = async () => {
    const names = await buckets.bucketsOf(dr);
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await buckets.setUpOf(dr, name)])),
    );
  };

  it('come with all that they are set up with, closed, and with no rule that would expire their data', async () => {
    const { stdout } = await stage.up('.', { env: run });
    expect(await shown()).to.deep.equal(buckets.MADE);
    expect(stdout).to.contain('bucket-lifecycle: 1 looked up and not applied in DR');
    expect(stdout).to.contain('bucket/shop-elsewhere: it is in us-east-1');
    expect(stdout).to.contain('the trust in arn:aws:iam::333333333333:root');
    // Each kind has few objects here, and most change.
    await stage.config('guardShare', '100');
  });

  it('are the same in the next run, and after a refresh', async () => {
    await runs(...UP, NOTHING);
    await runs('preview', '--refresh', '--stack', 'dr', NOTHING);
  });

  it('follow a change, once it is allowed where it opens', async () => {
    await buckets.changeBuckets(source);
    expect(await allowStops(stage, run)).to.have.members([
      'bucket-policy/shop-images',
      'bucket-cors/shop-images',
    ]);
    await runs(...UP);
    expect(await shown()).to.deep.equal(buckets.CHANGED);
    await runs(...UP, NOTHING);
  });

  it('are adopted when the state is lost', async () => {
    await runs('stack', 'rm', '--force', '--yes', '--preserve-config', '--stack', 'dr');
    await stage.up('.', { env: run });
    expect(await shown()).to.deep.equal(buckets.CHANGED);
    await runs(...UP, NOTHING);
  });

  it('are held when they are gone, and stay with what they hold when they are let go', async () => {
    await dr.send(new PutObjectCommand({ Bucket: buckets.IN_DR.images, Key: 'cat.png', Body: 'a cat' }));
    await buckets.removeBuckets(source);
    await allowStops(stage, run);
    await runs(...UP);
    expect(await shown()).to.deep.equal(buckets.CHANGED);
    await stage.config('removals', 'follow');
    await runs(...UP);
    expect(await shown()).to.deep.equal(buckets.LEFT);
    expect(await runs(...UP, NOTHING)).to.contain(
      `bucket/shop-images is not mirrored to ${buckets.IN_DR.images} now; DR keeps that`,
    );
  });

  it('are the same ones again when the source has them again', async () => {
    await buckets.makeBucket(source, 'shop-images');
    await runs(...UP);
    expect((await shown())[buckets.IN_DR.images]).to.deep.include({
      versioning: 'Enabled',
      tags: { 'lifeboat:source-id': 'shop-images' },
    });
    await runs(...UP, NOTHING);
  });
});
