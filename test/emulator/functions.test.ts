import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  ReplaceNetworkAclAssociationCommand,
  RevokeSecurityGroupEgressCommand,
  RunInstancesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteFunctionCommand,
  GetFunctionCommand,
  InvokeCommand,
  LambdaClient,
  paginateListFunctions,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { strToU8, zipSync } from 'fflate';
import { allPages } from '../../kinds/kind';
import { zippedCode } from '../../scripts/recover/probe/functionCode';
import {
  Clients,
  complaint,
  HERE,
  must,
  newAccount,
  newImage,
  newNetwork,
  newSnapshot,
  refusal,
  useEmulator,
} from './support';

const ADDRESS = '10.0.1.30';
const INTERFACES = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const document = (...statements: object[]) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((each) => ({ Effect: 'Allow', Resource: '*', ...each })),
  });

describe('emulator: functions of Lambda in a VPC', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let account: string;
  let network: Awaited<ReturnType<typeof newNetwork>>;
  let role: string;
  let machine: string;

  const trust = (Condition: object, Service = 'lambda.amazonaws.com') =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole', Condition }],
    });
  const may = (Action: string[], RoleName = 'probe') =>
    mine.iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: 'may', PolicyDocument: document({ Action }) }),
    );
  const lambda = (clients = mine) => clients.once(LambdaClient);
  const wanted = (FunctionName: string, more: Partial<CreateFunctionCommandInput> = {}) =>
    new CreateFunctionCommand({
      FunctionName,
      Role: role,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zippedCode() },
      VpcConfig: { SubnetIds: [network.subnet], SecurityGroupIds: [network.group] },
      Timeout: 15,
      ...more,
    });
  const make = async (name: string, more?: Partial<CreateFunctionCommandInput>) => {
    await lambda().send(wanted(name, more));
    await emulator().advance(2);
  };
  const invoke = async (FunctionName: string, event: object) => {
    const { FunctionError, Payload } = await lambda().send(
      new InvokeCommand({ FunctionName, Payload: strToU8(JSON.stringify(event)) }),
    );
    return { FunctionError, answer: JSON.parse(must(Payload).transformToString()) };
  };
  const probe = async (name: string, port = 5432, address = ADDRESS) =>
    (await invoke(name, { targets: [{ address, port }], timeoutMs: 3000 })).answer[0];
  const interfaces = async () => {
    const Filters = [{ Name: 'interface-type', Values: ['lambda'] }];
    const found = await mine.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    return found.NetworkInterfaces ?? [];
  };
  const admit = (GroupId: string, IpPermissions: object[]) =>
    mine.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const tcp = (rest: object, port = 5432) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...rest });
  const newGroup = async (name: string) =>
    must(
      (
        await mine.ec2.send(
          new CreateSecurityGroupCommand({ VpcId: network.vpc, GroupName: name, Description: name }),
        )
      ).GroupId,
    );

  beforeEach(async () => {
    account = newAccount();
    mine = new Clients(emulator().url, account, HERE);
    role = `arn:aws:iam::${account}:role/probe`;
    const AssumeRolePolicyDocument = trust({ StringEquals: { 'aws:SourceAccount': account } });
    await mine.iam.send(new CreateRoleCommand({ RoleName: 'probe', AssumeRolePolicyDocument }));
    await may(INTERFACES);
    network = await newNetwork(mine);
    const { Instances = [] } = await mine.ec2.send(
      new RunInstancesCommand({
        ImageId: await newImage(mine, await newSnapshot(mine)),
        InstanceType: 't3.micro',
        SubnetId: network.subnet,
        SecurityGroupIds: [await newGroup('db')],
        PrivateIpAddress: ADDRESS,
        MinCount: 1,
        MaxCount: 1,
      }),
    );
    machine = must(Instances[0]?.InstanceId);
    await admit(must(Instances[0]?.SecurityGroups?.[0]?.GroupId), [
      tcp({ UserIdGroupPairs: [{ GroupId: network.group }] }),
    ]);
    await emulator().config({ ports: { [ADDRESS]: { '5432': 0 } }, functionSeconds: 1 });
  });
  afterEach(() => emulator().config({ enforceIam: false, ports: {}, functionSeconds: 1 }));

  it('a function is pending at first, and cannot be invoked before it is active', async () => {
    await emulator().config({ functionSeconds: 60 });
    const made = await lambda().send(wanted('one'));
    expect(made).to.deep.include({ State: 'Pending', StateReasonCode: 'Creating' });
    expect(await refusal(probe('one'))).to.equal('ResourceConflictException');
    await emulator().advance(61);
    const { Configuration } = await lambda().send(new GetFunctionCommand({ FunctionName: 'one' }));
    expect(Configuration?.State).to.equal('Active');
    expect(Configuration?.VpcConfig?.VpcId).to.equal(network.vpc);
    expect(await probe('one')).to.equal('ok');
  });

  it('its code reaches what runs, listens, and is admitted', async () => {
    await make('one');
    expect(await probe('one')).to.equal('ok');
    expect(await probe('one', 5433), 'no rule admits it').to.equal('timed out');
    expect(await probe('one', 5432, '10.0.1.99'), 'nobody is there').to.equal('timed out');
    await emulator().config({ ports: {} });
    expect(await probe('one'), 'nobody listens').to.equal('connection refused');
    await emulator().config({ ports: { [ADDRESS]: { '5432': 3600 } } });
    expect(await probe('one'), 'nobody listens yet').to.equal('connection refused');
    await emulator().advance(3600);
    expect(await probe('one')).to.equal('ok');
    await mine.ec2.send(new StopInstancesCommand({ InstanceIds: [machine] }));
    expect(await probe('one'), 'it is stopped').to.equal('timed out');
  });

  it('its groups have to be those that are admitted, and have to let out', async () => {
    const other = await newGroup('other');
    await make('other', { VpcConfig: { SubnetIds: [network.subnet], SecurityGroupIds: [other] } });
    expect(await probe('other')).to.equal('timed out');
    await make('one');
    const all = [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
    await mine.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId: network.group, IpPermissions: all }));
    expect(await probe('one')).to.equal('timed out');
    const both = { SubnetIds: [network.subnet], SecurityGroupIds: [network.group, other] };
    await make('both', { VpcConfig: both });
    expect(await probe('both')).to.equal('ok');
  });

  it('ACLs count between subnets', async () => {
    const made = await mine.ec2.send(
      new CreateSubnetCommand({ VpcId: network.vpc, CidrBlock: '10.0.2.0/24', AvailabilityZone: `${HERE}a` }),
    );
    const subnet = must(made.Subnet?.SubnetId);
    await make('far', { VpcConfig: { SubnetIds: [subnet], SecurityGroupIds: [network.group] } });
    expect(await probe('far')).to.equal('ok');
    const acl = await mine.ec2.send(new CreateNetworkAclCommand({ VpcId: network.vpc }));
    const NetworkAclId = must(acl.NetworkAcl?.NetworkAclId);
    const Filters = [{ Name: 'association.subnet-id', Values: [subnet] }];
    const { NetworkAcls = [] } = await mine.ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    const AssociationId = NetworkAcls[0]?.Associations?.find(({ SubnetId }) => SubnetId === subnet);
    await mine.ec2.send(
      new ReplaceNetworkAclAssociationCommand({
        AssociationId: AssociationId?.NetworkAclAssociationId,
        NetworkAclId,
      }),
    );
    expect(await probe('far')).to.equal('timed out');
    const entry = {
      NetworkAclId,
      RuleNumber: 100,
      Protocol: '6',
      RuleAction: 'allow' as const,
      CidrBlock: '10.0.0.0/16',
    };
    const out = { ...entry, Egress: true, PortRange: { From: 5432, To: 5432 } };
    await mine.ec2.send(new CreateNetworkAclEntryCommand(out));
    expect(await probe('far'), 'no way back').to.equal('timed out');
    const back = { ...entry, Egress: false, PortRange: { From: 1024, To: 65_535 } };
    await mine.ec2.send(new CreateNetworkAclEntryCommand(back));
    expect(await probe('far')).to.equal('ok');
  });

  it('code that fails answers with its error, and Node.js is asked for sockets alone', async () => {
    const Code = (text: string) => ({ ZipFile: zipSync({ 'index.js': strToU8(text) }) });
    await make('fails', { Code: Code("exports.handler = async () => { throw new TypeError('no') }") });
    expect(await invoke('fails', {})).to.deep.equal({
      FunctionError: 'Unhandled',
      answer: { errorType: 'TypeError', errorMessage: 'no' },
    });
    await make('reads', { Code: Code("exports.handler = () => require('node:fs')") });
    expect((await invoke('reads', {})).answer.errorMessage).to.contain("Cannot find module 'node:fs'");
  });

  it('functions of one subnet and the same groups share an interface, which outlives them', async () => {
    await make('one');
    await make('two');
    const [nic, ...others] = await interfaces();
    expect(others).to.deep.equal([]);
    expect(nic).to.deep.include({ RequesterManaged: true, SubnetId: network.subnet, Status: 'in-use' });
    for (const FunctionName of ['one', 'two'])
      await lambda().send(new DeleteFunctionCommand({ FunctionName }));
    const group = () => mine.ec2.send(new DeleteSecurityGroupCommand({ GroupId: network.group }));
    expect(await interfaces()).to.have.length(1);
    expect(await refusal(group())).to.equal('DependencyViolation');
    await make('three');
    expect((await interfaces()).map(({ NetworkInterfaceId }) => NetworkInterfaceId)).to.deep.equal([
      nic?.NetworkInterfaceId,
    ]);
    await lambda().send(new DeleteFunctionCommand({ FunctionName: 'three' }));
    await emulator().advance(1201);
    expect(await interfaces()).to.deep.equal([]);
  });

  it('functions are listed in pages, and one name is one function', async () => {
    const names = Array.from({ length: 53 }, (_, index) => `many-${String(index).padStart(2, '0')}`);
    for (const name of names) await lambda().send(wanted(name));
    const pages = paginateListFunctions({ client: lambda() }, {});
    const found = await allPages(pages, (page) => page.Functions);
    expect(found.map(({ FunctionName }) => FunctionName)).to.deep.equal(names);
    expect(found[0]?.State).to.equal(undefined);
    expect(await refusal(lambda().send(wanted('many-00')))).to.equal('ResourceConflictException');
    const gone = new DeleteFunctionCommand({ FunctionName: 'gone' });
    expect(await refusal(lambda().send(gone))).to.equal('ResourceNotFoundException');
  });

  for (const missing of INTERFACES)
    it(`a role without ${missing} is not enough`, async () => {
      await may(INTERFACES.filter((action) => action !== missing));
      expect(await complaint(lambda().send(wanted('one')))).to.contain(
        `does not have permissions to call ${missing.slice(4)} on EC2`,
      );
    });

  it('a role that Lambda cannot take on is refused', async () => {
    for (const [name, policy] of [
      ['ec2', trust({}, 'ec2.amazonaws.com')],
      ['theirs', trust({ StringEquals: { 'aws:SourceAccount': '999999999999' } })],
    ] as const) {
      await mine.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: policy }));
      await may(INTERFACES, name);
      const Role = `arn:aws:iam::${account}:role/${name}`;
      expect(await complaint(lambda().send(wanted('one', { Role })))).to.contain(
        'cannot be assumed by Lambda',
      );
    }
  });

  it('what the network does not have is refused, and a VPC of dedicated tenancy', async () => {
    const vpcConfig = (SubnetIds: string[], SecurityGroupIds: string[]) =>
      lambda().send(wanted('one', { VpcConfig: { SubnetIds, SecurityGroupIds } }));
    expect(await complaint(vpcConfig(['subnet-0'], [network.group]))).to.contain('InvalidSubnetID.NotFound');
    expect(await complaint(vpcConfig([network.subnet], ['sg-0']))).to.contain('InvalidGroup.NotFound');
    const vpc = await mine.ec2.send(
      new CreateVpcCommand({ CidrBlock: '10.1.0.0/16', InstanceTenancy: 'dedicated' }),
    );
    const VpcId = must(vpc.Vpc?.VpcId);
    const subnet = await mine.ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.1.1.0/24' }));
    const group = await mine.ec2.send(
      new CreateSecurityGroupCommand({ VpcId, GroupName: 'app', Description: 'app' }),
    );
    const SubnetId = must(subnet.Subnet?.SubnetId);
    expect(await complaint(vpcConfig([SubnetId], [network.group]))).to.contain('of one VPC');
    expect(await complaint(vpcConfig([SubnetId], [must(group.GroupId)]))).to.contain('dedicated tenancy');
  });

  it('what it would not do as AWS does is refused', async () => {
    expect(await refusal(lambda().send(wanted('one', { Runtime: 'python3.13' })))).to.equal('InvalidAction');
    expect(await refusal(lambda().send(wanted('one', { VpcConfig: undefined })))).to.equal('InvalidAction');
    expect(await refusal(lambda().send(wanted('one', { Environment: {} })))).to.equal('InvalidAction');
    const ZipFile = strToU8('no archive');
    expect(await complaint(lambda().send(wanted('one', { Code: { ZipFile } })))).to.contain(
      'Could not unzip',
    );
    await make('one');
    const later = new InvokeCommand({ FunctionName: 'one', InvocationType: 'Event' });
    expect(await refusal(lambda().send(later))).to.equal('InvalidAction');
    const changed = new UpdateFunctionCodeCommand({ FunctionName: 'one', ZipFile });
    expect(await refusal(lambda().send(changed))).to.equal('InvalidAction');
  });

  describe('whoever makes one', () => {
    const RIGHTS = () => ({
      make: { Action: 'lambda:CreateFunction', Condition: { Null: { 'lambda:VpcIds': 'false' } } },
      pass: {
        Action: 'iam:PassRole',
        Resource: role,
        Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      },
      look: { Action: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSubnets', 'ec2:DescribeVpcs'] },
      use: {
        Action: ['lambda:InvokeFunction', 'lambda:GetFunction', 'lambda:DeleteFunction'],
        Resource: `arn:aws:lambda:${HERE}:*:function:one`,
      },
    });
    async function as(without?: keyof ReturnType<typeof RIGHTS>): Promise<Clients> {
      const rights = Object.entries(RIGHTS()).filter(([name]) => name !== without);
      const principal = { AWS: `arn:aws:iam::${account}:root` };
      const AssumeRolePolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
      });
      await mine.iam.send(new CreateRoleCommand({ RoleName: 'maker', AssumeRolePolicyDocument }));
      await mine.iam.send(
        new PutRolePolicyCommand({
          RoleName: 'maker',
          PolicyName: 'may',
          PolicyDocument: document(...rights.map(([, statement]) => statement)),
        }),
      );
      const RoleArn = `arn:aws:iam::${account}:role/maker`;
      const { Credentials } = await mine.sts.send(
        new AssumeRoleCommand({ RoleArn, RoleSessionName: 'maker' }),
      );
      await emulator().config({ enforceIam: true });
      return new Clients(emulator().url, account, HERE, must(Credentials));
    }

    it('needs no more than to make it in a VPC, hand over its role, and see the network', async () => {
      const maker = await as();
      await lambda(maker).send(wanted('one'));
      expect(await refusal(lambda(maker).send(wanted('two')))).to.equal('none');
      await lambda(maker).send(new DeleteFunctionCommand({ FunctionName: 'one' }));
      const other = new DeleteFunctionCommand({ FunctionName: 'two' });
      expect(await refusal(lambda(maker).send(other))).to.equal('AccessDeniedException');
    });

    for (const without of ['make', 'pass', 'look'] as const)
      it(`makes none without the right to ${without}`, async () => {
        expect(await refusal(lambda(await as(without)).send(wanted('one')))).to.equal(
          'AccessDeniedException',
        );
      });
  });
});
