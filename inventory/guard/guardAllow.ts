import { LifeboatError } from '../../errors';
import { nameTyped, typedName } from '../typedName';

/** How many days a proposed entry is good for, and how many one may be at most. */
const PROPOSED_DAYS = 7;
const LONGEST_DAYS = 30;
const DAY_MS = 86_400_000;

/** An entry of `lifeboat:allow`: the word of somebody that exactly one change of the source is meant. */
export interface AllowEntry {
  /** `kind/id`, or `kind/*` for a whole kind that shrank or changed. */
  readonly name: string;
  /** What exactly: the first 12 hex digits of a SHA-256, as the guard tells it. */
  readonly digest: string;
  /** The last day, in UTC, on which it counts: YYYY-MM-DD. */
  readonly until: string;
}

const ENTRY = /^([a-z0-9-]+\/[^\s,]+)=([0-9a-f]{12})@(\d{4}-\d\d-\d\d)$/;

/** Reads the entries of `lifeboat:allow`, with commas between them; undefined when one is malformed. Pure. */
export function parseAllow(text: string): AllowEntry[] | undefined {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry): AllowEntry | undefined => {
      const [, name = '', digest = '', until = ''] = ENTRY.exec(entry) ?? [];
      return isDay(until) ? { name: nameTyped(name), digest, until } : undefined;
    });
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

/** An entry as it is written. */
export function allowText({ name, digest, until }: AllowEntry): string {
  return `${typedName(name)}=${digest}@${until}`;
}

/** Whether an entry's last day is over. */
export function isExpired({ until }: AllowEntry, now: Date): boolean {
  return until < dayOf(now);
}

/** The entry that would allow a change from now on. */
export function proposedEntry(name: string, digest: string, now: Date): AllowEntry {
  return { name, digest, until: dayOf(now, PROPOSED_DAYS) };
}

/**
 * The command that allows these changes too. Entries that are there and still count stay in it, but for those that name another change of
 * one of these objects.
 *
 * @param used those of the entries that let something through now: an object may have changed in more than one way
 * @param stack the stack's name
 */
export function allowCommand(
  proposed: readonly AllowEntry[],
  present: readonly AllowEntry[],
  used: readonly Pick<AllowEntry, 'name' | 'digest'>[],
  { now, stack }: { now: Date; stack: string },
): string {
  const isUsed = ({ name, digest }: AllowEntry) =>
    used.some((each) => each.name === name && each.digest === digest);
  const kept = present.filter(
    (entry) => !isExpired(entry, now) && (isUsed(entry) || !proposed.some(({ name }) => name === entry.name)),
  );
  const value = [...kept, ...proposed].map(allowText).join(',');
  return `npm run pulumi -- config set lifeboat:allow "${value}" --stack ${stack}`;
}

/**
 * Refuses entries that last too long: what is allowed for ever is no longer looked at.
 *
 * @throws LifeboatError
 */
export function refuseLongEntries(entries: readonly AllowEntry[], now: Date, stack: string): void {
  const last = dayOf(now, LONGEST_DAYS);
  const long = entries.filter(({ until }) => until > last);
  if (long.length === 0) return;
  const shorter = entries.map((entry) => (long.includes(entry) ? { ...entry, until: last } : entry));
  throw new LifeboatError({
    what: `An entry of lifeboat:allow lasts longer than ${LONGEST_DAYS} days`,
    got: long.map(allowText).join(', '),
    expected: `a last day of ${last} or before`,
    next: `npm run pulumi -- config set lifeboat:allow "${shorter.map(allowText).join(',')}" --stack ${stack}`,
  });
}

function dayOf(time: Date, later = 0): string {
  return new Date(Number(time) + later * DAY_MS).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return text !== '' && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
