import {
  AssociateDhcpOptionsCommand,
  AssociateVpcCidrBlockCommand,
  CreateDhcpOptionsCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteDhcpOptionsCommand,
  DeleteVpcCommand,
  DescribeDhcpOptionsCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DisassociateVpcCidrBlockCommand,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newVpc, refusal, THERE, tagged, useEmulator } from './support';

describe('emulator: VPCs, their ranges and DHCP options', () => {
  const emulator = useEmulator();
  let mine: Clients;

  beforeEach(() => {
    mine = new Clients(emulator().url, newAccount(), HERE);
  });

  const read = async (id: string) =>
    must((await mine.ec2.send(new DescribeVpcsCommand({ VpcIds: [id] }))).Vpcs?.[0]);
  const associate = (VpcId: string, CidrBlock: string) =>
    mine.ec2.send(new AssociateVpcCidrBlockCommand({ VpcId, CidrBlock }));

  it("an IPv6 range of Amazon's is associated only after the call, from the pool Amazon, in a border group", async () => {
    const input = { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true };
    const { Vpc } = await mine.ec2.send(
      new CreateVpcCommand({ ...input, TagSpecifications: tagged('vpc', { a: 'b' }) }),
    );
    expect(Vpc?.State).to.equal('pending');
    expect(Vpc?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlockState?.State).to.equal('associating');
    const vpc = await read(must(Vpc?.VpcId));
    expect(vpc).to.deep.include({ State: 'available', Tags: [{ Key: 'a', Value: 'b' }] });
    const [six] = must(vpc.Ipv6CidrBlockAssociationSet);
    expect(six).to.deep.include({ Ipv6Pool: 'Amazon', NetworkBorderGroup: HERE });
    expect(six?.Ipv6CidrBlock).to.match(/^[0-9a-f:]+::\/56$/);
    const elsewhere = { ...input, Ipv6CidrBlockNetworkBorderGroup: THERE };
    expect(await refusal(mine.ec2.send(new CreateVpcCommand(elsewhere)))).to.equal('InvalidParameterValue');
  });

  it('a VPC comes with its own table, ACL and security group; AWS keeps the last ACL rules of each family', async () => {
    const vpc = await newVpc(mine, '10.0.0.0/16', true);
    const Filters = [{ Name: 'vpc-id', Values: [vpc] }];
    const tables = await mine.ec2.send(new DescribeRouteTablesCommand({ Filters }));
    expect(tables.RouteTables?.[0]?.Associations?.[0]?.Main).to.equal(true);
    const origins = tables.RouteTables?.[0]?.Routes?.map(({ GatewayId, Origin }) => [GatewayId, Origin]);
    expect(origins).to.deep.equal([
      ['local', 'CreateRouteTable'],
      ['local', 'CreateRouteTable'],
    ]);
    const acls = await mine.ec2.send(new DescribeNetworkAclsCommand({ Filters }));
    const inbound = acls.NetworkAcls?.[0]?.Entries?.filter(({ Egress }) => !Egress);
    expect(inbound?.map(({ RuleNumber }) => RuleNumber)).to.deep.equal([100, 101, 32767, 32768]);
    const groups = await mine.ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    const [group] = must(groups.SecurityGroups);
    expect(group?.GroupName).to.equal('default');
    expect(group?.IpPermissions?.[0]?.UserIdGroupPairs?.[0]?.GroupId).to.equal(group?.GroupId);
    expect(group?.IpPermissionsEgress?.[0]?.IpRanges?.[0]?.CidrIp).to.equal('0.0.0.0/0');
  });

  it('attributes are kept, one a call', async () => {
    const VpcId = await newVpc(mine);
    const on = { Value: true };
    const both = new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: on, EnableDnsSupport: on });
    expect(await refusal(mine.ec2.send(both))).to.equal('InvalidParameterCombination');
    await mine.ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableNetworkAddressUsageMetrics: on }));
    const attribute = new DescribeVpcAttributeCommand({
      VpcId,
      Attribute: 'enableNetworkAddressUsageMetrics',
    });
    expect((await mine.ec2.send(attribute)).EnableNetworkAddressUsageMetrics?.Value).to.equal(true);
  });

  it('further ranges: no overlap, /16 to /28, of the same private range; each gets a local route', async () => {
    const vpc = await newVpc(mine);
    for (const cidr of ['10.0.128.0/20', '10.1.0.0/15', '192.168.0.0/20', '198.19.1.0/24'])
      expect(await refusal(associate(vpc, cidr)), cidr).to.equal('InvalidVpc.Range');
    const added = await associate(vpc, '100.64.0.0/16');
    expect(added.CidrBlockAssociation?.CidrBlockState?.State).to.equal('associating');
    const states = (await read(vpc)).CidrBlockAssociationSet?.map((item) => [
      item.CidrBlock,
      item.CidrBlockState?.State,
    ]);
    expect(states).to.deep.equal([
      ['10.0.0.0/16', 'associated'],
      ['100.64.0.0/16', 'associated'],
    ]);
    const Filters = [{ Name: 'route.destination-cidr-block', Values: ['100.64.0.0/16'] }];
    expect((await mine.ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables).to.have.lengthOf(
      1,
    );
  });

  it('a range goes only when no subnet is in it, and the first one never; its route goes with it', async () => {
    const vpc = await newVpc(mine);
    const AssociationId = must((await associate(vpc, '10.7.0.0/16')).CidrBlockAssociation?.AssociationId);
    const remove = (id: string) =>
      refusal(mine.ec2.send(new DisassociateVpcCidrBlockCommand({ AssociationId: id })));
    expect(await remove(must((await read(vpc)).CidrBlockAssociationSet?.[0]?.AssociationId))).to.equal(
      'OperationNotPermitted',
    );
    const other = await newVpc(mine, '10.8.0.0/16');
    const used = must((await associate(other, '10.9.0.0/16')).CidrBlockAssociation?.AssociationId);
    await mine.ec2.send(new CreateSubnetCommand({ VpcId: other, CidrBlock: '10.9.1.0/24' }));
    expect(await remove(used)).to.equal('InvalidCidrBlock.InUse');
    expect(await remove(AssociationId)).to.equal('none');
    expect(await remove(AssociationId)).to.equal('InvalidVpcCidrBlockAssociationID.NotFound');
    expect((await read(vpc)).CidrBlockAssociationSet?.[1]?.CidrBlockState?.State).to.equal('disassociated');
    const gone = new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.7.1.0/24' });
    expect(await refusal(mine.ec2.send(gone))).to.equal('InvalidSubnet.Range');
  });

  it("a new VPC has the region's own DHCP options, which exist before anybody makes any", async () => {
    for (const [region, domain] of [
      [HERE, 'ec2.internal'],
      [THERE, 'eu-west-1.compute.internal'],
    ] as const) {
      const there = new Clients(emulator().url, newAccount(), region);
      const [own] = must((await there.ec2.send(new DescribeDhcpOptionsCommand({}))).DhcpOptions);
      expect(own?.DhcpConfigurations).to.deep.equal([
        { Key: 'domain-name', Values: [{ Value: domain }] },
        { Key: 'domain-name-servers', Values: [{ Value: 'AmazonProvidedDNS' }] },
      ]);
      const VpcIds = [await newVpc(there)];
      const vpcs = await there.ec2.send(new DescribeVpcsCommand({ VpcIds }));
      expect(vpcs.Vpcs?.[0]?.DhcpOptionsId).to.equal(own?.DhcpOptionsId);
    }
  });

  it('DHCP options are checked, kept as given, and not deleted while a VPC has them; `default` means none', async () => {
    const make = (Key: string, ...Values: string[]) =>
      mine.ec2.send(new CreateDhcpOptionsCommand({ DhcpConfigurations: [{ Key, Values }] }));
    for (const [key, value] of [
      ['domain', 'x'],
      ['netbios-node-type', '3'],
      ['ntp-servers', 'time.example.com'],
      ['ipv6-address-preferred-lease-time', '139'],
    ] as const)
      expect(await refusal(make(key, value)), key).to.equal('InvalidParameterValue');
    const lease = await make('ipv6-address-preferred-lease-time', '1440');
    const DhcpOptionsId = must(lease.DhcpOptions?.DhcpOptionsId);
    const VpcId = await newVpc(mine);
    await mine.ec2.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId, VpcId }));
    expect((await read(VpcId)).DhcpOptionsId).to.equal(DhcpOptionsId);
    const remove = () => refusal(mine.ec2.send(new DeleteDhcpOptionsCommand({ DhcpOptionsId })));
    expect(await remove()).to.equal('DependencyViolation');
    await mine.ec2.send(new AssociateDhcpOptionsCommand({ DhcpOptionsId: 'default', VpcId }));
    expect((await read(VpcId)).DhcpOptionsId).to.equal('default');
    expect(await remove()).to.equal('none');
    expect(await remove()).to.equal('InvalidDhcpOptionsID.NotFound');
  });

  it('a VPC with a group of its own cannot be deleted; what AWS made goes with it', async () => {
    const VpcId = await newVpc(mine);
    const group = new CreateSecurityGroupCommand({ VpcId, GroupName: 'app', Description: 'app' });
    await mine.ec2.send(group);
    expect(await refusal(mine.ec2.send(new DeleteVpcCommand({ VpcId })))).to.equal('DependencyViolation');
    const empty = await newVpc(mine, '10.1.0.0/16');
    await mine.ec2.send(new DeleteVpcCommand({ VpcId: empty }));
    const Filters = [{ Name: 'vpc-id', Values: [empty] }];
    expect((await mine.ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls).to.deep.equal([]);
  });
});
