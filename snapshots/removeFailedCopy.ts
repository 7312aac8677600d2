import { DeleteSnapshotCommand } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { reason } from '../errors';
import type { Copy } from './catalogue';

/** Removes a copy that ended in error and is ours; it holds nothing. That it cannot be removed does no harm, and is noted. */
export async function removeFailedCopy(
  dr: Pick<Account, 'ec2'>,
  { id, state }: Copy,
  note: (text: string) => void,
): Promise<void> {
  if (state !== 'error') return;
  try {
    await dr.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id }));
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidSnapshot.NotFound') return;
    note(`The failed copy ${id} stays where it is: ${reason(error)}`);
  }
}
