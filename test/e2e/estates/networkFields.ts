import type * as ec2 from '@aws-sdk/client-ec2';
import { type Fields, LeftOut } from './fields';
import type { Names } from './names';
import type { AccountContent } from './readAccount';
import {
  apart,
  arn,
  elsewhere,
  guardedElsewhere,
  id,
  itself,
  owner,
  state,
  tags,
  text,
  twice,
} from './rules';

export const vpc: Fields<AccountContent['vpcs'][number]> = {
  VpcId: itself,
  OwnerId: owner,
  State: state,
  CidrBlock: 'same',
  CidrBlockAssociationSet: (sets) =>
    sets
      .filter(({ CidrBlockState }) => CidrBlockState?.State === 'associated')
      .map(({ CidrBlock = '' }) => CidrBlock)
      .sort(),
  Ipv6CidrBlockAssociationSet: (sets, names) =>
    sets
      .filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated')
      .map(({ Ipv6CidrBlock, Ipv6Pool }) => [names.cidr(Ipv6CidrBlock), Ipv6Pool]),
  DhcpOptionsId: id,
  InstanceTenancy: 'same',
  IsDefault: 'same',
  BlockPublicAccessStates: guardedElsewhere,
  EncryptionControl: new LeftOut('an object of its own, and billed'),
  Tags: tags,
  attributes: 'same',
};

export const dhcpOptions: Fields<ec2.DhcpOptions> = {
  DhcpOptionsId: itself,
  OwnerId: owner,
  DhcpConfigurations: (configurations, names) =>
    configurations
      .map(({ Key, Values }) => [Key, ...(Values ?? []).map(({ Value = '' }) => names.text(Value))])
      .sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  Tags: tags,
};

const attachments = (value: ec2.InternetGatewayAttachment[], names: Names) =>
  value.map(({ VpcId }) => names.id(VpcId));

export const internetGateway: Fields<ec2.InternetGateway> = {
  InternetGatewayId: itself,
  OwnerId: owner,
  Attachments: attachments,
  Tags: tags,
};

export const egressOnlyInternetGateway: Fields<ec2.EgressOnlyInternetGateway> = {
  EgressOnlyInternetGatewayId: itself,
  Attachments: attachments,
  Tags: tags,
};

export const subnet: Fields<ec2.Subnet> = {
  SubnetId: itself,
  SubnetArn: arn,
  OwnerId: owner,
  State: state,
  AvailableIpAddressCount: state,
  VpcId: id,
  CidrBlock: 'same',
  AvailabilityZoneId: (zone, names) => names.zone(zone),
  AvailabilityZone: new LeftOut('the letter of a zone is another one in each account; the id is compared'),
  Ipv6CidrBlockAssociationSet: (sets, names) =>
    sets
      .filter(({ Ipv6CidrBlockState }) => Ipv6CidrBlockState?.State === 'associated')
      .map(({ Ipv6CidrBlock }) => names.cidr(Ipv6CidrBlock)),
  Ipv6Native: 'same',
  AssignIpv6AddressOnCreation: 'same',
  MapPublicIpOnLaunch: 'same',
  EnableDns64: 'same',
  PrivateDnsNameOptionsOnLaunch: 'same',
  DefaultForAz: 'same',
  EnableLniAtDeviceIndex: elsewhere,
  MapCustomerOwnedIpOnLaunch: elsewhere,
  CustomerOwnedIpv4Pool: elsewhere,
  OutpostArn: elsewhere,
  BlockPublicAccessStates: guardedElsewhere,
  Type: twice,
  Tags: tags,
};

export const reservation: Fields<ec2.SubnetCidrReservation> = {
  SubnetCidrReservationId: itself,
  SubnetId: itself,
  Cidr: itself,
  OwnerId: owner,
  ReservationType: 'same',
  Description: 'same',
  Tags: new LeftOut("the provider's resource has none"),
};

export const routeTable: Fields<ec2.RouteTable> = {
  RouteTableId: itself,
  OwnerId: owner,
  VpcId: id,
  Routes: apart,
  Associations: apart,
  PropagatingVgws: new LeftOut('virtual private gateways are billed'),
  Tags: tags,
};

const billedTarget = new LeftOut('a route to it is no part of DR at rest');

export const route: Fields<ec2.Route> = {
  DestinationCidrBlock: itself,
  DestinationIpv6CidrBlock: itself,
  DestinationPrefixListId: itself,
  GatewayId: id,
  EgressOnlyInternetGatewayId: id,
  VpcPeeringConnectionId: id,
  Origin: 'same',
  State: 'same',
  InstanceId: billedTarget,
  InstanceOwnerId: billedTarget,
  NatGatewayId: billedTarget,
  TransitGatewayId: billedTarget,
  LocalGatewayId: billedTarget,
  CarrierGatewayId: billedTarget,
  NetworkInterfaceId: billedTarget,
  CoreNetworkArn: billedTarget,
  OdbNetworkArn: billedTarget,
  IpAddress: billedTarget,
};

const interfacesOnly = new LeftOut('gateway endpoints have none; the others are billed');

export const endpoint: Fields<ec2.VpcEndpoint> = {
  VpcEndpointId: itself,
  OwnerId: owner,
  State: state,
  CreationTimestamp: state,
  LastError: state,
  FailureReason: state,
  VpcId: id,
  VpcEndpointType: 'same',
  ServiceName: text,
  ServiceRegion: text,
  PolicyDocument: (policy, names) => JSON.parse(names.text(policy)),
  RouteTableIds: (ids, names) => ids.map((each) => names.id(each)).sort(),
  RequesterManaged: 'same',
  Tags: tags,
  IpAddressType: interfacesOnly,
  DnsOptions: interfacesOnly,
  PrivateDnsEnabled: interfacesOnly,
  SubnetIds: interfacesOnly,
  Groups: interfacesOnly,
  NetworkInterfaceIds: interfacesOnly,
  DnsEntries: interfacesOnly,
  Ipv4Prefixes: interfacesOnly,
  Ipv6Prefixes: interfacesOnly,
  ServiceNetworkArn: interfacesOnly,
  ResourceConfigurationArn: interfacesOnly,
  PayerResponsibilities: interfacesOnly,
};

const end = (value: ec2.VpcPeeringConnectionVpcInfo, names: Names) => ({
  vpc: names.id(value.VpcId),
  region: names.text(value.Region ?? ''),
  account: names.text(value.OwnerId ?? ''),
  // Ranges are the VPC's.
  options: value.PeeringOptions,
});

export const peering: Fields<ec2.VpcPeeringConnection> = {
  VpcPeeringConnectionId: itself,
  RequesterVpcInfo: end,
  AccepterVpcInfo: end,
  ExpirationTime: state,
  Status: ({ Code }) => Code,
  Tags: tags,
};
