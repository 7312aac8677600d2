import { keyStays } from './keyStays';
import { context, type VaultPlace } from './place';
import { onlyPrincipals, type Policy, policy, type Statement } from './policyDocument';
import type { VaultSettings } from './settings';

/** GitHub's identity provider, as AWS knows it: the host of its URL. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
/** Whom GitHub's tokens must be meant for. */
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

/**
 * The policy of a vault's key. The account's administrators use it and manage it through IAM, but for what `keyStays` denies. Roles are
 * named by a condition, because AWS refuses a principal that does not exist yet.
 *
 * @param use `copies`: of copies and buckets, which the roles use through EBS and S3 alone, never with bytes of theirs; `secrets`: of
 * Pulumi's secrets, which the engine decrypts itself
 */
export function keyPolicy(
  place: VaultPlace & Pick<VaultSettings, 'breakGlassPrincipals'>,
  use: 'copies' | 'secrets',
): Policy {
  const { roles } = context(place);
  const isOurRole = { 'aws:PrincipalArn': Object.values(roles) };
  const services = [
    `ec2.${place.drRegion}.amazonaws.com`,
    // Which region's EC2 asks differs between the steps of a copy across regions.
    `ec2.${place.sourceRegion}.amazonaws.com`,
    `s3.${place.drRegion}.amazonaws.com`,
  ];
  return policy(
    {
      Sid: 'AccountAdministers',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${place.drAccount}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    ...keyStays(place),
    ...(use === 'secrets'
      ? []
      : [
          {
            Sid: 'RolesOnlyThroughServices',
            Effect: 'Deny',
            Principal: '*',
            Action: [
              'kms:CreateGrant',
              'kms:Decrypt',
              'kms:Encrypt',
              'kms:GenerateDataKey*',
              'kms:ReEncrypt*',
            ],
            Resource: '*',
            Condition: { ArnEquals: isOurRole, StringNotEquals: { 'kms:ViaService': services } },
          } as const,
          {
            Sid: 'RolesGrantToAwsAlone',
            Effect: 'Deny',
            Principal: '*',
            Action: 'kms:CreateGrant',
            Resource: '*',
            Condition: { ArnEquals: isOurRole, BoolIfExists: { 'kms:GrantIsForAWSResource': 'false' } },
          } as const,
        ]),
  );
}

/**
 * The policy of the alarms' topic: our alarms of CloudWatch write to it, and EventBridge. That one is let in without a condition, because
 * AWS documents none for topics (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html), and an alarm that
 * is refused is worse than a mail too many.
 */
export function topicPolicy(place: VaultPlace): Policy {
  const [missingRun = '', growth = '', , topic = ''] = context(place).alarms;
  const publish = { Effect: 'Allow', Action: 'sns:Publish', Resource: topic } as const;
  return policy(
    {
      Sid: 'Alarms',
      ...publish,
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': [missingRun, growth] } },
    },
    { Sid: 'Guards', ...publish, Principal: { Service: 'events.amazonaws.com' } },
  );
}

/**
 * The policy of both of the vault's buckets: TLS only, and the three roles may add versions and delete markers, but
 * never remove a version or change the bucket.
 */
export function bucketPolicy(place: VaultPlace, bucket: 'inventory' | 'state'): Policy {
  const { roles, [bucket]: arn } = context(place);
  const both = [arn, `${arn}/*`];
  return policy(
    {
      Sid: 'TlsOnly',
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Resource: both,
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
    {
      Sid: 'VersionsStay',
      Effect: 'Deny',
      Principal: '*',
      Action: [
        's3:BypassGovernanceRetention',
        's3:DeleteBucket*',
        's3:DeleteObjectVersion*',
        's3:PutBucket*',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:PutReplicationConfiguration',
      ],
      Resource: both,
      Condition: { ArnEquals: { 'aws:PrincipalArn': Object.values(roles) } },
    },
  );
}

/** What of the settings decides who may use a role. */
export type TrustSettings = Pick<
  VaultSettings,
  | 'drAccount'
  | 'githubRepository'
  | 'githubBranch'
  | 'githubEnvironment'
  | 'previewPrincipals'
  | 'runPrincipals'
  | 'recoverPrincipals'
>;

/**
 * The `sub` claim of GitHub's tokens that may use each role: exact, because a wildcard would let any branch recover.
 *
 * @param repository as the repository's own tokens have it: owner/name, or owner@id/name@id
 */
export function githubSubjects({ githubBranch, githubEnvironment }: TrustSettings, repository: string) {
  return {
    preview: `repo:${repository}:pull_request`,
    run: `repo:${repository}:ref:refs/heads/${githubBranch}`,
    recover: `repo:${repository}:environment:${githubEnvironment}`,
  };
}

/** Who may use a role: named principals of the DR account, and one sort of GitHub workflow. */
export function trustPolicy(settings: TrustSettings, role: 'preview' | 'run' | 'recover'): Policy {
  const { drAccount, githubRepository } = settings;
  const principals = settings[`${role}Principals`];
  const statements: Statement[] = [];
  if (principals.length > 0) {
    const condition = onlyPrincipals(principals);
    statements.push({
      Sid: 'Principals',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${drAccount}:root` },
      Action: 'sts:AssumeRole',
      ...(Object.keys(condition).length > 0 && { Condition: condition }),
    });
  }
  if (githubRepository !== undefined) {
    statements.push({
      Sid: 'GitHub',
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${drAccount}:oidc-provider/${GITHUB_ISSUER}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${GITHUB_ISSUER}:aud`]: GITHUB_AUDIENCE,
          [`${GITHUB_ISSUER}:sub`]: githubSubjects(settings, githubRepository)[role],
        },
      },
    });
  }
  return policy(...statements);
}
