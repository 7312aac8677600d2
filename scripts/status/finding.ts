import { LifeboatError, reason } from '../../errors';

/** Everything that `status` may name, by a word that stays: the runbook has what to do about each under it. */
export type FindingCode =
  /** Of one machine. */
  | 'no-recovery-point'
  | 'rpo-missed'
  | 'disk-not-copied'
  | 'set-incomplete'
  | 'set-under-way'
  | 'not-shared'
  | 'snapshot-failed'
  | 'copy-failed'
  | 'key-not-granted'
  | 'source-key'
  | 'copy-key'
  | 'tags-lost'
  | 'name-not-unique'
  | 'system-disk-untagged'
  | 'disk-left-out'
  | 'volume-grown'
  | 'rpo-tag'
  | 'not-accepted'
  | 'instance-gone'
  /** Of all of them. */
  | 'source-unreachable'
  | 'look-up-failed'
  | 'inventory'
  | 'not-launchable'
  | 'nothing-protected'
  | 'snapshot-policy'
  | 'vault-key'
  | 'mirror-run-late'
  | 'copy-run-late'
  | 'lineage'
  | 'no-manifest'
  | 'recovery-active'
  | 'source-snapshots'
  | 'left-behind'
  | 'certificate-not-issued'
  | 'bucket-name';

/** One thing that is to be known, and what to do about it. */
export interface Finding {
  readonly code: FindingCode;
  readonly what: string;
  /** The next command or step. */
  readonly next?: string;
}

/** What is wrong, and what is only to be known. */
export interface Findings {
  readonly problems: Finding[];
  readonly notes: Finding[];
}

/** What was looked up; or why it could not be, and then nothing may be concluded. */
export type Looked<T> = { readonly value: T; readonly error?: undefined } | { readonly error: Finding };

/**
 * Carries out one look-up of many: what it fails with is a finding, and the others go on.
 *
 * @param code what the finding is called
 * @param what the look-up was to find, as a subject: `the snapshot policy`
 * @param next for an error that does not say its own
 */
export async function look<T>(
  code: FindingCode,
  what: string,
  next: string,
  work: () => Promise<T>,
): Promise<Looked<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error: asFinding(error, code, `${what} could not be looked up`, next) };
  }
}

/** An error as a finding. */
export function asFinding(error: unknown, code: FindingCode, what: string, next: string): Finding {
  if (!(error instanceof LifeboatError)) return { code, what: `${what}: ${reason(error)}`, next };
  const { details } = error;
  const parts = [details.what, details.got, details.cause === undefined ? undefined : reason(details.cause)];
  return {
    code,
    what: parts.filter((part) => part !== undefined).join(': '),
    next: details.next ?? next,
  };
}

/** The value of a look-up; undefined where it failed. */
export function lookedUp<T>(looked: Looked<T> | undefined): T | undefined {
  return looked && !looked.error ? looked.value : undefined;
}
