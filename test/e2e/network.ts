import {
  DescribeVpcAttributeCommand,
  type EC2Client,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVpcs,
  type SecurityGroupRule,
  type Tag,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';

/** What an account's network is made of, as the SDK answers. Knows nothing of the program. */
async function networkOf(client: EC2Client) {
  const collected = async <P, T>(pages: AsyncIterable<P>, items: (page: P) => T[] | undefined) => {
    const all: T[] = [];
    for await (const page of pages) all.push(...(items(page) ?? []));
    return all;
  };
  const [vpcs, subnets, groups, rules] = await Promise.all([
    collected(paginateDescribeVpcs({ client }, {}), (page) => page.Vpcs),
    collected(paginateDescribeSubnets({ client }, {}), (page) => page.Subnets),
    collected(paginateDescribeSecurityGroups({ client }, {}), (page) => page.SecurityGroups),
    collected(paginateDescribeSecurityGroupRules({ client }, {}), (page) => page.SecurityGroupRules),
  ]);
  const own = new Set(vpcs.filter((vpc) => !vpc.IsDefault).map((vpc) => vpc.VpcId));
  const ownGroups = groups.filter((group) => own.has(group.VpcId));
  const groupIds = new Set(ownGroups.map((group) => group.GroupId));
  const attributes = await Promise.all(
    [...own].flatMap((VpcId) =>
      (['enableDnsSupport', 'enableDnsHostnames'] as const).map(async (Attribute) => {
        const answer = await client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
        return [
          `${VpcId} ${Attribute}`,
          (answer.EnableDnsSupport ?? answer.EnableDnsHostnames)?.Value,
        ] as const;
      }),
    ),
  );
  return {
    attributes: new Map(attributes),
    vpcs: vpcs.filter((vpc) => own.has(vpc.VpcId)),
    subnets: subnets.filter((subnet) => own.has(subnet.VpcId)),
    groups: ownGroups,
    rules: rules.filter((rule) => groupIds.has(rule.GroupId)),
  };
}

const SOURCE_ID = 'lifeboat:source-id';

/** A side's network with every id replaced by the source's, so that two equal sides read the same. */
export async function comparable(client: EC2Client, side: 'source' | 'DR') {
  const { attributes, vpcs, subnets, groups, rules } = await networkOf(client);
  const names = new Map<string | undefined, string>();
  const sourceId = (id: string | undefined, tags: Tag[] | undefined) =>
    (side === 'source' ? id : tags?.find(({ Key }) => Key === SOURCE_ID)?.Value) ??
    `${id} stands for nothing`;
  for (const { VpcId, Tags } of vpcs) names.set(VpcId, sourceId(VpcId, Tags));
  for (const { GroupId, Tags } of groups) names.set(GroupId, sourceId(GroupId, Tags));
  const plainTags = (tags: Tag[] | undefined) =>
    (tags ?? [])
      .filter(({ Key }) => Key !== SOURCE_ID)
      .map(({ Key, Value }) => `${Key}=${Value}`)
      .sort();
  // euw1-az2 and euc1-az2 stand for each other.
  const zone = (id: string | undefined) => id?.replace(/^.*-/, '');
  const ruleText = (rule: SecurityGroupRule) => ({
    group: names.get(rule.GroupId),
    egress: rule.IsEgress,
    protocol: rule.IpProtocol,
    ports: [rule.FromPort, rule.ToPort],
    ipv4: rule.CidrIpv4,
    ipv6: rule.CidrIpv6,
    reference: rule.ReferencedGroupInfo && names.get(rule.ReferencedGroupInfo.GroupId),
    description: rule.Description || undefined,
    tags: plainTags(rule.Tags),
  });
  const sorted = <T>(items: T[]) => items.map((item) => JSON.stringify(item)).sort();
  return {
    vpcs: sorted(
      vpcs.map((vpc) => ({
        id: names.get(vpc.VpcId),
        cidr: vpc.CidrBlock,
        tenancy: vpc.InstanceTenancy,
        dns: [
          attributes.get(`${vpc.VpcId} enableDnsSupport`),
          attributes.get(`${vpc.VpcId} enableDnsHostnames`),
        ],
        tags: plainTags(vpc.Tags),
      })),
    ),
    subnets: sorted(
      subnets.map((subnet) => ({
        id: sourceId(subnet.SubnetId, subnet.Tags),
        vpc: names.get(subnet.VpcId),
        cidr: subnet.CidrBlock,
        zone: zone(subnet.AvailabilityZoneId),
        public: subnet.MapPublicIpOnLaunch,
        tags: plainTags(subnet.Tags),
      })),
    ),
    groups: sorted(
      groups.map((group) => ({
        id: names.get(group.GroupId),
        vpc: names.get(group.VpcId),
        name: group.GroupName,
        description: group.Description,
        tags: plainTags(group.Tags),
      })),
    ),
    rules: sorted(rules.map(ruleText)),
  };
}

/** Asserts that DR holds the source's network, nothing less and nothing more, read from both sides. */
export async function expectMirrored(source: EC2Client, dr: EC2Client): Promise<void> {
  const [theirs, ours] = await Promise.all([comparable(source, 'source'), comparable(dr, 'DR')]);
  expect(theirs.rules).to.not.be.empty;
  for (const part of ['vpcs', 'subnets', 'groups', 'rules'] as const)
    expect(ours[part], part).to.deep.equal(theirs[part]);
}
