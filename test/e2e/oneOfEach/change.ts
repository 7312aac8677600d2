import * as sdk from '@aws-sdk/client-ec2';
import { present } from '../../../kinds/kind';
import { changeEdge } from './edge';
import { associationOf, type OneOfEach, templateData } from './make';
import { putWatch } from './watch';

/**
 * Changes a field of each object that makeOneOfEach made, and a tag of each that has tags. Every round changes all of them again.
 *
 * @param round 1, 2, 3 …
 */
export async function changeOneOfEach(ec2: sdk.EC2Client, of: OneOfEach, round: number): Promise<void> {
  const odd = round % 2 === 1;
  const { main, subnet } = of;
  await ec2.send(
    new sdk.CreateTagsCommand({
      Resources: [...Object.values(of), await defaultGroup(ec2, main)].filter((id) => id !== of.peer),
      Tags: [{ Key: 'round', Value: String(round) }],
    }),
  );
  // Of an empty value the provider has to ask again.
  const extra = { Resources: [subnet], Tags: [{ Key: 'extra', Value: '' }] };
  if (odd) await ec2.send(new sdk.CreateTagsCommand(extra));
  else await ec2.send(new sdk.DeleteTagsCommand(extra));
  await ec2.send(new sdk.ModifyVpcAttributeCommand({ VpcId: main, EnableDnsHostnames: { Value: odd } }));
  await ec2.send(
    new sdk.AssociateDhcpOptionsCommand({ VpcId: main, DhcpOptionsId: odd ? 'default' : of.dhcp }),
  );
  await changeRange(ec2, main, odd);
  await changeIpv6(ec2, of, odd);
  await ec2.send(
    new sdk.ModifySubnetAttributeCommand({ SubnetId: subnet, MapPublicIpOnLaunch: { Value: odd } }),
  );
  await ec2.send(
    new sdk.ModifyVpcPeeringConnectionOptionsCommand({
      VpcPeeringConnectionId: of.peering,
      RequesterPeeringConnectionOptions: { AllowDnsResolutionFromRemoteVpc: odd },
    }),
  );
  await changeFilters(ec2, of, odd);
  await changeRouting(ec2, of, odd);
  await changeEdge(ec2, round);
  await putWatch(ec2, round);
  const version = await ec2.send(
    new sdk.CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: of.template,
      LaunchTemplateData: templateData(odd ? 't3.small' : 't3.micro', of.group),
    }),
  );
  await ec2.send(
    new sdk.ModifyLaunchTemplateCommand({
      LaunchTemplateId: of.template,
      DefaultVersion: String(version.LaunchTemplateVersion?.VersionNumber),
    }),
  );
}

async function defaultGroup(ec2: sdk.EC2Client, VpcId: string): Promise<string> {
  const { SecurityGroups } = await ec2.send(
    new sdk.DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [VpcId] },
        { Name: 'group-name', Values: ['default'] },
      ],
    }),
  );
  return present(SecurityGroups?.[0]?.GroupId, 'GroupId');
}

/** A range cannot be changed: another one comes and goes. */
async function changeRange(ec2: sdk.EC2Client, VpcId: string, odd: boolean): Promise<void> {
  const CidrBlock = '10.43.0.0/20';
  if (odd) {
    await ec2.send(new sdk.AssociateVpcCidrBlockCommand({ VpcId, CidrBlock }));
    return;
  }
  const { Vpcs } = await ec2.send(new sdk.DescribeVpcsCommand({ VpcIds: [VpcId] }));
  const found = Vpcs?.[0]?.CidrBlockAssociationSet?.find(
    (set) => set.CidrBlock === CidrBlock && set.CidrBlockState?.State === 'associated',
  );
  await ec2.send(
    new sdk.DisassociateVpcCidrBlockCommand({
      AssociationId: present(found?.AssociationId, 'AssociationId'),
    }),
  );
}

/** The second subnet gets an IPv6 range, and loses it again. */
async function changeIpv6(ec2: sdk.EC2Client, { main, second }: OneOfEach, odd: boolean): Promise<void> {
  if (odd) {
    const { Vpcs } = await ec2.send(new sdk.DescribeVpcsCommand({ VpcIds: [main] }));
    const range = present(Vpcs?.[0]?.Ipv6CidrBlockAssociationSet?.[0]?.Ipv6CidrBlock, 'Ipv6CidrBlock');
    const Ipv6CidrBlock = range.replace(/00::\/56$/, '01::/64');
    await ec2.send(new sdk.AssociateSubnetCidrBlockCommand({ SubnetId: second, Ipv6CidrBlock }));
    return;
  }
  const { Subnets } = await ec2.send(new sdk.DescribeSubnetsCommand({ SubnetIds: [second] }));
  const found = Subnets?.[0]?.Ipv6CidrBlockAssociationSet?.find(
    (set) => set.Ipv6CidrBlockState?.State === 'associated',
  );
  await ec2.send(
    new sdk.DisassociateSubnetCidrBlockCommand({ AssociationId: present(found?.AssociationId, 'second') }),
  );
}

async function changeFilters(ec2: sdk.EC2Client, of: OneOfEach, odd: boolean): Promise<void> {
  const rule = (SecurityGroupRuleId: string, port: number, CidrIpv4: string) => ({
    SecurityGroupRuleId,
    SecurityGroupRule: {
      IpProtocol: 'tcp',
      FromPort: port,
      ToPort: port,
      CidrIpv4,
      Description: `port ${port}`,
    },
  });
  await ec2.send(
    new sdk.ModifySecurityGroupRulesCommand({
      GroupId: of.group,
      SecurityGroupRules: [rule(of.rule, odd ? 8443 : 443, '192.0.2.0/24')],
    }),
  );
  await ec2.send(
    new sdk.ModifySecurityGroupRulesCommand({
      GroupId: of.group,
      SecurityGroupRules: [rule(of.outbound, odd ? 3306 : 5432, '10.40.0.0/16')],
    }),
  );
  const entry = { Cidr: '198.51.100.0/24' };
  const { PrefixLists } = await ec2.send(
    new sdk.DescribeManagedPrefixListsCommand({ PrefixListIds: [of.list] }),
  );
  await ec2.send(
    new sdk.ModifyManagedPrefixListCommand({
      PrefixListId: of.list,
      CurrentVersion: PrefixLists?.[0]?.Version,
      ...(odd ? { AddEntries: [entry] } : { RemoveEntries: [entry] }),
    }),
  );
  for (const Egress of [true, false])
    await ec2.send(
      new sdk.ReplaceNetworkAclEntryCommand({
        NetworkAclId: of.acl,
        RuleNumber: 100,
        Protocol: '6',
        PortRange: { From: 443, To: 443 },
        CidrBlock: '10.40.0.0/16',
        RuleAction: odd ? 'deny' : 'allow',
        Egress,
      }),
    );
  const { NetworkAcls } = await ec2.send(
    new sdk.DescribeNetworkAclsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [of.main] },
        { Name: 'default', Values: ['true'] },
      ],
    }),
  );
  await ec2.send(
    new sdk.ReplaceNetworkAclAssociationCommand({
      AssociationId: await associationOf(ec2, of, 'ACL'),
      NetworkAclId: odd ? present(NetworkAcls?.[0]?.NetworkAclId, 'NetworkAclId') : of.acl,
    }),
  );
}

async function changeRouting(ec2: sdk.EC2Client, of: OneOfEach, odd: boolean): Promise<void> {
  await ec2.send(
    new sdk.ReplaceRouteCommand({
      RouteTableId: of.routes,
      DestinationCidrBlock: '192.168.0.0/16',
      ...(odd ? { VpcPeeringConnectionId: of.peering } : { GatewayId: of.internet }),
    }),
  );
  await ec2.send(
    new sdk.ReplaceRouteTableAssociationCommand({
      AssociationId: await associationOf(ec2, of, 'table'),
      RouteTableId: odd ? of.other : of.routes,
    }),
  );
  const statement = { Effect: 'Allow', Principal: '*', Action: odd ? 's3:Get*' : '*', Resource: '*' };
  await ec2.send(
    new sdk.ModifyVpcEndpointCommand({
      VpcEndpointId: of.endpoint,
      PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      ...(odd ? { AddRouteTableIds: [of.other] } : { RemoveRouteTableIds: [of.other] }),
    }),
  );
}
