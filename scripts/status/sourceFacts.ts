import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type Account, sourceAccount } from '../../accounts';
import { reason } from '../../errors';
import type { Items } from '../../inventory/inventory';
import { instance } from '../../kinds/machines/instance';
import { volume } from '../../kinds/machines/volume';
import type { Settings } from '../../settings';
import { kmsOf } from '../../snapshots/clients';
import { newestByVolume, type SharedSnapshots, sharedSnapshots } from '../../snapshots/shared';
import { type Looked, look, lookedUp } from './finding';
import { type SnapshotPolicy, snapshotPolicies } from './snapshotPolicies';
import { type StoreCount, storeCounts } from './stores';

/** The state of a key in the source; or why it could not be read. */
export interface KeyState {
  /** `Enabled`, `Disabled`, `PendingDeletion` and others. */
  readonly state?: string;
  /** Whether AWS manages it, and so nothing under it can ever be shared. */
  readonly isAwsManaged?: boolean;
  readonly reason?: string;
}

/** What the source shows, each part by itself. */
export interface SourceFacts {
  /** Its machines and disks. */
  readonly live: Looked<Items>;
  readonly shared: Looked<SharedSnapshots>;
  readonly policies: Looked<readonly SnapshotPolicy[]>;
  /** The keys of the newest snapshots, by ARN. */
  readonly keys: ReadonlyMap<string, KeyState>;
  readonly stores: readonly StoreCount[];
}

const RIGHTS = 'if its role lacks a right, in the source, as its owner: npm run pulumi -- -C source up';

/**
 * Looks the source up through the reader role.
 *
 * @throws LifeboatError when it does not let us in; what cannot be looked up after that is a finding of its own
 */
export async function sourceFacts(settings: Settings, dr: Account): Promise<SourceFacts> {
  const source = await sourceAccount(settings);
  const [live, { shared, keys }, policies, stores] = await Promise.all([
    look('look-up-failed', "the source's machines and disks", RIGHTS, async () => {
      const [instances, volumes] = await Promise.all([instance.list(source), volume.list(source)]);
      return { [instance.name]: instances, [volume.name]: volumes };
    }),
    snapshotsAndKeys(source, dr, settings),
    look('look-up-failed', "the source's snapshot policies", RIGHTS, () => snapshotPolicies(source, dr.id)),
    storeCounts(source),
  ]);
  return { live, shared, keys, policies, stores };
}

async function snapshotsAndKeys(source: Account, dr: Account, settings: Pick<Settings, 'home'>) {
  const shared = await look('look-up-failed', "the source's snapshots", RIGHTS, () =>
    sharedSnapshots(source, dr, settings),
  );
  const found = lookedUp(shared);
  const newest = found ? newestByVolume([...found.tagged, ...found.notShared, ...found.failed]) : [];
  const ids = [...new Set(newest.flatMap(({ keyId }) => keyId ?? []))];
  const kms = kmsOf(source);
  try {
    const states = await Promise.all(ids.map(async (id) => [id, await keyState(kms, id)] as const));
    return { shared, keys: new Map(states) };
  } finally {
    kms.destroy();
  }
}

async function keyState(kms: KMSClient, KeyId: string): Promise<KeyState> {
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
    return { state: KeyMetadata?.KeyState, isAwsManaged: KeyMetadata?.KeyManager === 'AWS' };
  } catch (error) {
    return { reason: reason(error) };
  }
}
