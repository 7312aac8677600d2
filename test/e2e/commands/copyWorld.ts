import { GetObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG, VAULT_KEY, vaultNames } from '../../../names';
import { DR, type World } from './world';

/** Shared snapshots of new volumes, completed in the source. Returns their ids. */
export async function shared(
  world: World,
  count: number,
  gib = 2,
  tags: Record<string, string> = {},
): Promise<string[]> {
  const ids = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const volume = await world.volume(`MASTER-${index}`, gib);
      return world.snapshot(volume, { Name: `MASTER-${index}`, ...tags });
    }),
  );
  await world.emulator.advance(3_600);
  return ids;
}

/** Nothing lost, nothing twice, nothing of something else: one completed copy of each, which holds its bytes. */
export async function expectOneCopyEach(world: World, snapshotIds: readonly string[]): Promise<void> {
  const lineage = await world.emulator.lineage();
  const live = (await world.copies()).filter(({ State }) => State !== 'error');
  const ours = live.map(({ SnapshotId = '', State, Tags }) => ({
    id: SnapshotId,
    state: State,
    of: tagRecord(Tags)[TAG.sourceSnapshot] ?? '',
  }));
  for (const id of snapshotIds) {
    const copies = ours.filter(({ of }) => of === id);
    expect(copies, id).to.have.length(1);
    expect(lineage[copies[0]?.id ?? '']?.snapshot).to.equal(id);
  }
  expect(ours.filter(({ state }) => state === 'pending')).to.deep.equal([]);
}

/** The tags that a snapshot's manifest has. */
export async function manifestTags(world: World, snapshotId: string): Promise<Record<string, string>> {
  const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
  const found = await world.dr.s3.send(new GetObjectCommand({ Bucket, Key: VAULT_KEY.manifest(snapshotId) }));
  return JSON.parse((await found.Body?.transformToString()) ?? '').tags;
}

/** How often DR called CopySnapshot. */
export async function copyCalls(world: World): Promise<number> {
  const { calls } = await world.emulator.state();
  return calls[`${DR.account}/${DR.region}/ec2/CopySnapshot`] ?? 0;
}
