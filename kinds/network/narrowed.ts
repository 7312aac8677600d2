import { listOf, type Statement } from '../policies/closedPolicy';
import { samePolicy } from '../policies/policyDocument';

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Operators that hold for the values that they name and for no others. */
const NAMES_VALUES = /^(String(Equals|Like)|Arn(Equals|Like))$/;

/**
 * Whether what a policy says now allows nothing that it did not allow before, as far as that can be told simply: each Allow is part of a
 * former one, and each former Deny is part of one that is there now. Pure.
 *
 * @returns false too where it cannot be told
 */
export function isNarrowed(now: readonly Statement[], former: readonly Statement[]): boolean {
  const withEffect = (all: readonly Statement[], effect: string) =>
    all.filter(({ Effect }) => Effect === effect);
  return (
    withEffect(now, 'Allow').every((each) =>
      withEffect(former, 'Allow').some((other) => isPart(each, other)),
    ) &&
    withEffect(former, 'Deny').every((each) => withEffect(now, 'Deny').some((other) => isPart(each, other)))
  );
}

/** Whether a statement speaks of nothing that the other does not speak of. */
function isPart(one: Statement, other: Statement): boolean {
  return (
    ['Action', 'Resource'].every((field) => isFewer(one[field], other[field])) &&
    ['NotAction', 'NotResource', 'NotPrincipal'].every((field) =>
      samePolicy(one[field] ?? null, other[field] ?? null),
    ) &&
    isFewerPrincipals(one.Principal, other.Principal) &&
    isStricter((one.Condition ?? {}) as Conditions, (other.Condition ?? {}) as Conditions)
  );
}

function isFewer(some: unknown, all: unknown): boolean {
  if (some === undefined || all === undefined) return some === all;
  const values = listOf(all).map(String);
  return values.includes('*') || listOf(some).every((each) => values.includes(String(each)));
}

function isFewerPrincipals(some: unknown, all: unknown): boolean {
  if (samePolicy(some ?? null, all ?? null)) return true;
  if (some === null || all === null || typeof some !== 'object' || typeof all !== 'object') return false;
  return Object.entries(some).every(([type, values]) =>
    isFewer(values, (all as Record<string, unknown>)[type]),
  );
}

/** Whether conditions ask for all that the others do: each of those for the same, or for fewer of its values. */
function isStricter(strict: Conditions, lax: Conditions): boolean {
  return Object.entries(lax).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const found = strict[operator]?.[key];
      if (found === undefined) return false;
      const isSubset = listOf(found).every((value) => listOf(values).includes(value));
      return samePolicy(found, values) || (NAMES_VALUES.test(operator) && isSubset);
    }),
  );
}
