import type { Settings } from '../../settings';
import { copyStatements } from '../../source/policies';
import { roleArns } from '../../vault/place';
import type { Estate } from './estate';
import { isMustSnap, protectedMachines, titled } from './tagProblems';

/** What copying asks of the key that a snapshot is under. */
const NEEDED = [
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
] as const;

interface KeyStatement {
  readonly Effect?: string;
  readonly Principal?: string | { readonly AWS?: string | readonly string[] };
  readonly Action?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

const many = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/**
 * What copying needs of a key and its policy does not give a principal of another account. Of its conditions only those on who asks
 * are looked at, and no denial: what it says is missing is, and more may be. Pure.
 *
 * @param policy the key's policy, as text
 * @param principal ARN of the role that copies
 * @returns the actions that nothing in it allows
 */
export function missingActions(policy: string, principal: string): string[] {
  const parsed = JSON.parse(policy) as { Statement?: KeyStatement | readonly KeyStatement[] };
  const statements = [parsed.Statement ?? []].flat() as readonly KeyStatement[];
  const account = principal.split(':')[4] ?? '';
  const heard = statements.filter(
    (statement) => statement.Effect === 'Allow' && isFor(statement, principal, account),
  );
  return NEEDED.filter(
    (action) => !heard.some(({ Action }) => many(Action).some((glob) => like(glob, action))),
  );
}

function isFor({ Principal, Condition = {} }: KeyStatement, principal: string, account: string): boolean {
  const named = many(typeof Principal === 'string' ? Principal : Principal?.AWS);
  if (!['*', account, `arn:aws:iam::${account}:root`, principal].some((who) => named.includes(who)))
    return false;
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) => {
      if (operator.includes('Not')) return true;
      if (/^aws:PrincipalArn$/i.test(key)) return many(wanted).some((glob) => like(glob, principal));
      return !/^(kms:CallerAccount|aws:PrincipalAccount)$/i.test(key) || many(wanted).includes(account);
    }),
  );
}

function like(glob: string, text: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 'i').test(text);
}

/**
 * For each key of the source's own that keeps DR from copying what is under it: the disks, and the statements that its policy lacks. Pure.
 *
 * @returns text for people, one for each key
 */
export function keyAdvice(estate: Estate, settings: Pick<Settings, 'drAccount' | 'drRegion'>): string[] {
  const { region, keyPolicies } = estate;
  const { drAccount } = settings;
  const runRole = roleArns(settings).run;
  const byKey = new Map<string, string[]>();
  for (const machine of protectedMachines(estate))
    for (const disk of machine.disks.filter(isMustSnap)) {
      const { kmsKeyId, volumeId, device } = disk;
      if (kmsKeyId === undefined || !keyPolicies.has(kmsKeyId)) continue;
      byKey.set(kmsKeyId, [...(byKey.get(kmsKeyId) ?? []), `${volumeId}, ${device} of ${titled(machine)}`]);
    }
  return [...byKey].sort().flatMap(([key, disks]) => {
    const missing = missingActions(keyPolicies.get(key) ?? '{}', runRole);
    if (missing.length === 0) return [];
    const statements = JSON.stringify(copyStatements({ drAccount, trustedPrincipals: [runRole] }), null, 2);
    return [
      [
        `The policy of the key ${key} does not let ${runRole} copy what is under it: it lacks ${missing.join(', ')}.`,
        `So nothing is copied of ${disks.join('; ')}.`,
        'Add these to its "Statement":',
        statements,
        `aws kms get-key-policy --region ${region} --key-id ${key} --policy-name default --query Policy --output text > key-policy.json`,
        '# Add them to key-policy.json, then:',
        `aws kms put-key-policy --region ${region} --key-id ${key} --policy-name default --policy file://key-policy.json`,
      ].join('\n'),
    ];
  });
}
