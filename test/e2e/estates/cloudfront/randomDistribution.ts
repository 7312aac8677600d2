import type * as sdk from '@aws-sdk/client-cloudfront';
import { SOURCE } from '../../../../scripts/demo/stage';
import type { Random } from '../random';
import { counted, type Used } from './randomPolicies';

/** AWS's own: cached as long as may be, and never. */
const MANAGED = ['658327ea-f89d-4fab-a63d-7e88639e58f6', '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'];
const METHODS: readonly sdk.Method[][] = [
  ['GET', 'HEAD'],
  ['GET', 'HEAD', 'OPTIONS'],
  ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
];

function origins(random: Random, used: Used): sdk.Origin[] {
  const bucket = (name: string): sdk.Origin => ({
    Id: name,
    DomainName: `${name}.s3${random.pick(['', `.${SOURCE.region}`])}.amazonaws.com`,
    OriginPath: random.pick(['', '/site']),
    OriginAccessControlId: random.pick(['', ...used.controls]),
    S3OriginConfig: { OriginAccessIdentity: '' },
    ...(random.chance(0.3) && { OriginShield: { Enabled: true, OriginShieldRegion: 'us-east-1' } }),
  });
  const custom = (Id: string, DomainName: string): sdk.Origin => ({
    Id,
    DomainName,
    ConnectionAttempts: random.int(1, 3),
    ConnectionTimeout: random.int(1, 10),
    CustomHeaders: counted(
      random
        .some(['X-Verify', 'X-Tier'], 0, 2)
        .map((HeaderName) => ({ HeaderName, HeaderValue: `of ${Id}` })),
    ),
    CustomOriginConfig: {
      HTTPPort: 80,
      HTTPSPort: random.pick([443, 8443]),
      OriginProtocolPolicy: random.pick(['https-only', 'match-viewer', 'http-only'] as const),
      OriginSslProtocols: counted(random.pick([['TLSv1.2'], ['TLSv1.1', 'TLSv1.2']] as sdk.SslProtocol[][])),
      OriginReadTimeout: random.int(5, 60),
      OriginKeepaliveTimeout: random.int(1, 60),
    },
  });
  return [
    bucket('pictures'),
    custom('shop', `shop-1.${SOURCE.region}.elb.amazonaws.com`),
    ...(random.chance() ? [custom('partner', 'api.partner.example')] : []),
    ...(random.chance() ? [bucket('archive')] : []),
  ];
}

/** A distribution as people write them, with its settings by chance. */
export function randomDistribution(
  random: Random,
  used: Used,
  CallerReference: string,
): sdk.DistributionConfig {
  const all = origins(random, used);
  const group = { Id: 'either', members: random.shuffled(all).slice(0, 2) };
  const targets = [...all.map(({ Id }) => Id ?? ''), group.Id];
  const behavior = (): sdk.DefaultCacheBehavior => ({
    TargetOriginId: random.pick(targets),
    ViewerProtocolPolicy: random.pick(['allow-all', 'https-only', 'redirect-to-https'] as const),
    Compress: random.chance(),
    AllowedMethods: {
      ...counted(random.pick(METHODS)),
      CachedMethods: counted(['GET', 'HEAD'] as sdk.Method[]),
    },
    ...(random.chance(0.7)
      ? {
          CachePolicyId: random.pick([...MANAGED, ...used.caches]),
          ...(used.requests.length > 0 && random.chance() && { OriginRequestPolicyId: used.requests[0] }),
        }
      : {
          ForwardedValues: {
            QueryString: random.chance(),
            Cookies: random.pick([
              { Forward: 'none' as const },
              { Forward: 'whitelist' as const, WhitelistedNames: counted(['session']) },
            ]),
            Headers: counted(random.some(['Origin', 'Accept'], 0, 2)),
          },
          MinTTL: 0,
          DefaultTTL: random.pick([0, 60]),
          MaxTTL: random.pick([60, 3600]),
        }),
    ...(used.responses.length > 0 && random.chance() && { ResponseHeadersPolicyId: used.responses[0] }),
    ...(used.functions.length > 0 &&
      random.chance() && {
        FunctionAssociations: counted([
          { EventType: 'viewer-request' as const, FunctionARN: random.pick(used.functions) },
        ]),
      }),
    ...(random.chance(0.2) && {
      LambdaFunctionAssociations: counted([
        {
          EventType: 'origin-request' as const,
          LambdaFunctionARN: `arn:aws:lambda:us-east-1:${SOURCE.account}:function:edge:1`,
        },
      ]),
    }),
  });
  const paths = random.some(['/api/*', '/pictures/*.png', '/a?c', '/static/*'], 0, 3);
  return {
    CallerReference,
    Comment: random.pick(['', 'the shop', 'Zürich & Genève']),
    Enabled: random.chance(0.8),
    DefaultRootObject: random.pick(['', 'index.html']),
    PriceClass: random.pick(['PriceClass_100', 'PriceClass_200', 'PriceClass_All'] as const),
    HttpVersion: random.pick(['http1.1', 'http2', 'http2and3'] as const),
    IsIPV6Enabled: random.chance(),
    Origins: counted(all),
    OriginGroups: counted([
      {
        Id: group.Id,
        FailoverCriteria: { StatusCodes: counted(random.some([403, 404, 500, 502, 503], 1, 3)) },
        Members: counted(group.members.map(({ Id }) => ({ OriginId: Id }))),
      },
    ]),
    DefaultCacheBehavior: behavior(),
    CacheBehaviors: counted(paths.map((PathPattern) => ({ ...behavior(), PathPattern }))),
    CustomErrorResponses: counted(
      random.some([403, 404, 503], 0, 2).map((ErrorCode) => ({
        ErrorCode,
        ErrorCachingMinTTL: random.int(0, 60),
        ...(random.chance() && { ResponseCode: '200', ResponsePagePath: '/error.html' }),
      })),
    ),
    Restrictions: {
      GeoRestriction: random.pick([
        { RestrictionType: 'none' as const, Quantity: 0 },
        { RestrictionType: 'whitelist' as const, ...counted(['DE', 'IE', 'FR']) },
        { RestrictionType: 'blacklist' as const, ...counted(['AQ']) },
      ]),
    },
    WebACLId: random.pick(['', `arn:aws:wafv2:us-east-1:${SOURCE.account}:global/webacl/w/1`]),
  };
}
