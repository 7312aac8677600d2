import { expect } from 'chai';
import { Ref } from '../../../inventory/refs';
import type { Attachment } from '../../../kinds/iam/iamAttachments';
import { carriedBoundary } from '../../../kinds/iam/iamBoundary';
import { iamGroup } from '../../../kinds/iam/iamGroup';
import { iamPasswordPolicy } from '../../../kinds/iam/iamPasswordPolicy';
import { inMirrorPath } from '../../../kinds/iam/iamPath';
import { type IamRole, iamRole } from '../../../kinds/iam/iamRole';
import { iamRoleAttachment } from '../../../kinds/iam/iamRoleAttachment';
import { iamRolePolicy } from '../../../kinds/iam/iamRolePolicy';
import { iamSamlProvider } from '../../../kinds/iam/iamSamlProvider';
import { iamUserMembership } from '../../../kinds/iam/iamUserMembership';
import { policyInDr } from '../../../kinds/policies/policyDocument';
import { sides } from '../sides';
import { argsOf, planned, reason, stub } from './planned';

const says = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});
const trusts = (Principal: unknown, more: object = {}) =>
  says({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const EC2 = trusts({ Service: 'ec2.amazonaws.com' });

function role(id: string, more: Partial<IamRole> = {}): IamRole {
  return {
    id,
    tags: {},
    path: '/',
    description: undefined,
    maxSessionDuration: 3600,
    trust: EC2,
    boundaryArn: undefined,
    boundary: undefined,
    ...more,
  };
}
const limited = (document: string) => ({
  boundaryArn: 'arn:aws:iam::111111111111:policy/limit',
  boundary: document,
});
const inline = (holder: string, policyName: string, document = says(allow('s3:*'))) => ({
  id: `${holder}:${policyName}`,
  tags: {},
  holder,
  policyName,
  document,
});

const attached = (holder: string, name: string): Attachment => ({
  id: `${holder}/${name}`,
  tags: {},
  holder,
  policyArn: `arn:aws:iam::aws:policy/${name}`,
});

describe('ARNs of principals', () => {
  it("have the mirror's path, whoever names them, but for roles that AWS makes", () => {
    expect(inMirrorPath('role/app')).to.equal('role/lifeboat/app');
    expect(inMirrorPath('instance-profile/a/b')).to.equal('instance-profile/lifeboat/a/b');
    expect(inMirrorPath('role/*')).to.equal('role/lifeboat/*');
    for (const other of ['root', 'role/aws-service-role/x/y', 'role/aws-reserved/x', 'saml-provider/x'])
      expect(inMirrorPath(other)).to.equal(other);
    const mapped = (text: string) => policyInDr(text, { ...stub(), known: () => undefined }).document;
    expect(mapped('arn:aws:iam::111111111111:role/lifeboat-recover')).to.equal(
      'arn:aws:iam::222222222222:role/lifeboat/lifeboat-recover',
    );
    expect(mapped('arn:aws:iam::*:user/ann')).to.equal('arn:aws:iam::*:user/lifeboat/ann');
    expect(mapped('arn:aws:iam::aws:policy/ReadOnlyAccess')).to.equal(
      'arn:aws:iam::aws:policy/ReadOnlyAccess',
    );
    expect(mapped('arn:aws:iam::333333333333:role/x')).to.equal('arn:aws:iam::333333333333:role/x');
  });
});

describe('a mirrored role', () => {
  const plan = (...roles: IamRole[]) => planned({ 'iam-role': roles });

  it("has the mirror's path and boundary", () => {
    expect(argsOf(plan(role('app', { path: '/shop/' })), 'iam-role/app')).to.include({
      path: '/lifeboat/shop/',
      permissionsBoundary: 'arn:aws:iam::222222222222:policy/lifeboat-mirrored-boundary',
    });
  });

  it('denies everybody where nobody is left, and says so', () => {
    const result = plan(role('app', { trust: trusts({ AWS: '333333333333' }) }));
    const { Statement } = JSON.parse(String(argsOf(result, 'iam-role/app').assumeRolePolicy));
    expect(Statement).to.deep.equal([
      { Sid: 'Nobody', Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole' },
    ]);
    expect(result.notes).to.include('iam-role/app lets nobody in');
  });

  it("is not made of what is AWS's, Lifeboat's, unreadable or too long", () => {
    const result = plan(
      role('a', { path: '/aws-service-role/x/' }),
      role('lifeboat-reader'),
      role('b', { path: '/lifeboat/x/' }),
      role('c', { trust: '{"Version":' }),
      role('d', {
        trust: trusts({
          AWS: Array.from(
            { length: 40 },
            (_, i) => `arn:aws:iam::111111111111:role/a-role-of-that-name-${i}`,
          ),
        }),
      }),
      role('e', { path: `/${'x'.repeat(509)}/` }),
    );
    expect(
      ['a', 'lifeboat-reader', 'b', 'c', 'd', 'e'].map((id) => reason(result, `iam-role/${id}`)),
    ).to.satisfy((reasons: string[]) =>
      ['made by AWS', "Lifeboat's own", "Lifeboat's own", 'no policy', 'too long for AWS', 'no room'].every(
        (words, index) => reasons[index]?.includes(words),
      ),
    );
  });

  it('gives way to one of the same name that DR has by itself', () => {
    const result = planned({ 'iam-role': [role('app')] }, { 'iam-role': [role('APP')] });
    expect(reason(result, 'iam-role/app')).to.contain('in its way');
  });

  it('is dangerous when it trusts others, and not when it trusts fewer', () => {
    const app = { AWS: ['arn:aws:iam::111111111111:role/a', 'arn:aws:iam::111111111111:role/b'] };
    const one = { AWS: 'arn:aws:iam::111111111111:role/a' };
    const danger = (now: string, former?: string) =>
      iamRole.danger?.(role('x', { trust: now }), former ? role('x', { trust: former }) : undefined, sides());
    expect(danger(trusts(app), trusts(one))).to.contain('trusts others');
    expect(danger(trusts(one), trusts(app))).to.equal(undefined);
    expect(danger(trusts({ AWS: '111111111111' }), trusts(app))).to.contain('trusts others');
    const external = { Condition: { StringEquals: { 'sts:ExternalId': 'word' } } };
    expect(danger(trusts(one, external), trusts(one))).to.equal(undefined);
    expect(danger(trusts(one), trusts(one, external))).to.contain('trusts others');
    // Outsiders never get in, so a trust in them opens nothing.
    expect(danger(trusts({ AWS: '333333333333' }), trusts(one))).to.equal(undefined);
    expect(danger(trusts({ AWS: '333333333333' }))).to.equal(undefined);
  });

  it('is dangerous when it is new and lets in whom the setting names', () => {
    const outsider = role('x', { trust: trusts({ AWS: '333333333333' }) });
    expect(iamRole.danger?.(outsider, undefined, { ...sides(), trusted: ['333333333333'] })).to.contain(
      'lifeboat:trust',
    );
  });

  it('is dangerous without its boundary, or with another', () => {
    const former = role('x', limited(says(allow('s3:*'))));
    const danger = (more: Partial<IamRole>) => iamRole.danger?.(role('x', more), former, sides());
    expect(danger({})).to.contain('no longer has the permissions boundary');
    expect(danger(limited(says(allow('*'))))).to.contain('another permissions boundary');
    expect(danger(limited(says(allow('s3:*'))))).to.equal(undefined);
    expect(iamRole.danger?.(former, role('x'), sides())).to.equal(undefined);
  });
});

describe("a boundary of the source's", () => {
  const denial = (...statements: object[]) => {
    const { denial: found, reason: why } = carriedBoundary(limited(says(...statements)));
    return why ?? (found === undefined ? undefined : JSON.parse(found).Statement);
  };

  it('is a denial of all that it does not allow', () => {
    expect(denial(allow(['s3:*', 'ec2:*']), allow('s3:*'))).to.deep.equal([
      { Effect: 'Deny', NotAction: ['ec2:*', 's3:*'], Resource: '*' },
    ]);
    const deny = { Effect: 'Deny', Action: 's3:Delete*', Resource: 'arn:aws:s3:::x' };
    expect(denial(allow('*'), deny)).to.deep.equal([deny]);
    expect(denial(deny)).to.deep.equal([{ Effect: 'Deny', Action: '*', Resource: '*' }, deny]);
    expect(denial(allow('*'))).to.equal(undefined);
    expect(carriedBoundary({})).to.deep.equal({});
  });

  it('cannot be carried over where it says more than actions', () => {
    for (const more of [
      { Resource: 'arn:aws:s3:::x' },
      { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
      { Action: undefined, NotAction: 'iam:*' },
    ])
      expect(denial(allow('s3:*', more))).to.contain('exactly');
    expect(carriedBoundary({ boundaryArn: 'arn:aws:iam::aws:policy/PowerUserAccess' }).reason).to.contain(
      "AWS's own",
    );
  });

  it('comes before every right, or there is none', () => {
    const exact = role('a', limited(says(allow('s3:*'))));
    const partial = role('b', limited(says(allow('s3:*', { Resource: 'arn:aws:s3:::x' }))));
    const result = planned({
      'iam-role': [exact, partial],
      'iam-role-policy': [inline('a', 'own'), inline('b', 'own')],
      'iam-role-attachment': [attached('b', 'x')],
    });
    const own = result.resources.find(({ name }) => name === 'iam-role-policy/a:own');
    expect(own?.after).to.deep.equal(['iam-role-boundary/a']);
    expect(argsOf(result, 'iam-role-boundary/a')).to.deep.include({ name: 'lifeboat-source-boundary' });
    expect(reason(result, 'iam-role-policy/b:own')).to.contain('exactly');
    expect(reason(result, 'iam-role-attachment/b/x')).to.contain('exactly');
    expect(result.notes.join()).to.contain('iam-role/b has none of its rights');
  });
});

describe('rights', () => {
  const before = sides({}, { 'iam-role': [role('a')], 'iam-user': [], 'iam-group': [] });

  it('of what was accepted before are asked about, and less of them is not', () => {
    const now = inline('a', 'own', says(allow(['s3:GetObject', 's3:PutObject'])));
    const less = inline('a', 'own', says(allow('s3:GetObject')));
    const { danger } = iamRolePolicy;
    expect(danger?.(now, undefined, before)).to.contain('gives rights to the role a');
    expect(danger?.(inline('new', 'own'), undefined, before)).to.equal(undefined);
    expect(danger?.(now, less, before)).to.contain('another document');
    expect(danger?.(less, now, before)).to.equal(undefined);
    const denied = says(allow('s3:*'), { Effect: 'Deny', Action: 's3:Delete*', Resource: '*' });
    expect(danger?.(inline('a', 'own'), inline('a', 'own', denied), before)).to.contain('another document');
    const one = attached('a', 'x');
    expect(iamRoleAttachment.danger?.(one, undefined, before)).to.contain('gives rights');
    expect(iamRoleAttachment.danger?.(one, one, before)).to.equal(undefined);
  });

  it('by a group are asked about', () => {
    const joined = { id: 'ann/devs', tags: {}, user: 'ann', group: 'devs' };
    const group = { id: 'devs', tags: {}, path: '/' };
    expect(iamUserMembership.danger?.(joined, undefined, sides({}, { 'iam-group': [group] }))).to.contain(
      'puts the user ann',
    );
    expect(iamUserMembership.danger?.(joined, undefined, sides())).to.equal(undefined);
  });

  it('are too many where all inline policies together are too long', () => {
    const long = (policyName: string) =>
      inline('a', policyName, says(allow('s3:*', { Resource: `arn:aws:s3:::${'x'.repeat(6_000)}` })));
    const result = planned({ 'iam-role': [role('a')], 'iam-role-policy': [long('one'), long('two')] });
    expect(reason(result, 'iam-role-policy/a:one')).to.equal(undefined);
    expect(reason(result, 'iam-role-policy/a:two')).to.contain('too long for AWS').and.contain('10240');
  });

  it("refer to mirrored policies, and to AWS's own as they are", () => {
    const attachment = (policyArn: string, name: string) => ({
      id: `a/${name}`,
      tags: {},
      holder: 'a',
      policyArn,
    });
    const own = {
      id: 'p',
      tags: {},
      arn: 'arn:aws:iam::111111111111:policy/p',
      path: '/',
      document: says(allow('s3:*')),
    };
    const result = planned({
      'iam-policy': [own],
      'iam-role': [role('a')],
      'iam-role-attachment': [attachment(own.arn, 'p'), attachment('arn:aws-cn:iam::aws:policy/x', 'x')],
    });
    expect(argsOf(result, 'iam-role-attachment/a/p').policyArn).to.deep.equal(new Ref('iam-policy/p'));
    expect(argsOf(result, 'iam-role-attachment/a/x').policyArn).to.equal('arn:aws-cn:iam::aws:policy/x');
  });
});

describe("what is an account's", () => {
  const passwords = {
    id: 'iam-account-password-policy',
    tags: {},
    minimumPasswordLength: 14,
    requireSymbols: true,
    requireNumbers: true,
    requireUppercaseCharacters: true,
    requireLowercaseCharacters: true,
    allowUsersToChangePassword: true,
    maxPasswordAge: 90,
    passwordReusePrevention: 5,
    hardExpiry: false,
  };
  const other = { ...passwords, minimumPasswordLength: 20 };

  it("DR's own password policy is left, and one that says the same is taken over", () => {
    const plan = (dr: typeof passwords, state?: ReadonlyMap<string, string>) =>
      planned({ 'iam-password-policy': [passwords] }, { 'iam-password-policy': [dr] }, state);
    const name = `iam-password-policy/${passwords.id}`;
    expect(reason(plan(other), name)).to.contain('in its way');
    expect(plan(passwords).resources[0]?.adopt).to.equal(passwords.id);
    expect(reason(plan(other, new Map([[name, passwords.id]])), name)).to.equal(undefined);
  });

  it('a password policy ends no password in DR, and lets its owner change it', () => {
    const hostile = { ...passwords, maxPasswordAge: 1, hardExpiry: true, allowUsersToChangePassword: false };
    const [found] = planned({ 'iam-password-policy': [hostile] }).resources;
    expect(found?.args).to.include({
      maxPasswordAge: 0,
      hardExpiry: false,
      allowUsersToChangePassword: true,
    });
    expect(found?.args).to.include({ minimumPasswordLength: passwords.minimumPasswordLength });
  });

  it('a weaker password policy is dangerous', () => {
    const danger = (more: Partial<typeof passwords>) =>
      iamPasswordPolicy.danger?.({ ...passwords, ...more }, passwords, sides());
    for (const more of [
      { minimumPasswordLength: 8 },
      { requireSymbols: false },
      { maxPasswordAge: 0 },
      { maxPasswordAge: 180 },
      { passwordReusePrevention: 1 },
    ])
      expect(danger(more), JSON.stringify(more)).to.contain(Object.keys(more)[0]);
    expect(danger({ minimumPasswordLength: 20, maxPasswordAge: 30 })).to.equal(undefined);
  });

  it("a group of DR's own is never taken for a mirror", () => {
    const group = (path: string, tags = {}) => ({ id: 'devs', tags, path });
    const plan = (dr: object) => planned({ 'iam-group': [group('/')] }, { 'iam-group': [dr as never] });
    expect(reason(plan(group('/')), 'iam-group/devs')).to.contain('in its way');
    const ours = plan(group('/lifeboat/', { 'lifeboat:source-id': 'devs' }));
    expect(ours.resources[0]).to.include({ name: 'iam-group/devs', adopt: 'devs' });
    expect(iamGroup.taggedWhenMade).to.equal(true);
  });

  it('a SAML provider that others may speak for is dangerous', () => {
    const provider = (metadata: string) => ({
      id: 'corp',
      tags: {},
      arn: 'arn:aws:iam::111111111111:saml-provider/corp',
      metadata,
    });
    expect(iamSamlProvider.danger?.(provider('b'), provider('a'), sides())).to.contain('metadata');
    expect(iamSamlProvider.danger?.(provider('a'), provider('a'), sides())).to.equal(undefined);
    expect(iamSamlProvider.secrets).to.deep.equal(['metadata']);
  });
});
