import { type CachePolicyConfig, ListCachePoliciesCommand } from '@aws-sdk/client-cloudfront';
import type { CachePolicyArgs } from '@pulumi/aws/cloudfront/cachePolicy';
import type { Kind } from '../kind';
import { resource } from '../mirrorContext';
import { filled, markedPages } from './cloudFront';
import { forwardedParts } from './forwardedParts';
import { type NamedPolicy, namedPolicies } from './namedPolicies';

export type CachePolicy = NamedPolicy<CachePolicyConfig>;

/** What CloudFront tells answers apart by in its cache, and how long it keeps them. */
export const cachePolicy: Kind<CachePolicy> = {
  name: 'cache-policy',
  title: 'CloudFront cache policy',
  types: ['aws:cloudfront/cachePolicy:CachePolicy'],
  iamActions: ['cloudfront:ListCachePolicies'],

  ...namedPolicies(
    (client) =>
      markedPages((Marker) => client.send(new ListCachePoliciesCommand({ Marker })), 'CachePolicyList'),
    ({ Type, CachePolicy: policy }) => ({ Type, policy, config: policy?.CachePolicyConfig }),
  ),

  mirror(item) {
    const { Comment, MinTTL, DefaultTTL, MaxTTL, ParametersInCacheKeyAndForwardedToOrigin } = item.config;
    const parameters = ParametersInCacheKeyAndForwardedToOrigin;
    return resource<CachePolicyArgs>('aws:cloudfront/cachePolicy:CachePolicy', {
      name: item.policyName,
      comment: filled(Comment),
      minTtl: MinTTL,
      defaultTtl: DefaultTTL,
      maxTtl: MaxTTL,
      parametersInCacheKeyAndForwardedToOrigin: {
        enableAcceptEncodingGzip: parameters?.EnableAcceptEncodingGzip ?? false,
        enableAcceptEncodingBrotli: parameters?.EnableAcceptEncodingBrotli ?? false,
        ...forwardedParts(parameters ?? {}),
      },
    });
  },

  // What is no longer in the cache's key no longer keeps one viewer's answer from another.
  danger(item, former) {
    if (!former) return undefined;
    const [now, before] = [keyParts(item), keyParts(former)];
    const isKept = (part: string) => now.has(part) || (part.includes('cookie') && now.has('every cookie'));
    const lost = [...before].filter((part) => !isKept(part));
    return lost.length > 0 ? `no longer keeps cached answers apart by ${lost.join(', ')}` : undefined;
  },

  quotas: [{ service: 'cloudfront', code: 'L-7D134442', name: 'Cache policies per AWS account' }],
};

/** The headers and cookies in the cache's key. */
function keyParts({ config }: CachePolicy): Set<string> {
  const { HeadersConfig, CookiesConfig } = config.ParametersInCacheKeyAndForwardedToOrigin ?? {};
  const cookies = CookiesConfig?.Cookies ?? [];
  const parts = (HeadersConfig?.Headers ?? []).map((name) => `header ${name.toLowerCase()}`);
  if (CookiesConfig?.CookieBehavior === 'whitelist') parts.push(...cookies.map((name) => `cookie ${name}`));
  if (CookiesConfig?.CookieBehavior === 'all') parts.push('every cookie');
  if (CookiesConfig?.CookieBehavior === 'allExcept') parts.push(`every cookie but ${cookies.join(' and ')}`);
  return new Set(parts);
}
