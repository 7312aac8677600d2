import type { Journal } from './journal';
import { type KeyPlan, keyPlan } from './keyPlan';
import { type KeyLineage, type KnownKey, knownOf } from './lineage';
import { type BucketPlace, listVersions } from './listVersions';
import { mergeKeys } from './mergeKeys';
import type { KeyVersions } from './objectVersion';

/** One key, seen from all sides. */
export interface WalkedKey {
  readonly key: string;
  readonly source?: KeyVersions;
  readonly dr?: KeyVersions;
  /** What was written down of it. */
  readonly lineage: Pick<KeyLineage, 'pairs' | 'planned'>;
  readonly known: KnownKey;
  readonly plan: KeyPlan;
}

const NOTHING = { pairs: [], planned: [] };

/** The keys of the source's bucket, of DR's and of what was written down, side by side and in order; holds a page of each. */
export async function* walk(
  source: BucketPlace,
  dr: BucketPlace,
  journal: Journal,
): AsyncGenerator<WalkedKey> {
  type Part = { key: string; source?: KeyVersions; dr?: KeyVersions; lineage?: KeyLineage };
  const streams: AsyncIterable<Part>[] = [
    named(listVersions(source), 'source'),
    named(listVersions(dr), 'dr'),
    named(journal.read(), 'lineage'),
  ];
  for await (const { key, items } of mergeKeys(streams)) {
    const all: Part = Object.assign({ key }, ...items);
    const lineage = all.lineage ?? NOTHING;
    const known = knownOf(all.source, all.dr, lineage);
    yield { ...all, lineage, known, plan: keyPlan(all.source, all.dr, known) };
  }
}

async function* named<T extends { key: string }>(stream: AsyncIterable<T>, name: string) {
  for await (const item of stream) yield { key: item.key, [name]: item };
}
