/**
 * What the AWS provider calls in DR beside the kinds' own look-ups, for each Pulumi resource type that a kind makes. The
 * run role's policy is made of these; a test fails when a kind's type is not here.
 *
 * - `change`: creates and modifies. - `remove`: deletes, or modifies what AWS lets a policy tell by its tags; allowed only on what
 * carries our tag. - `read`: what the
 * provider asks for when it reads the resource.
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

/** By Pulumi token. */
export const WRITE_ACTIONS: Readonly<Record<string, TypeActions>> = {
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
  'aws:ec2/securityGroup:SecurityGroup': {
    change: [
      'ec2:CreateSecurityGroup',
      'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
      'ec2:UpdateSecurityGroupRuleDescriptionsEgress',
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
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': rule('Ingress'),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': rule('Egress'),
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
    'ec2:DeregisterImage',
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
