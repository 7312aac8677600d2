/** A moment as a setting gives it: a time, or how long before now. */
export interface Moment {
  /** As it was typed. */
  readonly text: string;
  /** The time; or, of words, how many milliseconds before now. */
  readonly time: Date | number;
}

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

/** What `parseMoment` takes, for errors. */
export const MOMENT_FORM =
  'an ISO 8601 time with a zone, such as 2026-01-31T04:00:00Z, or words such as "2 days ago" (minutes, hours, days or weeks)';

/**
 * Reads a moment. Pure: words are not resolved here, for they mean another time with each look at the clock.
 *
 * @returns undefined for what is neither a time with a zone nor words
 */
export function parseMoment(text: string): Moment | undefined {
  const [, number, unit] = /^([1-9]\d{0,3}) (minute|hour|day|week)s? ago$/.exec(text.trim()) ?? [];
  if (unit !== undefined) return { text, time: Number(number) * UNITS[unit as keyof typeof UNITS] };
  const isTime = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
  return isTime ? { text, time: new Date(text) } : undefined;
}

/** When a moment is, or was. */
export function timeOf({ time }: Moment, now: Date): Date {
  return typeof time === 'number' ? new Date(Number(now) - time) : time;
}
