import { context, type VaultPlace } from './place';
import { onlyPrincipals, type Policy, policy, type Statement } from './policyDocument';
import type { VaultSettings } from './settings';

/** GitHub's identity provider, as AWS knows it: the host of its URL. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';
/** Whom GitHub's tokens must be meant for. */
export const GITHUB_AUDIENCE = 'sts.amazonaws.com';

/**
 * The policy of both of the vault's keys. The account's administrators keep every right, through IAM, so that nobody is
 * locked out; the three roles may never end or change a key. They are named by a condition, because AWS refuses a
 * principal that does not exist yet.
 */
export function keyPolicy(place: VaultPlace): Policy {
  const { roles } = context(place);
  return policy(
    {
      Sid: 'AccountAdministers',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${place.drAccount}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'RolesNeverEndIt',
      Effect: 'Deny',
      Principal: '*',
      Action: [
        'kms:DeleteAlias',
        'kms:DeleteImportedKeyMaterial',
        'kms:DisableKey',
        'kms:DisableKeyRotation',
        'kms:PutKeyPolicy',
        'kms:RevokeGrant',
        'kms:ScheduleKeyDeletion',
        'kms:UpdateAlias',
      ],
      Resource: '*',
      Condition: { ArnEquals: { 'aws:PrincipalArn': Object.values(roles) } },
    },
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
