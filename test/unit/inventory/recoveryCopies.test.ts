import { DescribeSnapshotsCommand } from '@aws-sdk/client-ec2';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { expect } from 'chai';
import { fieldsOf, type Inventory } from '../../../inventory/inventory';
import { recoveryCopies } from '../../../inventory/recoveryCopies';
import type { Pin } from '../../../inventory/store';
import { TAG } from '../../../names';
import { copyDescription } from '../../../snapshots/copyDescription';
import { manifestOf } from '../../../snapshots/manifest';
import { instance, volume } from '../items';
import { awsError, fakeAccount, sharedSnapshot } from '../snapshots/fakes';

const SOURCE = { id: '111111111111', region: 'eu-west-1' };
const dr = fakeAccount('222222222222', 'eu-central-1');
const ec2 = mockClient(dr.ec2);
const s3 = mockClient(dr.s3);
const shared = sharedSnapshot('snap-1');
const kinds = { instance: [instance('i-1', 'MASTER', ['vol-1'])], volume: [volume('vol-1')] };
const inventory: Inventory = {
  format: 'lifeboat-inventory',
  version: 2,
  account: SOURCE.id,
  region: SOURCE.region,
  zones: {},
  gone: {},
  fields: fieldsOf(kinds),
  kinds,
};
const pin: Pin = {
  instance: 'i-1',
  point: 'p',
  time: '2026-01-31T04:00:00.000Z',
  copies: { 'vol-1': 'copy-1' },
};

describe('recoveryCopies', () => {
  beforeEach(() => {
    ec2.reset();
    s3.reset();
    // A copy whose tags have been made to say that it is newer than it is.
    ec2.on(DescribeSnapshotsCommand).resolves({
      Snapshots: [
        {
          SnapshotId: 'copy-1',
          StartTime: new Date('2026-01-31T05:00:00Z'),
          VolumeSize: 8,
          State: 'completed',
          Encrypted: true,
          Description: copyDescription(shared, SOURCE),
          Tags: Object.entries({
            [TAG.sourceSnapshot]: 'snap-1',
            [TAG.sourceVolume]: 'vol-1',
            [TAG.sourceTime]: '2026-03-01T00:00:00.000Z',
          }).map(([Key, Value]) => ({ Key, Value })),
        },
      ],
    });
    const text = JSON.stringify(manifestOf(shared, SOURCE));
    s3.on(GetObjectCommand, {
      Bucket: 'lifeboat-inventory-222222222222-eu-central-1',
      Key: 'manifests/snap-1.json',
      ExpectedBucketOwner: dr.id,
    }).resolves({ Body: { transformToString: async () => text } } as never);
  });

  it('recovers by the manifest where the tags say otherwise, and says so', async () => {
    const { copies, notes } = await recoveryCopies(dr, inventory, new Map(), {});
    expect(copies.map(({ sourceTime }) => sourceTime)).to.deep.equal([shared.startTime]);
    expect(notes).to.have.length(1);
    expect(notes[0]).to.contain('the copy copy-1 has tags that say').and.contain('the manifest is believed');
  });

  it('leaves a machine that runs already at its copies, and reads nothing for it', async () => {
    const { copies, notes } = await recoveryCopies(dr, inventory, new Map([['i-1', pin]]), {});
    expect([copies.map(({ id }) => id), notes]).to.deep.equal([['copy-1'], []]);
    expect(s3.commandCalls(GetObjectCommand)).to.have.length(0);
  });

  it('recovers without a manifest, and says so, but not when S3 does not answer', async () => {
    s3.on(GetObjectCommand).rejects(new NoSuchKey({ message: 'no', $metadata: {} }));
    const { copies, notes } = await recoveryCopies(dr, inventory, new Map(), {});
    expect(copies).to.have.length(1);
    expect(notes[0]).to.contain('has no manifest');
    s3.on(GetObjectCommand).rejects(awsError('SlowDown', 503));
    const failed = await recoveryCopies(dr, inventory, new Map(), {}).catch((error: Error) => error.name);
    expect(failed).to.equal('SlowDown');
  });
});
