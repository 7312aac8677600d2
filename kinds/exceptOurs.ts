import { vaultNames } from '../names';
import type { MirrorContext } from './mirrorContext';
import { listOf, type Statement } from './policies/closedPolicy';

/**
 * A Deny that leaves out Lifeboat's own roles, as the source's leaves out its reader: it would keep out the look-up of DR, and with it every
 * run and every recovery.
 */
export function exceptOurs(statement: Statement, { dr }: Pick<MirrorContext, 'dr'>): Statement {
  if (statement.Effect !== 'Deny') return statement;
  const { previewRole, runRole, recoverRole } = vaultNames(dr.account, dr.region);
  const roles = [previewRole, runRole, recoverRole].map((name) => `arn:aws:iam::${dr.account}:role/${name}`);
  const conditions = (statement.Condition ?? {}) as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
  const { ArnNotEquals = {} } = conditions;
  const key = Object.keys(ArnNotEquals).find((each) => each.toLowerCase() === 'aws:principalarn');
  const others = key === undefined ? [] : listOf(ArnNotEquals[key]);
  const excepted = { ...ArnNotEquals, [key ?? 'aws:PrincipalArn']: [...others, ...roles] };
  return { ...statement, Condition: { ...conditions, ArnNotEquals: excepted } };
}
