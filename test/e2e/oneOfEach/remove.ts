import * as sdk from '@aws-sdk/client-ec2';
import { removeEdge } from './edge';
import { associationOf, type OneOfEach } from './make';
import { removeWatch } from './watch';

/** Takes away all that makeOneOfEach made, the default VPC and what AWS keeps itself left. */
export async function removeOneOfEach(ec2: sdk.EC2Client, of: OneOfEach): Promise<void> {
  await removeWatch(ec2);
  await removeEdge(ec2);
  await ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [of.instance] }));
  await sdk.waitUntilInstanceTerminated(
    { client: ec2, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
    { InstanceIds: [of.instance] },
  );
  await ec2.send(new sdk.DeleteLaunchTemplateCommand({ LaunchTemplateId: of.template }));
  await ec2.send(new sdk.DeletePlacementGroupCommand({ GroupName: 'close' }));
  await ec2.send(new sdk.DeleteKeyPairCommand({ KeyPairId: of.key }));
  await ec2.send(new sdk.DeleteVpcEndpointsCommand({ VpcEndpointIds: [of.endpoint] }));
  await ec2.send(
    new sdk.DisassociateRouteTableCommand({ AssociationId: await associationOf(ec2, of, 'table') }),
  );
  for (const SubnetId of [of.subnet, of.second]) await ec2.send(new sdk.DeleteSubnetCommand({ SubnetId }));
  const { RouteTables } = await ec2.send(
    new sdk.DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [of.main] }] }),
  );
  const isMain = (table: sdk.RouteTable) => table.Associations?.some(({ Main }) => Main) ?? false;
  const [main] = (RouteTables ?? []).filter(isMain);
  for (const table of RouteTables ?? []) {
    for (const route of table.Routes ?? [])
      if (route.Origin === 'CreateRoute')
        await ec2.send(
          new sdk.DeleteRouteCommand({
            RouteTableId: table.RouteTableId,
            DestinationCidrBlock: route.DestinationCidrBlock,
            DestinationIpv6CidrBlock: route.DestinationIpv6CidrBlock,
            DestinationPrefixListId: route.DestinationPrefixListId,
          }),
        );
    if (table !== main) await ec2.send(new sdk.DeleteRouteTableCommand({ RouteTableId: table.RouteTableId }));
  }
  await ec2.send(new sdk.DeleteNetworkAclCommand({ NetworkAclId: of.acl }));
  await ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId: of.group }));
  await ec2.send(new sdk.DeleteManagedPrefixListCommand({ PrefixListId: of.list }));
  await ec2.send(new sdk.DeleteVpcPeeringConnectionCommand({ VpcPeeringConnectionId: of.peering }));
  await ec2.send(
    new sdk.DeleteEgressOnlyInternetGatewayCommand({ EgressOnlyInternetGatewayId: of.egressOnly }),
  );
  const gateway = { InternetGatewayId: of.internet };
  await ec2.send(new sdk.DetachInternetGatewayCommand({ ...gateway, VpcId: of.main }));
  await ec2.send(new sdk.DeleteInternetGatewayCommand(gateway));
  for (const VpcId of [of.main, of.peer]) await ec2.send(new sdk.DeleteVpcCommand({ VpcId }));
  await ec2.send(new sdk.DeleteDhcpOptionsCommand({ DhcpOptionsId: of.dhcp }));
}
