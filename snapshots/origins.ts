import type { Snapshot } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { TAG } from '../names';
import { copyDescription, describedCopy } from './copyDescription';
import { findOwnSnapshots } from './snapshotSearch';

/**
 * Gives copies that were made within an account the volume and the time of the snapshot that they are of. AWS tells neither of a copy. Which
 * snapshot it is of its description says, which nobody can change; that this is one of that volume, of that time and size, AWS says of that
 * snapshot itself. A copy of which it does not, or whose snapshot is gone, stays one of no volume.
 *
 * @param account whose snapshots they are
 * @param snapshots any of the account's
 * @throws when any page cannot be had
 */
export async function withOrigins(account: Account, snapshots: readonly Snapshot[]): Promise<Snapshot[]> {
  const described = new Map(
    snapshots.flatMap((snapshot) => {
      const made = describedCopy(snapshot.Description);
      const isOurs =
        made &&
        snapshot.Description === copyDescription({ id: made.snapshotId, volumeId: made.volumeId }, account);
      return isOurs ? [[snapshot, made] as const] : [];
    }),
  );
  const ids = [...described.values()].map(({ snapshotId }) => snapshotId);
  const origins = new Map(
    (await findOwnSnapshots(account.ec2, 'snapshot-id', ids)).map((origin) => [origin.SnapshotId, origin]),
  );
  return snapshots.map((snapshot) => {
    const made = described.get(snapshot);
    const origin = made && origins.get(made.snapshotId);
    const isTrue =
      origin?.VolumeId === made?.volumeId &&
      origin?.VolumeSize === snapshot.VolumeSize &&
      origin?.Tags?.some(({ Key }) => Key === TAG.wayHomeOf);
    return isTrue ? { ...snapshot, VolumeId: origin?.VolumeId, StartTime: origin?.StartTime } : snapshot;
  });
}
