import type { Item } from '../kinds/kind';

/** What says which VPCs are mirrored, and what it has chosen. */
export interface ChosenVpcs {
  /** Ids of the VPCs to mirror; empty for all. */
  readonly ids: readonly string[];
  /** By id: the entry of `lifeboat:vpcs` that has chosen it by its tag. Kept in the accepted inventory. */
  readonly byTag: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/**
 * The VPCs that `lifeboat:vpcs` names. One that was chosen by its tag stays chosen though the tag is gone: whoever has the source's keys
 * could else take it out of the mirror, with all that is in it. It ends when the setting names that tag no more. Pure.
 *
 * @param entries ids, and tags as `tag:key=value`
 * @param vpcs what the source holds, after the guard
 * @param before what was chosen by tag when the inventory was accepted
 */
export function chosenVpcs(
  entries: readonly string[],
  vpcs: readonly Item[],
  before: Readonly<Record<string, string>>,
): ChosenVpcs {
  const byTag: Record<string, string> = {};
  const notes: string[] = [];
  for (const { id, tags } of vpcs) {
    const now = Object.entries(tags)
      .map(([key, value]) => `tag:${key}=${value}`)
      .find((tag) => entries.includes(tag));
    const former = before[id];
    const kept = former !== undefined && entries.includes(former) ? former : undefined;
    const entry = now ?? kept;
    if (entry === undefined) continue;
    byTag[id] = entry;
    if (now === undefined)
      notes.push(
        `vpc/${id} has lost the tag that chose it (${entry}) and stays mirrored; to let it go, take that tag out of lifeboat:vpcs and name the others`,
      );
  }
  const ids = [...entries.filter((entry) => !entry.startsWith('tag:')), ...Object.keys(byTag)];
  return { ids, byTag, notes };
}

/** Ids of the VPCs to mirror, as a plan takes them: undefined for all, when `lifeboat:vpcs` names none. */
export function onlyVpcs(entries: readonly string[], { ids }: ChosenVpcs): readonly string[] | undefined {
  return entries.length > 0 ? ids : undefined;
}
