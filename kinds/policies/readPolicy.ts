import { kinds } from '..';

/** An IAM policy document. */
export interface PolicyDocument {
  Version: '2012-10-17';
  Statement: {
    Sid?: string;
    Effect: 'Allow' | 'Deny';
    Action: string | string[];
    Resource: string | string[];
    Condition?: Record<string, Record<string, string | string[]>>;
  }[];
}

/** Looked up in the source beside the kinds: the snapshots to be copied, with the tags that only their owner sees. */
const OTHER_LOOKUPS = ['ec2:DescribeSnapshots'];

/**
 * A look-up reads parameters, and AWS lets whoever may read one decrypt it too, where the key is AWS's own for Parameter Store. So nobody
 * who looks up decrypts anything through it.
 * https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html
 */
export const NO_SECRETS = {
  Sid: 'NoSecrets',
  Effect: 'Deny',
  Action: 'kms:Decrypt',
  Resource: '*',
  Condition: { StringLike: { 'kms:ViaService': 'ssm.*.amazonaws.com' } },
} as const;

/**
 * The read-only policy that look-ups need, made of the kinds' own lists.
 *
 * @param side whose it is: DR is not asked for all that the source is
 */
export function readPolicy(side: 'source' | 'DR' = 'source'): PolicyDocument {
  const asked = kinds.flatMap(({ iamActions, inSourceOnly = [] }) =>
    side === 'source' ? iamActions : iamActions.filter((action) => !inSourceOnly.includes(action)),
  );
  const actions = [...new Set([...asked, ...OTHER_LOOKUPS])].sort();
  // Describe actions of EC2 know no resource-level permissions, hence the star.
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'LookUp', Effect: 'Allow', Action: actions, Resource: '*' }, NO_SECRETS],
  };
}
