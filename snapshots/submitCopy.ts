import { CopySnapshotCommand, type EC2Client } from '@aws-sdk/client-ec2';
import type { Account } from '../accounts';
import { present } from '../kinds/kind';
import { TAG } from '../names';
import { carriedTags } from '../tags';
import { type Attempted, attempt } from './attempt';
import { copiesInDr } from './catalogue';
import { type Clock, REAL_CLOCK } from './clock';
import { copyDescription } from './copyDescription';
import { writeManifest } from './manifest';
import type { SharedSnapshot } from './shared';
import type { Vault } from './vault';

/** Where copies come from and go to. */
export interface CopyRoute {
  readonly source: Pick<Account, 'id' | 'region'>;
  readonly dr: Account;
  /** EC2 of DR, without repeats; see clients.ts. */
  readonly once: EC2Client;
  readonly vault: Vault;
  /** See Attempt. */
  readonly settleMs: number;
}

/**
 * Starts one copy, with its manifest written first, so that no copy is ever without.
 *
 * @param isOurs whether this run has tried it before, and AWS had no room or the copy failed
 * @returns the copy's id in DR, and the keys of tags that it has no room for; they are in the manifest
 * @throws LifeboatError for what would stop every other copy too
 */
export async function submitCopy(
  { source, dr, once, vault, settleMs }: CopyRoute,
  snapshot: SharedSnapshot,
  isOurs: boolean,
  clock: Clock = REAL_CLOCK,
): Promise<Attempted<{ id: string; leftOut: readonly string[] }>> {
  const isFirst = isOurs || (await writeManifest(dr, vault.bucket, snapshot, source));
  const { tags, leftOut } = carriedTags(snapshot.tags, {
    [TAG.sourceSnapshot]: snapshot.id,
    [TAG.sourceVolume]: snapshot.volumeId,
    [TAG.sourceTime]: snapshot.startTime.toISOString(),
  });
  const command = new CopySnapshotCommand({
    SourceRegion: source.region,
    SourceSnapshotId: snapshot.id,
    Description: copyDescription(snapshot, source),
    // Under DR's own key: whoever owns the source's key could otherwise take the copy's readability away.
    Encrypted: true,
    KmsKeyId: vault.keyArn,
    // At creation, not after: a copy is found again by its tags, also when this process ends right now.
    TagSpecifications: [
      { ResourceType: 'snapshot', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
    ],
  });
  const find = async () => {
    const [copy] = (await copiesInDr(dr, { only: [snapshot.id] })).filter(({ state }) => state !== 'error');
    return copy && { id: copy.id, leftOut };
  };
  if (!isFirst) {
    // Another run has begun with this snapshot: one that was killed, or one that is about to copy it right now.
    await clock.sleep(settleMs);
    const value = await find();
    if (value) return { kind: 'done', value };
  }
  return attempt({
    what: `copy ${snapshot.id}`,
    settleMs,
    clock,
    call: async () => ({ id: present((await once.send(command)).SnapshotId, 'SnapshotId'), leftOut }),
    find,
  });
}
