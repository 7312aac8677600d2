/** What a drill goes by, `20260131t040000-120`: when it was begun, UTC, and how many minutes it may live. */
export const DRILL_ID = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)-([1-9]\d{0,3})$/;

/** The longest that a drill may live, in minutes: a day. */
export const MOST_MINUTES = 1440;

/** What the stack of a stack's drills is called after. */
const SUFFIX = '-drill';

/**
 * The id of a drill. It tells when its time is up to whoever sees it on a machine, an image or a schedule, and needs no record for that.
 *
 * @param begun by the second
 * @param minutes 1 to 1440
 */
export function drillId(begun: Date, minutes: number): string {
  const time = begun.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').toLowerCase();
  return `${time}-${minutes}`;
}

/** When a drill was begun and when its time is up; undefined for what is no id of a drill. Pure. */
export function drillTimes(id: string): { readonly begun: Date; readonly end: Date } | undefined {
  const [, year, month, day, hour, minute, second, minutes] = DRILL_ID.exec(id) ?? [];
  if (minutes === undefined || Number(minutes) > MOST_MINUTES) return undefined;
  const begun = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(begun.getTime())) return undefined;
  return { begun, end: new Date(begun.getTime() + Number(minutes) * 60_000) };
}

/** The stack that a stack's drills are. */
export const drillStack = (stack: string): string => `${stack}${SUFFIX}`;

/** The stack whose drill a stack is; undefined for one that is no drill's. */
export const drilledStack = (stack: string): string | undefined =>
  stack.endsWith(SUFFIX) && stack.length > SUFFIX.length ? stack.slice(0, -SUFFIX.length) : undefined;
