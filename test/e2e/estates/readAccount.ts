import {
  DescribeAddressesCommand,
  DescribeImagesCommand,
  DescribeKeyPairsCommand,
  DescribePlacementGroupsCommand,
  DescribeVpcAttributeCommand,
  type EC2Client,
  GetSubnetCidrReservationsCommand,
  type LaunchTemplateVersion,
  paginateDescribeDhcpOptions,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNatGateways,
  paginateDescribeNetworkAcls,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeTransitGateways,
  paginateDescribeVolumes,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
  paginateGetManagedPrefixListEntries,
  type VpcAttributeName,
} from '@aws-sdk/client-ec2';

/** An account's network and what goes with it, as the SDK answers. */
export type AccountContent = Awaited<ReturnType<typeof readAccount>>;

/** Reads everything that an estate may have, the contents of default VPCs apart. */
export async function readAccount(client: EC2Client) {
  const of = { client };
  const [vpcs, subnets, routeTables, acls, groups, rules, endpoints, internetGateways, egressOnly] =
    await Promise.all([
      all(paginateDescribeVpcs(of, {}), (page) => page.Vpcs),
      all(paginateDescribeSubnets(of, {}), (page) => page.Subnets),
      all(paginateDescribeRouteTables(of, {}), (page) => page.RouteTables),
      all(paginateDescribeNetworkAcls(of, {}), (page) => page.NetworkAcls),
      all(paginateDescribeSecurityGroups(of, {}), (page) => page.SecurityGroups),
      all(paginateDescribeSecurityGroupRules(of, {}), (page) => page.SecurityGroupRules),
      all(paginateDescribeVpcEndpoints(of, {}), (page) => page.VpcEndpoints),
      all(paginateDescribeInternetGateways(of, {}), (page) => page.InternetGateways),
      all(paginateDescribeEgressOnlyInternetGateways(of, {}), (page) => page.EgressOnlyInternetGateways),
    ]);
  const defaults = new Set(vpcs.filter(({ IsDefault }) => IsDefault).map(({ VpcId }) => VpcId));
  const own = <T extends { VpcId?: string }>(items: T[]) => items.filter(({ VpcId }) => !defaults.has(VpcId));
  const ownGroups = own(groups);
  const groupIds = new Set(ownGroups.map(({ GroupId }) => GroupId));
  const templates = await all(paginateDescribeLaunchTemplates(of, {}), (page) => page.LaunchTemplates);
  const prefixLists = await all(paginateDescribeManagedPrefixLists(of, {}), (page) => page.PrefixLists);
  const versions = (
    await Promise.all(
      templates.map(({ LaunchTemplateId }) =>
        all(
          paginateDescribeLaunchTemplateVersions(of, { LaunchTemplateId }),
          (page) => page.LaunchTemplateVersions,
        ),
      ),
    )
  ).flat();
  return {
    vpcs: await Promise.all(
      own(vpcs).map(async (vpc) => ({ ...vpc, attributes: await attributes(client, vpc.VpcId ?? '') })),
    ),
    dhcpOptions: await all(paginateDescribeDhcpOptions(of, {}), (page) => page.DhcpOptions),
    internetGateways: internetGateways.filter(
      ({ Attachments }) => !Attachments?.some(({ VpcId }) => defaults.has(VpcId)),
    ),
    egressOnly: egressOnly.filter(({ Attachments }) => !defaults.has(Attachments?.[0]?.VpcId)),
    subnets: own(subnets),
    reservations: (
      await Promise.all(
        own(subnets).map(({ SubnetId }) =>
          all(reservations(client, SubnetId), (page) => [
            ...(page.SubnetIpv4CidrReservations ?? []),
            ...(page.SubnetIpv6CidrReservations ?? []),
          ]),
        ),
      )
    ).flat(),
    routeTables: own(routeTables),
    acls: own(acls),
    groups: ownGroups,
    rules: rules.filter(({ GroupId }) => groupIds.has(GroupId)),
    prefixLists: await Promise.all(
      prefixLists.map(async (list) => ({
        ...list,
        entries:
          list.OwnerId === 'AWS'
            ? []
            : await all(
                paginateGetManagedPrefixListEntries(of, { PrefixListId: list.PrefixListId }),
                (page) => page.Entries,
              ),
      })),
    ),
    endpoints: own(endpoints),
    peerings: await all(paginateDescribeVpcPeeringConnections(of, {}), (page) => page.VpcPeeringConnections),
    keyPairs: (await client.send(new DescribeKeyPairsCommand({ IncludePublicKey: true }))).KeyPairs ?? [],
    placementGroups: (await client.send(new DescribePlacementGroupsCommand({}))).PlacementGroups ?? [],
    templates,
    versions,
    images: await images(client, versions),
    ...(await billed(client)),
  };
}

async function all<P, T>(pages: AsyncIterable<P>, items: (page: P) => T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}

/** The SDK has no paginator for these. */
async function* reservations(client: EC2Client, SubnetId: string | undefined) {
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetSubnetCidrReservationsCommand({ SubnetId, NextToken }));
    yield page;
    NextToken = page.NextToken;
  } while (NextToken);
}

/** What DescribeVpcs does not say of a VPC. */
async function attributes(client: EC2Client, VpcId: string): Promise<Record<string, boolean | undefined>> {
  const ask = (Attribute: VpcAttributeName) =>
    client.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
  const [support, hostnames, metrics] = await Promise.all([
    ask('enableDnsSupport'),
    ask('enableDnsHostnames'),
    ask('enableNetworkAddressUsageMetrics'),
  ]);
  return {
    enableDnsSupport: support.EnableDnsSupport?.Value,
    enableDnsHostnames: hostnames.EnableDnsHostnames?.Value,
    enableNetworkAddressUsageMetrics: metrics.EnableNetworkAddressUsageMetrics?.Value,
  };
}

/** The images that launch templates name. */
async function images(client: EC2Client, versions: readonly LaunchTemplateVersion[]) {
  const named = versions.flatMap(({ LaunchTemplateData }) => LaunchTemplateData?.ImageId ?? []);
  const Values = [...new Set(named)].filter((id) => id.startsWith('ami-'));
  if (Values.length === 0) return [];
  // By a filter: to ask for an image that is not there by its id is an error.
  const input = { Filters: [{ Name: 'image-id', Values }], IncludeDeprecated: true };
  const found = await client.send(new DescribeImagesCommand(input));
  return found.Images ?? [];
}

/** What is billed by the hour, and so must not be in DR. */
async function billed(client: EC2Client) {
  const of = { client };
  const states = [{ Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] }];
  return {
    instances: (
      await all(paginateDescribeInstances(of, { Filters: states }), (page) => page.Reservations)
    ).flatMap(({ Instances }) => Instances ?? []),
    natGateways: (await all(paginateDescribeNatGateways(of, {}), (page) => page.NatGateways)).filter(
      ({ State }) => State !== 'deleted',
    ),
    transitGateways: await all(paginateDescribeTransitGateways(of, {}), (page) => page.TransitGateways),
    interfaces: await all(paginateDescribeNetworkInterfaces(of, {}), (page) => page.NetworkInterfaces),
    volumes: await all(paginateDescribeVolumes(of, {}), (page) => page.Volumes),
    addresses: (await client.send(new DescribeAddressesCommand({}))).Addresses ?? [],
  };
}
