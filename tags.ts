import { OUR_PREFIX } from './names';

/** AWS's limit of user tags on one resource. */
export const MAX_TAGS = 50;

/**
 * The tags of what stands in DR for something in the source: the source's, less `aws:` ones, which AWS reserves, and less
 * any that claim to be ours, plus ours. Ours come first where AWS's limit of 50 leaves no room for all.
 *
 * @returns the tags, and the keys of those that there was no room for
 */
export function carriedTags(
  theirs: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): { tags: Record<string, string>; leftOut: string[] } {
  const carried = Object.entries(theirs).filter(
    ([key]) => !key.startsWith('aws:') && !key.startsWith(OUR_PREFIX),
  );
  const room = MAX_TAGS - Object.keys(ours).length;
  return {
    tags: { ...Object.fromEntries(carried.slice(0, room)), ...ours },
    leftOut: carried.slice(room).map(([key]) => key),
  };
}
