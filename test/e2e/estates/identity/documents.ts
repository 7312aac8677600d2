import type { Random } from '../random';

const SOURCE = '111111111111';
const OUTSIDE = '333333333333';

/** An identity policy of one to three statements that name things in every way that policies have. */
export function randomDocument(random: Random, ids: ReadonlyMap<string, string>): string {
  const vpc = ids.get('vpc-0') ?? 'vpc-0123456789abcdef0';
  const resources = [
    '*',
    'arn:aws:s3:::shop-images/*',
    `arn:aws:dynamodb:eu-west-1:${SOURCE}:table/orders`,
    `arn:aws:ec2:eu-west-1:${SOURCE}:vpc/${vpc}`,
    `arn:aws:ec2:*:${SOURCE}:instance/*`,
    `arn:aws:iam::${SOURCE}:role/teams/app`,
    `arn:aws:iam::${SOURCE}:role/*`,
    `arn:aws:iam::*:role/app`,
    `arn:aws:iam::${SOURCE}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    `arn:aws:sts::${SOURCE}:assumed-role/app/session`,
    `arn:aws:sqs:us-east-1:${OUTSIDE}:theirs`,
    'arn:aws:kms:eu-west-1:111111111111:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    `arn:aws:logs:eu-west-1:${SOURCE}:log-group:/shop-${SOURCE}:*`,
  ];
  const conditions = [
    { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    { StringEquals: { 'ec2:Vpc': `arn:aws:ec2:eu-west-1:${SOURCE}:vpc/${vpc}` } },
    { StringEquals: { 'kms:ViaService': 'ec2.eu-west-1.amazonaws.com', 'aws:ResourceAccount': SOURCE } },
    {
      ArnLike: {
        'aws:PrincipalArn': [`arn:aws:iam::${SOURCE}:role/teams/*`, `arn:aws:iam::${SOURCE}:user/ann`],
      },
    },
    { IpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '2001:db8::/32'] } },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of policies
    { StringLike: { 's3:prefix': ['home/${aws:username}/*'] } },
    { Bool: { 'aws:SecureTransport': 'true' }, Null: { 'aws:TokenIssueTime': 'false' } },
  ];
  const Statement = Array.from({ length: random.int(1, 3) }, (_, index) => ({
    ...(random.chance(0.5) && { Sid: `Statement${index}` }),
    Effect: random.chance(0.8) ? 'Allow' : 'Deny',
    [random.chance(0.8) ? 'Action' : 'NotAction']: random.pick<string | string[]>([
      's3:GetObject',
      ['dynamodb:GetItem', 'dynamodb:PutItem'],
      'sts:AssumeRole',
      ['ec2:Describe*', 'logs:*'],
    ]),
    [random.chance(0.85) ? 'Resource' : 'NotResource']: random.chance()
      ? random.pick(resources)
      : random.some(resources, 1, 3),
    ...(random.chance(0.4) && { Condition: random.pick(conditions) }),
  }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/**
 * A trust policy of one to three statements.
 *
 * @param principals ARNs of the account that may be named
 * @param only names these alone
 */
export function randomTrust(random: Random, principals: readonly string[], only?: 'roles'): string {
  const some = () => random.some(principals, 1, 2);
  const kinds: (() => object)[] = [
    () => ({ Principal: { AWS: some() } }),
    () => ({ Principal: { AWS: some() }, Condition: { StringEquals: { 'sts:ExternalId': 'word' } } }),
    () => ({ Principal: { AWS: SOURCE } }),
    () => ({ Principal: { Service: random.some(['ec2.amazonaws.com', 'lambda.amazonaws.com'], 1, 2) } }),
    () => ({
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': random.pick([SOURCE, OUTSIDE]) } },
    }),
    () => ({ Principal: { AWS: [`arn:aws:iam::${OUTSIDE}:root`, ...some()] } }),
    () => ({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } }),
    () => ({
      Principal: { Federated: `arn:aws:iam::${SOURCE}:oidc-provider/token.example.com` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'token.example.com:sub': 'repo' } },
    }),
    () => ({ NotPrincipal: { AWS: some() } }),
    () => ({ Effect: 'Deny', Principal: { AWS: some() } }),
    () => ({ Effect: 'Deny', NotPrincipal: { AWS: [`arn:aws:iam::${SOURCE}:root`, ...some()] } }),
  ];
  const chosen = only ? [kinds[0] as () => object] : random.some(kinds, 1, 3);
  const Statement = chosen.map((make) => ({ Effect: 'Allow', Action: 'sts:AssumeRole', ...make() }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
