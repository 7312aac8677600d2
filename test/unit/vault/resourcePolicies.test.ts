import { expect } from 'chai';
import { roleArns } from '../../../vault/place';
import { bucketPolicy, keyPolicy, trustPolicy } from '../../../vault/resourcePolicies';
import { parseVaultSettings } from '../../../vault/settings';
import { allows, speaks } from './evaluate';
import { PLACE } from './place';

const base = {
  'lifeboat-vault:sourceAccount': PLACE.sourceAccount,
  'lifeboat-vault:sourceRegion': PLACE.sourceRegion,
  'lifeboat-vault:drAccount': PLACE.drAccount,
  'lifeboat-vault:drRegion': PLACE.drRegion,
};
const github = parseVaultSettings({ ...base, 'lifeboat-vault:githubRepository': 'example/recovery' }, 'dr');
const runner = 'arn:aws:iam::222222222222:role/runner';
const root = 'arn:aws:iam::222222222222:root';
const people = parseVaultSettings(
  {
    ...base,
    'lifeboat-vault:previewPrincipals': root,
    'lifeboat-vault:runPrincipals': runner,
    'lifeboat-vault:recoverPrincipals': 'arn:aws:iam::222222222222:role/operators',
  },
  'dr',
);
const asToken = (sub: string) => ({
  action: 'sts:AssumeRoleWithWebIdentity',
  context: {
    'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
    'token.actions.githubusercontent.com:sub': sub,
  },
});

describe('trustPolicy', () => {
  const subjects = {
    preview: 'repo:example/recovery:pull_request',
    run: 'repo:example/recovery:ref:refs/heads/main',
    recover: 'repo:example/recovery:environment:recovery',
  } as const;
  const roles = Object.keys(subjects) as (keyof typeof subjects)[];

  for (const role of roles) {
    it(`lets GitHub's workflows use ${role} by exactly one subject`, () => {
      const trust = trustPolicy(github, role);
      for (const other of roles)
        expect(allows([trust], asToken(subjects[other]))).to.equal(other === role, subjects[other]);
      expect(allows([trust], asToken('repo:example/recovery:ref:refs/heads/other'))).to.equal(false);
      expect(allows([trust], asToken('repo:stranger/recovery:pull_request'))).to.equal(false);
      expect(trust.Statement.map(({ Principal }) => Principal)).to.deep.equal([
        { Federated: 'arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com' },
      ]);
    });
  }

  it("lets a repository in by GitHub's immutable subject, and then by no other of that name", () => {
    const repository = 'example@12/recovery@34';
    const trust = trustPolicy({ ...github, githubRepository: repository }, 'run');
    expect(allows([trust], asToken(`repo:${repository}:ref:refs/heads/main`))).to.equal(true);
    for (const other of ['example/recovery', 'example@12/recovery@35', 'example@13/recovery@34'])
      expect(allows([trust], asToken(`repo:${other}:ref:refs/heads/main`)), other).to.equal(false);
    expect(allows([trustPolicy(github, 'run')], asToken(`repo:${repository}:ref:refs/heads/main`))).to.equal(
      false,
    );
  });

  it('lets the named principals in, and nobody else of the account', () => {
    const trust = trustPolicy(people, 'run');
    const by = (arn: string) => ({ action: 'sts:AssumeRole', context: { 'aws:PrincipalArn': arn } });
    expect(allows([trust], by(runner))).to.equal(true);
    expect(allows([trust], by('arn:aws:iam::222222222222:role/other'))).to.equal(false);
    expect(trust.Statement.map(({ Principal }) => Principal)).to.deep.equal([{ AWS: root }]);
  });

  it('takes the root of the account for everyone whom IAM there lets', () => {
    const [statement, ...others] = trustPolicy(people, 'preview').Statement;
    expect(others).to.deep.equal([]);
    expect(statement).to.deep.equal({
      Sid: 'Principals',
      Effect: 'Allow',
      Principal: { AWS: root },
      Action: 'sts:AssumeRole',
    });
  });
});

describe('keyPolicy', () => {
  const policy = keyPolicy(PLACE);
  const administrator = { 'aws:PrincipalArn': 'arn:aws:iam::222222222222:role/administrator' };

  it('locks nobody out who administers the account', () => {
    for (const action of ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:Decrypt'])
      expect(allows([policy], { action, context: administrator })).to.equal(true);
  });

  for (const arn of Object.values(roleArns(PLACE))) {
    it(`never lets ${arn.split('/').at(-1)} end the key or change its policy`, () => {
      const context = { 'aws:PrincipalArn': arn };
      for (const action of [
        'kms:PutKeyPolicy',
        'kms:ScheduleKeyDeletion',
        'kms:DisableKey',
        'kms:RevokeGrant',
      ])
        expect(allows([policy], { action, context })).to.equal(false);
    });
  }
});

describe('bucketPolicy', () => {
  for (const bucket of ['inventory', 'state'] as const) {
    const policy = bucketPolicy(PLACE, bucket);
    const resource = `arn:aws:s3:::lifeboat-${bucket}-222222222222-eu-central-1/x`;
    const denies = (action: string, context: Record<string, string>) =>
      policy.Statement.some((statement) => speaks(statement, { action, resource, context }));

    it(`refuses plain HTTP to the ${bucket} bucket`, () => {
      expect(denies('s3:GetObject', { 'aws:SecureTransport': 'false' })).to.equal(true);
      expect(denies('s3:GetObject', { 'aws:SecureTransport': 'true' })).to.equal(false);
    });

    it(`keeps every version in the ${bucket} bucket from our roles, and from nobody else`, () => {
      const by = (arn: string) => ({ 'aws:PrincipalArn': arn, 'aws:SecureTransport': 'true' });
      for (const arn of Object.values(roleArns(PLACE))) {
        expect(denies('s3:DeleteObjectVersion', by(arn))).to.equal(true);
        expect(denies('s3:DeleteObject', by(arn))).to.equal(false);
      }
      expect(denies('s3:DeleteObjectVersion', by('arn:aws:iam::222222222222:role/administrator'))).to.equal(
        false,
      );
    });

    it(`allows nobody anything in the ${bucket} bucket by itself`, () => {
      expect(policy.Statement.every(({ Effect }) => Effect === 'Deny')).to.equal(true);
    });
  }
});
