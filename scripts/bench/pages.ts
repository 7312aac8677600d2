/** The lists that one API call answers in an account and region. */
export interface Listed {
  /** The API's name. */
  readonly action: string;
  /** The most that AWS puts into one answer. Infinity where it knows no pages. */
  readonly most: number;
  /** How many objects are in each list: one list for most calls, one for each subnet say where AWS has no list of all. */
  readonly lists: readonly number[];
}

/** Calls made against answers that AWS needs. */
export interface Pages {
  readonly calls: number;
  readonly pages: number;
}

/** What a look-up asked of AWS, and what it had to ask. */
export interface LookUpPages {
  /** Calls that list all objects of an account and region. */
  readonly lists: Pages;
  /** Calls that AWS answers for one object at a time. */
  readonly perObject: Pages;
  /** Calls that nothing is known of here: they are in no count of pages. */
  readonly unknown: readonly string[];
}

/** How many answers AWS needs for lists of so many objects: an empty list is an answer too. Pure. */
export function pagesOf(lists: readonly number[], most: number): number {
  return lists.reduce((sum, objects) => sum + Math.max(1, Math.ceil(objects / most)), 0);
}

/**
 * Holds the calls that were made against the answers that AWS needs. Pure.
 *
 * @param calls by the API's name
 * @param listed what there is; a call that was not made counts no page, for that what it lists was not asked for
 */
export function lookUpPages(calls: Readonly<Record<string, number>>, listed: readonly Listed[]): LookUpPages {
  const lists = { calls: 0, pages: 0 };
  const perObject = { calls: 0, pages: 0 };
  const unknown: string[] = [];
  for (const [action, made] of Object.entries(calls)) {
    const found = listed.find((each) => each.action === action);
    const sum = found && found.lists.length !== 1 ? perObject : lists;
    if (!found) unknown.push(action);
    sum.calls += made;
    sum.pages += found ? pagesOf(found.lists, found.most) : 0;
  }
  return { lists, perObject, unknown };
}

/**
 * The calls to one account, region and service between two looks at the emulator's counters. Pure.
 *
 * @param prefix `<account>/<region>/<service>/`
 * @returns counts by the API's name, without those that did not grow
 */
export function callsBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
  prefix: string,
): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).flatMap(([key, count]) => {
      const more = count - (before[key] ?? 0);
      return key.startsWith(prefix) && more > 0 ? [[key.slice(prefix.length), more] as const] : [];
    }),
  );
}
