import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateEgressOnlyInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateManagedPrefixListCommand,
  CreateRouteCommand,
  type CreateRouteCommandInput,
  CreateRouteTableCommand,
  DeleteEgressOnlyInternetGatewayCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DeleteVpcCommand,
  DescribeInternetGatewaysCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ReplaceRouteTableAssociationCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newNetwork, newVpc, refusal, useEmulator } from './support';

describe('emulator: gateways, route tables and routes', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const table = async (VpcId: string) =>
    must((await mine.ec2.send(new CreateRouteTableCommand({ VpcId }))).RouteTable?.RouteTableId);
  const gateway = async (VpcId?: string) => {
    const made = await mine.ec2.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = must(made.InternetGateway?.InternetGatewayId);
    if (VpcId) await mine.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    return InternetGatewayId;
  };
  const route = (RouteTableId: string, input: Omit<CreateRouteCommandInput, 'RouteTableId'>) =>
    refusal(mine.ec2.send(new CreateRouteCommand({ RouteTableId, ...input })));
  const read = async (id: string) =>
    must((await mine.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }))).RouteTables?.[0]);
  const associate = (input: { RouteTableId: string; SubnetId?: string; GatewayId?: string }) =>
    mine.ec2.send(new AssociateRouteTableCommand(input));
  const mainOf = async (vpc: string) => {
    const Filters = [
      { Name: 'association.main', Values: ['true'] },
      { Name: 'vpc-id', Values: [vpc] },
    ];
    return must((await mine.ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables?.[0]);
  };

  it('one internet gateway a VPC, one VPC a gateway; it is detached before it is deleted', async () => {
    const vpc = await newVpc(mine);
    const id = await gateway(vpc);
    const second = { InternetGatewayId: await gateway(), VpcId: vpc };
    expect(await refusal(mine.ec2.send(new AttachInternetGatewayCommand(second)))).to.equal(
      'InvalidParameterValue',
    );
    const elsewhere = { InternetGatewayId: id, VpcId: await newVpc(mine, '10.1.0.0/16') };
    expect(await refusal(mine.ec2.send(new AttachInternetGatewayCommand(elsewhere)))).to.equal(
      'Resource.AlreadyAssociated',
    );
    expect(await refusal(mine.ec2.send(new DetachInternetGatewayCommand(elsewhere)))).to.equal(
      'Gateway.NotAttached',
    );
    const remove = new DeleteInternetGatewayCommand({ InternetGatewayId: id });
    expect(await refusal(mine.ec2.send(remove))).to.equal('DependencyViolation');
    expect(await refusal(mine.ec2.send(new DeleteVpcCommand({ VpcId: vpc })))).to.equal(
      'DependencyViolation',
    );
    const Filters = [{ Name: 'attachment.vpc-id', Values: [vpc] }];
    const found = await mine.ec2.send(new DescribeInternetGatewaysCommand({ Filters }));
    expect(found.InternetGateways?.map(({ InternetGatewayId }) => InternetGatewayId)).to.deep.equal([id]);
  });

  it('a destination has one route; the target exists and is of the same network', async () => {
    const vpc = await newVpc(mine);
    const [rtb, igw] = [await table(vpc), await gateway(vpc)];
    const all = { DestinationCidrBlock: '0.0.0.0/0' };
    expect(await route(rtb, { ...all, GatewayId: await gateway() })).to.equal('InvalidParameterValue');
    expect(await route(rtb, { ...all, GatewayId: 'igw-12345678' })).to.equal(
      'InvalidInternetGatewayID.NotFound',
    );
    expect(await route(rtb, { ...all, GatewayId: 'local' })).to.equal('InvalidGatewayID.NotFound');
    expect(await route(rtb, all)).to.equal('MissingParameter');
    expect(await route(rtb, { ...all, GatewayId: igw })).to.equal('none');
    expect(await route(rtb, { ...all, GatewayId: igw })).to.equal('RouteAlreadyExists');
    const inside = { DestinationCidrBlock: '10.0.1.0/24', GatewayId: igw };
    expect(await route(rtb, inside)).to.equal('InvalidParameterValue');
    const host = { DestinationCidrBlock: '192.168.3.7/16', GatewayId: igw };
    expect(await route(rtb, host)).to.equal('none');
    const seen = (await read(rtb)).Routes?.map(({ DestinationCidrBlock }) => DestinationCidrBlock);
    expect(seen).to.include('192.168.0.0/16');
  });

  it('a route whose target is gone stays, as a blackhole', async () => {
    const vpc = await newVpc(mine, '10.0.0.0/16', true);
    const [rtb, igw] = [await table(vpc), await gateway(vpc)];
    const made = await mine.ec2.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId: vpc }));
    const EgressOnlyInternetGatewayId = must(made.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId);
    await route(rtb, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw });
    await route(rtb, { DestinationIpv6CidrBlock: '::/0', EgressOnlyInternetGatewayId });
    const states = async () => (await read(rtb)).Routes?.map(({ State }) => State);
    expect(await states()).to.deep.equal(['active', 'active', 'active', 'active']);
    await mine.ec2.send(new DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId }));
    await mine.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId: igw, VpcId: vpc }));
    expect(await states()).to.deep.equal(['active', 'active', 'blackhole', 'blackhole']);
  });

  it('an egress-only gateway is for IPv6; a prefix list is a destination of its own', async () => {
    const vpc = await newVpc(mine);
    const [rtb, igw] = [await table(vpc), await gateway(vpc)];
    const made = await mine.ec2.send(new CreateEgressOnlyInternetGatewayCommand({ VpcId: vpc }));
    const EgressOnlyInternetGatewayId = made.EgressOnlyInternetGateway?.EgressOnlyInternetGatewayId;
    expect(await route(rtb, { DestinationCidrBlock: '0.0.0.0/0', EgressOnlyInternetGatewayId })).to.equal(
      'InvalidParameterValue',
    );
    const input = { PrefixListName: 'l', AddressFamily: 'IPv4', MaxEntries: 5 };
    const list = await mine.ec2.send(new CreateManagedPrefixListCommand(input));
    const DestinationPrefixListId = list.PrefixList?.PrefixListId;
    expect(await route(rtb, { DestinationPrefixListId, GatewayId: igw })).to.equal('none');
    expect((await read(rtb)).Routes?.at(-1)).to.include({ DestinationPrefixListId, GatewayId: igw });
    const unknown = { DestinationPrefixListId: 'pl-12345678', GatewayId: igw };
    expect(await route(rtb, unknown)).to.equal('InvalidPrefixListID.NotFound');
  });

  it('a local route cannot be removed, and one that is not there is InvalidRoute.NotFound', async () => {
    const RouteTableId = await table(await newVpc(mine));
    const remove = (DestinationCidrBlock: string) =>
      refusal(mine.ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock })));
    expect(await remove('10.0.0.0/16')).to.equal('InvalidParameterValue');
    expect(await remove('10.9.0.0/16')).to.equal('InvalidRoute.NotFound');
  });

  it('a subnet or gateway has one table (Resource.AlreadyAssociated), of its own network', async () => {
    const { vpc, subnet } = await newNetwork(mine);
    const [RouteTableId, other] = [await table(vpc), await table(vpc)];
    const foreign = await table(await newVpc(mine, '10.1.0.0/16'));
    expect(await refusal(associate({ RouteTableId: foreign, SubnetId: subnet }))).to.equal(
      'InvalidParameterValue',
    );
    const { AssociationId } = await associate({ RouteTableId, SubnetId: subnet });
    for (const id of [RouteTableId, other])
      expect(await refusal(associate({ RouteTableId: id, SubnetId: subnet }))).to.equal(
        'Resource.AlreadyAssociated',
      );
    const igw = await gateway(vpc);
    await associate({ RouteTableId: other, GatewayId: igw });
    expect((await read(other)).Associations?.[0]?.GatewayId).to.equal(igw);
    const remove = () => refusal(mine.ec2.send(new DeleteRouteTableCommand({ RouteTableId })));
    expect(await remove()).to.equal('DependencyViolation');
    await mine.ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    expect(await remove()).to.equal('none');
  });

  it("a gateway's table has no routes but to interfaces", async () => {
    const vpc = await newVpc(mine);
    const [RouteTableId, igw] = [await table(vpc), await gateway(vpc)];
    await route(RouteTableId, { DestinationCidrBlock: '0.0.0.0/0', GatewayId: igw });
    expect(await refusal(associate({ RouteTableId, GatewayId: igw }))).to.equal('InvalidParameterValue');
  });

  it('another table becomes the main one by replacing its association; the main one stays', async () => {
    const vpc = await newVpc(mine);
    const [old, RouteTableId] = [await mainOf(vpc), await table(vpc)];
    const AssociationId = must(old.Associations?.[0]?.RouteTableAssociationId);
    const remove = new DeleteRouteTableCommand({ RouteTableId: old.RouteTableId });
    expect(await refusal(mine.ec2.send(remove))).to.equal('DependencyViolation');
    const part = new DisassociateRouteTableCommand({ AssociationId });
    expect(await refusal(mine.ec2.send(part))).to.equal('InvalidParameterValue');
    await mine.ec2.send(new ReplaceRouteTableAssociationCommand({ AssociationId, RouteTableId }));
    expect((await mainOf(vpc)).RouteTableId).to.equal(RouteTableId);
    expect(await refusal(mine.ec2.send(remove))).to.equal('none');
  });
});
