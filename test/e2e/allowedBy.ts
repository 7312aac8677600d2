import type { Policy } from '../../vault/policyDocument';

/** The actions that a document allows, whatever their conditions. */
export function allowedBy(document: Policy): string[] {
  const statements = document.Statement.filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(statements.flatMap(({ Action = [] }) => Action))].sort();
}
