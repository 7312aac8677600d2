import {
  AcceptVpcPeeringConnectionCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateVpcPeeringConnectionCommand,
  DescribeNetworkAclsCommand,
  type EC2Client,
  ReplaceNetworkAclAssociationCommand,
} from '@aws-sdk/client-ec2';
import { present } from '../../kinds/kind';
import type { Estate } from './estate';

/** The ways of the estate's traffic: the shop's front to the internet, the office to the shop, and an ACL around the office. */
export async function makeNetwork(ec2: EC2Client, { vpcs, subnets }: Pick<Estate, 'vpcs' | 'subnets'>) {
  const tags = (ResourceType: 'internet-gateway' | 'route-table' | 'network-acl', Value: string) => [
    { ResourceType, Tags: [{ Key: 'Name', Value }] },
  ];
  const gateway = await ec2.send(
    new CreateInternetGatewayCommand({ TagSpecifications: tags('internet-gateway', 'shop') }),
  );
  const InternetGatewayId = present(gateway.InternetGateway?.InternetGatewayId, 'InternetGatewayId');
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId: vpcs.shop }));
  const peering = await ec2.send(
    new CreateVpcPeeringConnectionCommand({ VpcId: vpcs.office, PeerVpcId: vpcs.shop }),
  );
  const VpcPeeringConnectionId = peering.VpcPeeringConnection?.VpcPeeringConnectionId;
  await ec2.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));

  const made = await ec2.send(
    new CreateRouteTableCommand({
      VpcId: vpcs.shop,
      TagSpecifications: tags('route-table', 'shop-front'),
    }),
  );
  const RouteTableId = present(made.RouteTable?.RouteTableId, 'RouteTableId');
  const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId };
  await ec2.send(new CreateRouteCommand(route));
  const back = { RouteTableId, DestinationCidrBlock: '10.20.0.0/16', VpcPeeringConnectionId };
  await ec2.send(new CreateRouteCommand(back));
  for (const SubnetId of [subnets['shop-a'], subnets['shop-b']])
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));

  const acl = await ec2.send(
    new CreateNetworkAclCommand({ VpcId: vpcs.office, TagSpecifications: tags('network-acl', 'office') }),
  );
  const NetworkAclId = present(acl.NetworkAcl?.NetworkAclId, 'NetworkAclId');
  for (const Egress of [false, true])
    await ec2.send(
      new CreateNetworkAclEntryCommand({
        NetworkAclId,
        Egress,
        RuleNumber: 100,
        Protocol: '-1',
        RuleAction: 'allow',
        CidrBlock: '10.0.0.0/8',
      }),
    );
  const office = subnets['office-a'];
  const { NetworkAcls = [] } = await ec2.send(
    new DescribeNetworkAclsCommand({ Filters: [{ Name: 'association.subnet-id', Values: [office ?? ''] }] }),
  );
  const association = NetworkAcls[0]?.Associations?.find(({ SubnetId }) => SubnetId === office);
  await ec2.send(
    new ReplaceNetworkAclAssociationCommand({
      AssociationId: association?.NetworkAclAssociationId,
      NetworkAclId,
    }),
  );
}
