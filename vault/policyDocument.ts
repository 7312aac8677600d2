/** One statement of an IAM, key, bucket or trust policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?:
    | '*'
    | { readonly AWS: string }
    | { readonly Federated: string }
    | { readonly Service: string };
  readonly Action?: string | readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document of any sort. */
export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** A document of these statements. */
export function policy(...statements: readonly Statement[]): Policy {
  return { Version: '2012-10-17', Statement: statements };
}

/** A condition that holds when the resource carries a tag, whatever its value. */
export function tagged(key: string): Record<string, Record<string, string>> {
  return { Null: { [`aws:ResourceTag/${key}`]: 'false' } };
}

/**
 * A condition for the account root as principal, which alone means everyone whom IAM there lets: only these principals.
 * Naming the root and a condition, rather than the principals themselves, lets the policy exist before they do (AWS
 * refuses unknown principals) and keeps it valid when one is made anew (AWS stores a principal's unique id).
 *
 * @param principals ARNs of roles and users. An account's root among them means the whole account, as in any policy
 */
export function onlyPrincipals(
  principals: readonly string[],
): Record<string, Record<string, readonly string[]>> {
  return principals.some((arn) => arn.endsWith(':root'))
    ? {}
    : { ArnEquals: { 'aws:PrincipalArn': principals } };
}
