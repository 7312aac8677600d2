import type { DistributionArgs } from '@pulumi/aws/cloudfront/distribution';
import { present } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import { filled } from './cloudFront';
import type { Distribution } from './distribution';
import { distributionOrigins } from './distributionOrigins';
import { type Behavior, lastPart } from './distributionParts';

/** What of a configuration is carried over, or said by a note of its own below. AWS adds to it now and then. */
const SEEN_TO = new Set([
  'AnycastIpListId',
  'CacheBehaviors',
  'Comment',
  'ConnectionMode',
  'ContinuousDeploymentPolicyId',
  'CustomErrorResponses',
  'DefaultCacheBehavior',
  'DefaultRootObject',
  'Enabled',
  'HttpVersion',
  'IsIPV6Enabled',
  'Logging',
  'OriginGroups',
  'PriceClass',
  'Restrictions',
  'Staging',
  'ViewerCertificate',
  'WebACLId',
]);

/** The provider's arguments of a distribution that waits: disabled, under CloudFront's own name and certificate. */
export function distributionArgs(item: Distribution, ctx: MirrorContext): DistributionArgs {
  const { config } = item;
  noteLeftOut(item, ctx);
  return {
    enabled: false,
    // A change takes minutes to be deployed everywhere, and nothing here waits for it.
    waitForDeployment: false,
    comment: filled(config.Comment),
    defaultRootObject: filled(config.DefaultRootObject),
    httpVersion: config.HttpVersion,
    isIpv6Enabled: config.IsIPV6Enabled,
    priceClass: config.PriceClass,
    origins: distributionOrigins(item, ctx),
    originGroups: (config.OriginGroups ?? []).map((group) => ({
      originId: present(group.Id, 'Id'),
      failoverCriteria: { statusCodes: group.FailoverCriteria?.StatusCodes ?? [] },
      members: (group.Members ?? []).map(({ OriginId }) => ({ originId: present(OriginId, 'OriginId') })),
    })),
    defaultCacheBehavior: behavior(present(config.DefaultCacheBehavior, 'DefaultCacheBehavior'), ctx),
    orderedCacheBehaviors: (config.CacheBehaviors ?? []).map((each) => ({
      pathPattern: present(each.PathPattern, 'PathPattern'),
      ...behavior(each, ctx),
    })),
    customErrorResponses: (config.CustomErrorResponses ?? []).map((each) => ({
      errorCode: present(each.ErrorCode, 'ErrorCode'),
      errorCachingMinTtl: each.ErrorCachingMinTTL,
      responseCode: filled(each.ResponseCode) === undefined ? undefined : Number(each.ResponseCode),
      responsePagePath: filled(each.ResponsePagePath),
    })),
    restrictions: {
      geoRestriction: {
        restrictionType: config.Restrictions?.GeoRestriction?.RestrictionType ?? 'none',
        locations: config.Restrictions?.GeoRestriction?.Items ?? [],
      },
    },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
    tags: ctx.tags(item),
  };
}

function behavior(each: Behavior, ctx: MirrorContext) {
  const forwarded = each.ForwardedValues;
  const signers = each.TrustedSigners?.Items ?? [];
  const groups = each.TrustedKeyGroups?.Items ?? [];
  return {
    targetOriginId: present(each.TargetOriginId, 'TargetOriginId'),
    viewerProtocolPolicy: present(each.ViewerProtocolPolicy, 'ViewerProtocolPolicy'),
    allowedMethods: each.AllowedMethods?.Items ?? [],
    cachedMethods: each.AllowedMethods?.CachedMethods ?? [],
    compress: each.Compress,
    smoothStreaming: each.SmoothStreaming,
    grpcConfig: each.GrpcConfig?.Enabled ? { enabled: true } : undefined,
    cachePolicyId: policy('cache-policy', each.CachePolicyId, ctx),
    originRequestPolicyId: policy('origin-request-policy', each.OriginRequestPolicyId, ctx),
    responseHeadersPolicyId: policy('response-headers-policy', each.ResponseHeadersPolicyId, ctx),
    forwardedValues: forwarded && {
      queryString: present(forwarded.QueryString, 'QueryString'),
      queryStringCacheKeys: forwarded.QueryStringCacheKeys ?? [],
      headers: forwarded.Headers ?? [],
      cookies: {
        forward: present(forwarded.Cookies?.Forward, 'Forward'),
        whitelistedNames: forwarded.Cookies?.WhitelistedNames ?? [],
      },
    },
    // With a cache policy they are the policy's.
    ...(forwarded && { minTtl: each.MinTTL, defaultTtl: each.DefaultTTL, maxTtl: each.MaxTTL }),
    trustedKeyGroups: groups.map((id) => ctx.ref('key-group', id)),
    trustedSigners: signers.map((signer) => (signer === ctx.source.account ? ctx.dr.account : signer)),
    functionAssociations: (each.FunctionAssociations ?? []).map(({ EventType, FunctionARN }) => ({
      eventType: present(EventType, 'EventType'),
      functionArn: ctx.output('cloudfront-function', lastPart(present(FunctionARN, 'FunctionARN')), 'arn'),
    })),
  };
}

function policy(kind: string, id: string | undefined, ctx: MirrorContext) {
  const known = filled(id);
  return known === undefined ? undefined : ctx.ref(kind, known);
}

function noteLeftOut(item: Distribution, ctx: MirrorContext): void {
  const { config, aliases } = item;
  const { Logging: logging } = config;
  const certificate =
    config.ViewerCertificate?.ACMCertificateArn ?? config.ViewerCertificate?.IAMCertificateId;
  if (aliases.length > 0)
    ctx.note(
      `waits disabled and without the names ${aliases.join(', ')}, which the source's has; in a recovery: npx lifeboat move-names`,
    );
  if (certificate) ctx.note(`waits under CloudFront's own certificate in the place of ${certificate}`);
  if (filled(config.WebACLId))
    ctx.note(`does without its web ACL ${config.WebACLId}: web ACLs are not mirrored`);
  if (logging?.Enabled)
    ctx.note(
      `writes no logs: the source's go to ${logging.Bucket}${logging.Prefix && ` under ${logging.Prefix}`}`,
    );
  if (filled(config.AnycastIpListId))
    ctx.note(`does without its static addresses ${config.AnycastIpListId}: they are billed by the hour`);
  for (const each of [
    ...(config.CacheBehaviors ?? []),
    { ...config.DefaultCacheBehavior, PathPattern: '*' },
  ]) {
    const path = present(each.PathPattern, 'PathPattern');
    for (const { LambdaFunctionARN } of each.LambdaFunctionAssociations ?? [])
      ctx.note(`does without ${LambdaFunctionARN} for ${path}: no function of Lambda is mirrored`);
    if (filled(each.RealtimeLogConfigArn)) ctx.note(`writes no real-time log for ${path}`);
    if (filled(each.FieldLevelEncryptionId))
      ctx.note(
        `does without the encryption of fields ${each.FieldLevelEncryptionId} for ${path}: it is not mirrored`,
      );
  }
  for (const [name, value] of Object.entries(config))
    if (!SEEN_TO.has(name) && hasValue(value))
      ctx.note(`leaves out ${name}, which this program does not know`);
}

function hasValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value !== null && typeof value === 'object') return Object.values(value).some(hasValue);
  return value !== undefined && value !== '' && value !== false;
}
