import {
  CreateDhcpOptionsCommand,
  CreateNetworkAclCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  DescribeSubnetsCommand,
  paginateDescribeDhcpOptions,
  paginateDescribeInstanceTypes,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcEndpoints,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { Clients, HERE, must, newAccount, newSnapshot, refusal, useEmulator } from './support';

describe('emulator: pages', () => {
  const emulator = useEmulator();
  let mine: Clients;
  let vpc: string;

  before(async () => {
    mine = new Clients(emulator().url, newAccount(), HERE);
    vpc = must((await mine.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId);
    for (let index = 0; index < 11; index += 1) {
      const input = { VpcId: vpc, GroupName: `g${index}`, Description: 'd' };
      await mine.ec2.send(new CreateSecurityGroupCommand(input));
    }
  });

  const filters = () => [{ Name: 'vpc-id', Values: [vpc] }];
  const page = (input: { MaxResults?: number; NextToken?: string; Filters?: ReturnType<typeof filters> }) =>
    mine.ec2.send(new DescribeSecurityGroupsCommand(input));

  it('MaxResults is honoured, and the token leads to each object exactly once', async () => {
    const sizes: number[] = [];
    const seen = new Set<string>();
    const paginator = paginateDescribeSecurityGroups(
      { client: mine.ec2, pageSize: 5 },
      { Filters: filters() },
    );
    for await (const { SecurityGroups } of paginator) {
      sizes.push(must(SecurityGroups).length);
      for (const group of must(SecurityGroups)) seen.add(must(group.GroupId));
    }
    expect(sizes).to.deep.equal([5, 5, 2]);
    expect(seen.size).to.equal(12);
  });

  it('MaxResults outside its range is refused (5 to 1,000 here)', async () => {
    expect(await refusal(page({ MaxResults: 4 }))).to.equal('InvalidParameterValue');
    expect(await refusal(page({ MaxResults: 1001 }))).to.equal('InvalidParameterValue');
  });

  it('a token belongs to its request, and nonsense is refused', async () => {
    const { NextToken } = await page({ MaxResults: 5, Filters: filters() });
    expect(await refusal(page({ MaxResults: 5, NextToken }))).to.equal('InvalidParameterValue');
    expect(await refusal(page({ MaxResults: 5, NextToken: 'abc' }))).to.equal('InvalidParameterValue');
  });

  it('every listing of a network is paged: sizes as asked for, each object once, nonsense refused', async () => {
    const { ec2 } = mine;
    for (let index = 0; index < 6; index += 1) {
      const DhcpConfigurations = [{ Key: 'domain-name', Values: [`${index}.example.com`] }];
      await ec2.send(new CreateDhcpOptionsCommand({ DhcpConfigurations }));
      await ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
      await ec2.send(new CreateNetworkAclCommand({ VpcId: vpc }));
      const CidrBlock = `10.0.${index}.0/24`;
      await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock }));
      await ec2.send(new CreateVpcEndpointCommand({ VpcId: vpc, ServiceName: `com.amazonaws.${HERE}.s3` }));
    }
    const five = { client: ec2, pageSize: 5 };
    const listings: [string, AsyncIterable<object>][] = [
      ['DhcpOptions', paginateDescribeDhcpOptions(five, {})],
      ['RouteTables', paginateDescribeRouteTables(five, {})],
      ['NetworkAcls', paginateDescribeNetworkAcls(five, {})],
      ['Subnets', paginateDescribeSubnets(five, {})],
      ['VpcEndpoints', paginateDescribeVpcEndpoints(five, {})],
      ['PrefixLists', paginateDescribeManagedPrefixLists(five, {})],
      ['SecurityGroupRules', paginateDescribeSecurityGroupRules(five, {})],
    ];
    for (const [name, pages] of listings) {
      const seen: string[] = [];
      let count = 0;
      for await (const page of pages) {
        const items = (page as Record<string, object[]>)[name];
        expect(must(items).length, name).to.be.within(1, 5);
        seen.push(...must(items).map((item) => JSON.stringify(item)));
        count += 1;
      }
      expect(count, name).to.be.greaterThan(1);
      expect(new Set(seen).size, name).to.equal(seen.length);
    }
    const broken = new DescribeRouteTablesCommand({ NextToken: 'abc' });
    expect(await refusal(ec2.send(broken))).to.equal('InvalidParameterValue');
    const large = new DescribeRouteTablesCommand({ MaxResults: 101 });
    expect(await refusal(ec2.send(large))).to.equal('InvalidParameterValue');
    const strange = new DescribeSubnetsCommand({ Filters: [{ Name: 'colour', Values: ['red'] }] });
    expect(await refusal(ec2.send(strange))).to.equal('InvalidParameterValue');
  });

  it('ids and MaxResults together are refused', async () => {
    const SnapshotIds = [await newSnapshot(mine)];
    const snapshots = mine.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds, MaxResults: 5 }));
    expect(await refusal(snapshots)).to.equal('InvalidParameterCombination');
    const instances = mine.ec2.send(
      new DescribeInstancesCommand({ InstanceIds: ['i-12345678'], MaxResults: 5 }),
    );
    expect(await refusal(instances)).to.not.equal('none');
  });

  it('without MaxResults a page still ends: DescribeInstanceTypes gives 100 at a time', async () => {
    let pages = 0;
    for await (const { InstanceTypes } of paginateDescribeInstanceTypes({ client: mine.ec2 }, {})) {
      expect(must(InstanceTypes).length).to.be.at.most(100);
      pages += 1;
      if (pages === 3) break;
    }
    expect(pages).to.equal(3);
  });
});
