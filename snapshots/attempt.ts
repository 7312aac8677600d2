import { LifeboatError, reason } from '../errors';
import { type Clock, REAL_CLOCK } from './clock';

/** How a call that must not be made twice ended. */
export type Attempted<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** AWS is at its limit: later. */
  | { readonly kind: 'full' }
  /** AWS said no, and would say so again. */
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** A call that must not be made twice. */
export interface Attempt<T> {
  /** What it does, for errors. */
  readonly what: string;
  /** The call, through a client that does not repeat it. */
  call(): Promise<T>;
  /** Whether it was carried out, asked when its answer is lost; undefined when there is no trace of it. */
  find(): Promise<T | undefined>;
  /** Milliseconds until what a call has made is sure to be found. */
  readonly settleMs: number;
  /** Default: the real one. */
  readonly clock?: Clock;
}

const ATTEMPTS = 8;
const LIMIT_CODES = ['ResourceLimitExceeded', 'ConcurrentSnapshotLimitExceeded'];
const THROTTLE_CODES = [
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'SlowDown',
  'TooManyRequests',
];
/** Would refuse every other call too. */
const FATAL_CODES = [
  'AuthFailure',
  'UnauthorizedOperation',
  'AccessDenied',
  'ExpiredToken',
  'ExpiredTokenException',
  'RequestExpired',
  'InvalidClientTokenId',
  'CredentialsProviderError',
  'Blocked',
  'OptInRequired',
  'SnapshotLimitExceeded',
];

/**
 * Makes a call that has no client token, at least once in effect and at most once: throttled calls are made again, for they
 * were not carried out; when an answer is lost AWS is asked whether the call was carried out before it is made again.
 *
 * @throws LifeboatError when credentials or rights are missing, or AWS gives no clear answer over many attempts
 */
export async function attempt<T>({
  what,
  call,
  find,
  settleMs,
  clock = REAL_CLOCK,
}: Attempt<T>): Promise<Attempted<T>> {
  let last: unknown;
  for (let count = 0; count < ATTEMPTS; count += 1) {
    try {
      return { kind: 'done', value: await call() };
    } catch (error) {
      last = error;
      const code = error instanceof Error ? error.name : '';
      if (LIMIT_CODES.includes(code)) return { kind: 'full' };
      if (FATAL_CODES.includes(code)) break;
      if (THROTTLE_CODES.includes(code)) {
        await clock.sleep(Math.min(20_000, 250 * 2 ** count) * (0.5 + Math.random()));
        continue;
      }
      if (!isAnswerLost(error)) return { kind: 'refused', code, reason: reason(error) };
      await clock.sleep(settleMs);
      const found = await find();
      if (found !== undefined) return { kind: 'done', value: found };
    }
  }
  if (last instanceof Error && THROTTLE_CODES.includes(last.name)) return { kind: 'full' };
  throw new LifeboatError({
    what: `AWS did not let ${what}`,
    expected: isAnswerLost(last)
      ? 'an answer that says yes or no, from both regions'
      : 'credentials that are valid, with the rights for it',
    next: 'mend what AWS says and run the same command again: it goes on where this one stopped',
    cause: last,
  });
}

/** Whether AWS may have carried the call out: there was no answer, or one that says nothing. */
function isAnswerLost(error: unknown): boolean {
  const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
  return status === undefined || status >= 500;
}
