import * as sdk from '@aws-sdk/client-cloudfront';
import { present } from '../../../../kinds/kind';
import type { Random } from '../random';

/** Texts that CloudFront counts. */
export const counted = <T>(Items: readonly T[]) => ({ Quantity: Items.length, Items: [...Items] });

const HEADERS = ['Origin', 'Accept-Language', 'Authorization', 'X-Country', 'CloudFront-Viewer-Country'];
const COOKIES = ['session', 'lang', 'ab-test'];
const QUERIES = ['page', 'q', 'utm_source'];

/** Which headers, cookies and query strings, as people choose them. */
function randomParts(random: Random) {
  const headers = random.some(HEADERS, 0, 3);
  const cookies = random.some(COOKIES, 0, 2);
  const queries = random.some(QUERIES, 0, 2);
  return {
    HeadersConfig:
      headers.length > 0
        ? { HeaderBehavior: 'whitelist' as const, Headers: counted(headers) }
        : { HeaderBehavior: 'none' as const },
    CookiesConfig:
      cookies.length > 0
        ? { CookieBehavior: random.pick(['whitelist', 'allExcept'] as const), Cookies: counted(cookies) }
        : { CookieBehavior: random.pick(['none', 'all'] as const) },
    QueryStringsConfig:
      queries.length > 0
        ? { QueryStringBehavior: 'whitelist' as const, QueryStrings: counted(queries) }
        : { QueryStringBehavior: random.pick(['none', 'all'] as const) },
  };
}

export function randomCachePolicy(random: Random, Name: string): sdk.CachePolicyConfig {
  return {
    Name,
    Comment: random.pick(['', 'of the shop', 'für alle Seiten']),
    MinTTL: random.pick([0, 1]),
    DefaultTTL: random.pick([60, 3600]),
    MaxTTL: random.pick([3600, 86_400]),
    ParametersInCacheKeyAndForwardedToOrigin: {
      EnableAcceptEncodingGzip: random.chance(),
      EnableAcceptEncodingBrotli: random.chance(),
      ...randomParts(random),
    },
  };
}

export function randomRequestPolicy(random: Random, Name: string): sdk.OriginRequestPolicyConfig {
  return { Name, Comment: random.pick(['', 'passed on']), ...randomParts(random) };
}

export function randomResponsePolicy(random: Random, Name: string): sdk.ResponseHeadersPolicyConfig {
  const Override = random.chance();
  return {
    Name,
    Comment: random.pick(['', 'safe']),
    SecurityHeadersConfig: {
      FrameOptions: { Override, FrameOption: random.pick(['DENY', 'SAMEORIGIN'] as const) },
      ...(random.chance() && { ContentTypeOptions: { Override } }),
      ...(random.chance() && {
        StrictTransportSecurity: {
          Override,
          AccessControlMaxAgeSec: random.pick([60, 31_536_000]),
          IncludeSubdomains: random.chance(),
        },
      }),
      ...(random.chance() && {
        ContentSecurityPolicy: { Override, ContentSecurityPolicy: "default-src 'self'" },
      }),
    },
    ...(random.chance() && {
      CustomHeadersConfig: counted([{ Header: 'X-Site', Value: random.pick(['shop', 'a, b']), Override }]),
    }),
    ...(random.chance() && { ServerTimingHeadersConfig: { Enabled: true, SamplingRate: 50 } }),
  };
}

/** The ids of policies and controls that distributions of an estate use. */
export interface Used {
  readonly caches: readonly string[];
  readonly requests: readonly string[];
  readonly responses: readonly string[];
  readonly controls: readonly string[];
  readonly functions: readonly string[];
}

/** Makes them. */
export async function makeUsed(client: sdk.CloudFrontClient, random: Random): Promise<Used> {
  const names = (what: string, least: number, most: number) =>
    Array.from({ length: random.int(least, most) }, (_, index) => `${what}-${index}`);
  const used = { caches: [], requests: [], responses: [], controls: [], functions: [] } as {
    -readonly [K in keyof Used]: string[];
  };
  for (const name of names('cache', 1, 2)) {
    const made = await client.send(
      new sdk.CreateCachePolicyCommand({ CachePolicyConfig: randomCachePolicy(random, name) }),
    );
    used.caches.push(present(made.CachePolicy?.Id, 'Id'));
  }
  for (const name of names('request', 0, 1)) {
    const made = await client.send(
      new sdk.CreateOriginRequestPolicyCommand({
        OriginRequestPolicyConfig: randomRequestPolicy(random, name),
      }),
    );
    used.requests.push(present(made.OriginRequestPolicy?.Id, 'Id'));
  }
  for (const name of names('response', 0, 1)) {
    const made = await client.send(
      new sdk.CreateResponseHeadersPolicyCommand({
        ResponseHeadersPolicyConfig: randomResponsePolicy(random, name),
      }),
    );
    used.responses.push(present(made.ResponseHeadersPolicy?.Id, 'Id'));
  }
  for (const Name of names('control', 1, 2)) {
    const made = await client.send(
      new sdk.CreateOriginAccessControlCommand({
        OriginAccessControlConfig: {
          Name,
          Description: random.pick(['', 'signs']),
          OriginAccessControlOriginType: 's3',
          SigningBehavior: random.pick(['always', 'no-override'] as const),
          SigningProtocol: 'sigv4',
        },
      }),
    );
    used.controls.push(present(made.OriginAccessControl?.Id, 'Id'));
  }
  for (const Name of names('function', 0, 2)) {
    const made = await client.send(
      new sdk.CreateFunctionCommand({
        Name,
        FunctionConfig: {
          Comment: '',
          Runtime: random.pick(['cloudfront-js-1.0', 'cloudfront-js-2.0'] as const),
        },
        FunctionCode: Buffer.from(`function handler(event) { return event.request; } // ${Name} für alle`),
      }),
    );
    const { FunctionSummary } = await client.send(
      new sdk.PublishFunctionCommand({ Name, IfMatch: made.ETag }),
    );
    used.functions.push(present(FunctionSummary?.FunctionMetadata?.FunctionARN, 'FunctionARN'));
  }
  return used;
}
