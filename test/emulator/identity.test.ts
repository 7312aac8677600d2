import * as sdk from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, refusal, useEmulator } from './support';

const says = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const trusts = (Principal: unknown, more: object = {}) =>
  says({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const EC2 = { Service: 'ec2.amazonaws.com' };

describe('emulator: IAM as strict as AWS', () => {
  const emulator = useEmulator();
  let account: string;
  let iam: sdk.IAMClient;
  const arn = (resource: string) => `arn:aws:iam::${account}:${resource}`;
  const role = (RoleName: string, AssumeRolePolicyDocument = trusts(EC2), more: object = {}) =>
    iam.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, ...more }));

  beforeEach(() => {
    account = newAccount();
    iam = new Clients(emulator().url, account, HERE).iam;
  });
  afterEach(() => emulator().config({ enforceIam: false }));

  it('a trust names only whom AWS knows, and is a trust', async () => {
    await role('known');
    await role('good', trusts({ AWS: [arn('role/known'), arn('root'), account] }));
    for (const bad of [
      trusts({ AWS: arn('role/nobody') }),
      trusts({ AWS: arn('user/nobody') }),
      trusts({ AWS: 'AROAAAAAAAAAAAAAAAAAA' }),
      trusts(EC2, { Resource: '*' }),
      says({ Effect: 'Allow', Action: 'sts:AssumeRole' }),
      trusts(EC2, { Action: 's3:GetObject' }),
      '{"Version"',
    ]) {
      expect(await refusal(role('bad', bad)), bad).to.equal('MalformedPolicyDocumentException');
      const change = { RoleName: 'good', PolicyDocument: bad };
      expect(await refusal(iam.send(new sdk.UpdateAssumeRolePolicyCommand(change)))).to.equal(
        'MalformedPolicyDocumentException',
      );
    }
  });

  it('whom a trust named is a unique id once that is deleted', async () => {
    await role('gone');
    await role('left', trusts({ AWS: arn('role/gone') }));
    await iam.send(new sdk.DeleteRoleCommand({ RoleName: 'gone' }));
    const { Role } = await iam.send(new sdk.GetRoleCommand({ RoleName: 'left' }));
    expect(decodeURIComponent(must(Role?.AssumeRolePolicyDocument))).to.match(/"AWS": ?"AROA[A-Z0-9]+"/);
  });

  it('sizes are limited, white space not counted', async () => {
    const long = (characters: number) =>
      says(allow(['s3:GetObject'], `arn:aws:s3:::${'x'.repeat(characters)}`));
    const policy = (PolicyName: string, PolicyDocument: string) =>
      iam.send(new sdk.CreatePolicyCommand({ PolicyName, PolicyDocument }));
    await policy('fits', `${long(5_900)}${' '.repeat(500)}`);
    expect(await refusal(policy('long', long(6_144)))).to.equal('LimitExceededException');
    expect(await refusal(role('long', trusts({ AWS: Array(160).fill(account) })))).to.equal(
      'LimitExceededException',
    );
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ann' }));
    const inline = (PolicyName: string, characters: number) =>
      iam.send(
        new sdk.PutUserPolicyCommand({ UserName: 'ann', PolicyName, PolicyDocument: long(characters) }),
      );
    await inline('one', 1_000);
    await inline('one', 1_100);
    expect(await refusal(inline('two', 900))).to.equal('LimitExceededException');
  });

  it('a user is in ten groups, and a role has ten policies', async () => {
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ann' }));
    await role('app');
    for (let index = 0; index < 11; index++) {
      const GroupName = `group-${index}`;
      await iam.send(new sdk.CreateGroupCommand({ GroupName }));
      const made = await iam.send(
        new sdk.CreatePolicyCommand({ PolicyName: `policy-${index}`, PolicyDocument: says(allow('s3:*')) }),
      );
      const joins = iam.send(new sdk.AddUserToGroupCommand({ GroupName, UserName: 'ann' }));
      const attach = iam.send(
        new sdk.AttachRolePolicyCommand({ RoleName: 'app', PolicyArn: made.Policy?.Arn }),
      );
      if (index < 10) await Promise.all([joins, attach]);
      else
        for (const refused of await Promise.all([refusal(joins), refusal(attach)]))
          expect(refused).to.equal('LimitExceededException');
    }
  });

  it('what is in use is not deleted', async () => {
    const { Policy } = await iam.send(
      new sdk.CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: says(allow('*')) }),
    );
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ann', PermissionsBoundary: Policy?.Arn }));
    await iam.send(new sdk.CreateGroupCommand({ GroupName: 'devs' }));
    await iam.send(new sdk.AddUserToGroupCommand({ GroupName: 'devs', UserName: 'ann' }));
    for (const refused of [
      new sdk.DeletePolicyCommand({ PolicyArn: Policy?.Arn }),
      new sdk.DeleteUserCommand({ UserName: 'ann' }),
      new sdk.DeleteGroupCommand({ GroupName: 'devs' }),
    ])
      expect(await refusal(iam.send(refused as sdk.DeleteUserCommand))).to.equal('DeleteConflictException');
    await iam.send(new sdk.RemoveUserFromGroupCommand({ GroupName: 'devs', UserName: 'ann' }));
    await iam.send(new sdk.DeleteUserCommand({ UserName: 'ann' }));
    await iam.send(new sdk.DeleteGroupCommand({ GroupName: 'devs' }));
    await iam.send(new sdk.DeletePolicyCommand({ PolicyArn: Policy?.Arn }));
  });

  it('names differ by more than their case, whatever the path', async () => {
    await role('app');
    expect(await refusal(role('APP', trusts(EC2), { Path: '/other/' }))).to.equal(
      'EntityAlreadyExistsException',
    );
    const policy = (PolicyName: string, Path: string) =>
      iam.send(new sdk.CreatePolicyCommand({ PolicyName, Path, PolicyDocument: says(allow('s3:*')) }));
    await policy('p', '/');
    expect(await refusal(policy('p', '/other/'))).to.equal('EntityAlreadyExistsException');
  });

  it('all that an account has comes in pages, with documents encoded', async () => {
    for (const name of ['a', 'b', 'c']) {
      await role(name, trusts(EC2), { Tags: [{ Key: 'name', Value: name }] });
      await iam.send(new sdk.CreateGroupCommand({ GroupName: name, Path: '/teams/' }));
    }
    const found: string[] = [];
    let pages = 0;
    for await (const page of sdk.paginateGetAccountAuthorizationDetails(
      { client: iam, pageSize: 4 },
      { Filter: ['User', 'Role', 'Group', 'LocalManagedPolicy'] },
    )) {
      pages += 1;
      found.push(...must(page.GroupDetailList).map(({ Arn }) => must(Arn)));
      found.push(...must(page.RoleDetailList).map(({ Arn }) => must(Arn)));
      for (const { AssumeRolePolicyDocument } of must(page.RoleDetailList))
        expect(AssumeRolePolicyDocument).to.match(/^%7B/);
    }
    expect(pages).to.equal(2);
    expect(found).to.have.members(
      ['a', 'b', 'c'].flatMap((name) => [arn(`role/${name}`), arn(`group/teams/${name}`)]),
    );
    const first = await iam.send(new sdk.ListRolesCommand({ MaxItems: 2 }));
    expect(first.Roles).to.have.length(2);
    const rest = await iam.send(new sdk.ListRolesCommand({ Marker: first.Marker }));
    expect([rest.Roles?.length, rest.IsTruncated]).to.deep.equal([1, false]);
    expect(await refusal(iam.send(new sdk.ListGroupsCommand({ Marker: first.Marker })))).to.equal(
      'ValidationError',
    );
  });

  describe('with enforceIam', () => {
    let own: sdk.IAMClient;
    const tag = { Key: 'ours', Value: 'x' };

    async function bounded(...statements: object[]): Promise<void> {
      await role('runner', trusts({ AWS: arn('root') }));
      await iam.send(
        new sdk.PutRolePolicyCommand({
          RoleName: 'runner',
          PolicyName: 'rights',
          PolicyDocument: says(...statements),
        }),
      );
      await emulator().config({ enforceIam: true });
      const admin = new Clients(emulator().url, account, HERE);
      const { Credentials } = await admin.sts.send(
        new AssumeRoleCommand({ RoleArn: arn('role/runner'), RoleSessionName: 'x' }),
      );
      own = new Clients(emulator().url, account, HERE, Credentials).iam;
    }
    const makes = (RoleName: string, more: object = {}) =>
      own.send(new sdk.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusts(EC2), ...more }));

    it('a role is made where the path allows, and with tags by whoever may tag', async () => {
      await bounded(allow('iam:CreateRole', arn('role/ours/*')));
      await makes('in', { Path: '/ours/' });
      expect(await refusal(makes('out'))).to.equal('AccessDenied');
      expect(await refusal(makes('tagged', { Path: '/ours/', Tags: [tag] }))).to.equal('AccessDenied');
    });

    it('tags of the object and of the request, and their keys, are told', async () => {
      await role('theirs');
      await role('ours', trusts(EC2), { Tags: [tag] });
      await bounded(
        allow('iam:DeleteRole', '*', { Condition: { Null: { 'aws:ResourceTag/ours': 'false' } } }),
        allow('iam:TagRole', '*', { Condition: { StringEquals: { 'aws:RequestTag/ours': 'x' } } }),
        allow('iam:UntagRole', '*', { Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'free' } } }),
      );
      const drop = (RoleName: string) => own.send(new sdk.DeleteRoleCommand({ RoleName }));
      const tags = (Value: string) =>
        own.send(new sdk.TagRoleCommand({ RoleName: 'theirs', Tags: [{ Key: 'ours', Value }] }));
      expect(await refusal(drop('theirs'))).to.equal('AccessDenied');
      expect(await refusal(tags('y'))).to.equal('AccessDenied');
      await tags('x');
      const untag = (key: string) =>
        own.send(new sdk.UntagRoleCommand({ RoleName: 'theirs', TagKeys: [key] }));
      expect(await refusal(untag('ours'))).to.equal('AccessDenied');
      await untag('free');
      await drop('ours');
    });

    it('boundary and policy of an attachment are told, and the group of a membership', async () => {
      const { Policy } = await iam.send(
        new sdk.CreatePolicyCommand({ PolicyName: 'bound', PolicyDocument: says(allow('*')) }),
      );
      await role('in', trusts(EC2), { PermissionsBoundary: Policy?.Arn });
      await role('free');
      await iam.send(new sdk.CreateUserCommand({ UserName: 'ann' }));
      await iam.send(new sdk.CreateGroupCommand({ GroupName: 'in', Path: '/ours/' }));
      await iam.send(new sdk.CreateGroupCommand({ GroupName: 'out' }));
      await bounded(
        allow('iam:AttachRolePolicy', '*', {
          Condition: {
            StringEquals: { 'iam:PermissionsBoundary': Policy?.Arn },
            ArnEquals: { 'iam:PolicyARN': Policy?.Arn },
          },
        }),
        allow('iam:AddUserToGroup', arn('group/ours/*')),
      );
      const attach = (RoleName: string, PolicyArn?: string) =>
        own.send(new sdk.AttachRolePolicyCommand({ RoleName, PolicyArn }));
      await attach('in', Policy?.Arn);
      expect(await refusal(attach('in', 'arn:aws:iam::aws:policy/ReadOnlyAccess'))).to.equal('AccessDenied');
      expect(await refusal(attach('free', Policy?.Arn))).to.equal('AccessDenied');
      const joins = (GroupName: string) =>
        own.send(new sdk.AddUserToGroupCommand({ GroupName, UserName: 'ann' }));
      await joins('in');
      expect(await refusal(joins('out'))).to.equal('AccessDenied');
    });
  });

  it('providers have tags, and audiences come and go', async () => {
    const SAMLMetadataDocument = `<a>${'x'.repeat(1_000)}</a>`;
    const made = await iam.send(
      new sdk.CreateSAMLProviderCommand({
        Name: 'corp',
        SAMLMetadataDocument,
        Tags: [{ Key: 'a', Value: '1' }],
      }),
    );
    const { SAMLProviderArn } = made;
    await iam.send(new sdk.TagSAMLProviderCommand({ SAMLProviderArn, Tags: [{ Key: 'b', Value: '2' }] }));
    await iam.send(new sdk.UntagSAMLProviderCommand({ SAMLProviderArn, TagKeys: ['a'] }));
    const saml = await iam.send(new sdk.GetSAMLProviderCommand({ SAMLProviderArn }));
    expect(saml.Tags).to.deep.equal([{ Key: 'b', Value: '2' }]);
    const { OpenIDConnectProviderArn } = await iam.send(
      new sdk.CreateOpenIDConnectProviderCommand({
        Url: 'https://token.example.com',
        ClientIDList: ['one'],
        ThumbprintList: ['a'.repeat(40)],
      }),
    );
    const client = (ClientID: string) => ({ OpenIDConnectProviderArn, ClientID });
    await iam.send(new sdk.AddClientIDToOpenIDConnectProviderCommand(client('two')));
    await iam.send(new sdk.RemoveClientIDFromOpenIDConnectProviderCommand(client('one')));
    const oidc = await iam.send(new sdk.GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
    expect(oidc.ClientIDList).to.deep.equal(['two']);
  });

  it("a role's description stays when only the length of its sessions changes, and a user's tags when it moves", async () => {
    await role('app', trusts(EC2), { Description: 'serves' });
    await iam.send(new sdk.UpdateRoleCommand({ RoleName: 'app', MaxSessionDuration: 7200 }));
    const { Role } = await iam.send(new sdk.GetRoleCommand({ RoleName: 'app' }));
    expect(Role).to.include({ Description: 'serves', MaxSessionDuration: 7200 });
    await iam.send(new sdk.CreateUserCommand({ UserName: 'ann', Tags: [{ Key: 'a', Value: '1' }] }));
    await iam.send(new sdk.UpdateUserCommand({ UserName: 'ann', NewPath: '/staff/' }));
    const { User } = await iam.send(new sdk.GetUserCommand({ UserName: 'ann' }));
    expect([User?.Path, User?.Tags]).to.deep.equal(['/staff/', [{ Key: 'a', Value: '1' }]]);
  });
});
