import { readdirSync } from 'node:fs';
import path from 'node:path';
import {
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeManagedPrefixLists,
  paginateDescribeNetworkAcls,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  paginateDescribeVolumes,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { paginateListSchedules, SchedulerClient } from '@aws-sdk/client-scheduler';
import { allPages } from '../../../kinds/kind';
import { vaultNames } from '../../../names';
import { DR, type Stage } from '../../../scripts/demo/stage';

/** The ids of all that a drill could leave in DR, in the vault and in the state backend, by what it is. Reports are meant to stay. */
export async function everythingInDr(stage: Stage): Promise<Record<string, string[]>> {
  const client = stage.ec2(DR);
  const s3 = stage.s3(DR);
  const scheduler = new SchedulerClient(stage.client(DR));
  const of = async <Page, T>(
    pages: AsyncIterable<Page>,
    items: (page: Page) => readonly T[] | undefined,
    id: (item: T) => string | undefined,
  ) => (await allPages(pages, items)).map((item) => id(item) ?? '').sort();
  const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
  const reservations = await allPages(paginateDescribeInstances({ client }, {}), (page) => page.Reservations);
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket }))
    keys.push(...Contents.flatMap(({ Key = '' }) => (Key.startsWith('drills/') ? [] : Key)));
  return {
    instances: reservations
      .flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => State?.Name !== 'terminated')
      .map(({ InstanceId = '' }) => InstanceId),
    images: await of(
      paginateDescribeImages({ client }, { Owners: ['self'] }),
      (page) => page.Images,
      (item) => item.ImageId,
    ),
    volumes: await of(
      paginateDescribeVolumes({ client }, {}),
      (page) => page.Volumes,
      (item) => item.VolumeId,
    ),
    interfaces: await of(
      paginateDescribeNetworkInterfaces({ client }, {}),
      (page) => page.NetworkInterfaces,
      (item) => item.NetworkInterfaceId,
    ),
    vpcs: await of(
      paginateDescribeVpcs({ client }, {}),
      (page) => page.Vpcs,
      (item) => item.VpcId,
    ),
    subnets: await of(
      paginateDescribeSubnets({ client }, {}),
      (page) => page.Subnets,
      (item) => item.SubnetId,
    ),
    tables: await of(
      paginateDescribeRouteTables({ client }, {}),
      (page) => page.RouteTables,
      (item) => item.RouteTableId,
    ),
    acls: await of(
      paginateDescribeNetworkAcls({ client }, {}),
      (page) => page.NetworkAcls,
      (item) => item.NetworkAclId,
    ),
    groups: await of(
      paginateDescribeSecurityGroups({ client }, {}),
      (page) => page.SecurityGroups,
      (item) => item.GroupId,
    ),
    rules: await of(
      paginateDescribeSecurityGroupRules({ client }, {}),
      (page) => page.SecurityGroupRules,
      (item) => item.SecurityGroupRuleId,
    ),
    lists: await of(
      paginateDescribeManagedPrefixLists({ client }, {}),
      (page) => page.PrefixLists,
      (item) => item.PrefixListId,
    ),
    schedules: await of(
      paginateListSchedules({ client: scheduler }, {}),
      (page) => page.Schedules,
      (item) => item.Name,
    ),
    vault: keys.sort(),
    stacks: readdirSync(path.join(stage.directory, 'state/.pulumi/stacks/lifeboat'))
      .filter((name) => name.endsWith('.json'))
      .sort(),
    locks: filesBelow(path.join(stage.directory, 'state/.pulumi/locks')),
  };
}

function filesBelow(directory: string): string[] {
  try {
    return readdirSync(directory, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith('.json'));
  } catch {
    // Nothing was ever locked.
    return [];
  }
}
