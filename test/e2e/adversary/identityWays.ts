import * as iam from '@aws-sdk/client-iam';
import { TAG, vaultNames } from '../../../names';
import type { Request } from '../../unit/vault/evaluate';
import { canDo, could, outsidersIn } from './evaluation';
import { bucket } from './storeWays';
import { ALL, type Config, DR_ACCOUNT, OUTSIDER, policyText, SOURCE_ACCOUNT, type Way } from './way';

const names = vaultNames(DR_ACCOUNT, 'eu-central-1');
/** A role that DR's people made by hand, and its like. */
export const BY_HAND = { role: 'admin', group: 'admins', user: 'operator' } as const;

const inDr = (resource: string) => `arn:aws:iam::${DR_ACCOUNT}:${resource}`;
const ec2 = (type: string) => `arn:aws:ec2:eu-central-1:${DR_ACCOUNT}:${type}/x-1`;
const ours = (tag: string) => ({ [`aws:ResourceTag/${tag}`]: 'x' });

/** What nobody who comes from the source may do in DR, whatever its policies say. */
const FORBIDDEN: Readonly<Record<string, Request>> = {
  'read the state': { action: 's3:GetObject', resource: `arn:aws:s3:::${names.stateBucket}/state` },
  'write the inventory': {
    action: 's3:PutObject',
    resource: `arn:aws:s3:::${names.inventoryBucket}/inventory/dr.json`,
  },
  "use the vault's key": {
    action: 'kms:Decrypt',
    resource: `arn:aws:kms:eu-central-1:${DR_ACCOUNT}:key/1`,
    context: { 'kms:ResourceAliases': [names.keyAlias] },
  },
  'change a trust': { action: 'iam:UpdateAssumeRolePolicy', resource: inDr('role/admin') },
  'take a boundary off': { action: 'iam:DeleteRolePermissionsBoundary', resource: inDr('role/lifeboat/x') },
  'write a policy': { action: 'iam:CreatePolicyVersion', resource: inDr('policy/lifeboat/x') },
  'make a user': { action: 'iam:CreateUser', resource: inDr('user/x') },
  'make a key': { action: 'iam:CreateAccessKey', resource: inDr('user/operator') },
  'pass a role': { action: 'iam:PassRole', resource: inDr('role/admin') },
  'become somebody of DR': { action: 'sts:AssumeRole', resource: inDr('role/admin') },
  'become the recover role': { action: 'sts:AssumeRole', resource: inDr(`role/${names.recoverRole}`) },
  'delete a copy': {
    action: 'ec2:DeleteSnapshot',
    resource: 'arn:aws:ec2:eu-central-1::snapshot/snap-1',
    context: ours(TAG.sourceSnapshot),
  },
  'give a copy away': {
    action: 'ec2:ModifySnapshotAttribute',
    resource: 'arn:aws:ec2:eu-central-1::snapshot/snap-1',
    context: ours(TAG.sourceSnapshot),
  },
  'open a mirrored group': {
    action: 'ec2:AuthorizeSecurityGroupIngress',
    resource: ec2('security-group'),
    context: ours(TAG.sourceId),
  },
  'tag as ours': {
    action: 'ec2:CreateTags',
    resource: ec2('instance'),
    context: { 'aws:TagKeys': [TAG.sourceId] },
  },
  'let a bucket expire': {
    action: 's3:PutLifecycleConfiguration',
    resource: 'arn:aws:s3:::data-222222222222',
  },
  'delete versions': { action: 's3:DeleteObjectVersion', resource: 'arn:aws:s3:::data-222222222222/x' },
  'say that a run was good': {
    action: 'cloudwatch:PutMetricData',
    context: { 'cloudwatch:namespace': 'Lifeboat' },
  },
};

const client = (source: Config) => new iam.IAMClient(source as object);
const toEc2 = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };

async function role(source: Config, RoleName: string, trust: object, policy?: object, more: object = {}) {
  const to = client(source);
  await to.send(
    new iam.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyText(trust), ...more }),
  );
  if (policy)
    await to.send(
      new iam.PutRolePolicyCommand({ RoleName, PolicyName: 'rights', PolicyDocument: policyText(policy) }),
    );
}

/** A role that trusts somebody: whom of them DR's role lets in. */
function trusting(
  name: string,
  what: string,
  statement: object,
  before?: (source: Config) => Promise<unknown>,
): Way {
  return {
    name: what,
    async plant(source) {
      await before?.(source);
      await role(source, name, { Effect: 'Allow', Action: 'sts:AssumeRole', ...statement });
    },
    opened: (dr) => {
      const trust = dr.principals.get(`role/${name}`)?.trust;
      return trust
        ? outsidersIn(trust).map((who) => `${name} trusts ${who}`)
        : [`${name} has no mirror to look at`];
    },
  };
}

/** A role with rights: what of the forbidden it could do. */
function withRights(name: string, what: string, policy: object, more: Partial<Way> = {}): Way {
  return {
    name: what,
    plant: (source) => role(source, name, toEc2, policy),
    opened: (dr) => canDo(dr, `role/${name}`, FORBIDDEN),
    ...more,
  };
}

const SAML = `<?xml version="1.0"?><EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com">${'<!-- an attacker’s certificate -->'.repeat(40)}<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>`;

/** By roles, users, groups and what they may. */
export const IDENTITY_WAYS: readonly Way[] = [
  trusting('w-account', 'a role that trusts another account', { Principal: { AWS: OUTSIDER } }),
  trusting('w-role', 'a role that trusts a role of another account', {
    Principal: { AWS: `arn:aws:iam::${OUTSIDER}:role/theirs` },
  }),
  trusting('w-world', 'a role that trusts everybody', { Principal: { AWS: '*' } }),
  trusting('w-org', 'everybody of an organization: a condition that looks like a limit', {
    Principal: '*',
    Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-attacker00' } },
  }),
  trusting('w-ifexists', 'everybody, limited only where a key is there', {
    Principal: '*',
    Condition: {
      StringEqualsIfExists: { 'sts:ExternalId': 'secret' },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
    },
  }),
  trusting('w-arnlike', 'everybody whose name is like one of DR’s', {
    Principal: { AWS: '*' },
    Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/admin' } },
  }),
  trusting('w-not', 'everybody but somebody', {
    NotPrincipal: { AWS: `arn:aws:iam::${SOURCE_ACCOUNT}:root` },
  }),
  trusting('w-session', 'a session of the source', {
    Principal: { AWS: `arn:aws:sts::${SOURCE_ACCOUNT}:assumed-role/w-world/me` },
  }),
  trusting('w-root', 'the source itself', { Principal: { AWS: `arn:aws:iam::${SOURCE_ACCOUNT}:root` } }),
  {
    ...trusting('w-deleted', 'a principal that was deleted, and may come back under its unique id', {}),
    async plant(source) {
      const to = client(source);
      const UserName = 'w-gone';
      await to.send(new iam.CreateUserCommand({ UserName }));
      const Principal = { AWS: `arn:aws:iam::${SOURCE_ACCOUNT}:user/${UserName}` };
      await role(source, 'w-deleted', { Effect: 'Allow', Action: 'sts:AssumeRole', Principal });
      await to.send(new iam.DeleteUserCommand({ UserName }));
    },
  },
  trusting(
    'w-oidc',
    'GitHub, for any repository: an audience and no subject',
    {
      Principal: {
        Federated: `arn:aws:iam::${SOURCE_ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
      },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
    },
    (source) =>
      client(source).send(
        new iam.CreateOpenIDConnectProviderCommand({
          Url: 'https://token.actions.githubusercontent.com',
          ClientIDList: ['sts.amazonaws.com', 'anything'],
          ThumbprintList: ['0'.repeat(40)],
        }),
      ),
  ),
  trusting('w-cognito', 'an identity pool that is open to guests', {
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }),
  {
    ...trusting(
      'w-saml',
      'a SAML provider with metadata of the attacker’s own',
      {
        Principal: { Federated: `arn:aws:iam::${SOURCE_ACCOUNT}:saml-provider/idp` },
        Action: 'sts:AssumeRoleWithSAML',
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
      (source) =>
        client(source).send(new iam.CreateSAMLProviderCommand({ Name: 'idp', SAMLMetadataDocument: SAML })),
    ),
    opened: (dr) => [
      ...dr.providers.filter((arn) => !arn.endsWith('/by-hand')),
      ...outsidersIn(dr.principals.get('role/w-saml')?.trust ?? { Version: '2012-10-17', Statement: [] }),
    ],
  },
  trusting('w-deputy', 'a service that acts for another account', {
    Principal: { Service: 'cloudtrail.amazonaws.com', AWS: OUTSIDER },
    Condition: { StringEquals: { 'aws:SourceAccount': OUTSIDER } },
  }),
  withRights('w-admin', 'an administrator', ALL),
  {
    ...withRights('w-version', 'a policy of which another version is made the default', ALL),
    async plant(source) {
      await role(source, 'w-version', toEc2);
      const to = client(source);
      const { Policy } = await to.send(
        new iam.CreatePolicyCommand({
          PolicyName: 'w-version',
          PolicyDocument: policyText({ Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' }),
        }),
      );
      const PolicyArn = Policy?.Arn;
      await to.send(
        new iam.CreatePolicyVersionCommand({
          PolicyArn,
          PolicyDocument: policyText(ALL),
          SetAsDefault: true,
        }),
      );
      await to.send(new iam.AttachRolePolicyCommand({ RoleName: 'w-version', PolicyArn }));
    },
  },
  withRights('w-pass', 'a chain of passed roles: a launch with a profile of DR’s own', {
    Effect: 'Allow',
    Action: ['iam:PassRole', 'ec2:RunInstances'],
    Resource: '*',
  }),
  withRights('w-chain', 'a chain of assumed roles', {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Resource: [inDr('role/admin'), `arn:aws:iam::${SOURCE_ACCOUNT}:role/admin`, '*'],
  }),
  withRights('w-named', 'a policy that names the vault of DR', {
    Effect: 'Allow',
    Action: ['s3:*', 'kms:*'],
    Resource: [
      `arn:aws:s3:::${names.stateBucket}/*`,
      `arn:aws:s3:::${names.inventoryBucket}/*`,
      `arn:aws:kms:eu-central-1:${DR_ACCOUNT}:key/*`,
    ],
  }),
  withRights('w-notaction', 'a policy of what it may not', {
    Effect: 'Allow',
    NotAction: 'sqs:*',
    Resource: '*',
  }),
  {
    ...withRights('w-unbound', 'a boundary that is removed', ALL),
    async plant(source) {
      const to = client(source);
      const { Policy } = await to.send(
        new iam.CreatePolicyCommand({
          PolicyName: 'w-strict',
          PolicyDocument: policyText({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }),
        }),
      );
      await role(source, 'w-unbound', toEc2, ALL, { PermissionsBoundary: Policy?.Arn });
      await to.send(new iam.DeleteRolePermissionsBoundaryCommand({ RoleName: 'w-unbound' }));
    },
  },
  {
    name: 'a boundary of the source’s own, whose place DR’s takes',
    isClosedInSource: true,
    async plant(source) {
      const { Policy } = await client(source).send(
        new iam.CreatePolicyCommand({
          PolicyName: 'w-one-bucket',
          PolicyDocument: policyText({
            Effect: 'Allow',
            Action: 's3:GetObject',
            Resource: 'arn:aws:s3:::w-public/*',
            Condition: { Bool: { 'aws:SecureTransport': 'true' } },
          }),
        }),
      );
      await role(source, 'w-bound', toEc2, ALL, { PermissionsBoundary: Policy?.Arn });
    },
    opened: (dr) =>
      canDo(dr, 'role/w-bound', { launch: { action: 'ec2:RunInstances', resource: ec2('instance') } }),
  },
  {
    name: 'a user with a password and keys',
    async plant(source) {
      const to = client(source);
      const UserName = 'w-user';
      await to.send(new iam.CreateUserCommand({ UserName }));
      await to.send(new iam.CreateLoginProfileCommand({ UserName, Password: 'An-Attackers-1' }));
      await to.send(new iam.CreateAccessKeyCommand({ UserName }));
      await to.send(
        new iam.PutUserPolicyCommand({ UserName, PolicyName: 'rights', PolicyDocument: policyText(ALL) }),
      );
    },
    opened: (dr) => [
      ...((dr.principals.get('user/w-user')?.keys ?? 0) > 0 ? ['w-user can sign in'] : []),
      ...canDo(dr, 'user/w-user', FORBIDDEN),
    ],
  },
  {
    name: 'a group with the name of one that DR’s people made',
    async plant(source) {
      const to = client(source);
      const [GroupName, UserName] = [BY_HAND.group, 'w-member'];
      await to.send(new iam.CreateGroupCommand({ GroupName }));
      await to.send(
        new iam.PutGroupPolicyCommand({ GroupName, PolicyName: 'planted', PolicyDocument: policyText(ALL) }),
      );
      await to.send(new iam.CreateUserCommand({ UserName }));
      await to.send(new iam.AddUserToGroupCommand({ GroupName, UserName }));
    },
    opened(dr) {
      const group = dr.groups.get(BY_HAND.group);
      const isOpen = group?.policies.some(({ Statement }) => Statement.some(({ Action }) => Action === '*'));
      const operator = dr.principals.get(`user/${BY_HAND.user}`);
      return [
        ...(isOpen ? [`the group ${BY_HAND.group} of DR may do everything`] : []),
        ...(could(operator, { action: 'iam:CreateUser' }) ? [`${BY_HAND.user} may do everything`] : []),
        ...canDo(dr, 'user/w-member', FORBIDDEN),
      ];
    },
  },
  {
    name: 'a role with the name of one that DR’s people made, with a forged tag',
    async plant(source) {
      await role(source, BY_HAND.role, { ...toEc2, Principal: { AWS: OUTSIDER } }, ALL, {
        Tags: [{ Key: TAG.sourceId, Value: BY_HAND.role }],
      });
    },
    opened(dr) {
      const found = dr.principals.get(`role/${BY_HAND.role}`);
      if (!found || found.arn !== inDr(`role/${BY_HAND.role}`)) return ['the role made by hand is gone'];
      return [
        ...outsidersIn(found.trust ?? { Version: '2012-10-17', Statement: [] }),
        ...(found.boundary ? ['the role made by hand was given a boundary'] : []),
        ...(found.policies.length > 0 ? ['the role made by hand was given rights'] : []),
      ];
    },
  },
  {
    name: 'a role, and a policy, with the name of one of ours',
    async plant(source) {
      await role(source, names.runRole, { ...toEc2, Principal: { AWS: OUTSIDER } }, ALL);
      const to = client(source);
      const { Policy } = await to.send(
        new iam.CreatePolicyCommand({ PolicyName: 'lifeboat-recover', PolicyDocument: policyText(ALL) }),
      );
      await role(source, 'w-recover', toEc2);
      await to.send(new iam.AttachRolePolicyCommand({ RoleName: 'w-recover', PolicyArn: Policy?.Arn }));
    },
    opened(dr) {
      const run = dr.principals.get(`role/${names.runRole}`);
      return [
        ...outsidersIn(run?.trust ?? { Version: '2012-10-17', Statement: [] }),
        ...canDo(dr, 'role/w-recover', {
          ...FORBIDDEN,
          'launch from a copy': { action: 'ec2:RunInstances', resource: ec2('instance') },
        }),
      ];
    },
  },
  {
    name: 'a password policy that asks for nothing',
    plant: async (source) =>
      void (await client(source).send(
        new iam.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 6 }),
      )),
    opened: ({ passwordLength }) =>
      passwordLength !== undefined && passwordLength < 14
        ? [`DR takes passwords of ${passwordLength} characters`]
        : [],
  },
];

/** The attacker's own account, which is there: AWS takes no principal, and no destination of replicas, that is not. */
export async function makeOutsider(config: Config): Promise<void> {
  await role(config, 'theirs', toEc2);
  await bucket(config, 'theirs');
}

/** What DR's people have made by hand, before anything is mirrored. */
export async function makeByHand(dr: Config): Promise<void> {
  const to = client(dr);
  await role(dr, BY_HAND.role, {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${DR_ACCOUNT}:root` },
    Action: 'sts:AssumeRole',
  });
  const { group: GroupName, user: UserName } = BY_HAND;
  await to.send(new iam.CreateGroupCommand({ GroupName }));
  await to.send(new iam.CreateUserCommand({ UserName }));
  await to.send(new iam.AddUserToGroupCommand({ GroupName, UserName }));
  await to.send(new iam.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14 }));
}
