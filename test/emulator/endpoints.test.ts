import {
  AcceptVpcPeeringConnectionCommand,
  AssociateVpcCidrBlockCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcEndpointCommand,
  type CreateVpcEndpointCommandInput,
  CreateVpcPeeringConnectionCommand,
  DeleteRouteCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcEndpointsCommand,
  DeleteVpcPeeringConnectionCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcPeeringConnectionsCommand,
  ModifyVpcAttributeCommand,
  ModifyVpcEndpointCommand,
  ModifyVpcPeeringConnectionOptionsCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newNetwork, newVpc, refusal, useEmulator } from './support';

describe('emulator: VPC endpoints', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;
  let subnet: string;
  let rtb: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    ({ vpc, subnet } = await newNetwork(mine));
    rtb = await table();
  });

  const table = async () =>
    must((await mine.ec2.send(new CreateRouteTableCommand({ VpcId: vpc }))).RouteTable?.RouteTableId);
  const s3 = `com.amazonaws.${HERE}.s3`;
  const make = async (input: Partial<CreateVpcEndpointCommandInput> = {}) => {
    const command = new CreateVpcEndpointCommand({ VpcId: vpc, ServiceName: s3, ...input });
    return must((await mine.ec2.send(command)).VpcEndpoint?.VpcEndpointId);
  };
  const routes = async (id: string) => {
    const answer = await mine.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [id] }));
    return must(answer.RouteTables?.[0]?.Routes).filter((route) => route.DestinationPrefixListId);
  };
  const read = async (id: string) =>
    must((await mine.ec2.send(new DescribeVpcEndpointsCommand({ VpcEndpointIds: [id] }))).VpcEndpoints?.[0]);

  it("a gateway endpoint puts the service's route into its tables, and takes it out again", async () => {
    const id = await make({ RouteTableIds: [rtb] });
    const [route] = await routes(rtb);
    expect(route).to.include({ GatewayId: id, State: 'active', Origin: 'CreateRoute' });
    const { DestinationPrefixListId } = must(route);
    const byHand = new DeleteRouteCommand({ RouteTableId: rtb, DestinationPrefixListId });
    expect(await refusal(mine.ec2.send(byHand))).to.equal('InvalidParameterValue');
    expect(await refusal(make({ RouteTableIds: [rtb] }))).to.equal('RouteAlreadyExists');
    const other = await table();
    const change = { VpcEndpointId: id, AddRouteTableIds: [other], RemoveRouteTableIds: [rtb] };
    await mine.ec2.send(new ModifyVpcEndpointCommand(change));
    expect((await read(id)).RouteTableIds).to.deep.equal([other]);
    expect(await routes(rtb)).to.deep.equal([]);
    await mine.ec2.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
    expect(await routes(other)).to.deep.equal([]);
    expect(await refusal(read(id))).to.equal('InvalidVpcEndpointId.NotFound');
  });

  it('its policy comes back as it was given; without one it lets everything through', async () => {
    const PolicyDocument = `{"Statement": [{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}`;
    const id = await make({ PolicyDocument });
    expect((await read(id)).PolicyDocument).to.equal(PolicyDocument);
    expect(await refusal(make({ PolicyDocument: '{' }))).to.equal('InvalidPolicyDocument');
    await mine.ec2.send(new ModifyVpcEndpointCommand({ VpcEndpointId: id, ResetPolicy: true }));
    expect(JSON.parse(must((await read(id)).PolicyDocument)).Statement[0].Effect).to.equal('Allow');
  });

  it('only S3 and DynamoDB have gateway endpoints, and another region has none here', async () => {
    expect(await refusal(make({ ServiceName: `com.amazonaws.${HERE}.ec2` }))).to.equal(
      'InvalidParameterValue',
    );
    expect(await refusal(make({ ServiceName: 'com.amazonaws.eu-west-3.s3' }))).to.equal('InvalidServiceName');
  });

  it('what of a deletion failed is in its answer, and is no error', async () => {
    const remove = new DeleteVpcEndpointsCommand({ VpcEndpointIds: ['vpce-12345678'] });
    expect((await mine.ec2.send(remove)).Unsuccessful?.[0]?.Error?.Code).to.equal(
      'InvalidVpcEndpoint.NotFound',
    );
  });

  it("an interface endpoint has an interface in each subnet; private DNS needs the VPC's hostnames", async () => {
    const input = { ServiceName: `com.amazonaws.${HERE}.ec2`, VpcEndpointType: 'Interface' as const };
    expect(await refusal(make({ ...input, SubnetIds: [subnet] }))).to.equal('InvalidParameter');
    const on = { VpcId: vpc, EnableDnsHostnames: { Value: true } };
    await mine.ec2.send(new ModifyVpcAttributeCommand(on));
    const endpoint = await read(await make({ ...input, SubnetIds: [subnet] }));
    expect(endpoint).to.include({ PrivateDnsEnabled: true, State: 'available' });
    const NetworkInterfaceIds = endpoint.NetworkInterfaceIds;
    const seen = await mine.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
    expect(seen.NetworkInterfaces?.[0]).to.include({ SubnetId: subnet, InterfaceType: 'vpc_endpoint' });
  });

  describe('of a VPC with hostnames', () => {
    const input = { ServiceName: `com.amazonaws.${HERE}.ssm`, VpcEndpointType: 'Interface' as const };
    beforeEach(() =>
      mine.ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } })),
    );

    it('one has the name of its service, and the others their own', async () => {
      await make({ ...input, SubnetIds: [subnet] });
      expect(await refusal(make({ ...input, SubnetIds: [subnet] }))).to.equal('InvalidParameter');
      const other = await make({ ...input, SubnetIds: [subnet], PrivateDnsEnabled: false });
      const change = new ModifyVpcEndpointCommand({ VpcEndpointId: other, PrivateDnsEnabled: true });
      expect(await refusal(mine.ec2.send(change))).to.equal('InvalidParameter');
      expect((await read(other)).PrivateDnsEnabled).to.equal(false);
    });

    it('one is in one subnet of a zone, and goes to another of it in one call', async () => {
      const more = new CreateSubnetCommand({
        ...{ VpcId: vpc, CidrBlock: '10.0.9.0/24', AvailabilityZone: `${HERE}a` },
      });
      const beside = must((await mine.ec2.send(more)).Subnet?.SubnetId);
      expect(await refusal(make({ ...input, SubnetIds: [subnet, beside] }))).to.equal(
        'DuplicateSubnetsInSameZone',
      );
      const VpcEndpointId = await make({ ...input, SubnetIds: [subnet] });
      const change = { VpcEndpointId, AddSubnetIds: [beside], RemoveSubnetIds: [subnet] };
      await mine.ec2.send(new ModifyVpcEndpointCommand(change));
      expect((await read(VpcEndpointId)).SubnetIds).to.deep.equal([beside]);
    });

    it('IPv6 needs a range in each subnet, and names for outsiders alone a gateway endpoint', async () => {
      expect(await refusal(make({ ...input, SubnetIds: [subnet], IpAddressType: 'dualstack' }))).to.equal(
        'InvalidParameter',
      );
      const DnsOptions = { PrivateDnsOnlyForInboundResolverEndpoint: true };
      const forOutsiders = { ...input, ServiceName: s3, SubnetIds: [subnet], DnsOptions };
      expect(await refusal(make(forOutsiders))).to.equal('InvalidParameter');
      await make();
      const { DnsOptions: options } = await read(await make({ ...forOutsiders, PrivateDnsEnabled: true }));
      expect(options).to.include({ PrivateDnsOnlyForInboundResolverEndpoint: true, DnsRecordIpType: 'ipv4' });
    });

    it('a VPC has so many of them', async () => {
      await emulator().config({ quotas: { 'L-29B6F2EB': 0 } });
      expect(await refusal(make({ ...input, SubnetIds: [subnet] }))).to.equal('VpcEndpointLimitExceeded');
      await emulator().config({ quotas: {} });
    });
  });
});

describe('emulator: VPC peering', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let one: string;
  let other: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    [one, other] = [await newVpc(mine), await newVpc(mine, '10.1.0.0/16')];
  });

  const request = async (VpcId: string, PeerVpcId: string) => {
    const command = new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId });
    return must((await mine.ec2.send(command)).VpcPeeringConnection?.VpcPeeringConnectionId);
  };
  const accept = (VpcPeeringConnectionId: string) =>
    mine.ec2.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
  const read = async (id: string) => {
    const command = new DescribeVpcPeeringConnectionsCommand({ VpcPeeringConnectionIds: [id] });
    return must((await mine.ec2.send(command)).VpcPeeringConnections?.[0]);
  };
  const newGroup = async (VpcId: string) => {
    const command = new CreateSecurityGroupCommand({ VpcId, GroupName: 'app', Description: 'd' });
    return must((await mine.ec2.send(command)).GroupId);
  };

  it('waits to be accepted, and only then says what the other side is and has options', async () => {
    const id = await request(one, other);
    const waiting = await read(id);
    expect(waiting.Status?.Code).to.equal('pending-acceptance');
    expect(waiting.AccepterVpcInfo?.CidrBlock).to.equal(undefined);
    const AccepterPeeringConnectionOptions = { AllowDnsResolutionFromRemoteVpc: true };
    const input = { VpcPeeringConnectionId: id, AccepterPeeringConnectionOptions };
    const allow = () => mine.ec2.send(new ModifyVpcPeeringConnectionOptionsCommand(input));
    expect(await refusal(allow())).to.equal('OperationNotPermitted');
    await accept(id);
    await allow();
    const active = await read(id);
    expect(active.Status?.Code).to.equal('active');
    expect(active.AccepterVpcInfo).to.deep.include({ CidrBlockSet: [{ CidrBlock: '10.1.0.0/16' }] });
    expect(active.AccepterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc).to.equal(true);
    expect(active.RequesterVpcInfo?.PeeringOptions?.AllowDnsResolutionFromRemoteVpc).to.equal(false);
    expect(await refusal(accept(id))).to.equal('InvalidStateTransition');
  });

  it('overlapping ranges make it fail, a VPC has none with itself, and two VPCs have one', async () => {
    const same = await newVpc(mine);
    expect((await read(await request(one, same))).Status?.Code).to.equal('failed');
    expect(await refusal(request(one, one))).to.equal('InvalidParameterValue');
    await request(one, other);
    expect(await refusal(request(other, one))).to.equal('VpcPeeringConnectionAlreadyExists');
  });

  it("while it is active no range is added that overlaps the other side's", async () => {
    await accept(await request(one, other));
    const overlap = new AssociateVpcCidrBlockCommand({ VpcId: one, CidrBlock: '10.1.128.0/20' });
    expect(await refusal(mine.ec2.send(overlap))).to.equal('InvalidVpc.Range');
  });

  it('a route needs it active, and is a blackhole once it is deleted', async () => {
    const made = await mine.ec2.send(new CreateRouteTableCommand({ VpcId: one }));
    const RouteTableId = must(made.RouteTable?.RouteTableId);
    const VpcPeeringConnectionId = await request(one, other);
    const input = { RouteTableId, DestinationCidrBlock: '10.1.0.0/16', VpcPeeringConnectionId };
    const route = () => refusal(mine.ec2.send(new CreateRouteCommand(input)));
    expect(await route()).to.equal('InvalidStateTransition');
    await accept(VpcPeeringConnectionId);
    expect(await route()).to.equal('none');
    await mine.ec2.send(new DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    expect((await read(VpcPeeringConnectionId)).Status?.Code).to.equal('deleted');
    const seen = await mine.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
    expect(seen.RouteTables?.[0]?.Routes?.[1]?.State).to.equal('blackhole');
  });

  it("a rule may name the other side's group, says through which peering, and does not keep it", async () => {
    const [mineGroup, theirs] = [await newGroup(one), await newGroup(other)];
    const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: theirs, Description: 'x' }] }];
    const add = () =>
      refusal(mine.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: mineGroup, IpPermissions })));
    expect(await add()).to.equal('InvalidGroup.NotFound');
    const id = await request(one, other);
    await accept(id);
    expect(await add()).to.equal('none');
    expect(await add()).to.equal('InvalidPermission.Duplicate');
    const seen = await mine.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [mineGroup] }));
    const pair = seen.SecurityGroups?.[0]?.IpPermissions?.[0]?.UserIdGroupPairs?.[0];
    const peering = { VpcPeeringConnectionId: id, PeeringStatus: 'active', VpcId: other };
    expect(pair).to.include({ GroupId: theirs, Description: 'x', ...peering });
    const remove = mine.ec2.send(new DeleteSecurityGroupCommand({ GroupId: theirs }));
    expect(await refusal(remove)).to.equal('none');
  });
});
