import {
  AssociateSubnetCidrBlockCommand,
  CreateNetworkInterfaceCommand,
  type CreateNetworkInterfaceCommandInput,
  CreateSubnetCidrReservationCommand,
  CreateSubnetCommand,
  DeleteNetworkInterfaceCommand,
  DeleteSubnetCidrReservationCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  GetSubnetCidrReservationsCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  HERE,
  must,
  newAccount,
  newImage,
  newSnapshot,
  newVpc,
  refusal,
  tagged,
  useEmulator,
} from './support';

describe('emulator: subnets, reservations and the addresses of interfaces', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;
  let subnet: string;
  let range: string;

  beforeEach(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    vpc = await newVpc(mine, '10.0.0.0/16', true);
    const vpcs = await mine.ec2.send(new DescribeVpcsCommand({ VpcIds: [vpc] }));
    range = must(vpcs.Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock).replace('/56', '/64');
    const AvailabilityZone = `${HERE}a`;
    const input = { VpcId: vpc, CidrBlock: '10.0.1.0/24', Ipv6CidrBlock: range, AvailabilityZone };
    subnet = must((await mine.ec2.send(new CreateSubnetCommand(input))).Subnet?.SubnetId);
  });

  const six = (tail: string) => range.replace('::/64', `::${tail}`);
  const newInterface = async (input: Partial<CreateNetworkInterfaceCommandInput>) =>
    must(
      (await mine.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet, ...input })))
        .NetworkInterface,
    );
  const run = async (input: Partial<RunInstancesCommandInput>) => {
    const ImageId = await newImage(mine, await newSnapshot(mine));
    const machine = { ImageId, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, ...input };
    const answer = await mine.ec2.send(new RunInstancesCommand(machine));
    return must(answer.Instances?.[0]?.InstanceId);
  };
  const reserve = (Cidr: string, ReservationType: 'explicit' | 'prefix' = 'explicit') => {
    const TagSpecifications = tagged('subnet-cidr-reservation', { a: 'b' });
    const input = { SubnetId: subnet, Cidr, ReservationType, Description: 'kept', TagSpecifications };
    return mine.ec2.send(new CreateSubnetCidrReservationCommand(input));
  };

  it('an IPv6-only subnet has no IPv4 range, and names by resource', async () => {
    const Ipv6CidrBlock = range.replace('00::/64', '01::/64');
    const input = { VpcId: vpc, Ipv6Native: true, Ipv6CidrBlock };
    const four = { ...input, CidrBlock: '10.0.2.0/24' };
    expect(await refusal(mine.ec2.send(new CreateSubnetCommand(four)))).to.equal(
      'InvalidParameterCombination',
    );
    const { Subnet } = await mine.ec2.send(new CreateSubnetCommand(input));
    expect(Subnet).to.include({ Ipv6Native: true, AssignIpv6AddressOnCreation: true });
    expect(Subnet?.CidrBlock).to.equal(undefined);
    expect(Subnet?.PrivateDnsNameOptionsOnLaunch?.HostnameType).to.equal('resource-name');
    const taken = new CreateSubnetCommand({ ...input, Ipv6CidrBlock: range });
    expect(await refusal(mine.ec2.send(taken))).to.equal('InvalidSubnet.Conflict');
    const odd = { SubnetId: Subnet?.SubnetId, Ipv6CidrBlock: range.replace('/64', '/62') };
    expect(await refusal(mine.ec2.send(new AssociateSubnetCidrBlockCommand(odd)))).to.not.equal('none');
  });

  it('a reservation is inside the subnet, overlaps no other, and is listed by family', async () => {
    expect(await refusal(reserve('10.0.2.0/28'))).to.equal('InvalidParameterValue');
    const { SubnetCidrReservation } = await reserve('10.0.1.16/30');
    expect(SubnetCidrReservation).to.deep.include({
      Description: 'kept',
      OwnerId: SubnetCidrReservation?.OwnerId,
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    expect(await refusal(reserve('10.0.1.17/32', 'prefix'))).to.equal('InvalidParameterValue');
    await reserve(`${six('1:0:0:0').replace('::1:0:0:0', ':1::')}/80`, 'prefix');
    const listed = await mine.ec2.send(new GetSubnetCidrReservationsCommand({ SubnetId: subnet }));
    expect(listed.SubnetIpv4CidrReservations?.map(({ Cidr }) => Cidr)).to.deep.equal(['10.0.1.16/30']);
    expect(listed.SubnetIpv6CidrReservations).to.have.lengthOf(1);
    const SubnetCidrReservationId = SubnetCidrReservation?.SubnetCidrReservationId;
    const remove = () =>
      refusal(mine.ec2.send(new DeleteSubnetCidrReservationCommand({ SubnetCidrReservationId })));
    expect(await remove()).to.equal('none');
    expect(await remove()).to.equal('InvalidSubnetCidrReservationID.NotFound');
  });

  it('a launch has the secondary and IPv6 addresses that it asks for, in both descriptions', async () => {
    const PrivateIpAddresses = [
      { Primary: true, PrivateIpAddress: '10.0.1.20' },
      { Primary: false, PrivateIpAddress: '10.0.1.21' },
    ];
    const Ipv6Addresses = [{ Ipv6Address: six('9') }];
    const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId: subnet, PrivateIpAddresses, Ipv6Addresses }];
    const id = await run({ NetworkInterfaces });
    const answer = await mine.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = must(answer.Reservations?.[0]?.Instances?.[0]);
    expect(instance.PrivateIpAddress).to.equal('10.0.1.20');
    const Filters = [{ Name: 'attachment.instance-id', Values: [id] }];
    const nics = await mine.ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    for (const nic of [must(instance.NetworkInterfaces?.[0]), must(nics.NetworkInterfaces?.[0])]) {
      const fours = nic.PrivateIpAddresses?.map(({ Primary, PrivateIpAddress }) => [
        Primary,
        PrivateIpAddress,
      ]);
      expect(fours).to.deep.equal([
        [true, '10.0.1.20'],
        [false, '10.0.1.21'],
      ]);
      expect(nic.Ipv6Addresses?.map(({ Ipv6Address }) => Ipv6Address)).to.deep.equal([six('9')]);
    }
    expect(await refusal(run({ NetworkInterfaces }))).to.equal('InvalidIPAddress.InUse');
  });

  it('addresses that AWS chooses are free and not reserved; each is counted', async () => {
    await reserve('10.0.1.4/31');
    const nic = await newInterface({ SecondaryPrivateIpAddressCount: 2, Ipv6AddressCount: 1 });
    const fours = nic.PrivateIpAddresses?.map(({ PrivateIpAddress }) => PrivateIpAddress);
    expect(fours).to.deep.equal(['10.0.1.6', '10.0.1.7', '10.0.1.8']);
    expect(nic.Ipv6Addresses).to.have.lengthOf(1);
    const subnets = await mine.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnet] }));
    expect(subnets.Subnets?.[0]?.AvailableIpAddressCount).to.equal(251 - 3);
  });

  it("an address is the subnet's, not one of AWS's own, and named or counted", async () => {
    const make = (input: Partial<CreateNetworkInterfaceCommandInput>) => refusal(newInterface(input));
    expect(await make({ PrivateIpAddress: '10.0.1.3' })).to.equal('InvalidParameterValue');
    expect(await make({ PrivateIpAddress: '10.0.2.9' })).to.equal('InvalidParameterValue');
    expect(await make({ Ipv6Addresses: [{ Ipv6Address: six('1') }] })).to.equal('InvalidParameterValue');
    const Ipv6Addresses = [{ Ipv6Address: six('7') }];
    expect(await make({ Ipv6Addresses, Ipv6AddressCount: 1 })).to.equal('InvalidParameterCombination');
  });

  it('an interface that a machine has cannot be deleted', async () => {
    await run({ SubnetId: subnet });
    const nics = await mine.ec2.send(new DescribeNetworkInterfacesCommand({}));
    const NetworkInterfaceId = nics.NetworkInterfaces?.[0]?.NetworkInterfaceId;
    const remove = mine.ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));
    expect(await refusal(remove)).to.equal('InvalidNetworkInterface.InUse');
  });
});
