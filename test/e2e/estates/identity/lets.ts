/** Somebody at a role's door: what STS knows of it. */
export interface Caller {
  readonly type: 'AWS' | 'Service' | 'Federated';
  /** ARN, or the service's name. */
  readonly who: string;
  readonly account?: string;
  readonly keys?: Readonly<Record<string, string>>;
}

interface Statement {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const many = (value: unknown): string[] => (value === undefined ? [] : [value].flat().map(String));

/** Whether a trust policy lets somebody in, by the rules of IAM and without any code of the program. */
export function lets(document: unknown, caller: Caller): boolean {
  const heard = (document as { Statement: Statement[] }).Statement.filter((each) => speaksOf(each, caller));
  return heard.some(({ Effect }) => Effect === 'Allow') && heard.every(({ Effect }) => Effect !== 'Deny');
}

function speaksOf(statement: Statement, caller: Caller): boolean {
  const named =
    statement.NotPrincipal === undefined
      ? isNamed(statement.Principal, caller)
      : !isNamed(statement.NotPrincipal, caller, true);
  const keys: Record<string, string> = {
    ...(caller.type === 'AWS' && { 'aws:principalarn': caller.who }),
    ...Object.fromEntries(
      Object.entries(caller.keys ?? {}).map(([key, value]) => [key.toLowerCase(), value]),
    ),
  };
  return (
    named &&
    Object.entries(statement.Condition ?? {}).every(([operator, asked]) =>
      Object.entries(asked).every(([key, wanted]) => holds(operator, keys[key.toLowerCase()], many(wanted))),
    )
  );
}

/** @param exactly whether the whole account does not stand for each of its principals: an exception names one by one */
function isNamed(principal: unknown, caller: Caller, exactly = false): boolean {
  if (principal === '*') return true;
  const values = many((principal as Record<string, unknown> | undefined)?.[caller.type]);
  if (values.includes('*') || values.includes(caller.who)) return true;
  const isAccount = values.some(
    (each) => each === caller.account || each === `arn:aws:iam::${caller.account}:root`,
  );
  return caller.type === 'AWS' && !exactly && isAccount;
}

function holds(operator: string, got: string | undefined, wanted: readonly string[]): boolean {
  const isLike = (pattern: string) =>
    new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(got ?? '');
  if (/Not(Equals|Like)$/.test(operator)) return got === undefined || !wanted.some(isLike);
  return got !== undefined && wanted.some(isLike);
}
