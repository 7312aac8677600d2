import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateTagsCommand,
  CreateVpcCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { accountOf } from '../../../accounts';
import { collect } from '../../../inventory/collect';
import { fieldsOf, type Inventory, type Items, inventoryText } from '../../../inventory/inventory';
import { present } from '../../../kinds/kind';
import { VAULT_KEY, vaultNames } from '../../../names';
import { DR, SOURCE, type World } from './world';

const Bucket = vaultNames(DR.account, DR.region).inventoryBucket;
const Key = VAULT_KEY.inventory('dr');

/** A VPC of four subnets and a group with three rules. */
export interface SmallEstate {
  readonly vpc: string;
  readonly subnets: readonly string[];
  readonly group: string;
}

/** Makes it in an account. */
export async function makeSmallEstate(ec2: EC2Client): Promise<SmallEstate> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.10.0.0/16' }));
  const vpc = present(Vpc?.VpcId, 'VpcId');
  const subnets: string[] = [];
  for (const n of [1, 2, 3, 4]) {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId: vpc,
        CidrBlock: `10.10.${n}.0/24`,
        AvailabilityZone: `${SOURCE.region}a`,
      }),
    );
    const id = present(Subnet?.SubnetId, 'SubnetId');
    await ec2.send(new CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'Name', Value: `shop-${n}` }] }));
    subnets.push(id);
  }
  const { GroupId } = await ec2.send(
    new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: 'web', Description: 'web' }),
  );
  const group = present(GroupId, 'GroupId');
  for (const n of [1, 2, 3]) await allowIn(ec2, group, `10.${n}.0.0/16`, 443);
  return { vpc, subnets, group };
}

/** Adds an inbound rule, and returns its id. */
export async function allowIn(
  ec2: EC2Client,
  GroupId: string,
  CidrIp: string,
  port: number,
): Promise<string> {
  const { SecurityGroupRules = [] } = await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp }] }],
    }),
  );
  return present(SecurityGroupRules[0]?.SecurityGroupRuleId, 'SecurityGroupRuleId');
}

/** What the source shows now, by its owner's own eyes. */
export async function sourceItems(world: World): Promise<Items> {
  return collect(accountOf(SOURCE.account, SOURCE.region, world.source.config), 'source');
}

/** Accepts what the source shows, as a good run would. */
export async function accept(world: World, changes: Partial<Inventory> = {}): Promise<Inventory> {
  const kinds = await sourceItems(world);
  const inventory: Inventory = {
    format: 'lifeboat-inventory',
    version: 2,
    account: SOURCE.account,
    region: SOURCE.region,
    zones: { 'euw1-az1': 'euc1-az1', 'euw1-az2': 'euc1-az2', 'euw1-az3': 'euc1-az3' },
    gone: {},
    fields: fieldsOf(kinds),
    kinds,
    ...changes,
  };
  await writeAccepted(world, inventoryText(inventory));
  return inventory;
}

/** Writes any text in the accepted inventory's place; returns the version's id. */
export async function writeAccepted(world: World, Body: string): Promise<string> {
  const { VersionId } = await world.dr.s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  return present(VersionId, 'VersionId');
}

/** The text of the accepted inventory. */
export async function acceptedText(world: World): Promise<string> {
  const { Body } = await world.dr.s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? '';
}
