/** How long copies are kept; see docs/adr/0015. What is counted are hours, days, weeks and months of the calendar in UTC, never sets. */
export interface KeepRules {
  /** Of each of the last so many hours one set is kept, this hour counted; likewise the next three. */
  readonly hourly: number;
  readonly daily: number;
  /** Weeks begin on Monday. */
  readonly weekly: number;
  readonly monthly: number;
  /** So many of a machine's newest complete recovery points are kept, and so many of the newest before the floor. */
  readonly newest: number;
  /** Days in which nothing is deleted, counted from when the copy was made, or its source taken, whichever is later. */
  readonly floorDays: number;
}

/** What `keepCopies` means where it is not set. */
export const DEFAULT_KEEP_RULES: KeepRules = {
  hourly: 24,
  daily: 7,
  weekly: 4,
  monthly: 12,
  newest: 3,
  floorDays: 14,
};

/** The lengths of time that have slots, the shortest first. */
export const SLOT_RULES = ['hourly', 'daily', 'weekly', 'monthly'] as const;
/** One of them. */
export type SlotRule = (typeof SLOT_RULES)[number];

const RANGES: Record<keyof KeepRules, readonly [least: number, most: number]> = {
  hourly: [0, 10_000],
  daily: [0, 10_000],
  weekly: [0, 10_000],
  monthly: [0, 10_000],
  newest: [1, 1_000],
  floorDays: [1, 3_650],
};

/**
 * Reads `hourly=24,daily=7,weekly=4,monthly=12,newest=3,floorDays=14`. A length of time that is not named has no slots; `newest` and
 * `floorDays` have their defaults. Pure.
 *
 * @returns undefined when it is malformed, says something twice, or would keep no slot at all
 */
export function parseKeepRules(text: string): KeepRules | undefined {
  const given = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, key = '', digits = ''] = /^\s*(\w+)\s*=\s*(\d{1,5})\s*$/.exec(part) ?? [];
    if (!Object.hasOwn(RANGES, key) || given.has(key)) return undefined;
    const [least, most] = RANGES[key as keyof KeepRules];
    const value = Number(digits);
    if (value < least || value > most) return undefined;
    given.set(key, value);
  }
  if (!SLOT_RULES.some((rule) => (given.get(rule) ?? 0) > 0)) return undefined;
  return {
    hourly: given.get('hourly') ?? 0,
    daily: given.get('daily') ?? 0,
    weekly: given.get('weekly') ?? 0,
    monthly: given.get('monthly') ?? 0,
    newest: given.get('newest') ?? DEFAULT_KEEP_RULES.newest,
    floorDays: given.get('floorDays') ?? DEFAULT_KEEP_RULES.floorDays,
  };
}

/** The first of the slots that a rule keeps. Pure. */
export function firstSlot(rule: SlotRule, count: number, now: Date): string {
  const first = new Date(now);
  if (rule === 'hourly') first.setUTCHours(first.getUTCHours() - (count - 1));
  if (rule === 'daily') first.setUTCDate(first.getUTCDate() - (count - 1));
  if (rule === 'weekly') first.setUTCDate(first.getUTCDate() - 7 * (count - 1));
  // The first of the month, because not every month has a 31st.
  if (rule === 'monthly') first.setUTCMonth(first.getUTCMonth() - (count - 1), 1);
  return slotOf(rule, first);
}

/** The slot that a time lies in, as its beginning in UTC: later slots sort after earlier ones. Pure. */
export function slotOf(rule: SlotRule, time: Date): string {
  const text = time.toISOString();
  if (rule === 'hourly') return `${text.slice(0, 13)}:00Z`;
  if (rule === 'daily') return text.slice(0, 10);
  if (rule === 'monthly') return text.slice(0, 7);
  const day = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()));
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}
