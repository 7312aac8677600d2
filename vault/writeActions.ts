import { BUCKETS_ACTIONS } from './bucketsActions';
import { CLOUDFRONT_ACTIONS } from './cloudfrontActions';
import { EDGE_ACTIONS } from './edgeActions';
import { IDENTITY_ACTIONS } from './identityActions';

/**
 * What the AWS provider calls in DR beside the kinds' own look-ups, for each Pulumi resource type that a kind makes. The
 * run role's policy is made of these; a test fails when a kind's type is not here.
 *
 * - `change`: creates and modifies. - `remove`: deletes, or modifies what AWS lets a policy tell by its tags; allowed only on what
 * carries our tag. - `read`: what the provider asks for when it reads the resource.
 */
export interface TypeActions {
  readonly change: readonly string[];
  readonly remove: readonly string[];
  readonly read: readonly string[];
}

const rule = (direction: 'Ingress' | 'Egress'): TypeActions => ({
  change: [
    `ec2:AuthorizeSecurityGroup${direction}`,
    `ec2:RevokeSecurityGroup${direction}`,
    'ec2:ModifySecurityGroupRules',
  ],
  remove: [],
  read: ['ec2:DescribeSecurityGroupRules'],
});

const range: TypeActions = {
  change: ['ec2:AssociateVpcCidrBlock', 'ec2:DisassociateVpcCidrBlock'],
  remove: [],
  read: ['ec2:DescribeVpcs'],
};

/** Of what a VPC holds and machines are launched with, by Pulumi token. */
export const NETWORK_ACTIONS: Readonly<Record<string, TypeActions>> = {
  'aws:ec2/vpc:Vpc': {
    change: [
      'ec2:CreateVpc',
      'ec2:ModifyVpcAttribute',
      'ec2:ModifyVpcTenancy',
      'ec2:AssociateVpcCidrBlock',
      'ec2:DisassociateVpcCidrBlock',
    ],
    remove: ['ec2:DeleteVpc'],
    // The provider tells the ids of the default ACL, main route table and default group with each VPC.
    read: [
      'ec2:DescribeVpcs',
      'ec2:DescribeVpcAttribute',
      'ec2:DescribeNetworkAcls',
      'ec2:DescribeRouteTables',
      'ec2:DescribeSecurityGroups',
    ],
  },
  'aws:ec2/subnet:Subnet': {
    change: [
      'ec2:CreateSubnet',
      'ec2:ModifySubnetAttribute',
      'ec2:AssociateSubnetCidrBlock',
      'ec2:DisassociateSubnetCidrBlock',
    ],
    remove: ['ec2:DeleteSubnet'],
    read: ['ec2:DescribeSubnets', 'ec2:DescribeNetworkInterfaces'],
  },
  'aws:ec2/subnetCidrReservation:SubnetCidrReservation': {
    // AWS knows no tags on reservations at their removal.
    change: ['ec2:CreateSubnetCidrReservation', 'ec2:DeleteSubnetCidrReservation'],
    remove: [],
    read: ['ec2:GetSubnetCidrReservations'],
  },
  'aws:ec2/managedPrefixList:ManagedPrefixList': {
    change: ['ec2:CreateManagedPrefixList'],
    remove: ['ec2:ModifyManagedPrefixList', 'ec2:DeleteManagedPrefixList'],
    read: ['ec2:DescribeManagedPrefixLists', 'ec2:GetManagedPrefixListEntries'],
  },
  'aws:ec2/keyPair:KeyPair': {
    change: ['ec2:ImportKeyPair'],
    remove: ['ec2:DeleteKeyPair'],
    read: ['ec2:DescribeKeyPairs'],
  },
  'aws:ec2/placementGroup:PlacementGroup': {
    change: ['ec2:CreatePlacementGroup'],
    remove: ['ec2:DeletePlacementGroup'],
    read: ['ec2:DescribePlacementGroups'],
  },
  'aws:ec2/launchTemplate:LaunchTemplate': {
    change: ['ec2:CreateLaunchTemplate'],
    remove: ['ec2:CreateLaunchTemplateVersion', 'ec2:ModifyLaunchTemplate', 'ec2:DeleteLaunchTemplate'],
    // It asks whether a type has CPU credits.
    read: ['ec2:DescribeLaunchTemplates', 'ec2:DescribeLaunchTemplateVersions', 'ec2:DescribeInstanceTypes'],
  },
  'aws:ec2/vpcEndpoint:VpcEndpoint': {
    change: ['ec2:CreateVpcEndpoint'],
    remove: ['ec2:ModifyVpcEndpoint', 'ec2:DeleteVpcEndpoints'],
    read: ['ec2:DescribeVpcEndpoints', 'ec2:DescribePrefixLists'],
  },
  'aws:ec2/securityGroup:SecurityGroup': {
    change: [
      'ec2:CreateSecurityGroup',
      // AWS gives each new group an outbound rule, which the provider takes away.
      'ec2:RevokeSecurityGroupEgress',
    ],
    remove: ['ec2:DeleteSecurityGroup'],
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:DescribeNetworkInterfaces'],
  },
  'aws:ec2/defaultSecurityGroup:DefaultSecurityGroup': {
    change: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupEgress',
    ],
    remove: [],
    read: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules'],
  },
  'aws:ec2/vpcIpv4CidrBlockAssociation:VpcIpv4CidrBlockAssociation': range,
  'aws:ec2/vpcIpv6CidrBlockAssociation:VpcIpv6CidrBlockAssociation': range,
  'aws:ec2/vpcDhcpOptions:VpcDhcpOptions': {
    // A set that is in use is taken off its VPCs before it goes.
    change: ['ec2:CreateDhcpOptions', 'ec2:AssociateDhcpOptions'],
    remove: ['ec2:DeleteDhcpOptions'],
    read: ['ec2:DescribeDhcpOptions', 'ec2:DescribeVpcs'],
  },
  'aws:ec2/vpcDhcpOptionsAssociation:VpcDhcpOptionsAssociation': {
    change: ['ec2:AssociateDhcpOptions'],
    remove: [],
    read: ['ec2:DescribeVpcs'],
  },
  'aws:ec2/internetGateway:InternetGateway': {
    change: ['ec2:CreateInternetGateway', 'ec2:AttachInternetGateway', 'ec2:DetachInternetGateway'],
    remove: ['ec2:DeleteInternetGateway'],
    read: ['ec2:DescribeInternetGateways'],
  },
  'aws:ec2/egressOnlyInternetGateway:EgressOnlyInternetGateway': {
    change: ['ec2:CreateEgressOnlyInternetGateway'],
    remove: ['ec2:DeleteEgressOnlyInternetGateway'],
    read: ['ec2:DescribeEgressOnlyInternetGateways'],
  },
  'aws:ec2/vpcPeeringConnection:VpcPeeringConnection': {
    change: [
      'ec2:CreateVpcPeeringConnection',
      'ec2:AcceptVpcPeeringConnection',
      'ec2:ModifyVpcPeeringConnectionOptions',
    ],
    remove: ['ec2:DeleteVpcPeeringConnection'],
    read: ['ec2:DescribeVpcPeeringConnections'],
  },
  'aws:ec2/routeTable:RouteTable': {
    change: ['ec2:CreateRouteTable', 'ec2:DisassociateRouteTable'],
    remove: ['ec2:DeleteRouteTable'],
    read: ['ec2:DescribeRouteTables'],
  },
  'aws:ec2/defaultRouteTable:DefaultRouteTable': {
    // Taken over, it is emptied.
    change: ['ec2:DeleteRoute', 'ec2:DisableVgwRoutePropagation'],
    remove: [],
    read: ['ec2:DescribeRouteTables'],
  },
  'aws:ec2/route:Route': {
    change: ['ec2:CreateRoute', 'ec2:ReplaceRoute', 'ec2:DeleteRoute'],
    remove: [],
    read: ['ec2:DescribeRouteTables'],
  },
  'aws:ec2/routeTableAssociation:RouteTableAssociation': {
    change: ['ec2:AssociateRouteTable', 'ec2:ReplaceRouteTableAssociation', 'ec2:DisassociateRouteTable'],
    remove: [],
    read: ['ec2:DescribeRouteTables'],
  },
  'aws:ec2/networkAcl:NetworkAcl': {
    // Before it goes, its subnets pass to the default ACL.
    change: ['ec2:CreateNetworkAcl', 'ec2:ReplaceNetworkAclAssociation'],
    remove: ['ec2:DeleteNetworkAcl'],
    read: ['ec2:DescribeNetworkAcls'],
  },
  'aws:ec2/defaultNetworkAcl:DefaultNetworkAcl': {
    // Taken over, it is emptied.
    change: ['ec2:DeleteNetworkAclEntry'],
    remove: [],
    read: ['ec2:DescribeNetworkAcls'],
  },
  'aws:ec2/networkAclRule:NetworkAclRule': {
    change: ['ec2:CreateNetworkAclEntry', 'ec2:DeleteNetworkAclEntry'],
    remove: [],
    read: ['ec2:DescribeNetworkAcls'],
  },
  'aws:ec2/networkAclAssociation:NetworkAclAssociation': {
    change: ['ec2:ReplaceNetworkAclAssociation'],
    remove: [],
    read: ['ec2:DescribeNetworkAcls'],
  },
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': rule('Ingress'),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': rule('Egress'),
};

/** By Pulumi token, whatever policy they are allowed by. */
export const WRITE_ACTIONS: Readonly<Record<string, TypeActions>> = {
  ...NETWORK_ACTIONS,
  ...EDGE_ACTIONS,
  ...CLOUDFRONT_ACTIONS,
  ...BUCKETS_ACTIONS,
  ...IDENTITY_ACTIONS,
};

/** Makes machines out of copies. Only the recover role may. */
export const RECOVERY_ACTIONS: TypeActions = {
  change: [
    'ec2:RegisterImage',
    'ec2:ModifyImageAttribute',
    'ec2:RunInstances',
    'ec2:CreateVolume',
    'ec2:AttachVolume',
    'ec2:CreateNetworkInterface',
    'ec2:CreateSnapshots',
    'ec2:CreateSnapshot',
  ],
  remove: [
    'ec2:AssociateIamInstanceProfile',
    'ec2:DeleteNetworkInterface',
    'ec2:DeregisterImage',
    'ec2:ModifyNetworkInterfaceAttribute',
    // It asks for it once more after the launch that did.
    'ec2:MonitorInstances',
    'ec2:UnmonitorInstances',
    'ec2:StartInstances',
    'ec2:StopInstances',
    'ec2:RebootInstances',
    'ec2:TerminateInstances',
    'ec2:ModifyInstanceAttribute',
    'ec2:ModifyInstanceMetadataOptions',
    'ec2:ModifyInstanceMaintenanceOptions',
    'ec2:ModifyInstanceCreditSpecification',
    'ec2:ModifyPrivateDnsNameOptions',
    'ec2:DetachVolume',
    'ec2:DeleteVolume',
    'ec2:ModifyVolume',
  ],
  read: [
    'ec2:DescribeIamInstanceProfileAssociations',
    'ec2:DescribeImages',
    'ec2:DescribeImageAttribute',
    'ec2:DescribeInstanceAttribute',
    'ec2:DescribeInstanceCreditSpecifications',
    'ec2:DescribeInstanceStatus',
    'ec2:DescribeInstanceTypes',
    'ec2:DescribeInstances',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSnapshots',
    'ec2:DescribeTags',
    'ec2:DescribeVolumes',
    'ec2:GetInstanceUefiData',
    'iam:GetInstanceProfile',
    // stand-down makes people type it.
    'iam:ListAccountAliases',
  ],
};
