import { expect } from 'chai';
import { roleArns } from '../../../vault/place';
import { bucketPolicy, keyPolicy, topicPolicy, trustPolicy } from '../../../vault/resourcePolicies';
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
  const breakGlass = 'arn:aws:iam::222222222222:role/break-glass';
  const place = { ...PLACE, breakGlassPrincipals: [breakGlass] };
  const ENDS = [
    'kms:PutKeyPolicy',
    'kms:ScheduleKeyDeletion',
    'kms:DisableKey',
    'kms:DeleteImportedKeyMaterial',
  ];
  const by = (arn: string, more = {}) => ({ context: { 'aws:PrincipalArn': arn, ...more } });
  const administrator = 'arn:aws:iam::222222222222:role/administrator';
  const viaEc2 = { 'kms:ViaService': 'ec2.eu-central-1.amazonaws.com' };

  for (const use of ['copies', 'secrets'] as const) {
    const policy = keyPolicy(place, use);
    const may = (action: string, arn: string, more = {}) => allows([policy], { action, ...by(arn, more) });

    describe(`of ${use}`, () => {
      for (const action of ENDS) {
        it(`lets the break-glass principal ${action}, and nobody else`, () => {
          expect(may(action, breakGlass)).to.equal(true);
          for (const arn of [administrator, root, ...Object.values(roleArns(PLACE))])
            expect(may(action, arn), arn).to.equal(false);
        });
      }

      it('is for the root user when nobody is named', () => {
        const ofRoot = keyPolicy({ ...place, breakGlassPrincipals: people.breakGlassPrincipals }, use);
        expect(allows([ofRoot], { action: 'kms:PutKeyPolicy', ...by(root) })).to.equal(true);
        expect(allows([ofRoot], { action: 'kms:PutKeyPolicy', ...by(administrator) })).to.equal(false);
      });

      it('leaves the rest to the administrators of the account', () => {
        for (const action of ['kms:Decrypt', 'kms:CancelKeyDeletion', 'kms:EnableKey', 'kms:CreateGrant'])
          expect(may(action, administrator)).to.equal(true);
      });

      it('never lets a role of ours revoke a grant or move the alias', () => {
        for (const action of ['kms:RevokeGrant', 'kms:UpdateAlias', 'kms:DeleteAlias'])
          for (const arn of Object.values(roleArns(PLACE))) expect(may(action, arn)).to.equal(false);
      });
    });
  }

  const copies = keyPolicy(place, 'copies');
  for (const arn of Object.values(roleArns(PLACE))) {
    it(`is used by ${arn.split('/').at(-1)} through EBS and S3 alone`, () => {
      for (const action of ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:CreateGrant']) {
        const may = (more = {}) => allows([copies], { action, ...by(arn, more) });
        expect(may(), `${action}, by itself`).to.equal(false);
        expect(may({ 'kms:ViaService': 'lambda.eu-central-1.amazonaws.com' })).to.equal(false);
        expect(may({ ...viaEc2, 'kms:GrantIsForAWSResource': 'true' }), action).to.equal(true);
      }
    });

    it(`lets ${arn.split('/').at(-1)} grant to AWS's own services alone`, () => {
      const may = (more = {}) =>
        allows([copies], { action: 'kms:CreateGrant', ...by(arn, { ...viaEc2, ...more }) });
      expect(may({ 'kms:GrantIsForAWSResource': 'false' })).to.equal(false);
      expect(may(), 'not said').to.equal(false);
    });
  }
});

describe('topicPolicy', () => {
  const of = (service: string, arn: string) =>
    topicPolicy(PLACE).Statement.some(
      (statement) =>
        JSON.stringify(statement.Principal) === JSON.stringify({ Service: service }) &&
        speaks(statement, {
          action: 'sns:Publish',
          resource: 'arn:aws:sns:eu-central-1:222222222222:lifeboat-alarms',
          context: { 'aws:SourceArn': arn },
        }),
    );

  it('takes from our alarms and from EventBridge, and from nothing else', () => {
    const alarm = 'arn:aws:cloudwatch:eu-central-1:222222222222:alarm:lifeboat-missing-run';
    const rule = 'arn:aws:events:eu-central-1:222222222222:rule/lifeboat-guards';
    const growth = alarm.replace('missing-run', 'growth-shop-222222222222');
    expect(of('cloudwatch.amazonaws.com', alarm)).to.equal(true);
    expect(of('cloudwatch.amazonaws.com', growth)).to.equal(true);
    expect(of('cloudwatch.amazonaws.com', growth.replace(':222222222222:', ':111111111111:'))).to.equal(
      false,
    );
    expect(of('cloudwatch.amazonaws.com', `${alarm}-another`)).to.equal(false);
    expect(of('cloudwatch.amazonaws.com', alarm.replace('222222222222', '111111111111'))).to.equal(false);
    expect(of('events.amazonaws.com', rule)).to.equal(true);
    expect(of('lambda.amazonaws.com', rule)).to.equal(false);
  });
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
