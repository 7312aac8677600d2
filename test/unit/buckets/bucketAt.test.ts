import { HeadObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { bucketAt } from '../../../buckets/bucketAt';
import type { Journal } from '../../../buckets/journal';
import type { KeyLineage } from '../../../buckets/lineage';

const day = (number: number) => new Date(`2026-01-0${number}T00:00:00.000Z`);
const version = (VersionId: string, on: number, Size = 4) => ({
  ...{
    Key: 'k',
    VersionId,
    Size,
    LastModified: day(on),
    ETag: `"${VersionId}"`,
    StorageClass: 'STANDARD' as const,
  },
});
const pair = (source: string, dr: string, on: number) => ({
  ...{ key: 'k', source, dr, time: day(on).toISOString(), size: 4 },
});

describe('bucketAt, after a run that was killed', () => {
  const s3 = mockClient(S3Client);
  beforeEach(() => s3.reset());
  after(() => s3.restore());

  /** What is to be done about the one key, which has a `true` of the first day and a `ransom` of the third: both were copied on the fourth. */
  async function looked(top: ReturnType<typeof version>, more: Partial<KeyLineage> = {}) {
    const [first, ...rest] = [top, version('dr-ransom', 4), version('dr-true', 4)];
    s3.on(ListObjectVersionsCommand).resolves({ Versions: [{ ...first, IsLatest: true }, ...rest] });
    const { dr: _, ...about } = pair('recovered true', '', 1);
    const lineage: KeyLineage = {
      key: 'k',
      pairs: [pair('true', 'dr-true', 1), pair('ransom', 'dr-ransom', 3)],
      planned: [{ ...about, at: day(5) }],
      ...more,
    };
    const journal = {
      async *read() {
        yield lineage;
      },
    } as unknown as Journal;
    const place = { s3: new S3Client({}), bucket: 'shop-222222222222', owner: '222222222222' };
    return bucketAt({ dr: place, journal, at: day(2), hideNewer: false, atOnce: 1 });
  }

  it('knows what that has put on top', async () => {
    s3.on(HeadObjectCommand).resolves({});
    expect(await looked(version('unknown', 5))).to.include({ same: 1, back: 0 });
  });

  it('takes for it neither what is older, nor of another size, nor what S3 has replicated', async () => {
    s3.on(HeadObjectCommand).resolves({});
    expect(await looked(version('unknown', 4))).to.include({ same: 0, back: 1 });
    expect(await looked(version('unknown', 5, 5))).to.include({ same: 0, back: 1 });
    s3.on(HeadObjectCommand).resolves({ ReplicationStatus: 'REPLICA' });
    expect(await looked(version('unknown', 5))).to.include({ same: 0, back: 1 });
    s3.on(HeadObjectCommand).rejects(new Error('AccessDenied'));
    expect(await looked(version('unknown', 5))).to.include({ same: 0, back: 1 });
  });

  it('concludes nothing where runs that were killed were about to do different things', async () => {
    s3.on(HeadObjectCommand).resolves({});
    const two = ['recovered true', 'recovered ransom'].map((source) => {
      const { dr: _, ...about } = pair(source, '', 1);
      return { ...about, at: day(5) };
    });
    expect(await looked(version('unknown', 5), { planned: two })).to.include({ same: 0, back: 1 });
  });
});
