import { GetObjectCommand, ListObjectsV2Command, NoSuchKey } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import type { Copy } from '../../../snapshots/catalogue';
import { copyDescription, describedCopy } from '../../../snapshots/copyDescription';
import { checkedCopies, newestMembers } from '../../../snapshots/lineage';
import { type FoundManifest, manifestIds, manifestOf, readManifest } from '../../../snapshots/manifest';
import { awsError, copyOf, fakeAccount, sharedSnapshot } from './fakes';

const disks = new Map([['vol-1', undefined]]);

const SOURCE = { id: '111111111111', region: 'eu-west-1' };
const HOUR = 3_600_000;
const START = Date.parse('2026-01-31T04:00:00Z');

/** A copy of vol-1, taken at an hour and begun a half later, and its manifest. */
function made(
  id: string,
  hour: number,
  changes: Partial<Copy> = {},
): { copy: Copy; manifest: FoundManifest } {
  const shared = sharedSnapshot(id, { startTime: new Date(START + hour * HOUR) });
  return {
    copy: copyOf(id, {
      sourceTime: shared.startTime,
      begun: new Date(START + (hour + 0.5) * HOUR),
      description: copyDescription(shared, SOURCE),
      ...changes,
    }),
    manifest: manifestOf(shared, SOURCE),
  };
}

async function check(all: readonly ReturnType<typeof made>[], manifests: Record<string, FoundManifest> = {}) {
  const read: string[] = [];
  const known: Record<string, FoundManifest> = {
    ...Object.fromEntries(
      all.map(({ manifest }) => [(manifest as { sourceSnapshotId: string }).sourceSnapshotId, manifest]),
    ),
    ...manifests,
  };
  const checked = await checkedCopies(
    all.map(({ copy }) => copy),
    newestMembers([disks]),
    async (id) => {
      read.push(id);
      return known[id] ?? 'none';
    },
  );
  const newest = newestMembers([disks])(checked.copies)[0];
  return { ...checked, newest, read, said: checked.problems.map(({ copy, what }) => `${copy} ${what}`) };
}

describe('checkedCopies', () => {
  it('reads only what a recovery would read, and believes what agrees', async () => {
    const { problems, read, newest } = await check([
      made('snap-1', 0),
      made('snap-2', 24),
      made('snap-3', 48),
    ]);
    expect(problems).to.deep.equal([]);
    expect(new Set(read)).to.deep.equal(new Set(['snap-3']));
    expect(newest?.id).to.equal('copy-of-snap-3');
  });

  const forgeries: [string, Partial<Copy>][] = [
    ['another time', { sourceTime: new Date(START + 1_000 * HOUR) }],
    ['an older time', { sourceTime: new Date(0) }],
    ['another volume', { sourceVolumeId: 'vol-2' }],
    ['another snapshot', { sourceSnapshotId: 'snap-9' }],
  ];
  for (const [what, changes] of forgeries) {
    it(`believes the manifest of a copy whose tags say ${what}`, async () => {
      const { newest, said } = await check([made('snap-1', 0), made('snap-2', 24, changes)]);
      expect(newest).to.include({
        id: 'copy-of-snap-2',
        sourceSnapshotId: 'snap-2',
        sourceVolumeId: 'vol-1',
      });
      expect(newest?.sourceTime).to.deep.equal(new Date(START + 24 * HOUR));
      expect(said).to.have.length(1);
      expect(said[0]).to.match(
        /^copy-of-snap-2 has tags that say .*, and a manifest that says snap-2 of vol-1 at .*: the manifest is believed$/,
      );
    });
  }

  it('leaves out a copy that says other than its manifest and that nothing ties to it, and takes the one before', async () => {
    const { newest, said } = await check([
      made('snap-1', 0),
      made('snap-2', 24, { description: '', sourceTime: new Date(START + 30 * HOUR) }),
    ]);
    expect(newest?.id).to.equal('copy-of-snap-1');
    expect(said).to.have.length(1);
    expect(said[0]).to.contain('nothing says that it is its manifest: not believed');
  });

  it('leaves out a copy of another size than its manifest', async () => {
    const { newest, said } = await check([made('snap-1', 0), made('snap-2', 24, { size: 9 })]);
    expect(newest?.id).to.equal('copy-of-snap-1');
    expect(said[0]).to.contain('has 9 GiB, and by its manifest 8 GiB');
  });

  it('uses a copy without manifest, or with a damaged one, and names it', async () => {
    const none = await check([made('snap-1', 0)], { 'snap-1': 'none' });
    expect(none.newest?.id).to.equal('copy-of-snap-1');
    expect(none.said[0]).to.contain('has no manifest: only its tags say');
    const damaged = await check([made('snap-1', 0)], { 'snap-1': 'damaged' });
    expect(damaged.newest?.id).to.equal('copy-of-snap-1');
    expect(damaged.said[0]).to.contain('has a damaged manifest');
  });

  it('does not use one that has neither manifest nor tags that agree with its description', async () => {
    const { newest, said } = await check(
      [
        made('snap-1', 0),
        made('snap-2', 24, { sourceTime: new Date(START + 25 * HOUR), sourceSnapshotId: 'snap-9' }),
      ],
      { 'snap-2': 'none' },
    );
    expect(newest?.id).to.equal('copy-of-snap-1');
    expect(said[0]).to.contain('its tags say other than its description does');
  });

  it('prefers the copy that copy-snapshots made to another of the same snapshot', async () => {
    const real = made('snap-1', 0);
    const planted = made('snap-1', 0, { id: 'copy-0', description: '' });
    const { newest, said } = await check([planted, real]);
    expect(newest?.id).to.equal('copy-of-snap-1');
    expect(said[0]).to.contain('copy-0 claims to be a copy of snap-1, which has one');
  });

  it('throws what a look-up throws: an error says nothing of a manifest', async () => {
    const failing = checkedCopies([made('snap-1', 0).copy], newestMembers([disks]), () =>
      Promise.reject(awsError('SlowDown', 503)),
    );
    expect(await failing.catch((error: Error) => error.name)).to.equal('SlowDown');
  });

  it('checks the point that a recovery to a time would read', async () => {
    const all = [made('snap-1', 0), made('snap-2', 24)];
    const at = new Date(START + 2 * HOUR);
    expect(newestMembers([disks], at)(all.map(({ copy }) => copy)).map(({ id }) => id)).to.include(
      'copy-of-snap-1',
    );
  });
});

describe('describedCopy', () => {
  it('reads what copyDescription writes, and nothing else', () => {
    const text = copyDescription({ id: 'snap-1', volumeId: 'vol-1' }, SOURCE);
    expect(describedCopy(text)).to.deep.equal({ snapshotId: 'snap-1', volumeId: 'vol-1' });
    for (const other of [undefined, '', `${text} and more`, '[Copied snap-1 from eu-west-1]'])
      expect(describedCopy(other)).to.equal(undefined);
  });
});

describe('the manifests in the vault', () => {
  const dr = fakeAccount('222222222222', 'eu-central-1');
  const s3 = mockClient(dr.s3);
  beforeEach(() => {
    s3.reset();
    s3.onAnyCommand().rejects(new Error('unplanned'));
  });
  const body = (text: string) => ({ Body: { transformToString: async () => text } }) as never;

  it('are listed page by page', async () => {
    s3.on(ListObjectsV2Command, { Prefix: 'manifests/' })
      .resolves({
        Contents: [{ Key: 'manifests/snap-1.json' }, { Key: 'manifests/x.txt' }],
        NextContinuationToken: 'more',
        IsTruncated: true,
      })
      .on(ListObjectsV2Command, { ContinuationToken: 'more' })
      .resolves({ Contents: [{ Key: 'manifests/snap-2.json' }] });
    expect([...(await manifestIds(dr, 'bucket'))]).to.deep.equal(['snap-1', 'snap-2']);
  });

  it('are whole and of the snapshot that they are asked for, or damaged', async () => {
    const { manifest } = made('snap-1', 0);
    const text = JSON.stringify(manifest);
    s3.on(GetObjectCommand, { Key: 'manifests/snap-1.json' }).resolves(body(text));
    expect(await readManifest(dr, 'bucket', 'snap-1')).to.deep.equal(manifest);
    for (const wrong of [
      text.slice(0, 50),
      '{}',
      text.replace('"version":1', '"version":2'),
      text.replace('snap-1', 'snap-2'),
    ]) {
      s3.on(GetObjectCommand, { Key: 'manifests/snap-1.json' }).resolves(body(wrong));
      expect(await readManifest(dr, 'bucket', 'snap-1'), wrong).to.equal('damaged');
    }
  });

  it('are as good as damaged when S3 keeps them where they cannot be read', async () => {
    for (const name of ['InvalidObjectState', 'KMS.DisabledException']) {
      s3.on(GetObjectCommand).rejects(awsError(name, 400));
      expect(await readManifest(dr, 'bucket', 'snap-1'), name).to.equal('damaged');
    }
  });

  it('are not there when S3 says so, and unknown when it does not answer', async () => {
    s3.on(GetObjectCommand, { Key: 'manifests/snap-1.json' })
      .rejects(new NoSuchKey({ message: 'no', $metadata: {} }))
      .on(GetObjectCommand, { Key: 'manifests/snap-2.json' })
      .rejects(awsError('AccessDenied', 403));
    expect(await readManifest(dr, 'bucket', 'snap-1')).to.equal('none');
    expect(await readManifest(dr, 'bucket', 'snap-2').catch((error: Error) => error.name)).to.equal(
      'AccessDenied',
    );
  });
});
