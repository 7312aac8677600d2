import { acmCertificate, acmCertificateGlobal } from './acmCertificate';
import { autoScalingGroup } from './autoScalingGroup';
import { dhcpOptions } from './dhcpOptions';
import { dhcpOptionsAssociation } from './dhcpOptionsAssociation';
import { egressOnlyInternetGateway } from './egressOnlyInternetGateway';
import { image } from './image';
import { instance } from './instance';
import { internetGateway } from './internetGateway';
import { keyPair } from './keyPair';
import type { AnyKind } from './kind';
import { launchTemplate } from './launchTemplate';
import { networkAcl } from './networkAcl';
import { networkAclAssociation } from './networkAclAssociation';
import { networkAclEntry } from './networkAclEntry';
import { placementGroup } from './placementGroup';
import { prefixList } from './prefixList';
import { route } from './route';
import { routeTable } from './routeTable';
import { routeTableAssociation } from './routeTableAssociation';
import { securityGroup } from './securityGroup';
import { securityGroupRule } from './securityGroupRule';
import { snsTopic } from './snsTopic';
import { snsTopicPolicy } from './snsTopicPolicy';
import { ssmParameter } from './ssmParameter';
import { subnet } from './subnet';
import { subnetCidrReservation } from './subnetCidrReservation';
import { targetGroup } from './targetGroup';
import { volume } from './volume';
import { vpc } from './vpc';
import { vpcEndpoint } from './vpcEndpoint';
import { vpcIpv4Range } from './vpcIpv4Range';
import { vpcIpv6Range } from './vpcIpv6Range';
import { vpcPeeringConnection } from './vpcPeeringConnection';

/** Every kind, each after all kinds that it refers to. A kind that is not here does not exist. */
export const kinds: readonly AnyKind[] = [
  dhcpOptions,
  vpc,
  vpcIpv4Range,
  vpcIpv6Range,
  prefixList,
  dhcpOptionsAssociation,
  internetGateway,
  egressOnlyInternetGateway,
  vpcPeeringConnection,
  subnet,
  subnetCidrReservation,
  routeTable,
  route,
  routeTableAssociation,
  networkAcl,
  networkAclEntry,
  networkAclAssociation,
  securityGroup,
  securityGroupRule,
  vpcEndpoint,
  keyPair,
  placementGroup,
  image,
  launchTemplate,
  targetGroup,
  snsTopic,
  snsTopicPolicy,
  ssmParameter,
  acmCertificate,
  acmCertificateGlobal,
  autoScalingGroup,
  volume,
  instance,
];
