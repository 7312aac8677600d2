import { AutoScalingClient, CreateAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import {
  CopySnapshotCommand,
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  DeleteSnapshotCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteUserPermissionsBoundaryCommand,
  GetUserCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  PutUserPermissionsBoundaryCommand,
} from '@aws-sdk/client-iam';
import { EncryptCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketPolicyCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import {
  Clients,
  complaint,
  describeSnapshot,
  HERE,
  must,
  newAccount,
  newKey,
  newSnapshot,
  refusal,
  share,
  tagged,
  useEmulator,
} from './support';

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource: string | string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, string | string[]>>;
}

const allow = (Action: string | string[], rest: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...rest,
});
const document = (...statements: Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: statements });

describe('emulator: permissions, with enforceIam', () => {
  const emulator = useEmulator();
  let account: string;
  let admin: Clients;

  beforeEach(async () => {
    account = newAccount();
    admin = new Clients(emulator().url, account, HERE);
    await emulator().config({ enforceIam: true });
  });
  afterEach(() => emulator().config({ enforceIam: false }));

  /** Clients of a session of a new role with this policy. */
  async function as(
    policy: string,
    input: { boundary?: string; session?: string; name?: string } = {},
  ): Promise<Clients> {
    const RoleName = input.name ?? 'runner';
    const trust = document(allow('sts:AssumeRole', { Principal: { AWS: `arn:aws:iam::${account}:root` } }));
    // A trust policy has no resource.
    const AssumeRolePolicyDocument = JSON.stringify(JSON.parse(trust), (key, value) =>
      key === 'Resource' ? undefined : value,
    );
    const made = await admin.iam.send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument, PermissionsBoundary: input.boundary }),
    );
    await admin.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'own', PolicyDocument: policy }));
    const assume = { RoleArn: must(made.Role?.Arn), RoleSessionName: 'test', Policy: input.session };
    const { Credentials } = await admin.sts.send(new AssumeRoleCommand(assume));
    return new Clients(emulator().url, account, HERE, must(Credentials));
  }

  const describeVpcs = (clients: Clients) => clients.ec2.send(new DescribeVpcsCommand({}));
  const createVpc = (clients: Clients, tags?: Record<string, string>) => {
    const specification = tags === undefined ? {} : { TagSpecifications: tagged('vpc', tags) };
    return clients.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', ...specification }));
  };

  it('a role may do what its policy allows; the refusal names the action', async () => {
    const role = await as(document(allow('ec2:Describe*')));
    expect(await refusal(describeVpcs(role))).to.equal('none');
    expect(await refusal(createVpc(role))).to.equal('UnauthorizedOperation');
    expect(await complaint(createVpc(role))).to.include('not authorized to perform: ec2:CreateVpc');
    expect(await complaint(role.iam.send(new ListRolesCommand({})))).to.include('iam:ListRoles');
  });

  it('what a role was allowed and denied is counted by its ARN, also what a call asks for beside itself', async () => {
    const role = await as(document(allow(['ec2:Describe*', 'ec2:CreateVpc', 'ec2:CreateTags'])));
    await describeVpcs(role);
    await describeVpcs(role);
    await createVpc(role, { owner: 'lifeboat' });
    await refusal(role.iam.send(new ListRolesCommand({})));
    await describeVpcs(admin);
    const all = await emulator().permissions();
    const mine = Object.keys(all).filter((arn) => arn.includes(account));
    expect(mine).to.deep.equal([`arn:aws:iam::${account}:role/runner`]);
    expect(all[mine[0] ?? '']).to.deep.equal({
      allowed: { 'ec2:DescribeVpcs': 2, 'ec2:CreateVpc': 1, 'ec2:CreateTags': 1 },
      denied: { 'iam:ListRoles': 1 },
    });
  });

  it("the account's own key may always do everything, and GetCallerIdentity is open to all", async () => {
    expect(await refusal(createVpc(admin))).to.equal('none');
    const nothing = await as(document(allow('s3:GetObject')));
    expect(await refusal(nothing.sts.send(new GetCallerIdentityCommand({})))).to.equal('none');
  });

  it('an explicit deny wins', async () => {
    const deny: Statement = { Effect: 'Deny', Action: 'ec2:CreateVpc', Resource: '*' };
    const role = await as(document(allow('*'), deny));
    expect(await refusal(createVpc(role))).to.equal('UnauthorizedOperation');
    expect(await refusal(describeVpcs(role))).to.equal('none');
  });

  it('a permissions boundary, and a session policy, only ever narrow', async () => {
    const PolicyDocument = document(allow('ec2:Describe*'));
    const boundary = must(
      (await admin.iam.send(new CreatePolicyCommand({ PolicyName: 'b', PolicyDocument }))).Policy?.Arn,
    );
    const bounded = await as(document(allow('*')), { boundary });
    expect(await refusal(describeVpcs(bounded))).to.equal('none');
    expect(await complaint(createVpc(bounded))).to.include('no permissions boundary allows');
    const narrowed = await as(document(allow('*')), { name: 'narrowed', session: PolicyDocument });
    expect(await complaint(createVpc(narrowed))).to.include('no session policy allows');
  });

  it('a boundary that does not exist cannot be set; users have boundaries too', async () => {
    const missing = `arn:aws:iam::${account}:policy/none`;
    await as(document(allow('*')));
    const put = { RoleName: 'runner', PermissionsBoundary: missing };
    expect(await refusal(admin.iam.send(new PutRolePermissionsBoundaryCommand(put)))).to.equal(
      'NoSuchEntityException',
    );
    const PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
    await admin.iam.send(new CreateUserCommand({ UserName: 'u' }));
    await admin.iam.send(new PutUserPermissionsBoundaryCommand({ UserName: 'u', PermissionsBoundary }));
    const read = async () =>
      (await admin.iam.send(new GetUserCommand({ UserName: 'u' }))).User?.PermissionsBoundary;
    expect((await read())?.PermissionsBoundaryArn).to.equal(PermissionsBoundary);
    await admin.iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: 'u' }));
    expect(await read()).to.equal(undefined);
  });

  it("AWS's managed policies count", async () => {
    const role = await as(document(allow('s3:GetObject')));
    const PolicyArn = 'arn:aws:iam::aws:policy/AmazonVPCReadOnlyAccess';
    await admin.iam.send(new AttachRolePolicyCommand({ RoleName: 'runner', PolicyArn }));
    expect(await refusal(describeVpcs(role))).to.equal('none');
    expect(await refusal(createVpc(role))).to.equal('UnauthorizedOperation');
  });

  it('conditions on region, on tags of the request and on tags of the resource', async () => {
    const tagging = { StringEquals: { 'aws:RequestTag/owner': 'lifeboat' } };
    const own = { StringEquals: { 'aws:ResourceTag/owner': 'lifeboat' } };
    const role = await as(
      document(
        allow('ec2:CreateVpc', { Condition: tagging }),
        allow('ec2:CreateTags', { Condition: { StringEquals: { 'ec2:CreateAction': 'CreateVpc' } } }),
        allow('ec2:DeleteSnapshot', { Condition: own }),
        allow('ec2:DescribeVpcs', { Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }),
      ),
    );
    expect(await refusal(createVpc(role))).to.equal('UnauthorizedOperation');
    expect(await refusal(createVpc(role, { owner: 'lifeboat' }))).to.equal('none');
    expect(await refusal(describeVpcs(role))).to.equal('UnauthorizedOperation');
    const id = await newSnapshot(admin);
    const tag = { Resources: [id], Tags: [{ Key: 'owner', Value: 'lifeboat' }] };
    expect(await refusal(role.ec2.send(new CreateTagsCommand(tag)))).to.equal('UnauthorizedOperation');
    const remove = () => refusal(role.ec2.send(new DeleteSnapshotCommand({ SnapshotId: id })));
    expect(await remove()).to.equal('UnauthorizedOperation');
    await admin.ec2.send(new CreateTagsCommand(tag));
    expect(await remove()).to.equal('none');
  });

  it("a key's policy has the first word: without delegation to the account, IAM policies do nothing", async () => {
    const role = await as(document(allow('kms:*')));
    const KeyId = await newKey(admin);
    const encrypt = () =>
      refusal(role.kms.send(new EncryptCommand({ KeyId, Plaintext: new Uint8Array([1]) })));
    expect(await encrypt()).to.equal('none');
    const only = allow('kms:*', { Principal: { AWS: `arn:aws:iam::${account}:role/other` } });
    const policy = { PolicyName: 'default', Policy: document(only), BypassPolicyLockoutSafetyCheck: true };
    await admin.kms.send(new PutKeyPolicyCommand({ KeyId, ...policy }));
    expect(await encrypt()).to.equal('AccessDeniedException');
  });

  it('a key that may be used only through EC2 copies snapshots and encrypts nothing else', async () => {
    const through = { StringEquals: { 'kms:ViaService': `ec2.${HERE}.amazonaws.com` } };
    const role = await as(
      document(allow(['ec2:CopySnapshot', 'ec2:DescribeSnapshots']), allow('kms:*', { Condition: through })),
    );
    const KmsKeyId = await newKey(admin);
    const encrypt = role.kms.send(new EncryptCommand({ KeyId: KmsKeyId, Plaintext: new Uint8Array([1]) }));
    expect(await refusal(encrypt)).to.equal('AccessDeniedException');
    const theirs = new Clients(emulator().url, newAccount(), HERE);
    const source = await newSnapshot(theirs);
    await share(theirs, source, account);
    const input = { SourceSnapshotId: source, SourceRegion: HERE, Encrypted: true, KmsKeyId };
    const { SnapshotId } = await role.ec2.send(new CopySnapshotCommand(input));
    await emulator().advance(60);
    expect((await describeSnapshot(admin, must(SnapshotId))).State).to.equal('completed');
  });

  it('without permission on the key the copy is accepted and ends in error', async () => {
    const role = await as(document(allow('ec2:*')));
    const KmsKeyId = await newKey(admin);
    const source = await newSnapshot(admin);
    const input = { SourceSnapshotId: source, SourceRegion: HERE, Encrypted: true, KmsKeyId };
    const { SnapshotId } = await role.ec2.send(new CopySnapshotCommand(input));
    await emulator().advance(60);
    expect((await describeSnapshot(admin, must(SnapshotId))).State).to.equal('error');
  });

  it("a bucket policy's deny holds against a role that may do everything", async () => {
    const role = await as(document(allow('*')));
    const Bucket = `vault-${account}`;
    await admin.s3.send(new CreateBucketCommand({ Bucket }));
    const absent = { Null: { 's3:if-none-match': 'true' } };
    const Resource = `arn:aws:s3:::${Bucket}/manifests/*`;
    const once: Statement = {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:PutObject',
      Resource,
      Condition: absent,
    };
    await admin.s3.send(new PutBucketPolicyCommand({ Bucket, Policy: document(once) }));
    const put = (Key: string, extra = {}) =>
      refusal(role.s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...extra })));
    expect(await put('manifests/1')).to.equal('AccessDenied');
    expect(await put('manifests/1', { IfNoneMatch: '*' })).to.equal('none');
    expect(await put('other')).to.equal('none');
  });

  it('lets those alone make an Auto Scaling group who may launch its machines', async () => {
    await admin.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { InstanceType: 't3.micro' },
      }),
    );
    const make = async (name: string, ...actions: string[]) =>
      (await as(document(allow(actions)), { name })).once(AutoScalingClient).send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          MinSize: 0,
          MaxSize: 0,
          AvailabilityZones: [`${HERE}a`],
          LaunchTemplate: { LaunchTemplateName: 'web' },
        }),
      );
    expect(await refusal(make('one', 'autoscaling:CreateAutoScalingGroup'))).to.contain('AccessDenied');
    expect(await refusal(make('two', 'autoscaling:CreateAutoScalingGroup', 'ec2:RunInstances'))).to.equal(
      'none',
    );
  });
});
