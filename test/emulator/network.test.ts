import {
  CreateNetworkInterfaceCommand,
  CreateSubnetCidrReservationCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAvailabilityZonesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  ModifySubnetAttributeCommand,
  type ModifySubnetAttributeCommandInput,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import {
  Clients,
  HERE,
  must,
  newAccount,
  newImage,
  newNetwork,
  newSnapshot,
  refusal,
  useEmulator,
} from './support';

describe('emulator: VPCs, subnets and zones', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const readSubnet = async (id: string) =>
    must((await mine.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [id] }))).Subnets?.[0]);

  it('a subnet says the state of its IPv6 range in the shape that clients wait for', async () => {
    const input = { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true };
    const vpc = must((await mine.ec2.send(new CreateVpcCommand(input))).Vpc);
    const described = await mine.ec2.send(new DescribeVpcsCommand({ VpcIds: [must(vpc.VpcId)] }));
    const range = must(described.Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock);
    const subnet = await mine.ec2.send(
      new CreateSubnetCommand({
        VpcId: vpc.VpcId,
        CidrBlock: '10.0.1.0/24',
        Ipv6CidrBlock: range.replace('::/56', '::/64'),
        AvailabilityZoneId: 'use1-az2',
      }),
    );
    const seen = await readSubnet(must(subnet.Subnet?.SubnetId));
    expect(seen.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlockState?.State).to.equal('associated');
    expect(seen).to.include({
      AvailabilityZoneId: 'use1-az2',
      DefaultForAz: false,
      MapPublicIpOnLaunch: false,
    });
  });

  it('DNS64 and the launch options for names are kept; one attribute a call', async () => {
    const { subnet } = await newNetwork(mine);
    const modify = (input: Omit<ModifySubnetAttributeCommandInput, 'SubnetId'>) =>
      refusal(mine.ec2.send(new ModifySubnetAttributeCommand({ SubnetId: subnet, ...input })));
    expect(await modify({ EnableDns64: { Value: true } })).to.equal('none');
    expect(await modify({ PrivateDnsHostnameTypeOnLaunch: 'resource-name' })).to.equal('none');
    expect(await modify({ EnableResourceNameDnsARecordOnLaunch: { Value: true } })).to.equal('none');
    const two = { EnableDns64: { Value: true }, MapPublicIpOnLaunch: { Value: true } };
    expect(await modify(two)).to.equal('InvalidParameterCombination');
    const seen = await readSubnet(subnet);
    expect(seen.EnableDns64).to.equal(true);
    expect(seen.PrivateDnsNameOptionsOnLaunch).to.include({
      HostnameType: 'resource-name',
      EnableResourceNameDnsARecord: true,
    });
  });

  it('a subnet is in a zone of its region and inside its VPC, /16 to /28', async () => {
    const { vpc } = await newNetwork(mine);
    const make = (input: object) => refusal(mine.ec2.send(new CreateSubnetCommand({ VpcId: vpc, ...input })));
    expect(await make({ CidrBlock: '10.0.5.0/24', AvailabilityZone: 'eu-west-1a' })).to.equal(
      'InvalidParameterValue',
    );
    expect(await make({ CidrBlock: '10.1.5.0/24' })).to.equal('InvalidSubnet.Range');
    expect(await make({ CidrBlock: '10.0.5.0/29' })).to.equal('InvalidSubnet.Range');
    expect(await make({ CidrBlock: '10.0.1.128/25' })).to.equal('InvalidSubnet.Conflict');
  });

  it('a subnet or VPC that is in use cannot be deleted (DependencyViolation)', async () => {
    const { vpc, subnet } = await newNetwork(mine);
    await mine.ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: subnet }));
    expect(await refusal(mine.ec2.send(new DeleteSubnetCommand({ SubnetId: subnet })))).to.equal(
      'DependencyViolation',
    );
    expect(await refusal(mine.ec2.send(new DeleteVpcCommand({ VpcId: vpc })))).to.equal(
      'DependencyViolation',
    );
    const empty = must((await mine.ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }))).Vpc?.VpcId);
    expect(await refusal(mine.ec2.send(new DeleteVpcCommand({ VpcId: empty })))).to.equal('none');
  });

  it('an explicit CIDR reservation keeps an address from being handed out, and lets it be asked for', async () => {
    const { subnet } = await newNetwork(mine);
    const reservation = { SubnetId: subnet, Cidr: '10.0.1.4/31', ReservationType: 'explicit' as const };
    await mine.ec2.send(new CreateSubnetCidrReservationCommand(reservation));
    const image = await newImage(mine, await newSnapshot(mine));
    const run = async (address?: string) => {
      const input = {
        ImageId: image,
        InstanceType: 't3.micro' as const,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: subnet,
      };
      const answer = await mine.ec2.send(new RunInstancesCommand({ ...input, PrivateIpAddress: address }));
      return answer.Instances?.[0]?.PrivateIpAddress;
    };
    expect(await run()).to.equal('10.0.1.6');
    expect(await run('10.0.1.4')).to.equal('10.0.1.4');
  });

  it('zones have ids; an unknown zone is refused', async () => {
    const answer = await mine.ec2.send(new DescribeAvailabilityZonesCommand({}));
    for (const zone of must(answer.AvailabilityZones)) expect(zone.ZoneId).to.match(/^use1-az\d$/);
    const unknown = new DescribeAvailabilityZonesCommand({ ZoneNames: ['us-east-1z'] });
    expect(await refusal(mine.ec2.send(unknown))).to.equal('InvalidParameterValue');
  });
});
