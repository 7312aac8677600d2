import { OUR_PREFIX } from './names';

/** AWS's limit of user tags on one resource. */
export const MAX_TAGS = 50;
/** AWS's limit of characters of a tag's key. */
const MAX_KEY = 128;
const AWS_PREFIX = 'aws:';
/** Put before keys that AWS alone may write, so that a recovered object shows what they said of the source's. */
const OF_SOURCE = 'source:';

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
    ([key]) => !key.startsWith(AWS_PREFIX) && !key.startsWith(OUR_PREFIX),
  );
  const room = MAX_TAGS - Object.keys(ours).length;
  return {
    tags: { ...Object.fromEntries(carried.slice(0, room)), ...ours },
    leftOut: carried.slice(room).map(([key]) => key),
  };
}

/**
 * The tags of what is recovered: those of `carriedTags`, and as far as there is room what AWS had set on the source's object
 * itself (the stack or group that it belonged to), `aws:x` as `source:aws:x`, because nobody but AWS can write the key.
 *
 * @returns the tags, and the keys of those that there was no room for: the accepted inventory keeps them
 */
export function recoveredTags(
  theirs: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): { tags: Record<string, string>; leftOut: string[] } {
  const { tags, leftOut } = carriedTags(theirs, ours);
  for (const [key, value] of Object.entries(theirs)) {
    const renamed = `${OF_SOURCE}${key}`;
    // A tag of their own by that name is the source's word, and was there first.
    if (!key.startsWith(AWS_PREFIX) || Object.hasOwn(theirs, renamed)) continue;
    if (Object.keys(tags).length < MAX_TAGS && renamed.length <= MAX_KEY) tags[renamed] = value;
    else leftOut.push(key);
  }
  return { tags, leftOut };
}
