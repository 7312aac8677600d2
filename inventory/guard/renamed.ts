/** An item with every id in it that was superseded replaced by the new one. */
export function renamed<T>(value: T, newIds: ReadonlyMap<string, string>): T {
  const rename = (part: unknown): unknown => {
    if (typeof part === 'string') return newIds.get(part) ?? part;
    if (Array.isArray(part)) return part.map(rename);
    if (part !== null && typeof part === 'object')
      return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, rename(inner)]));
    return part;
  };
  return rename(value) as T;
}
