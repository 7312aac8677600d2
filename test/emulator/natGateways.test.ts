import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  type CreateNatGatewayCommandInput,
  CreateRouteCommand,
  CreateRouteTableCommand,
  DeleteNatGatewayCommand,
  DeleteSubnetCommand,
  DescribeAddressesCommand,
  DescribeNatGatewaysCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DetachInternetGatewayCommand,
  DisassociateAddressCommand,
  ReleaseAddressCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newNetwork, refusal, tagged, useEmulator } from './support';

describe('emulator: NAT gateways', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;
  let subnet: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    ({ vpc, subnet } = await newNetwork(mine));
    await emulator().config({ natGatewaySeconds: 60, clockRuns: false });
  });
  afterEach(() => emulator().config({ natGatewaySeconds: 1, clockRuns: true, quotas: {} }));

  const gateway = async () => {
    const { InternetGateway } = await mine.ec2.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = must(InternetGateway?.InternetGatewayId);
    await mine.ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpc }));
    return InternetGatewayId;
  };
  const address = async () => must((await mine.ec2.send(new AllocateAddressCommand({}))).AllocationId);
  const make = async (input: Partial<CreateNatGatewayCommandInput> = {}) => {
    const command = new CreateNatGatewayCommand({ SubnetId: subnet, ...input });
    return must((await mine.ec2.send(command)).NatGateway?.NatGatewayId);
  };
  const read = async (id: string) =>
    must((await mine.ec2.send(new DescribeNatGatewaysCommand({ NatGatewayIds: [id] }))).NatGateways?.[0]);
  const remove = (NatGatewayId: string) => mine.ec2.send(new DeleteNatGatewayCommand({ NatGatewayId }));
  const release = (AllocationId: string) => mine.ec2.send(new ReleaseAddressCommand({ AllocationId }));

  it('a public one takes a while, has an address and an interface, and is found by its state', async () => {
    await gateway();
    const AllocationId = await address();
    const id = await make({ AllocationId, TagSpecifications: tagged('natgateway', { Name: 'out' }) });
    expect((await read(id)).State).to.equal('pending');
    await emulator().advance(61);
    const found = await read(id);
    expect(found).to.deep.include({ State: 'available', ConnectivityType: 'public', VpcId: vpc });
    expect(found.Tags).to.deep.equal([{ Key: 'Name', Value: 'out' }]);
    const [own] = must(found.NatGatewayAddresses);
    expect(own).to.include({ AllocationId, IsPrimary: true });
    const NetworkInterfaceIds = [must(own?.NetworkInterfaceId)];
    const nics = await mine.ec2.send(new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds }));
    expect(nics.NetworkInterfaces?.[0]).to.include({ InterfaceType: 'nat_gateway', SubnetId: subnet });
    const { Addresses } = await mine.ec2.send(
      new DescribeAddressesCommand({ AllocationIds: [AllocationId] }),
    );
    expect(Addresses?.[0]).to.include({
      PrivateIpAddress: own?.PrivateIp,
      AssociationId: own?.AssociationId,
    });
    const by = (Values: string[]) =>
      mine.ec2.send(new DescribeNatGatewaysCommand({ Filter: [{ Name: 'state', Values }] }));
    expect((await by(['pending', 'available'])).NatGateways).to.have.length(1);
    expect((await by(['deleted'])).NatGateways).to.have.length(0);
  });

  it('keeps its address, its subnet and the internet gateway until it is gone', async () => {
    const InternetGatewayId = await gateway();
    const AllocationId = await address();
    const id = await make({ AllocationId });
    await emulator().advance(61);
    const AssociationId = (await read(id)).NatGatewayAddresses?.[0]?.AssociationId;
    const detach = () => mine.ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId: vpc }));
    await remove(id);
    expect((await read(id)).State).to.equal('deleting');
    expect(await refusal(release(AllocationId))).to.equal('AuthFailure');
    expect(await refusal(mine.ec2.send(new DisassociateAddressCommand({ AssociationId })))).to.equal(
      'AuthFailure',
    );
    expect(await refusal(mine.ec2.send(new DeleteSubnetCommand({ SubnetId: subnet })))).to.equal(
      'DependencyViolation',
    );
    expect(await refusal(detach())).to.equal('DependencyViolation');
    await emulator().advance(61);
    expect((await read(id)).State).to.equal('deleted');
    await release(AllocationId);
    await detach();
    await mine.ec2.send(new DeleteSubnetCommand({ SubnetId: subnet }));
    await emulator().advance(3700);
    expect(await refusal(read(id))).to.equal('NatGatewayNotFound');
  });

  it('needs an address of its own and a way out, and fails without', async () => {
    expect(await refusal(make())).to.equal('MissingParameter');
    expect(await refusal(make({ AllocationId: 'eipalloc-0123456789abcdef0' }))).to.equal(
      'InvalidAllocationID.NotFound',
    );
    const AllocationId = await address();
    const failed = async (id: string) => {
      await emulator().advance(61);
      const { State, FailureCode } = await read(id);
      return [State, FailureCode];
    };
    expect(await failed(await make({ AllocationId }))).to.deep.equal(['failed', 'Gateway.NotAttached']);
    await gateway();
    await make({ AllocationId });
    expect(await failed(await make({ AllocationId }))).to.deep.equal([
      'failed',
      'Resource.AlreadyAssociated',
    ]);
  });

  it('a private one has the address that it is asked for, and no other', async () => {
    const private_ = { ConnectivityType: 'private' as const };
    const id = await make({ ...private_, PrivateIpAddress: '10.0.1.77' });
    const [own] = must((await read(id)).NatGatewayAddresses);
    expect(own).to.include({ PrivateIp: '10.0.1.77' }).and.not.have.property('AllocationId');
    expect(await refusal(make({ ...private_, PrivateIpAddress: '10.0.1.77' }))).to.equal(
      'InvalidIPAddress.InUse',
    );
    expect(await refusal(make({ ...private_, AllocationId: await address() }))).to.equal('InvalidParameter');
  });

  it('a zone has so many, and a client token makes one', async () => {
    const private_ = { ConnectivityType: 'private' as const };
    const id = await make({ ...private_, ClientToken: 'once' });
    expect(await make({ ...private_, ClientToken: 'once' })).to.equal(id);
    await emulator().config({ quotas: { 'L-FE5A380F': 1 } });
    expect(await refusal(make(private_))).to.equal('NatGatewayLimitExceeded');
  });

  it('a route leads to it, and is a blackhole once it is deleted', async () => {
    const id = await make({ ConnectivityType: 'private' });
    const { RouteTable } = await mine.ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
    const RouteTableId = must(RouteTable?.RouteTableId);
    await emulator().advance(61);
    await mine.ec2.send(
      new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: id }),
    );
    const state = async () => {
      const answer = await mine.ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }));
      return answer.RouteTables?.[0]?.Routes?.find(({ NatGatewayId }) => NatGatewayId === id)?.State;
    };
    expect(await state()).to.equal('active');
    await remove(id);
    expect(await state()).to.equal('blackhole');
  });
});
