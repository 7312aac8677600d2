import type {
  CachePolicyCookiesConfig,
  CachePolicyHeadersConfig,
  CachePolicyQueryStringsConfig,
  OriginRequestPolicyCookiesConfig,
  OriginRequestPolicyHeadersConfig,
  OriginRequestPolicyQueryStringsConfig,
} from '@aws-sdk/client-cloudfront';
import type { Tidy } from './cloudFront';

/** Which cookies, headers and query strings a policy is about, under AWS's names. */
export interface ForwardedParts {
  readonly CookiesConfig?: Tidy<CachePolicyCookiesConfig | OriginRequestPolicyCookiesConfig>;
  readonly HeadersConfig?: Tidy<CachePolicyHeadersConfig | OriginRequestPolicyHeadersConfig>;
  readonly QueryStringsConfig?: Tidy<CachePolicyQueryStringsConfig | OriginRequestPolicyQueryStringsConfig>;
}

/** The same as the provider takes it. */
export function forwardedParts({ CookiesConfig, HeadersConfig, QueryStringsConfig }: ForwardedParts) {
  const cookies = items(CookiesConfig?.Cookies);
  const headers = items(HeadersConfig?.Headers);
  const queryStrings = items(QueryStringsConfig?.QueryStrings);
  return {
    cookiesConfig: { cookieBehavior: CookiesConfig?.CookieBehavior ?? 'none', ...(cookies && { cookies }) },
    headersConfig: { headerBehavior: HeadersConfig?.HeaderBehavior ?? 'none', ...(headers && { headers }) },
    queryStringsConfig: {
      queryStringBehavior: QueryStringsConfig?.QueryStringBehavior ?? 'none',
      ...(queryStrings && { queryStrings }),
    },
  };
}

function items(list: readonly string[] | undefined): { items: string[] } | undefined {
  return list && list.length > 0 ? { items: [...list] } : undefined;
}
