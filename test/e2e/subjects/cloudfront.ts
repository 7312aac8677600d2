import * as sdk from '@aws-sdk/client-cloudfront';
import { GLOBAL_REGION } from '../../../accounts';
import { present } from '../../../kinds/kind';
import type { Stage } from '../../../scripts/demo/stage';
import { changePolicies, headers } from './cloudfrontChanges';

/** The policy that AWS manages for content that is cached as long as it may be. */
const CACHING_OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';

/** A header by which an origin knows CloudFront. It may be read nowhere. */
export const ORIGIN_SECRET = 'only-cloudfront-says-this';

export const PEM = `-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAt1nVxpXWvJ5Pd0Zyo0oJ
fake+key+for+an+emulator+that+only+looks+at+its+first+line0123456
-----END PUBLIC KEY-----
`;

/** The buckets that sites serve: those must be the source's, or the sites are not mirrored. */
export const SITE_BUCKETS = ['pictures', 'archive'] as const;

// biome-ignore lint/suspicious/noExplicitAny: each command has types of its own.
type AnyCommand = new (input: any) => any;

/** What goes after the distribution that uses it, by the name of its id. */
const REMOVED: readonly (readonly [string, AnyCommand, AnyCommand])[] = [
  ['function', sdk.DescribeFunctionCommand, sdk.DeleteFunctionCommand],
  ['group', sdk.GetKeyGroupCommand, sdk.DeleteKeyGroupCommand],
  ['key', sdk.GetPublicKeyCommand, sdk.DeletePublicKeyCommand],
  ['cache', sdk.GetCachePolicyCommand, sdk.DeleteCachePolicyCommand],
  ['request', sdk.GetOriginRequestPolicyCommand, sdk.DeleteOriginRequestPolicyCommand],
  ['response', sdk.GetResponseHeadersPolicyCommand, sdk.DeleteResponseHeadersPolicyCommand],
  ['control', sdk.GetOriginAccessControlCommand, sdk.DeleteOriginAccessControlCommand],
  ['identity', sdk.GetCloudFrontOriginAccessIdentityCommand, sdk.DeleteCloudFrontOriginAccessIdentityCommand],
];

const LIST = <T>(...Items: T[]) => ({ Quantity: Items.length, Items });

/** CloudFront's client of one side. */
export function cloudFrontOf(stage: Stage, side: { account: string; region: string }): sdk.CloudFrontClient {
  return new sdk.CloudFrontClient({ ...stage.client(side), region: GLOBAL_REGION });
}

/** A distribution of a bucket and a load balancer with one of all that CloudFront has beside it. */
export class WebSite {
  /** Ids in the source, by what they are. */
  readonly ids: Record<string, string> = {};

  constructor(private readonly client: sdk.CloudFrontClient) {}

  async make(): Promise<void> {
    const { client, ids } = this;
    const control = await client.send(
      new sdk.CreateOriginAccessControlCommand({
        OriginAccessControlConfig: {
          Name: 'pictures',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      }),
    );
    ids.control = present(control.OriginAccessControl?.Id, 'Id');
    const identity = await client.send(
      new sdk.CreateCloudFrontOriginAccessIdentityCommand({
        CloudFrontOriginAccessIdentityConfig: { CallerReference: 'archive', Comment: 'archive' },
      }),
    );
    ids.identity = present(identity.CloudFrontOriginAccessIdentity?.Id, 'Id');
    await this.makePolicies();
    const key = await client.send(
      new sdk.CreatePublicKeyCommand({
        PublicKeyConfig: { CallerReference: 'signer', Name: 'signer', EncodedKey: PEM },
      }),
    );
    ids.key = present(key.PublicKey?.Id, 'Id');
    const group = await client.send(
      new sdk.CreateKeyGroupCommand({ KeyGroupConfig: { Name: 'signers', Items: [ids.key] } }),
    );
    ids.group = present(group.KeyGroup?.Id, 'Id');
    await this.writeFunction('return event.request;');
    const made = await client.send(
      new sdk.CreateDistributionWithTagsCommand({
        DistributionConfigWithTags: {
          DistributionConfig: this.config(),
          Tags: { Items: [{ Key: 'Name', Value: 'shop' }] },
        },
      }),
    );
    ids.distribution = present(made.Distribution?.Id, 'Id');
  }

  private async makePolicies(): Promise<void> {
    const { client, ids } = this;
    const none = {
      HeadersConfig: { HeaderBehavior: 'none' },
      CookiesConfig: { CookieBehavior: 'none' },
      QueryStringsConfig: { QueryStringBehavior: 'whitelist', QueryStrings: LIST('page') },
    } as const;
    const cached = await client.send(
      new sdk.CreateCachePolicyCommand({
        CachePolicyConfig: {
          Name: 'pages',
          MinTTL: 1,
          DefaultTTL: 60,
          MaxTTL: 3600,
          ParametersInCacheKeyAndForwardedToOrigin: { EnableAcceptEncodingGzip: true, ...none },
        },
      }),
    );
    ids.cache = present(cached.CachePolicy?.Id, 'Id');
    const passed = await client.send(
      new sdk.CreateOriginRequestPolicyCommand({
        OriginRequestPolicyConfig: {
          Name: 'language',
          ...none,
          HeadersConfig: { HeaderBehavior: 'allViewer' },
        },
      }),
    );
    ids.request = present(passed.OriginRequestPolicy?.Id, 'Id');
    const answered = await client.send(
      new sdk.CreateResponseHeadersPolicyCommand({ ResponseHeadersPolicyConfig: headers(31_536_000) }),
    );
    ids.response = present(answered.ResponseHeadersPolicy?.Id, 'Id');
  }

  /** Publishes the function with this body, after making it where it is not there. */
  private async writeFunction(body: string): Promise<void> {
    const Name = 'rewrite';
    const input = {
      Name,
      FunctionConfig: { Comment: '', Runtime: 'cloudfront-js-2.0' },
      FunctionCode: Buffer.from(`function handler(event) { ${body} }`),
    } as const;
    const found = await this.client.send(new sdk.DescribeFunctionCommand({ Name })).catch(() => undefined);
    const { ETag: IfMatch } = found
      ? await this.client.send(new sdk.UpdateFunctionCommand({ ...input, IfMatch: found.ETag }))
      : await this.client.send(new sdk.CreateFunctionCommand(input));
    const { FunctionSummary } = await this.client.send(new sdk.PublishFunctionCommand({ Name, IfMatch }));
    this.ids.function = present(FunctionSummary?.FunctionMetadata?.FunctionARN, 'FunctionARN');
  }

  private config(): sdk.DistributionConfig {
    const { ids } = this;
    const behavior = {
      ViewerProtocolPolicy: 'redirect-to-https',
      Compress: true,
      AllowedMethods: { ...LIST<sdk.Method>('GET', 'HEAD'), CachedMethods: LIST<sdk.Method>('GET', 'HEAD') },
    } as const;
    return {
      CallerReference: 'shop',
      Comment: 'the shop',
      Enabled: true,
      DefaultRootObject: 'index.html',
      PriceClass: 'PriceClass_100',
      HttpVersion: 'http2and3',
      IsIPV6Enabled: true,
      Origins: LIST<sdk.Origin>(
        {
          Id: 'pictures',
          DomainName: 'pictures.s3.eu-west-1.amazonaws.com',
          OriginAccessControlId: ids.control,
          S3OriginConfig: { OriginAccessIdentity: '' },
        },
        {
          Id: 'archive',
          DomainName: 'archive.s3.amazonaws.com',
          S3OriginConfig: { OriginAccessIdentity: `origin-access-identity/cloudfront/${ids.identity}` },
        },
        {
          Id: 'shop',
          DomainName: 'shop-1.eu-west-1.elb.amazonaws.com',
          CustomHeaders: LIST({ HeaderName: 'X-Origin-Verify', HeaderValue: ORIGIN_SECRET }),
          CustomOriginConfig: {
            HTTPPort: 80,
            HTTPSPort: 443,
            OriginProtocolPolicy: 'https-only',
            OriginSslProtocols: LIST<sdk.SslProtocol>('TLSv1.2'),
            OriginReadTimeout: 60,
          },
        },
      ),
      OriginGroups: LIST<sdk.OriginGroup>({
        Id: 'either',
        FailoverCriteria: { StatusCodes: LIST(500, 503) },
        Members: { Quantity: 2, Items: [{ OriginId: 'pictures' }, { OriginId: 'archive' }] },
      }),
      DefaultCacheBehavior: {
        ...behavior,
        TargetOriginId: 'shop',
        CachePolicyId: ids.cache,
        OriginRequestPolicyId: ids.request,
        ResponseHeadersPolicyId: ids.response,
        FunctionAssociations: LIST({ EventType: 'viewer-request', FunctionARN: ids.function }),
      },
      CacheBehaviors: LIST<sdk.CacheBehavior>(
        {
          ...behavior,
          PathPattern: '/pictures/*',
          TargetOriginId: 'either',
          CachePolicyId: CACHING_OPTIMIZED,
        },
        {
          ...behavior,
          PathPattern: '/paid/*',
          TargetOriginId: 'pictures',
          TrustedKeyGroups: { Enabled: true, Quantity: 1, Items: [present(ids.group, 'group')] },
          ForwardedValues: {
            QueryString: true,
            Cookies: { Forward: 'whitelist', WhitelistedNames: LIST('session') },
          },
          MinTTL: 0,
          DefaultTTL: 30,
          MaxTTL: 60,
        },
      ),
      CustomErrorResponses: LIST({
        ErrorCode: 404,
        ResponseCode: '404',
        ResponsePagePath: '/404.html',
        ErrorCachingMinTTL: 10,
      }),
      Restrictions: { GeoRestriction: { RestrictionType: 'whitelist', Quantity: 2, Items: ['DE', 'IE'] } },
    };
  }

  /** Changes a field of each, and of the distribution some. */
  async change(): Promise<void> {
    await changePolicies(this.client, this.ids);
    await this.writeFunction('event.request.uri += "x"; return event.request;');
    await this.changeDistribution();
  }

  private async changeDistribution(): Promise<void> {
    const { client, ids } = this;
    const found = await client.send(new sdk.GetDistributionConfigCommand({ Id: ids.distribution }));
    const config = present(found.DistributionConfig, 'DistributionConfig');
    const [pictures, paid] = present(config.CacheBehaviors?.Items, 'CacheBehaviors');
    await client.send(
      new sdk.UpdateDistributionCommand({
        Id: ids.distribution,
        IfMatch: found.ETag,
        DistributionConfig: {
          ...config,
          Comment: 'the new shop',
          CacheBehaviors: LIST(present(paid, '/paid/*'), present(pictures, '/pictures/*')),
          CustomErrorResponses: { Quantity: 0 },
          Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
        },
      }),
    );
    const ARN = present(
      (await client.send(new sdk.GetDistributionCommand({ Id: ids.distribution }))).Distribution?.ARN,
      'ARN',
    );
    await client.send(
      new sdk.TagResourceCommand({ Resource: ARN, Tags: { Items: [{ Key: 'team', Value: 'web' }] } }),
    );
    await client.send(new sdk.UntagResourceCommand({ Resource: ARN, TagKeys: { Items: ['Name'] } }));
  }

  /** Takes all of it away, as its owner would. */
  async remove(): Promise<void> {
    const { client, ids } = this;
    const found = await client.send(new sdk.GetDistributionConfigCommand({ Id: ids.distribution }));
    const DistributionConfig = { ...present(found.DistributionConfig, 'config'), Enabled: false };
    const { ETag } = await client.send(
      new sdk.UpdateDistributionCommand({ Id: ids.distribution, IfMatch: found.ETag, DistributionConfig }),
    );
    await client.send(new sdk.DeleteDistributionCommand({ Id: ids.distribution, IfMatch: ETag }));
    for (const [key, Get, Delete] of REMOVED) {
      const id = key === 'function' ? { Name: 'rewrite' } : { Id: present(ids[key], key) };
      const { ETag } = (await client.send(new Get(id))) as { ETag?: string };
      await client.send(new Delete({ ...id, IfMatch: ETag }));
    }
  }
}
