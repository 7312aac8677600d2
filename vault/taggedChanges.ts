/**
 * What the run role may change only where it carries our tag. AWS's Service Authorization Reference names, for each of these, resources
 * that a policy can tell by their tags, and all of them are ours by then: the provider tags what it makes while it makes it, and
 * each VPC's own default group before it empties it.
 *
 * Not among them, and why:
 * - what creates: the new object has no tag yet;
 * - the other disassociations: AWS asks for no resource, or for one that may be AWS's own, such as its default DHCP options;
 * - DeleteRoute, DeleteNetworkAclEntry and DisableVgwRoutePropagation: the provider empties a VPC's own table and ACL before it tags
 *   them;
 * - DeleteSubnetCidrReservation: AWS knows no tags at the removal of one.
 */
export const TAGGED_CHANGES: ReadonlySet<string> = new Set([
  'ec2:AcceptVpcPeeringConnection',
  'ec2:AssociateRouteTable',
  'ec2:AssociateSubnetCidrBlock',
  'ec2:AssociateVpcCidrBlock',
  'ec2:AttachInternetGateway',
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:CreateNetworkAclEntry',
  'ec2:CreateRoute',
  'ec2:DetachInternetGateway',
  'ec2:ModifySecurityGroupRules',
  'ec2:ModifySubnetAttribute',
  'ec2:ModifyVpcAttribute',
  'ec2:ModifyVpcEndpoint',
  'ec2:ModifyVpcPeeringConnectionOptions',
  'ec2:ModifyVpcTenancy',
  'ec2:ReplaceNetworkAclAssociation',
  'ec2:ReplaceRoute',
  'ec2:ReplaceRouteTableAssociation',
  'ec2:RevokeSecurityGroupEgress',
  'ec2:RevokeSecurityGroupIngress',
]);

/** Those of them that may also name a rule that is only being made, or a prefix list of AWS's own. */
export const RULE_CHANGES = [
  'ec2:AuthorizeSecurityGroupEgress',
  'ec2:AuthorizeSecurityGroupIngress',
  'ec2:CreateRoute',
  'ec2:ModifySecurityGroupRules',
  'ec2:ReplaceRoute',
] as const;
