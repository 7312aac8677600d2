import { inMirrorPath } from '../iam/iamPath';
import { type Places, policyInDr } from './policyDocument';

/** A resource's policy or a role's trust as DR needs it, with no way in for anybody outside. */
export interface ClosedPolicy {
  /** With references in it: see MirrorContext.json. Its statements may be none. */
  readonly document: { readonly Version: string; readonly Statement: readonly Statement[] };
  /** What was left out of it, in words that follow the object's name and `does without`. */
  readonly leftOut: readonly string[];
  /** Values that are kept as they are though they name what only the source has. */
  readonly foreign: readonly string[];
}

/** What closes a policy. */
export interface Closing {
  /** Principals outside of DR that `lifeboat:trust` names, as policies write them: account ids, ARNs, identity providers. */
  readonly trusted: readonly string[];
  /**
   * Whether AWS's services act only where DR itself makes them: with a resource's policy, where anybody's bucket could otherwise make S3
   * publish. A role is passed to a service by its own account.
   */
  readonly servicesForDrOnly: boolean;
}

/** One statement, in AWS's terms, with references in it. */
export type Statement = Readonly<Record<string, unknown>>;

/** Principals of one type, of one statement. */
interface Kept {
  readonly Principal: unknown;
  /** What holds for them beside the statement's own conditions. */
  readonly condition?: Conditions;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const SERVICE = /^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com(\.cn)?$/;
const PRINCIPAL_ARN = /^arn:[^:]*:(iam|sts)::([^:]*):(.+)$/;
const UNIQUE_ID = /^(AIDA|AROA)[A-Z0-9]+$/;
/** Which account's object made a service act. */
const SOURCE_KEYS = ['aws:sourceaccount', 'aws:sourcearn'];
/** Operators that do not hold where the key is missing, nor for other values. */
const LIMITS = /^(String(Equals|Like)|Arn(Equals|Like))$/;

/**
 * Closes a policy that names principals: what is left trusts DR's own principals and AWS's services, and nobody else. Pure.
 *
 * - Principals of the source become DR's. They are named by a condition on DR's root, as in docs/adr/0006: AWS refuses a principal that is
 *   not there yet, and remembers one by its unique id. It keeps circles of trust from mattering, and asks the principal's own policies too.
 * - Everybody, other accounts, unique ids of what was deleted, canonical users, and every identity provider are left out, whatever
 *   the conditions say, unless `trusted` names them. So is an Allow with NotPrincipal.
 * - A Deny keeps at least whom it denied.
 *
 * @throws TypeError when it is no policy document
 */
export function closedPolicy(policy: unknown, places: Places, closing: Closing): ClosedPolicy {
  const leftOut = new Set<string>();
  const foreign = new Set<string>();
  const statements = statementsOf(policy).flatMap((statement) => {
    const kept =
      statement.Effect === 'Deny'
        ? denied(statement, places)
        : allowed(statement, places, closing, (what) => leftOut.add(what));
    const { Principal: _, NotPrincipal: __, ...rest } = statement;
    return kept.flatMap(({ Principal, condition = {} }) => {
      const inDr = policyInDr(rest, places);
      for (const value of inDr.foreign) foreign.add(value);
      const own = (inDr.document as Statement).Condition as Conditions | undefined;
      // A Deny that cannot carry all its conditions denies more.
      const Condition = both(own, condition) ?? (statement.Effect === 'Deny' ? condition : undefined);
      if (Condition === undefined) {
        leftOut.add(`a statement for ${words(Principal)}, which names its principals by conditions already`);
        return [];
      }
      const closed = { ...(inDr.document as Statement), Principal };
      return [Object.keys(Condition).length > 0 ? { ...closed, Condition } : closed];
    });
  });
  return {
    document: { Version: versionOf(policy), Statement: statements },
    leftOut: [...leftOut],
    foreign: [...foreign].sort(),
  };
}

/** The statements of a policy document. @throws TypeError when it is none */
export function statementsOf(policy: unknown): Statement[] {
  const { Statement: found } = (policy ?? {}) as { Statement?: unknown };
  const statements = Array.isArray(found) ? found : [found];
  for (const each of statements)
    if (each === null || typeof each !== 'object' || !('Effect' in each))
      throw new TypeError('it is not a policy document');
  return statements;
}

function versionOf(policy: unknown): string {
  // Without one AWS takes the older language, which knows no variables.
  return String((policy as { Version?: unknown }).Version ?? '2008-10-17');
}

/** A field of a policy that holds one value or a list. */
export function listOf(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** The principals of a statement by their types. `*` is everybody, of the type AWS. */
function byType(principal: unknown): [string, string[]][] {
  if (typeof principal === 'string') return [['AWS', [principal]]];
  if (principal === null || typeof principal !== 'object') return [];
  return Object.entries(principal).map(([type, values]) => [type, listOf(values).map(String)]);
}

function allowed(
  statement: Statement,
  places: Places,
  { trusted, servicesForDrOnly }: Closing,
  leaveOut: (what: string) => void,
): Kept[] {
  if (statement.NotPrincipal !== undefined) {
    leaveOut(`the trust in everybody but ${words(statement.NotPrincipal)}`);
    return [];
  }
  const root: string[] = [];
  const ours: string[] = [];
  const others: Record<string, string[]> = {};
  const services: string[] = [];
  for (const [type, values] of byType(statement.Principal))
    for (const value of values) {
      const inside = type === 'AWS' ? inDr(value, places) : undefined;
      if (inside === 'root') root.push(rootOf(places));
      else if (inside !== undefined) ours.push(inside);
      else if (type === 'Service' && SERVICE.test(value)) services.push(value);
      else if (value !== '*' && isTrusted(value, trusted)) others[type] = [...(others[type] ?? []), value];
      else leaveOut(`the trust in ${value === '*' ? 'everybody' : value}`);
    }
  const kept: Kept[] = [];
  if (root.length > 0) kept.push({ Principal: { AWS: rootOf(places) } });
  else if (ours.length > 0)
    kept.push({
      Principal: { AWS: rootOf(places) },
      condition: { ArnEquals: { 'aws:PrincipalArn': ours } },
    });
  for (const [type, values] of Object.entries(others)) {
    // A provider of identities is DR's own by the same name; who is trusted through it is said by the conditions.
    const there = values.map((value) => policyInDr(value, places).document);
    kept.push({ Principal: { [type]: there } });
  }
  if (services.length > 0) {
    const isElsewhere = servicesActElsewhere(statement.Condition, places);
    if (isElsewhere === 'outside') leaveOut(`the trust in ${services.join(', ')} for another account`);
    else {
      const Service = services.map((name) => policyInDr(name, places).document);
      const limit = { StringEquals: { 'aws:SourceAccount': places.dr.account } };
      kept.push({
        Principal: { Service },
        ...(servicesForDrOnly && isElsewhere === 'anywhere' && { condition: limit }),
      });
    }
  }
  return kept;
}

/** A Deny: everybody whom it denied that DR knows. An exception that DR cannot name is none. */
function denied(statement: Statement, places: Places): Kept[] {
  if (statement.NotPrincipal !== undefined) {
    const excepted = byType(statement.NotPrincipal)
      .flatMap(([type, values]) =>
        type === 'AWS' ? values.flatMap((value) => inDr(value, places) ?? []) : [],
      )
      // Beside the others, as AWS asks for: it excepts the root user, and nobody else of the account.
      .map((arn) => (arn === 'root' ? rootOf(places) : arn));
    return [
      {
        Principal: '*',
        ...(excepted.length > 0 && { condition: { ArnNotEquals: { 'aws:PrincipalArn': excepted } } }),
      },
    ];
  }
  return byType(statement.Principal).flatMap(([type, values]): Kept[] => {
    if (values.includes('*')) return [{ Principal: '*' }];
    if (type === 'Service')
      return [{ Principal: { Service: values.map((name) => policyInDr(name, places).document) } }];
    if (type !== 'AWS') return [];
    const found = values.flatMap((value) => inDr(value, places) ?? []);
    if (found.includes('root')) return [{ Principal: { AWS: rootOf(places) } }];
    return found.length === 0
      ? []
      : [{ Principal: '*', condition: { ArnEquals: { 'aws:PrincipalArn': found } } }];
  });
}

/** Whether `lifeboat:trust` names a principal: as policies do, or a provider of identities by its URL. */
export function isTrusted(principal: string, trusted: readonly string[]): boolean {
  const [, url] = /:oidc-provider\/(.+)$/.exec(principal) ?? [];
  return trusted.some(
    (each) => each === principal || (url !== undefined && each.replace(/^https:\/\//, '') === url),
  );
}

const rootOf = ({ dr }: Places): string => `arn:aws:iam::${dr.account}:root`;

/** A principal of the source as DR's: its ARN, or `root` for the whole account. Undefined for whoever is outside, or cannot be named. */
function inDr(principal: string, { source, dr }: Places): string | undefined {
  if (principal === source.account) return 'root';
  if (UNIQUE_ID.test(principal)) return undefined;
  const [, service, account, resource = ''] = PRINCIPAL_ARN.exec(principal) ?? [];
  if (service !== 'iam' || account !== source.account) return undefined;
  if (resource === 'root') return 'root';
  // As in a policy's principals, nothing in it is a pattern.
  if (!/^(role|user)\/[\w+=,.@/-]+$/.test(resource)) return undefined;
  return `arn:aws:iam::${dr.account}:${inMirrorPath(resource)}`;
}

/** For whom a statement lets services act: for the source itself, for anybody, or for somebody outside. */
function servicesActElsewhere(condition: unknown, { source }: Places): 'here' | 'anywhere' | 'outside' {
  const values = Object.entries((condition ?? {}) as Conditions)
    .filter(([operator]) => LIMITS.test(operator))
    .flatMap(([, keys]) => Object.entries(keys))
    .filter(([key]) => SOURCE_KEYS.includes(key.toLowerCase()))
    .map(([, value]) => listOf(value).map((each) => accountOf(String(each))));
  if (values.flat().some((account) => /^\d{12}$/.test(account) && account !== source.account))
    return 'outside';
  return values.some((all) => all.length > 0 && all.every((account) => account === source.account))
    ? 'here'
    : 'anywhere';
}

/** The account that `aws:SourceAccount` or `aws:SourceArn` names. A bucket's ARN names none. */
const accountOf = (value: string): string => (value.startsWith('arn:') ? (value.split(':')[4] ?? '') : value);

/** Operators that mean the same. */
const SAME: Readonly<Record<string, string>> = { ArnEquals: 'ArnLike', ArnNotEquals: 'ArnNotLike' };

/** Both conditions together; undefined when they ask for the same thing with the same words. */
function both(own: Conditions = {}, more: Conditions): Conditions | undefined {
  const result: Record<string, Readonly<Record<string, unknown>>> = { ...own };
  for (const [operator, keys] of Object.entries(more))
    for (const [key, value] of Object.entries(keys)) {
      const free = [operator, SAME[operator]].find(
        (each) => each !== undefined && !Object.keys(result[each] ?? {}).some((name) => isSame(name, key)),
      );
      if (free === undefined) return undefined;
      result[free] = { ...result[free], [key]: value };
    }
  return result;
}

const isSame = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

const words = (principal: unknown): string =>
  byType(principal)
    .flatMap(([, values]) => values)
    .join(', ');
