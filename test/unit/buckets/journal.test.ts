import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { keyAt } from '../../../buckets/bucketAt';
import { Journal } from '../../../buckets/journal';
import type { KeyLineage, Pair } from '../../../buckets/lineage';
import type { LifeboatError } from '../../../errors';

const mock = mockClient(S3Client);
const dr = { id: '222222222222', s3: new S3Client({}) };
const time = '2026-01-01T00:00:00.000Z';
const entry = (key: string, source = 's1') => ({ key, source, time, size: 1 });
const pair = (key: string, source = 's1'): Pair => ({ ...entry(key, source), dr: `${key}-${source}` });

describe('the journal', () => {
  let objects: Map<string, Uint8Array>;

  beforeEach(() => {
    mock.reset();
    objects = new Map();
    mock.on(PutObjectCommand).callsFake(async ({ Key, Body, IfNoneMatch }) => {
      expect(IfNoneMatch).to.equal('*');
      if (objects.has(Key)) throw Object.assign(new Error('there'), { $metadata: { httpStatusCode: 412 } });
      objects.set(Key, Body);
      return {};
    });
    mock.on(GetObjectCommand).callsFake(async ({ Key }) => ({
      Body: { transformToByteArray: async () => objects.get(Key) },
    }));
    mock.on(ListObjectsV2Command).callsFake(async ({ Prefix }) => ({
      Contents: [...objects.keys()]
        .filter((Key) => Key.startsWith(Prefix))
        .sort()
        .map((Key) => ({ Key, LastModified: new Date(time) })),
    }));
  });

  const open = () => Journal.open(dr, 'vault', 'shop');
  async function read(): Promise<KeyLineage[]> {
    const found: KeyLineage[] = [];
    for await (const lineage of (await open()).read())
      found.push({ ...lineage, pairs: [...lineage.pairs].sort((a, b) => a.dr.localeCompare(b.dr)) });
    return found;
  }

  it('is empty at first', async () => {
    expect(await read()).to.deep.equal([]);
  });

  it('gives what was copied, and what was only planned, key by key over all runs', async () => {
    const first = await open();
    await first.planned(1, 1, [entry('a'), entry('b')], []);
    await first.copied(1, 1, [pair('a'), pair('b')]);
    await first.planned(2, 1, [entry('c')], []);
    const second = await open();
    await second.planned(1, 1, [entry('b', 's2')], [pair('c')]);
    await second.copied(1, 1, [pair('b', 's2')]);
    expect(await read()).to.deep.equal([
      { key: 'a', pairs: [pair('a')], planned: [] },
      { key: 'b', pairs: [pair('b'), pair('b', 's2')], planned: [] },
      { key: 'c', pairs: [pair('c')], planned: [{ ...entry('c'), at: new Date(time) }] },
    ]);
  });

  it('is written together when it is long, and read the same after; half of that counts for nothing', async () => {
    const long = await open();
    for (let window = 1; window <= 201; window += 1) {
      const key = `k${String(window).padStart(3, '0')}`;
      await long.planned(window, 1, [entry(key)], []);
      await long.copied(window, 1, [pair(key)]);
    }
    const before = await read();
    expect(before).to.have.length(201);
    const writing = await open();
    expect(writing.isLong).to.equal(true);
    await writing.keep(Array.from({ length: 6_000 }, () => pair('half')));
    expect(await read()).to.deep.equal(before);
    const whole = await open();
    for await (const { pairs } of whole.read()) await whole.keep(pairs);
    await whole.planned(1, 1, [entry('new')], []);
    await whole.copied(1, 1, [pair('new')]);
    await whole.end();
    expect(await read()).to.deep.equal([...before, { key: 'new', pairs: [pair('new')], planned: [] }]);
    const after = await open();
    expect(after.isLong).to.equal(false);
    expect(after.objects).to.equal(3);
  });

  it('stops the run when it cannot be read, or is damaged', async () => {
    const journal = await open();
    await journal.copied(1, 1, [pair('a')]);
    const [key = ''] = objects.keys();
    objects.set(key, new TextEncoder().encode('nothing'));
    expect(await read().catch((error: Error) => error.name)).not.to.equal(undefined);
    mock.on(ListObjectsV2Command).rejects(new Error('AccessDenied'));
    const refused = await open().catch((error: LifeboatError) => error);
    expect(refused).to.have.property('message').that.includes('so nothing is copied now');
  });
});

describe('keyAt', () => {
  const version = (versionId: string, second: number) => ({
    ...{ key: 'k', versionId, etag: '"x"', size: 1, storageClass: 'STANDARD' },
    lastModified: new Date(Date.UTC(2026, 0, 1, 0, 0, second)),
  });
  const told = (source: string, id: string, second: number): Pair => ({
    ...{ key: 'k', source, dr: id, size: 1 },
    time: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
  });
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const dr3 = { key: 'k', isHidden: false, versions: [version('d2', 50), version('d1', 49)] };
  const pairs = [told('s1', 'd1', 1), told('s2', 'd2', 10)];

  it('goes by the source’s times, and by its own where it is a replica', () => {
    expect(keyAt(dr3, { pairs }, at(5))).to.deep.include({ kind: 'back', version: version('d1', 49) });
    expect(keyAt(dr3, { pairs }, at(10)).kind).to.equal('same');
    expect(keyAt(dr3, { pairs: [] }, at(49)).kind).to.equal('back');
    expect(keyAt(dr3, { pairs: [] }, at(20)).kind).to.equal('newer');
  });

  it('finds what it has done itself, and what it has hidden', () => {
    const done = { ...dr3, versions: [version('r1', 60), ...dr3.versions] };
    const recovered = { pairs: [...pairs, told('recovered s1', 'r1', 1)] };
    expect(keyAt(done, recovered, at(5)).kind).to.equal('same');
    expect(keyAt(done, recovered, at(10))).to.deep.include({ kind: 'back', version: version('d2', 50) });
    expect(keyAt({ ...dr3, isHidden: true }, { pairs }, at(10)).kind).to.equal('back');
    expect(keyAt({ ...dr3, isHidden: true }, { pairs }, at(0)).kind).to.equal('same');
  });
});
