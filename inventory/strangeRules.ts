import { type SecurityGroupRule, securityGroupRule } from '../kinds/network/securityGroupRule';
import { TAG } from '../names';
import { type Items, itemsOf, partsOf } from './inventory';
import type { WayHome } from './wayHome';

/**
 * Rules at home, in groups that survived, that no rule of DR was made for: whoever had the account may have put them there. Some may be older, and
 * are not in DR because it could not have them. Pure.
 *
 * @param dr what DR holds
 * @param home what the account at home holds
 */
export function strangeRules(
  { survivors }: Pick<WayHome, 'survivors'>,
  dr: Items,
  home: Items,
): SecurityGroupRule[] {
  const groups = new Set(
    survivors.flatMap(({ name, homeId }) => (partsOf(name).kind === 'security-group' ? [homeId] : [])),
  );
  const rulesOf = (items: Items) => itemsOf(items, securityGroupRule) as readonly SecurityGroupRule[];
  const known = new Set(rulesOf(dr).flatMap(({ tags }) => tags[TAG.sourceId] ?? []));
  const made = new Set(rulesOf(dr).map(({ id }) => id));
  return rulesOf(home).filter(
    ({ id, groupId, tags }) =>
      // What an earlier run of the way home has made is DR's.
      groups.has(groupId) && !known.has(id) && !made.has(tags[TAG.sourceId] ?? ''),
  );
}
