import { expect } from 'chai';
import { tagRecord } from '../../../kinds/kind';
import { TAG } from '../../../names';
import type { World } from './world';

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

/** How often DR called CopySnapshot. */
export async function copyCalls(world: World, account: string, region: string): Promise<number> {
  const { calls } = await world.emulator.state();
  return calls[`${account}/${region}/ec2/CopySnapshot`] ?? 0;
}
