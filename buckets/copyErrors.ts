import { LifeboatError, reason } from '../errors';

/** Why a version was not copied, as a run counts it. */
export interface CopyProblem {
  /** `gone`: the source has it no more, or holds something else there by now. `failed`: S3 refuses it. */
  readonly end: 'failed' | 'gone';
  /** AWS's own words. */
  readonly reason: string;
}

const GONE = ['NoSuchKey', 'NoSuchVersion', 'NoSuchBucket', 'NotFound', 'PreconditionFailed'];
/** Would refuse every other call too. */
const FATAL = [
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'InvalidToken',
  'RequestTimeTooSkewed',
  'SignatureDoesNotMatch',
];

/**
 * What an error of a copy means.
 *
 * @throws LifeboatError for what would refuse every other copy too: credentials that have ended
 */
export function copyProblem(error: unknown): CopyProblem {
  const code = error instanceof Error ? error.name : '';
  if (FATAL.includes(code)) {
    throw new LifeboatError({
      what: 'The credentials have ended, so the run stops',
      got: code,
      expected: 'a session that is valid; one of a chained role lasts an hour',
      next: 'the same command with new credentials: it goes on where this one stopped',
      cause: error,
    });
  }
  return { end: GONE.includes(code) ? 'gone' : 'failed', reason: reason(error) };
}
