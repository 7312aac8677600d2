import { listener } from './balancing/listener';
import { listenerRule } from './balancing/listenerRule';
import { loadBalancer } from './balancing/loadBalancer';
import { targetGroup } from './balancing/targetGroup';
import { targetGroupAttachment } from './balancing/targetGroupAttachment';
import { bucket } from './buckets/bucket';
import { bucketCors } from './buckets/bucketCors';
import { bucketEncryption } from './buckets/bucketEncryption';
import { bucketLifecycle } from './buckets/bucketLifecycle';
import { bucketObjectLock } from './buckets/bucketObjectLock';
import { bucketOwnership } from './buckets/bucketOwnership';
import { bucketPolicy } from './buckets/bucketPolicy';
import { bucketPublicAccessBlock } from './buckets/bucketPublicAccessBlock';
import { bucketVersioning } from './buckets/bucketVersioning';
import { bucketWebsite } from './buckets/bucketWebsite';
import { cachePolicy } from './cloudfront/cachePolicy';
import { cloudfrontFunction } from './cloudfront/cloudfrontFunction';
import { distribution } from './cloudfront/distribution';
import { keyGroup } from './cloudfront/keyGroup';
import { originAccessControl } from './cloudfront/originAccessControl';
import { originAccessIdentity } from './cloudfront/originAccessIdentity';
import { originRequestPolicy } from './cloudfront/originRequestPolicy';
import { publicKey } from './cloudfront/publicKey';
import { responseHeadersPolicy } from './cloudfront/responseHeadersPolicy';
import { delegationSet } from './dns/delegationSet';
import { dnsRecord } from './dns/dnsRecord';
import { calculatedHealthCheck, healthCheck } from './dns/healthCheck';
import { hostedZone } from './dns/hostedZone';
import { iamGroup } from './iam/iamGroup';
import { iamGroupAttachment } from './iam/iamGroupAttachment';
import { iamGroupPolicy } from './iam/iamGroupPolicy';
import { iamInstanceProfile } from './iam/iamInstanceProfile';
import { iamOidcProvider } from './iam/iamOidcProvider';
import { iamPasswordPolicy } from './iam/iamPasswordPolicy';
import { iamPolicy } from './iam/iamPolicy';
import { iamRole } from './iam/iamRole';
import { iamRoleAttachment } from './iam/iamRoleAttachment';
import { iamRoleBoundary } from './iam/iamRoleBoundary';
import { iamRolePolicy } from './iam/iamRolePolicy';
import { iamSamlProvider } from './iam/iamSamlProvider';
import { iamUser } from './iam/iamUser';
import { iamUserAttachment } from './iam/iamUserAttachment';
import { iamUserBoundary } from './iam/iamUserBoundary';
import { iamUserMembership } from './iam/iamUserMembership';
import { iamUserPolicy } from './iam/iamUserPolicy';
import type { AnyKind } from './kind';
import { autoScalingGroup } from './machines/autoScalingGroup';
import { image } from './machines/image';
import { instance } from './machines/instance';
import { keyPair } from './machines/keyPair';
import { launchTemplate } from './machines/launchTemplate';
import { placementGroup } from './machines/placementGroup';
import { volume } from './machines/volume';
import { dhcpOptions } from './network/dhcpOptions';
import { dhcpOptionsAssociation } from './network/dhcpOptionsAssociation';
import { egressOnlyInternetGateway } from './network/egressOnlyInternetGateway';
import { elasticIp } from './network/elasticIp';
import { internetGateway } from './network/internetGateway';
import { natGateway } from './network/natGateway';
import { networkAcl } from './network/networkAcl';
import { networkAclAssociation } from './network/networkAclAssociation';
import { networkAclEntry } from './network/networkAclEntry';
import { prefixList } from './network/prefixList';
import { route } from './network/route';
import { routeTable } from './network/routeTable';
import { routeTableAssociation } from './network/routeTableAssociation';
import { securityGroup } from './network/securityGroup';
import { securityGroupRule } from './network/securityGroupRule';
import { subnet } from './network/subnet';
import { subnetCidrReservation } from './network/subnetCidrReservation';
import { vpc } from './network/vpc';
import { vpcEndpoint } from './network/vpcEndpoint';
import { vpcIpv4Range } from './network/vpcIpv4Range';
import { vpcIpv6Range } from './network/vpcIpv6Range';
import { vpcPeeringConnection } from './network/vpcPeeringConnection';
import { acmCertificate, acmCertificateGlobal } from './services/acmCertificate';
import { snsTopic } from './services/snsTopic';
import { snsTopicPolicy } from './services/snsTopicPolicy';
import { ssmParameter } from './services/ssmParameter';
import { compositeAlarm } from './watch/compositeAlarm';
import { dashboard } from './watch/dashboard';
import { metricAlarm } from './watch/metricAlarm';

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
