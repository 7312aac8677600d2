import { acmCertificate, acmCertificateGlobal } from './acmCertificate';
import { autoScalingGroup } from './autoScalingGroup';
import { bucket } from './bucket';
import { bucketCors } from './bucketCors';
import { bucketEncryption } from './bucketEncryption';
import { bucketLifecycle } from './bucketLifecycle';
import { bucketObjectLock } from './bucketObjectLock';
import { bucketOwnership } from './bucketOwnership';
import { bucketPolicy } from './bucketPolicy';
import { bucketPublicAccessBlock } from './bucketPublicAccessBlock';
import { bucketVersioning } from './bucketVersioning';
import { bucketWebsite } from './bucketWebsite';
import { cachePolicy } from './cachePolicy';
import { cloudfrontFunction } from './cloudfrontFunction';
import { compositeAlarm } from './compositeAlarm';
import { dashboard } from './dashboard';
import { delegationSet } from './delegationSet';
import { dhcpOptions } from './dhcpOptions';
import { dhcpOptionsAssociation } from './dhcpOptionsAssociation';
import { distribution } from './distribution';
import { dnsRecord } from './dnsRecord';
import { egressOnlyInternetGateway } from './egressOnlyInternetGateway';
import { elasticIp } from './elasticIp';
import { calculatedHealthCheck, healthCheck } from './healthCheck';
import { hostedZone } from './hostedZone';
import { iamGroup } from './iamGroup';
import { iamGroupAttachment } from './iamGroupAttachment';
import { iamGroupPolicy } from './iamGroupPolicy';
import { iamInstanceProfile } from './iamInstanceProfile';
import { iamOidcProvider } from './iamOidcProvider';
import { iamPasswordPolicy } from './iamPasswordPolicy';
import { iamPolicy } from './iamPolicy';
import { iamRole } from './iamRole';
import { iamRoleAttachment } from './iamRoleAttachment';
import { iamRoleBoundary } from './iamRoleBoundary';
import { iamRolePolicy } from './iamRolePolicy';
import { iamSamlProvider } from './iamSamlProvider';
import { iamUser } from './iamUser';
import { iamUserAttachment } from './iamUserAttachment';
import { iamUserBoundary } from './iamUserBoundary';
import { iamUserMembership } from './iamUserMembership';
import { iamUserPolicy } from './iamUserPolicy';
import { image } from './image';
import { instance } from './instance';
import { internetGateway } from './internetGateway';
import { keyGroup } from './keyGroup';
import { keyPair } from './keyPair';
import type { AnyKind } from './kind';
import { launchTemplate } from './launchTemplate';
import { listener } from './listener';
import { listenerRule } from './listenerRule';
import { loadBalancer } from './loadBalancer';
import { metricAlarm } from './metricAlarm';
import { natGateway } from './natGateway';
import { networkAcl } from './networkAcl';
import { networkAclAssociation } from './networkAclAssociation';
import { networkAclEntry } from './networkAclEntry';
import { originAccessControl } from './originAccessControl';
import { originAccessIdentity } from './originAccessIdentity';
import { originRequestPolicy } from './originRequestPolicy';
import { placementGroup } from './placementGroup';
import { prefixList } from './prefixList';
import { publicKey } from './publicKey';
import { responseHeadersPolicy } from './responseHeadersPolicy';
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
import { targetGroupAttachment } from './targetGroupAttachment';
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
  elasticIp,
  natGateway,
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
  bucket,
  bucketVersioning,
  bucketEncryption,
  bucketOwnership,
  bucketPublicAccessBlock,
  bucketObjectLock,
  bucketCors,
  bucketWebsite,
  bucketLifecycle,
  acmCertificate,
  acmCertificateGlobal,
  targetGroup,
  snsTopic,
  ssmParameter,
  originAccessControl,
  originAccessIdentity,
  cachePolicy,
  originRequestPolicy,
  responseHeadersPolicy,
  publicKey,
  keyGroup,
  cloudfrontFunction,
  distribution,
  iamOidcProvider,
  iamSamlProvider,
  iamPolicy,
  iamRole,
  iamRoleBoundary,
  iamRolePolicy,
  iamRoleAttachment,
  iamInstanceProfile,
  iamGroup,
  iamGroupPolicy,
  iamGroupAttachment,
  iamUser,
  iamUserBoundary,
  iamUserPolicy,
  iamUserAttachment,
  iamUserMembership,
  iamPasswordPolicy,
  loadBalancer,
  listener,
  listenerRule,
  targetGroupAttachment,
  metricAlarm,
  compositeAlarm,
  healthCheck,
  calculatedHealthCheck,
  delegationSet,
  hostedZone,
  dnsRecord,
  launchTemplate,
  autoScalingGroup,
  volume,
  instance,
  // Last: they may name any of the others.
  snsTopicPolicy,
  bucketPolicy,
  dashboard,
];
