import type { Policy, Statement } from '../../../vault/policyDocument';

/** One request, as IAM sees it. */
export interface Request {
  readonly action: string;
  /** Default: a resource that only a star matches. */
  readonly resource?: string;
  /** Condition keys and their values. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** The rights of a principal. */
export interface Rights {
  readonly policies: readonly Policy[];
  readonly boundary?: Policy;
}

const many = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

function like(pattern: string, value: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'is').test(value);
}

/** IAM's condition operators, as far as our policies use them; any other is a mistake in the test or in the policy. */
function holds(operator: string, got: readonly string[], wanted: readonly string[]): boolean {
  const some = (test: (value: string, pattern: string) => boolean) =>
    got.some((value) => wanted.some((pattern) => test(value, pattern)));
  switch (operator) {
    case 'Null':
      return (got.length === 0) === (wanted[0] === 'true');
    case 'BoolIfExists':
    case 'NumericEqualsIfExists':
    case 'StringEqualsIfExists':
      return got.length === 0 || some((value, pattern) => value === pattern);
    case 'Bool':
    case 'NumericEquals':
    case 'StringEquals':
    case 'ForAnyValue:StringEquals':
      return some((value, pattern) => value === pattern);
    case 'StringLike':
    case 'ArnLike':
    case 'ForAnyValue:StringLike':
    case 'ArnEquals':
      return some((value, pattern) => like(pattern, value));
    case 'ForAllValues:StringLike':
      return got.every((value) => wanted.some((pattern) => like(pattern, value)));
    case 'StringNotEquals':
    case 'ArnNotEquals':
    case 'ArnNotLike':
      return !some((value, pattern) => like(pattern, value));
    default:
      throw new Error(`the condition operator ${operator} is not known here`);
  }
}

/** Whether a statement speaks of a request; its principal is not looked at. */
export function speaks(
  statement: Statement,
  { action, resource = 'arn:of:nothing', context = {} }: Request,
): boolean {
  const { Action, NotAction, Resource, NotResource, Condition = {} } = statement;
  if (Action !== undefined && !many(Action).some((pattern) => like(pattern, action))) return false;
  if (many(NotAction).some((pattern) => like(pattern, action))) return false;
  if (Resource !== undefined && !many(Resource).some((pattern) => like(pattern, resource))) return false;
  if (NotResource !== undefined && many(NotResource).some((pattern) => like(pattern, resource))) return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => holds(operator, many(context[key]), many(wanted))),
  );
}

/** Whether documents allow a request: no denial, and an allowance. */
export function allows(policies: readonly Policy[], request: Request): boolean {
  const heard = policies.flatMap((document) => document.Statement).filter((found) => speaks(found, request));
  return heard.some(({ Effect }) => Effect === 'Allow') && heard.every(({ Effect }) => Effect !== 'Deny');
}

/** Whether a principal may do something: its policies allow it, and its boundary does. */
export function may({ policies, boundary }: Rights, request: Request): boolean {
  return allows(policies, request) && (boundary === undefined || allows([boundary], request));
}
