import {
  DescribeKeyPairsCommand,
  DescribePlacementGroupsCommand,
  type EC2Client,
  paginateDescribeDhcpOptions,
  paginateDescribeEgressOnlyInternetGateways,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeInternetGateways,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNetworkAcls,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcEndpoints,
  paginateDescribeVpcPeeringConnections,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { allPages } from '../../kinds/kind';
import type { Listed } from './pages';

/** AWS answers at most so many objects a call, where its API reference names no smaller number. */
const MOST = 1000;
/** What DescribeVpcAttribute is asked for, one attribute of one VPC a call. */
const VPC_ATTRIBUTES = 3;

/** What there is in an account and region, counted by the bench itself, which knows nothing of the program's look-up. */
export async function existing(client: EC2Client): Promise<Listed[]> {
  const count = async <P>(pages: AsyncIterable<P>, items: (page: P) => readonly unknown[] | undefined) =>
    (await allPages(pages, items)).length;
  const [vpcs, subnets] = await Promise.all([
    count(paginateDescribeVpcs({ client }, {}), (page) => page.Vpcs),
    count(paginateDescribeSubnets({ client }, {}), (page) => page.Subnets),
  ]);
  const lists: [action: string, most: number, objects: number | Promise<number>][] = [
    ['DescribeVpcs', MOST, vpcs],
    ['DescribeSubnets', MOST, subnets],
    [
      'DescribeRouteTables',
      100,
      count(paginateDescribeRouteTables({ client }, {}), (page) => page.RouteTables),
    ],
    [
      'DescribeNetworkAcls',
      MOST,
      count(paginateDescribeNetworkAcls({ client }, {}), (page) => page.NetworkAcls),
    ],
    [
      'DescribeSecurityGroups',
      MOST,
      count(paginateDescribeSecurityGroups({ client }, {}), (page) => page.SecurityGroups),
    ],
    [
      'DescribeSecurityGroupRules',
      MOST,
      count(paginateDescribeSecurityGroupRules({ client }, {}), (page) => page.SecurityGroupRules),
    ],
    [
      'DescribeDhcpOptions',
      MOST,
      count(paginateDescribeDhcpOptions({ client }, {}), (page) => page.DhcpOptions),
    ],
    [
      'DescribeInternetGateways',
      MOST,
      count(paginateDescribeInternetGateways({ client }, {}), (page) => page.InternetGateways),
    ],
    [
      'DescribeEgressOnlyInternetGateways',
      255,
      count(
        paginateDescribeEgressOnlyInternetGateways({ client }, {}),
        (page) => page.EgressOnlyInternetGateways,
      ),
    ],
    [
      'DescribeVpcPeeringConnections',
      MOST,
      count(paginateDescribeVpcPeeringConnections({ client }, {}), (page) => page.VpcPeeringConnections),
    ],
    [
      'DescribeManagedPrefixLists',
      100,
      count(paginateDescribeManagedPrefixLists({ client }, {}), (page) => page.PrefixLists),
    ],
    [
      'DescribeVpcEndpoints',
      MOST,
      count(paginateDescribeVpcEndpoints({ client }, {}), (page) => page.VpcEndpoints),
    ],
    ['DescribeVolumes', MOST, count(paginateDescribeVolumes({ client }, {}), (page) => page.Volumes)],
    [
      'DescribeInstances',
      MOST,
      count(paginateDescribeInstances({ client }, {}), (page) => page.Reservations),
    ],
    [
      'DescribeLaunchTemplates',
      200,
      count(paginateDescribeLaunchTemplates({ client }, {}), (page) => page.LaunchTemplates),
    ],
    [
      'DescribeLaunchTemplateVersions',
      200,
      count(
        paginateDescribeLaunchTemplateVersions({ client }, { Versions: ['$Default'] }),
        (page) => page.LaunchTemplateVersions,
      ),
    ],
    // The estate has no template that names an image: only the account's own are looked for.
    [
      'DescribeImages',
      MOST,
      count(paginateDescribeImages({ client }, { Owners: ['self'] }), (page) => page.Images),
    ],
    // AWS answers these two without pages.
    [
      'DescribeKeyPairs',
      Number.POSITIVE_INFINITY,
      client.send(new DescribeKeyPairsCommand({})).then(({ KeyPairs }) => KeyPairs?.length ?? 0),
    ],
    [
      'DescribePlacementGroups',
      Number.POSITIVE_INFINITY,
      client
        .send(new DescribePlacementGroupsCommand({}))
        .then(({ PlacementGroups }) => PlacementGroups?.length ?? 0),
    ],
  ];
  return Promise.all([
    ...lists.map(async ([action, most, objects]) => ({ action, most, lists: [await objects] })),
    { action: 'DescribeVpcAttribute', most: 1, lists: Array<number>(VPC_ATTRIBUTES * vpcs).fill(1) },
    // The estate reserves nothing, so each subnet's list is one empty answer.
    { action: 'GetSubnetCidrReservations', most: MOST, lists: Array<number>(subnets).fill(0) },
  ]);
}
