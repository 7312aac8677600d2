import { DeleteSnapshotCommand, type EC2Client } from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { LifeboatError, reason } from '../errors';
import type { CopySet } from './copySets';

/** What became of the copies that were to go. */
export interface Deletions {
  /** Copies that are gone. */
  readonly deleted: readonly string[];
  /** Copies that AWS did not delete, with its own words. What else was in their sets was not tried. */
  readonly failed: readonly { readonly copy: string; readonly reason: string }[];
}

/** Sets worked on at the same time: AWS throttles calls that change things at some five a second. */
const SETS_AT_ONCE = 5;

/**
 * Deletes sets, each copy by copy. One that cannot be deleted ends its own set only. Cut off anywhere, what is left of a set is an
 * incomplete one for the next run: its last member goes last, so that the rest stays in the same slot until then.
 *
 * @param said is told of each copy
 */
export async function deleteSets(
  ec2: EC2Client,
  sets: readonly CopySet[],
  said: (text: string) => void,
): Promise<Deletions> {
  const deleted: string[] = [];
  const failed: { copy: string; reason: string }[] = [];
  const limit = pLimit(SETS_AT_ONCE);
  await Promise.all(
    sets.map(({ copies }) =>
      limit(async () => {
        for (const { id } of [...copies].sort((a, b) => Number(a.sourceTime) - Number(b.sourceTime))) {
          try {
            await ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
          } catch (error) {
            // Another run, or an answer that was lost.
            if (!(error instanceof Error) || error.name !== 'InvalidSnapshot.NotFound') {
              failed.push({ copy: id, reason: reason(error) });
              said(`failed   ${id}: ${reason(error)}`);
              return;
            }
          }
          deleted.push(id);
          said(`deleted  ${id}`);
        }
      }),
    ),
  );
  return { deleted, failed };
}

/**
 * Refuses who may not delete copies before anything is asked or done. AWS itself is asked, by a dry run.
 *
 * @param id of one that is to go
 * @throws LifeboatError
 */
export async function refuseWithoutRight(ec2: EC2Client, id: string, command: string): Promise<void> {
  try {
    await ec2.send(new DeleteSnapshotCommand({ SnapshotId: id, DryRun: true }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'UnauthorizedOperation') return;
    throw new LifeboatError({
      what: 'Who runs this may delete no copy, so nothing was changed',
      expected:
        "an administrator of the DR account, or a principal of your own with the right to: the vault's roles are denied it, so that nobody who steals one can",
      next: `sign in as one, then: ${command}`,
      cause: error,
    });
  }
}
