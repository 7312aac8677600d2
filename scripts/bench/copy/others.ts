import { CopySnapshotCommand, DescribeSnapshotsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CLIENT_DEFAULTS } from '../../../accounts';
import { present } from '../../../kinds/kind';
import type { Clock } from '../../../snapshots/clock';
import { findSnapshots } from '../../../snapshots/snapshotSearch';
import { DR_REGION, SOURCE } from './world';

/** How the scripts that Lifeboat stands against look at what they wait for. */
const POLL_MS = 5_000;

/**
 * Copies all that is shared in batches of fixed size, each to its end before the next begins, and looks every 5 s. It makes no
 * manifests and sets no tags: it is the least that copies at all.
 *
 * @param size of a batch: 1 copies one after the other
 */
export async function copyInBatches(keyArn: string, size: number, clock: Clock): Promise<void> {
  const there = new EC2Client({ ...CLIENT_DEFAULTS, region: SOURCE.region });
  const here = new EC2Client({ ...CLIENT_DEFAULTS, region: DR_REGION });
  const shared = await findSnapshots(there, { OwnerIds: [SOURCE.account], RestorableByUserIds: ['self'] });
  for (let start = 0; start < shared.length; start += size) {
    const ids: string[] = [];
    for (const { SnapshotId } of shared.slice(start, start + size)) {
      const copy = new CopySnapshotCommand({
        SourceRegion: SOURCE.region,
        SourceSnapshotId: SnapshotId,
        Encrypted: true,
        KmsKeyId: keyArn,
      });
      ids.push(present((await here.send(copy)).SnapshotId, 'SnapshotId'));
    }
    for (;;) {
      await clock.sleep(POLL_MS);
      const { Snapshots = [] } = await here.send(new DescribeSnapshotsCommand({ SnapshotIds: ids }));
      if (Snapshots.every(({ State }) => State === 'completed')) break;
    }
  }
}
