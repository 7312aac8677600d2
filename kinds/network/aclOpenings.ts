import { contains } from '../contains';
import type { NetworkAclEntry } from './networkAclEntry';
import { coversTraffic, type Traffic, trafficText } from './traffic';
import { isWorld, worldIn } from './world';

type Entries = readonly NetworkAclEntry[];

/**
 * What the entries of an ACL let in from the world that they did not before, in words. AWS takes the first entry that fits: so one that
 * denies counts for what comes after it, and to pass it by is an opening. Pure.
 *
 * @param judged the entries that may have opened something
 * @param after all entries of the ACL
 * @param before those that it had, or those of the ACL in whose place it comes
 */
export function aclOpenings(judged: Entries, after: Entries, before: Entries): string[] {
  const now = after.filter(({ isEgress }) => !isEgress);
  const then = before.filter(({ isEgress }) => !isEgress);
  const allowed = () => now.filter(allows).map(rangeOf);
  return judged
    .filter((entry) => !entry.isEgress && allows(entry))
    .filter((entry) => worldIn([rangeOf(entry)], allowed).length > 0 && !wasAsOpen(entry, now, then))
    .map(
      (entry) =>
        `lets ${rangeOf(entry)} in on ${trafficText(trafficOf(entry))}${isWorld(rangeOf(entry)) ? '' : ", which is the world together with the ACL's other ranges"}`,
    );
}

/** Whether an entry let in as much before, and all of the world that was denied ahead of it then still is. */
function wasAsOpen(entry: NetworkAclEntry, now: Entries, then: Entries): boolean {
  const denies = (each: NetworkAclEntry) => !allows(each) && isWorld(rangeOf(each));
  return then
    .filter((former) => allows(former) && covers(former, entry))
    .some((former) =>
      then
        .filter((each) => denies(each) && each.ruleNumber < former.ruleNumber && isLike(each, entry))
        .every((denied) =>
          now.some((each) => denies(each) && each.ruleNumber < entry.ruleNumber && covers(each, denied)),
        ),
    );
}

function allows({ ruleAction }: NetworkAclEntry): boolean {
  return ruleAction === 'allow';
}

function covers(outer: NetworkAclEntry, inner: NetworkAclEntry): boolean {
  return contains(rangeOf(outer), rangeOf(inner)) && coversTraffic(trafficOf(outer), trafficOf(inner));
}

function isLike(one: NetworkAclEntry, other: NetworkAclEntry): boolean {
  return (one.cidrBlock === undefined) === (other.cidrBlock === undefined);
}

function rangeOf({ cidrBlock, ipv6CidrBlock }: NetworkAclEntry): string {
  return cidrBlock ?? ipv6CidrBlock ?? '';
}

function trafficOf({ protocol, fromPort, toPort, icmpType, icmpCode }: NetworkAclEntry): Traffic {
  return { protocol, from: fromPort ?? icmpType, to: toPort ?? icmpCode };
}
