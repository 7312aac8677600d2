/** What an error tells its reader: what happened, the value got, the value expected, and what to do next. */
export interface LifeboatErrorDetails {
  /** What happened, as a sentence without a full stop. */
  what: string;
  /** The value that was got. Never a secret. */
  got?: string;
  /** The value, or the kind of value, that was expected. */
  expected?: string;
  /** The next command or step, as one would type it. */
  next?: string;
  /** The error that led here. */
  cause?: unknown;
}

/**
 * The one error that Lifeboat throws for what its user can mend: bad input, wrong account, an unreachable source, an
 * incomplete snapshot set. Its message carries all of its details, a line each, so that it reads the same under the
 * Pulumi engine, in a command and in a test.
 */
export class LifeboatError extends Error {
  override readonly name = 'LifeboatError';
  readonly details: LifeboatErrorDetails;

  constructor(details: LifeboatErrorDetails) {
    const { what, got, expected, next, cause } = details;
    const lines = [what];
    if (got !== undefined) lines.push(`  got:      ${got}`);
    if (expected !== undefined) lines.push(`  expected: ${expected}`);
    if (cause !== undefined) lines.push(`  because:  ${reason(cause)}`);
    if (next !== undefined) lines.push(`  next:     ${next}`);
    super(lines.join('\n'), { cause });
    this.details = details;
  }
}

/** One line that says why: an AWS error by its code and message, anything else by its message. */
export function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const message = error.message.split('\n')[0] ?? '';
  return error.name === 'Error' || message.startsWith(error.name) ? message : `${error.name}: ${message}`;
}
