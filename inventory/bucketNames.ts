import type { Settings } from '../settings';

/** AWS's limit of characters of a bucket's name. */
const MAX_NAME = 63;

/**
 * The name in DR of a bucket of the source. Names of buckets are global, so it cannot be the same: DR's account stands at its end, where
 * no setting says another. A name that is too long for that is cut, and one that ends in `-` after it loses that.
 */
export function bucketInDr(
  name: string,
  { drAccount, buckets }: Pick<Settings, 'drAccount' | 'buckets'>,
): string {
  const chosen = buckets[name];
  if (chosen !== undefined) return chosen;
  const end = `-${drAccount}`;
  return name.slice(0, MAX_NAME - end.length).replace(/[-.]+$/, '') + end;
}
