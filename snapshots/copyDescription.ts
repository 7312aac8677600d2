import type { Account } from '../accounts';
import type { SharedSnapshot } from './shared';

const FORM = /^Lifeboat: (snap-[0-9a-z]+) of (vol-[0-9a-z]+) in \d{12}, [a-z0-9-]+$/;

/** The description of a copy. AWS lets nobody change it later, so that it says what the copy is of when its tags no longer do. */
export function copyDescription(
  snapshot: Pick<SharedSnapshot, 'id' | 'volumeId'>,
  source: Pick<Account, 'id' | 'region'>,
): string {
  return `Lifeboat: ${snapshot.id} of ${snapshot.volumeId} in ${source.id}, ${source.region}`;
}

/** What such a description says; undefined for any other. */
export function describedCopy(
  description: string | undefined,
): { snapshotId: string; volumeId: string } | undefined {
  const [, snapshotId, volumeId] = FORM.exec(description ?? '') ?? [];
  return snapshotId && volumeId ? { snapshotId, volumeId } : undefined;
}
