import type { Instance } from '../../kinds/machines/instance';
import type { Finding } from './finding';

/** The tag of an instance that says how old its newest recovery point may be, in hours. */
export const RPO_TAG = 'RPO';

/** Whoever holds the source's keys can write any tag: a longer time than this, 31 days, is not believed. */
const MOST_HOURS = 744;

/**
 * How old a machine's newest recovery point may be. Pure.
 *
 * @param settingHours the setting `rpoHours`
 * @returns the hours; and what is to be known of a tag that asks for more than the setting, or for nothing sensible
 */
export function wantedRpo(
  { id, tags }: Pick<Instance, 'id' | 'tags'>,
  settingHours: number,
): { hours: number; note?: Finding } {
  const tag = tags[RPO_TAG];
  if (tag === undefined) return { hours: settingHours };
  const hours = /^\d+(\.\d+)?$/.test(tag.trim()) ? Number(tag) : Number.NaN;
  if (hours > 0 && hours <= settingHours) return { hours };
  if (hours > 0 && hours <= MOST_HOURS)
    return {
      hours,
      note: { code: 'rpo-tag', what: `its tag ${RPO_TAG} lets its data be ${hours} hours old` },
    };
  return {
    hours: settingHours,
    note: {
      code: 'rpo-tag',
      what: `its tag ${RPO_TAG} is ${JSON.stringify(tag)}, and is passed over: hours are expected, ${MOST_HOURS} at the most`,
      next: `in the source: aws ec2 create-tags --resources ${id} --tags Key=${RPO_TAG},Value=${settingHours}`,
    },
  };
}
