import type * as ec2 from '@aws-sdk/client-ec2';
import { type Fields, LeftOut } from './fields';
import { apart, arn, cidr, elsewhere, id, itself, operator, owner, state, tags } from './rules';

export const networkAcl: Fields<ec2.NetworkAcl> = {
  NetworkAclId: itself,
  OwnerId: owner,
  VpcId: id,
  IsDefault: 'same',
  Entries: apart,
  Associations: apart,
  Tags: tags,
};

export const networkAclEntry: Fields<ec2.NetworkAclEntry> = {
  RuleNumber: itself,
  Egress: itself,
  CidrBlock: cidr,
  Ipv6CidrBlock: cidr,
  IcmpTypeCode: 'same',
  PortRange: 'same',
  Protocol: 'same',
  RuleAction: 'same',
};

export const securityGroup: Fields<ec2.SecurityGroup> = {
  GroupId: itself,
  SecurityGroupArn: arn,
  OwnerId: owner,
  VpcId: id,
  GroupName: 'same',
  Description: 'same',
  IpPermissions: apart,
  IpPermissionsEgress: apart,
  Tags: tags,
};

export const securityGroupRule: Fields<ec2.SecurityGroupRule> = {
  SecurityGroupRuleId: itself,
  SecurityGroupRuleArn: arn,
  GroupOwnerId: owner,
  GroupId: id,
  IsEgress: 'same',
  IpProtocol: 'same',
  FromPort: 'same',
  ToPort: 'same',
  CidrIpv4: 'same',
  CidrIpv6: cidr,
  PrefixListId: id,
  ReferencedGroupInfo: ({ UserId, PeeringStatus, ...rest }, names) => [
    UserId && names.text(UserId),
    PeeringStatus,
    names.deep(rest),
  ],
  Description: 'same',
  Tags: tags,
};

export const prefixList: Fields<ec2.ManagedPrefixList> = {
  PrefixListId: itself,
  PrefixListArn: arn,
  OwnerId: owner,
  State: state,
  StateMessage: state,
  Version: new LeftOut('it counts how often a list was changed'),
  IpamPrefixListResolverTargetId: new LeftOut('IPAM is billed'),
  IpamPrefixListResolverSyncEnabled: new LeftOut('likewise'),
  PrefixListName: 'same',
  AddressFamily: 'same',
  MaxEntries: 'same',
  Tags: tags,
};

export const prefixListEntry: Fields<ec2.PrefixListEntry> = { Cidr: itself, Description: 'same' };

export const keyPair: Fields<ec2.KeyPairInfo> = {
  KeyPairId: itself,
  CreateTime: state,
  KeyName: 'same',
  KeyType: 'same',
  // AWS writes the key's name behind it.
  PublicKey: (key) => key.split(' ').slice(0, 2),
  KeyFingerprint: new LeftOut('made of the public key; of the private one for a key that AWS made'),
  Tags: tags,
};

export const placementGroup: Fields<ec2.PlacementGroup> = {
  GroupId: itself,
  GroupArn: arn,
  State: state,
  GroupName: 'same',
  Strategy: 'same',
  PartitionCount: 'same',
  SpreadLevel: 'same',
  LinkedGroupId: elsewhere,
  ParentGroupId: elsewhere,
  Operator: operator,
  Tags: tags,
};

export const launchTemplate: Fields<ec2.LaunchTemplate> = {
  LaunchTemplateId: itself,
  CreateTime: state,
  CreatedBy: state,
  LaunchTemplateName: 'same',
  DefaultVersionNumber: new LeftOut(
    'versions are counted from one on each side; the default one is compared',
  ),
  LatestVersionNumber: new LeftOut('likewise'),
  Operator: operator,
  Tags: tags,
};

export const launchTemplateVersion: Fields<ec2.LaunchTemplateVersion> = {
  LaunchTemplateId: itself,
  LaunchTemplateName: itself,
  VersionNumber: itself,
  DefaultVersion: itself,
  CreateTime: state,
  CreatedBy: state,
  VersionDescription: 'same',
  Operator: operator,
  // An image of the source's own is not in DR at rest: its machines are recovered from copies.
  LaunchTemplateData: ({ ImageId, NetworkInterfaces, ...data }, names) => ({
    ...(names.deep(data) as object),
    // The provider always names the card; where nobody does, AWS takes the first.
    NetworkInterfaces: NetworkInterfaces?.map((each) => names.deep({ NetworkCardIndex: 0, ...each })),
    ImageId: names.isOwnImage(ImageId) ? undefined : names.id(ImageId),
  }),
};
