/**
 * Whether an entry of a setting means a machine: by its Name, its id, or a tag of it (`key=value`). Pure.
 *
 * @param machine a machine of the source
 */
export function meansMachine(
  entry: string,
  { id, tags }: { readonly id: string; readonly tags: Readonly<Record<string, string>> },
): boolean {
  const at = entry.indexOf('=');
  const isTagged = at > 0 && tags[entry.slice(0, at)] === entry.slice(at + 1);
  return entry === tags.Name || entry === id || isTagged;
}
