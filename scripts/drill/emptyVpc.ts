import {
  DeleteNetworkAclCommand,
  DeleteNetworkInterfaceCommand,
  DeleteRouteTableCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  paginateDescribeNetworkAcls,
  paginateDescribeNetworkInterfaces,
  paginateDescribeRouteTables,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  paginateDescribeSubnets,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import type { Account } from '../../accounts';
import { allPages, present, tagRecord } from '../../kinds/kind';
import { TAG } from '../../names';

/**
 * Removes a drill's VPC and all that the drill has made in it. Its machines are gone by then.
 *
 * @param vpcId one that carries a drill's tag
 * @throws at the first thing that AWS does not remove: it is tried again
 */
export async function emptyVpc({ ec2 }: Account, vpcId: string): Promise<void> {
  const client = ec2;
  const inVpc = { Name: 'vpc-id', Values: [vpcId] };
  // What somebody else has put there holds the VPC, and is told of.
  const Filters = [inVpc, { Name: 'tag-key', Values: [TAG.drill] }];
  // A machine that was launched with interfaces of its own leaves them.
  const interfaces = await allPages(
    paginateDescribeNetworkInterfaces({ client }, { Filters }),
    (page) => page.NetworkInterfaces,
  );
  for (const { NetworkInterfaceId } of interfaces)
    await ec2.send(new DeleteNetworkInterfaceCommand({ NetworkInterfaceId }));

  const subnets = await allPages(paginateDescribeSubnets({ client }, { Filters }), (page) => page.Subnets);
  for (const { SubnetId } of subnets) await ec2.send(new DeleteSubnetCommand({ SubnetId }));

  const tables = await allPages(
    paginateDescribeRouteTables({ client }, { Filters }),
    (page) => page.RouteTables,
  );
  for (const { RouteTableId, Associations = [] } of tables)
    if (!Associations.some(({ Main }) => Main)) await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));

  const acls = await allPages(
    paginateDescribeNetworkAcls({ client }, { Filters }),
    (page) => page.NetworkAcls,
  );
  for (const { NetworkAclId, IsDefault } of acls)
    if (!IsDefault) await ec2.send(new DeleteNetworkAclCommand({ NetworkAclId }));

  const groups = await allPages(
    paginateDescribeSecurityGroups({ client }, { Filters: [inVpc] }),
    (page) => page.SecurityGroups,
  );
  const ids = groups.map(({ GroupId }) => present(GroupId, 'GroupId'));
  // Groups may name each other in circles.
  for (const id of ids) await revokeReferences({ ec2 }, id, ids);
  for (const { GroupId, GroupName, Tags } of groups)
    if (tagRecord(Tags)[TAG.drill] !== undefined && GroupName !== 'default')
      await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));

  await ec2.send(new DeleteVpcCommand({ VpcId: vpcId }));
}

/** Takes out of a group what names another one. */
async function revokeReferences(
  { ec2 }: Pick<Account, 'ec2'>,
  groupId: string,
  groups: readonly string[],
): Promise<void> {
  const rules = await allPages(
    paginateDescribeSecurityGroupRules(
      { client: ec2 },
      { Filters: [{ Name: 'group-id', Values: [groupId] }] },
    ),
    (page) => page.SecurityGroupRules,
  );
  const names = ({ ReferencedGroupInfo }: SecurityGroupRule) =>
    ReferencedGroupInfo?.GroupId !== undefined &&
    ReferencedGroupInfo.GroupId !== groupId &&
    groups.includes(ReferencedGroupInfo.GroupId);
  const [outbound, inbound] = [true, false].map((isEgress) =>
    rules
      .filter((rule) => rule.IsEgress === isEgress && names(rule))
      .map(({ SecurityGroupRuleId }) => present(SecurityGroupRuleId, 'SecurityGroupRuleId')),
  );
  if (outbound?.length)
    await ec2.send(
      new RevokeSecurityGroupEgressCommand({ GroupId: groupId, SecurityGroupRuleIds: outbound }),
    );
  if (inbound?.length)
    await ec2.send(
      new RevokeSecurityGroupIngressCommand({ GroupId: groupId, SecurityGroupRuleIds: inbound }),
    );
}
