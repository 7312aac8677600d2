import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreatePlacementGroupCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCidrReservationCommand,
  CreateTagsCommand,
  DeletePlacementGroupCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteTagsCommand,
  DeleteVpcCommand,
  DescribeRouteTablesCommand,
  DisassociateRouteTableCommand,
  ImportKeyPairCommand,
  type ResourceType,
} from '@aws-sdk/client-ec2';
import { CreateRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import {
  Clients,
  complaint,
  HERE,
  must,
  newAccount,
  newNetwork,
  newVpc,
  refusal,
  tagged,
  useEmulator,
} from './support';

interface Statement {
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILcQJLyhPIbmSFF6LaBTzhmUzZ1rAwqkLMXzJh1Bm0Mb';

describe('emulator: permissions on a network, with enforceIam', () => {
  const emulator = useEmulator();
  let account: string;
  let admin: Clients;

  beforeEach(async () => {
    account = newAccount();
    admin = new Clients(emulator().url, account, HERE);
    await emulator().config({ enforceIam: true });
  });
  afterEach(() => emulator().config({ enforceIam: false }));

  const arn = (name: string) => `arn:aws:ec2:${HERE}:${account}:${name}`;

  /** Clients of a session of a new role that may do this. */
  async function as(...statements: Statement[]): Promise<Clients> {
    const Version = '2012-10-17';
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
    };
    const AssumeRolePolicyDocument = JSON.stringify({ Version, Statement: [trust] });
    const role = { RoleName: 'runner', AssumeRolePolicyDocument };
    const made = await admin.iam.send(new CreateRoleCommand(role));
    const Statement = statements.map((one) => ({ Effect: 'Allow', Resource: '*', ...one }));
    const PolicyDocument = JSON.stringify({ Version, Statement });
    await admin.iam.send(new PutRolePolicyCommand({ RoleName: 'runner', PolicyName: 'own', PolicyDocument }));
    const assume = { RoleArn: must(made.Role?.Arn), RoleSessionName: 'test' };
    const { Credentials } = await admin.sts.send(new AssumeRoleCommand(assume));
    return new Clients(emulator().url, account, HERE, must(Credentials));
  }

  const newTable = async (VpcId: string) =>
    must((await admin.ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId);

  it('to tag what is being made needs CreateTags for that very action, for every kind', async () => {
    const { vpc, subnet, group } = await newNetwork(admin);
    const only = (action: string) => ({ Condition: { StringEquals: { 'ec2:CreateAction': action } } });
    const role = await as({
      Action: ['ec2:Create*', 'ec2:ImportKeyPair', 'ec2:AuthorizeSecurityGroupIngress'],
    });
    const tags = (kind: ResourceType) => ({ TagSpecifications: tagged(kind, { owner: 'lifeboat' }) });
    const list = { PrefixListName: 'l', AddressFamily: 'IPv4', MaxEntries: 1 };
    const reservation = { SubnetId: subnet, Cidr: '10.0.1.8/32', ReservationType: 'explicit' as const };
    const material = { KeyName: 'k', PublicKeyMaterial: new TextEncoder().encode(KEY) };
    const rule = {
      GroupId: group,
      IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
    };
    const makers: [string, (clients: Clients) => Promise<unknown>][] = [
      [
        'CreateManagedPrefixList',
        (c) => c.ec2.send(new CreateManagedPrefixListCommand({ ...list, ...tags('prefix-list') })),
      ],
      [
        'CreatePlacementGroup',
        (c) =>
          c.ec2.send(
            new CreatePlacementGroupCommand({
              GroupName: 'g',
              Strategy: 'spread',
              ...tags('placement-group'),
            }),
          ),
      ],
      [
        'CreateSubnetCidrReservation',
        (c) =>
          c.ec2.send(
            new CreateSubnetCidrReservationCommand({ ...reservation, ...tags('subnet-cidr-reservation') }),
          ),
      ],
      ['ImportKeyPair', (c) => c.ec2.send(new ImportKeyPairCommand({ ...material, ...tags('key-pair') }))],
      [
        'AuthorizeSecurityGroupIngress',
        (c) =>
          c.ec2.send(new AuthorizeSecurityGroupIngressCommand({ ...rule, ...tags('security-group-rule') })),
      ],
      [
        'CreateRouteTable',
        (c) => c.ec2.send(new CreateRouteTableCommand({ VpcId: vpc, ...tags('route-table') })),
      ],
    ];
    // ec2:Create* would cover CreateTags, so it is taken away again.
    const without = { Effect: 'Deny', Action: 'ec2:CreateTags', Resource: '*' };
    for (const [action, make] of makers) {
      const put = async (...extra: object[]) => {
        const allow = { Effect: 'Allow', Action: `ec2:${action}`, Resource: '*' };
        const Statement = [allow, ...extra];
        const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
        await admin.iam.send(
          new PutRolePolicyCommand({ RoleName: 'runner', PolicyName: 'own', PolicyDocument }),
        );
      };
      await put(without);
      expect(await complaint(make(role)), action).to.include('ec2:CreateTags');
      await put({ Effect: 'Allow', Action: 'ec2:CreateTags', Resource: '*', ...only('CreateVpc') });
      expect(await complaint(make(role)), action).to.include('ec2:CreateTags');
      await put({ Effect: 'Allow', Action: 'ec2:CreateTags', Resource: '*', ...only(action) });
      expect(await refusal(make(role)), action).to.equal('none');
    }
  });

  it('deleting can be bound to tags, also of what is deleted by name or through an association', async () => {
    const { vpc } = await newNetwork(admin);
    const own = { StringEquals: { 'aws:ResourceTag/owner': 'lifeboat' } };
    const Action = ['ec2:DeleteRouteTable', 'ec2:DeletePlacementGroup', 'ec2:DisassociateRouteTable'];
    const role = await as({ Action, Condition: own });
    const RouteTableId = await newTable(vpc);
    const group = { GroupName: 'g', Strategy: 'cluster' as const };
    const placement = await admin.ec2.send(new CreatePlacementGroupCommand(group));
    const found = await admin.ec2.send(new DescribeRouteTablesCommand({}));
    const main = must(found.RouteTables).find(
      (table) => table.VpcId === vpc && table.Associations?.[0]?.Main === true,
    );
    const AssociationId = main?.Associations?.[0]?.RouteTableAssociationId;
    const attempts = () =>
      Promise.all([
        refusal(role.ec2.send(new DeleteRouteTableCommand({ RouteTableId }))),
        refusal(role.ec2.send(new DeletePlacementGroupCommand({ GroupName: 'g' }))),
        refusal(role.ec2.send(new DisassociateRouteTableCommand({ AssociationId }))),
      ]);
    expect(new Set(await attempts())).to.deep.equal(new Set(['UnauthorizedOperation']));
    const ids = [RouteTableId, placement.PlacementGroup?.GroupId, main?.RouteTableId].map(must);
    const Tags = [{ Key: 'owner', Value: 'lifeboat' }];
    await admin.ec2.send(new CreateTagsCommand({ Resources: ids as string[], Tags }));
    // The main association cannot be taken away by anybody.
    expect(await attempts()).to.deep.equal(['none', 'none', 'InvalidParameterValue']);
  });

  it('tags can be bound to what is tagged already and to keys, and a call that names no key has none', async () => {
    const { vpc, subnet } = await newNetwork(admin);
    const isOurs = { 'aws:ResourceTag/owner': 'false' };
    const role = await as(
      { Action: 'ec2:CreateTags', Condition: { Null: isOurs } },
      {
        Action: 'ec2:CreateTags',
        Condition: { Null: { 'aws:ResourceTag/Name': 'true', 'aws:RequestTag/owner': 'false' } },
      },
      {
        Action: 'ec2:DeleteTags',
        Condition: {
          Null: { ...isOurs, 'aws:TagKeys': 'false' },
          'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['owner'] },
        },
      },
    );
    const tag = (id: string, ...keys: string[]) =>
      refusal(
        role.ec2.send(
          new CreateTagsCommand({ Resources: [id], Tags: keys.map((Key) => ({ Key, Value: 'x' })) }),
        ),
      );
    const untag = (id: string, ...keys: string[]) =>
      refusal(
        role.ec2.send(
          new DeleteTagsCommand({
            Resources: [id],
            Tags: keys.length === 0 ? undefined : keys.map((Key) => ({ Key })),
          }),
        ),
      );
    await admin.ec2.send(new CreateTagsCommand({ Resources: [vpc], Tags: [{ Key: 'Name', Value: 'n' }] }));
    // What a request gives is no tag of the resource yet.
    expect(await tag(vpc, 'owner')).to.equal('UnauthorizedOperation');
    expect(await untag(vpc, 'Name')).to.equal('UnauthorizedOperation');
    expect(await tag(subnet, 'Name')).to.equal('UnauthorizedOperation');
    expect(await tag(subnet, 'owner', 'Name')).to.equal('none');
    expect(await tag(subnet, 'team')).to.equal('none');
    expect(await untag(subnet, 'team', 'owner')).to.equal('UnauthorizedOperation');
    expect(await untag(subnet)).to.equal('UnauthorizedOperation');
    expect(await untag(subnet, 'team')).to.equal('none');
  });

  it('what is there has a VPC, a VPC has a tenancy, and what is gone has neither', async () => {
    const { vpc, subnet, group } = await newNetwork(admin);
    const role = await as(
      {
        Action: ['ec2:DeleteSubnet', 'ec2:DeleteSecurityGroup'],
        Condition: { Null: { 'ec2:Vpc': 'true' } },
      },
      { Action: 'ec2:DeleteVpc', Condition: { Null: { 'ec2:Tenancy': 'true' } } },
    );
    const removals = (VpcId: string, SubnetId: string, GroupId: string) =>
      Promise.all([
        refusal(role.ec2.send(new DeleteVpcCommand({ VpcId }))),
        refusal(role.ec2.send(new DeleteSubnetCommand({ SubnetId }))),
        refusal(role.ec2.send(new DeleteSecurityGroupCommand({ GroupId }))),
      ]);
    expect(await removals(vpc, subnet, group)).to.deep.equal(Array(3).fill('UnauthorizedOperation'));
    const gone = ['vpc', 'subnet', 'sg'].map((prefix) => `${prefix}-${'0'.repeat(16)}1`) as [
      string,
      string,
      string,
    ];
    expect(await removals(...gone)).to.deep.equal([
      'InvalidVpcID.NotFound',
      'InvalidSubnetID.NotFound',
      'InvalidGroup.NotFound',
    ]);
  });

  it('a route asks for its table only, and a rule for its group; both say of which VPC they are', async () => {
    const { vpc, group } = await newNetwork(admin);
    const other = await newVpc(admin, '10.1.0.0/16');
    const [rtb, foreign] = [await newTable(vpc), await newTable(other)];
    const inside = { ArnEquals: { 'ec2:Vpc': arn(`vpc/${vpc}`) } };
    const role = await as(
      { Action: 'ec2:CreateRoute', Resource: arn('route-table/*'), Condition: inside },
      {
        Action: 'ec2:AuthorizeSecurityGroupIngress',
        Resource: arn('security-group/*'),
      },
    );
    const route = (RouteTableId: string) => {
      const input = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-12345678' };
      return refusal(role.ec2.send(new CreateRouteCommand(input)));
    };
    expect(await route(rtb)).to.equal('InvalidInternetGatewayID.NotFound');
    expect(await route(foreign)).to.equal('UnauthorizedOperation');
    const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group }] }];
    const rule = new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions });
    expect(await refusal(role.ec2.send(rule))).to.equal('none');
    const made = new CreateSecurityGroupCommand({ GroupName: 'x', Description: 'x', VpcId: vpc });
    expect(await complaint(role.ec2.send(made))).to.include('ec2:CreateSecurityGroup');
  });
});
