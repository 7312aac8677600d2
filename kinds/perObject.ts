import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Of the SDK's 50 connections. The rest is left to lists, each page of which waits for the one before: behind hundreds of calls in the
 * queue every page would wait for all of them.
 */
const AT_ONCE = 40;

const limits = new WeakMap<object, LimitFunction>();

/** Makes a call that AWS answers for one object at a time: as many side by side as leave room for lists. */
export function perObject<T>(client: object, ask: () => Promise<T>): Promise<T> {
  const limit = limits.get(client) ?? pLimit(AT_ONCE);
  limits.set(client, limit);
  return limit(ask);
}
