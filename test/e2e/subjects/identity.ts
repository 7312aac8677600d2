import * as sdk from '@aws-sdk/client-iam';
import { PROVIDER } from './identityReads';

export const SOURCE_ROOT = 'arn:aws:iam::111111111111:root';

/** A document of one statement. */
export function says(statement: object): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}

const trusts = (Principal: object, more: object = {}) =>
  says({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const tags = (team: string) => ({ Tags: [{ Key: 'team', Value: team }] });
const AWS_OWN = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const arn = (resource: string) => `arn:aws:iam::111111111111:${resource}`;

/** A role for machines, one that trusts it and it trusts back, one that only strangers may take on, and what each may do. */
export async function makeIdentity(iam: sdk.IAMClient): Promise<void> {
  const send = iam.send.bind(iam) as (command: unknown) => Promise<unknown>;
  const ec2 = { Service: 'ec2.amazonaws.com' };
  await send(
    new sdk.CreatePolicyCommand({
      PolicyName: 'orders',
      Path: '/shop/',
      Description: 'reads orders',
      PolicyDocument: says({
        Effect: 'Allow',
        Action: 'dynamodb:*',
        Resource: 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders',
      }),
      ...tags('shop'),
    }),
  );
  await send(
    new sdk.CreatePolicyCommand({
      PolicyName: 'ceiling',
      PolicyDocument: says({ Effect: 'Allow', Action: ['s3:*', 'dynamodb:*'], Resource: '*' }),
    }),
  );
  const role = (RoleName: string, AssumeRolePolicyDocument: string, more: object = {}) =>
    send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...more }));
  await role('web', trusts(ec2), {
    Path: '/shop/',
    Description: 'serves',
    MaxSessionDuration: 7200,
    ...tags('shop'),
  });
  await role('deploy', trusts({ AWS: arn('role/shop/web') }), { PermissionsBoundary: arn('policy/ceiling') });
  await role('audit', trusts({ AWS: '333333333333' }));
  await role(
    'limited',
    trusts(ec2, { Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } }),
    { PermissionsBoundary: AWS_OWN },
  );
  await role('ci', trusts({ Federated: arn(`oidc-provider/${PROVIDER}`) }));
  await send(
    new sdk.UpdateAssumeRolePolicyCommand({
      RoleName: 'web',
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: ec2, Action: 'sts:AssumeRole' },
          { Effect: 'Allow', Principal: { AWS: arn('role/deploy') }, Action: 'sts:AssumeRole' },
        ],
      }),
    }),
  );
  const passes = says({ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: arn('role/shop/web') });
  for (const RoleName of ['deploy', 'limited'])
    await send(new sdk.PutRolePolicyCommand({ RoleName, PolicyName: 'become', PolicyDocument: passes }));
  for (const PolicyArn of [AWS_OWN, arn('policy/shop/orders')])
    await send(new sdk.AttachRolePolicyCommand({ RoleName: 'web', PolicyArn }));
  await send(
    new sdk.CreateInstanceProfileCommand({ InstanceProfileName: 'web', Path: '/shop/', ...tags('shop') }),
  );
  await send(new sdk.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'web' }));
  await makePeople(send);
  await send(
    new sdk.CreateOpenIDConnectProviderCommand({
      Url: `https://${PROVIDER}`,
      ClientIDList: ['sts.amazonaws.com'],
      ThumbprintList: ['a'.repeat(40)],
      ...tags('ci'),
    }),
  );
  await send(
    new sdk.CreateSAMLProviderCommand({
      Name: 'corp',
      SAMLMetadataDocument: metadata('first'),
      ...tags('it'),
    }),
  );
  await send(new sdk.UpdateAccountPasswordPolicyCommand({ MinimumPasswordLength: 14, RequireSymbols: true }));
}

/** SAML metadata of an issuer. AWS asks for 1,000 characters. */
function metadata(issuer: string): string {
  return `<EntityDescriptor entityID="${issuer}">${'<!-- a certificate -->'.repeat(60)}</EntityDescriptor>`;
}

async function makePeople(send: (command: unknown) => Promise<unknown>): Promise<void> {
  await send(new sdk.CreateGroupCommand({ GroupName: 'devs', Path: '/teams/' }));
  await send(new sdk.AttachGroupPolicyCommand({ GroupName: 'devs', PolicyArn: arn('policy/shop/orders') }));
  const own = says({ Effect: 'Allow', Action: 'logs:*', Resource: 'arn:aws:logs:eu-west-1:111111111111:*' });
  await send(new sdk.PutGroupPolicyCommand({ GroupName: 'devs', PolicyName: 'logs', PolicyDocument: own }));
  await send(
    new sdk.CreateUserCommand({
      UserName: 'ann',
      Path: '/people/',
      PermissionsBoundary: arn('policy/ceiling'),
      ...tags('shop'),
    }),
  );
  await send(new sdk.AddUserToGroupCommand({ UserName: 'ann', GroupName: 'devs' }));
  await send(new sdk.AttachUserPolicyCommand({ UserName: 'ann', PolicyArn: AWS_OWN }));
  await send(new sdk.PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'logs', PolicyDocument: own }));
}

/**
 * Changes something of each. Every round changes all of it again.
 *
 * @param round 1, 2, 3 …
 */
export async function changeIdentity(iam: sdk.IAMClient, round: number): Promise<void> {
  const send = iam.send.bind(iam) as (command: unknown) => Promise<unknown>;
  const odd = round % 2 === 1;
  const Action = odd ? 'dynamodb:GetItem' : 'dynamodb:*';
  const PolicyDocument = says({ Effect: 'Allow', Action, Resource: '*' });
  const Tags = [{ Key: 'round', Value: String(round) }];
  const extra = { Key: 'extra', Value: 'x' };
  const orders = arn('policy/shop/orders');
  await send(new sdk.CreatePolicyVersionCommand({ PolicyArn: orders, PolicyDocument, SetAsDefault: true }));
  await send(
    new sdk.UpdateRoleCommand({
      RoleName: 'web',
      Description: odd ? 'serves more' : 'serves',
      MaxSessionDuration: odd ? 3600 : 7200,
    }),
  );
  await send(
    new sdk.UpdateAssumeRolePolicyCommand({
      RoleName: 'deploy',
      PolicyDocument: trusts({
        AWS: odd ? [arn('role/shop/web'), arn('user/people/ann')] : arn('role/shop/web'),
      }),
    }),
  );
  for (const name of ['deploy'])
    await send(new sdk.PutRolePolicyCommand({ RoleName: name, PolicyName: 'become', PolicyDocument }));
  await send(new sdk.PutGroupPolicyCommand({ GroupName: 'devs', PolicyName: 'logs', PolicyDocument }));
  await send(new sdk.PutUserPolicyCommand({ UserName: 'ann', PolicyName: 'logs', PolicyDocument }));
  const OpenIDConnectProviderArn = arn(`oidc-provider/${PROVIDER}`);
  const SAMLProviderArn = arn('saml-provider/corp');
  const tagged = [...Tags, ...(odd ? [extra] : [])];
  await send(new sdk.TagRoleCommand({ RoleName: 'web', Tags: tagged }));
  await send(new sdk.TagUserCommand({ UserName: 'ann', Tags: tagged }));
  await send(new sdk.TagPolicyCommand({ PolicyArn: orders, Tags: tagged }));
  await send(new sdk.TagInstanceProfileCommand({ InstanceProfileName: 'web', Tags: tagged }));
  await send(new sdk.TagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, Tags: tagged }));
  await send(new sdk.TagSAMLProviderCommand({ SAMLProviderArn, Tags: tagged }));
  if (!odd) {
    const TagKeys = ['extra'];
    await send(new sdk.UntagRoleCommand({ RoleName: 'web', TagKeys }));
    await send(new sdk.UntagUserCommand({ UserName: 'ann', TagKeys }));
    await send(new sdk.UntagPolicyCommand({ PolicyArn: orders, TagKeys }));
    await send(new sdk.UntagInstanceProfileCommand({ InstanceProfileName: 'web', TagKeys }));
    await send(new sdk.UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys }));
    await send(new sdk.UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys }));
  }
  await send(new sdk.UpdateGroupCommand({ GroupName: 'devs', NewPath: odd ? '/crews/' : '/teams/' }));
  await send(new sdk.UpdateUserCommand({ UserName: 'ann', NewPath: odd ? '/staff/' : '/people/' }));
  const client = { OpenIDConnectProviderArn, ClientID: 'another' };
  await send(
    odd
      ? new sdk.AddClientIDToOpenIDConnectProviderCommand(client)
      : new sdk.RemoveClientIDFromOpenIDConnectProviderCommand(client),
  );
  await send(
    new sdk.UpdateOpenIDConnectProviderThumbprintCommand({
      OpenIDConnectProviderArn,
      ThumbprintList: [(odd ? 'b' : 'a').repeat(40)],
    }),
  );
  await send(
    new sdk.UpdateSAMLProviderCommand({
      SAMLProviderArn,
      SAMLMetadataDocument: metadata(odd ? 'second' : 'first'),
    }),
  );
  await send(
    new sdk.UpdateAccountPasswordPolicyCommand({
      MinimumPasswordLength: odd ? 12 : 14,
      RequireSymbols: true,
    }),
  );
  const profile = { InstanceProfileName: 'web' };
  await send(new sdk.RemoveRoleFromInstanceProfileCommand({ ...profile, RoleName: odd ? 'web' : 'limited' }));
  await send(new sdk.AddRoleToInstanceProfileCommand({ ...profile, RoleName: odd ? 'limited' : 'web' }));
}

/** Takes all of it away again. */
export async function removeIdentity(iam: sdk.IAMClient): Promise<void> {
  const send = iam.send.bind(iam) as (command: unknown) => Promise<unknown>;
  const { InstanceProfile } = await iam.send(
    new sdk.GetInstanceProfileCommand({ InstanceProfileName: 'web' }),
  );
  for (const { RoleName } of InstanceProfile?.Roles ?? [])
    await send(new sdk.RemoveRoleFromInstanceProfileCommand({ InstanceProfileName: 'web', RoleName }));
  await send(new sdk.DeleteInstanceProfileCommand({ InstanceProfileName: 'web' }));
  for (const PolicyArn of [AWS_OWN, arn('policy/shop/orders')])
    await send(new sdk.DetachRolePolicyCommand({ RoleName: 'web', PolicyArn }));
  for (const RoleName of ['deploy', 'limited'])
    await send(new sdk.DeleteRolePolicyCommand({ RoleName, PolicyName: 'become' }));
  for (const RoleName of ['web', 'deploy', 'audit', 'limited', 'ci'])
    await send(new sdk.DeleteRoleCommand({ RoleName }));
  await send(new sdk.DetachUserPolicyCommand({ UserName: 'ann', PolicyArn: AWS_OWN }));
  await send(new sdk.DeleteUserPolicyCommand({ UserName: 'ann', PolicyName: 'logs' }));
  await send(new sdk.RemoveUserFromGroupCommand({ UserName: 'ann', GroupName: 'devs' }));
  await send(new sdk.DeleteUserCommand({ UserName: 'ann' }));
  await send(new sdk.DetachGroupPolicyCommand({ GroupName: 'devs', PolicyArn: arn('policy/shop/orders') }));
  await send(new sdk.DeleteGroupPolicyCommand({ GroupName: 'devs', PolicyName: 'logs' }));
  await send(new sdk.DeleteGroupCommand({ GroupName: 'devs' }));
  for (const PolicyArn of [arn('policy/shop/orders'), arn('policy/ceiling')]) {
    const { Versions = [] } = await iam.send(new sdk.ListPolicyVersionsCommand({ PolicyArn }));
    for (const { VersionId, IsDefaultVersion } of Versions)
      if (!IsDefaultVersion) await send(new sdk.DeletePolicyVersionCommand({ PolicyArn, VersionId }));
    await send(new sdk.DeletePolicyCommand({ PolicyArn }));
  }
  await send(
    new sdk.DeleteOpenIDConnectProviderCommand({
      OpenIDConnectProviderArn: arn(`oidc-provider/${PROVIDER}`),
    }),
  );
  await send(new sdk.DeleteSAMLProviderCommand({ SAMLProviderArn: arn('saml-provider/corp') }));
  await send(new sdk.DeleteAccountPasswordPolicyCommand({}));
}
