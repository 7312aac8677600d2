import { age } from '../scripts/age';
import { table } from '../scripts/table';
import type { RecoveryPlan } from './recoveryPlan';
import type { RecoveryRecord } from './recoveryRecord';
import type { Pin } from './store';

/** What one machine is recovered from. */
export interface ChosenPoint {
  readonly name: string;
  /** Of the source's instance. */
  readonly sourceId: string;
  readonly point: string;
  /** When the data on its disks was snapshotted, ISO 8601. */
  readonly dataFrom: string;
  /** Whether an earlier run has pinned it. */
  readonly isPinned: boolean;
}

/** What each machine of a plan is recovered from, by name. Pure. */
export function recoveryPoints(
  { machines }: Pick<RecoveryPlan, 'machines'>,
  pins: ReadonlyMap<string, Pin>,
): ChosenPoint[] {
  return machines
    .map(({ name, instance, pin }) => ({
      name,
      sourceId: instance.id,
      point: pin.point,
      dataFrom: pin.time,
      isPinned: pins.has(instance.id),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The same for people, with how old the data is. Pure. */
export function pointsText(
  points: readonly ChosenPoint[],
  { asked, at, inventory }: Omit<RecoveryRecord, 'begun'>,
  now: Date,
): string {
  const moment =
    at === undefined
      ? 'the newest of each machine'
      : `as of ${at}${asked === undefined || asked === at ? '' : ` (${asked})`}, ${age(new Date(at), now, { inWords: true })} ago${inventory ? `; configuration of ${inventory.time}` : ''}`;
  const rows = points.map(({ name, point, dataFrom, isPinned }) => [
    name,
    dataFrom,
    age(new Date(dataFrom), now, { inWords: true }),
    point,
    isPinned ? 'pinned' : 'chosen now',
  ]);
  return `Recovery points, ${moment}:\n${table(['Name', 'data from', 'age', 'recovery point', ''], rows)}`;
}

/**
 * What is to be said where machines were not recovered as of about one time: what one knows of another may be older, or newer, than that
 * is. Pure.
 *
 * @param rpoHours how old data may be; half of it apart is much
 * @returns nothing where they fit together
 */
export function spreadNotes(points: readonly ChosenPoint[], rpoHours: number): string[] {
  const inOrder = [...points].sort((a, b) => Date.parse(a.dataFrom) - Date.parse(b.dataFrom));
  const [oldest] = inOrder;
  const newest = inOrder.at(-1);
  if (!oldest || !newest) return [];
  const apart = Date.parse(newest.dataFrom) - Date.parse(oldest.dataFrom);
  if (apart <= (rpoHours * 3_600_000) / 2) return [];
  const hours = Math.round(apart / 3_600_000);
  const isChosen = points.some(({ isPinned }) => !isPinned);
  return [
    `the machines' data are of different times, ${hours} hours apart: ${oldest.name} of ${oldest.dataFrom}, ${newest.name} of ${newest.dataFrom}${isChosen ? `; lifeboat:recoverAt ${oldest.dataFrom} takes all of them as of the older` : ''}`,
  ];
}
