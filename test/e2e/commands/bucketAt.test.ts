import * as s3 from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { all, type Buckets, contents, makeBuckets, put, read, tagAs } from './bucketWorld';
import { DR, startWorld, type World } from './world';

describe('lifeboat bucket-at', function () {
  this.timeout(120_000);
  let world: World;
  let buckets: Buckets;
  let moment: string;
  before(async () => {
    world = await startWorld();
    buckets = await makeBuckets(world);
    const source = world.source.s3;
    await put(source, 'shop', 'changed', 'true');
    await put(source, 'shop', 'same', 'same');
    await world.emulator.advance(3_600);
    moment = (await world.emulator.state()).now;
    await world.emulator.advance(3_600);
    await put(source, 'shop', 'changed', 'ransom');
    await put(source, 'shop', 'note', 'pay');
    // All of it is copied later: DR's own times say nothing of the source's.
    await world.emulator.advance(3_600);
    expect((await world.run(['copy-buckets', '--bucket', 'shop'])).code).to.equal(0);
  });
  after(() => world.stop());

  const at = (...more: string[]) => world.run(['bucket-at', '--bucket', 'shop', '--at', moment, ...more]);

  it('shows what it would do, and refuses to do it unless somebody types the account', async () => {
    const before = await world.mutations(DR.account);
    const plan = await at('--plan', '--json');
    expect(plan.code, plan.stderr).to.equal(0);
    expect(JSON.parse(plan.stdout).planned).to.include({ back: 1, same: 1, newer: 1 });
    const unconfirmed = await at();
    expect(unconfirmed.code).to.equal(1);
    expect(unconfirmed.stderr).to.contain('must be confirmed').and.to.contain(`--confirm ${DR.account}`);
    expect(await world.mutations(DR.account)).to.deep.equal(before);
    const wrong = await world.run(['bucket-at', '--bucket', 'shop', '--at', 'yesterday']);
    expect(wrong.stderr).to.contain('--at is malformed');
  });

  it('writes into no bucket that only has the right name', async () => {
    await tagAs(world, buckets.dr, 'another');
    const before = await world.mutations(DR.account);
    const ran = await at('--confirm', DR.account);
    expect(ran.code).to.equal(1);
    expect(ran.stderr).to.contain("is not Lifeboat's mirror of shop").and.to.contain('source-id: another');
    expect(await world.mutations(DR.account)).to.deep.equal(before);
    await tagAs(world, buckets.dr, 'shop');
  });

  it('puts the right version on top, by the times of the source, and deletes nothing', async () => {
    const ran = await at('--confirm', DR.account);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await contents(world, buckets)).to.deep.equal({
      changed: ['true', 'ransom', 'true'],
      note: ['pay'],
      same: ['same'],
    });
    const again = await at('--json');
    expect(JSON.parse(again.stdout).planned).to.include({ back: 0, same: 2, newer: 1 });
  });

  it('hides what was not there then only when told to, and keeps its versions', async () => {
    const ran = await at('--hide-newer', '--confirm', DR.account);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await read(world.dr.s3, buckets.dr, 'note')).to.equal(undefined);
    const note = (await all(world, buckets.dr)).find(({ key }) => key === 'note');
    expect(note?.versions).to.have.length(1);
    expect(note?.isHidden).to.equal(true);
  });

  it('is not undone by the next run of copy-buckets, which still copies what is new', async () => {
    await put(world.source.s3, 'shop', 'later', 'later');
    const ran = await world.run(['copy-buckets', '--bucket', 'shop']);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(ran.stdout).to.contain('1 versions copied');
    expect(await read(world.dr.s3, buckets.dr, 'changed')).to.equal('true');
    expect(await read(world.dr.s3, buckets.dr, 'note')).to.equal(undefined);
  });

  it('needs nothing of the source', async () => {
    const { Versions = [], DeleteMarkers = [] } = await world.source.s3.send(
      new s3.ListObjectVersionsCommand({ Bucket: 'shop' }),
    );
    for (const { Key, VersionId } of [...Versions, ...DeleteMarkers])
      await world.source.s3.send(new s3.DeleteObjectCommand({ Bucket: 'shop', Key, VersionId }));
    await world.source.s3.send(new s3.DeleteBucketCommand({ Bucket: 'shop' }));
    const now = (await world.emulator.state()).now;
    const ran = await world.run(['bucket-at', '--bucket', 'shop', '--at', now, '--confirm', DR.account]);
    expect(ran.code, ran.stderr).to.equal(0);
    expect(await read(world.dr.s3, buckets.dr, 'changed')).to.equal('ransom');
    expect(await read(world.dr.s3, buckets.dr, 'note')).to.equal('pay');
  });
});
