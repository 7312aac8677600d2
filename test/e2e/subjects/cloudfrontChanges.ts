import * as sdk from '@aws-sdk/client-cloudfront';
import { present } from '../../../kinds/kind';

/** Changes a field of each policy, control, identity, key and group. */
export async function changePolicies(
  client: sdk.CloudFrontClient,
  ids: Readonly<Record<string, string>>,
): Promise<void> {
  const control = await client.send(new sdk.GetOriginAccessControlCommand({ Id: ids.control }));
  await client.send(
    new sdk.UpdateOriginAccessControlCommand({
      Id: ids.control,
      IfMatch: control.ETag,
      OriginAccessControlConfig: {
        ...present(control.OriginAccessControl?.OriginAccessControlConfig, 'config'),
        Description: 'of all pictures',
      },
    }),
  );
  const cached = await client.send(new sdk.GetCachePolicyCommand({ Id: ids.cache }));
  await client.send(
    new sdk.UpdateCachePolicyCommand({
      Id: ids.cache,
      IfMatch: cached.ETag,
      CachePolicyConfig: { ...present(cached.CachePolicy?.CachePolicyConfig, 'config'), DefaultTTL: 600 },
    }),
  );
  const passed = await client.send(new sdk.GetOriginRequestPolicyCommand({ Id: ids.request }));
  await client.send(
    new sdk.UpdateOriginRequestPolicyCommand({
      Id: ids.request,
      IfMatch: passed.ETag,
      OriginRequestPolicyConfig: {
        ...present(passed.OriginRequestPolicy?.OriginRequestPolicyConfig, 'config'),
        CookiesConfig: { CookieBehavior: 'all' },
      },
    }),
  );
  const answered = await client.send(new sdk.GetResponseHeadersPolicyCommand({ Id: ids.response }));
  await client.send(
    new sdk.UpdateResponseHeadersPolicyCommand({
      Id: ids.response,
      IfMatch: answered.ETag,
      ResponseHeadersPolicyConfig: headers(60),
    }),
  );
  const identity = await client.send(new sdk.GetCloudFrontOriginAccessIdentityCommand({ Id: ids.identity }));
  await client.send(
    new sdk.UpdateCloudFrontOriginAccessIdentityCommand({
      Id: ids.identity,
      IfMatch: identity.ETag,
      CloudFrontOriginAccessIdentityConfig: { CallerReference: 'archive', Comment: 'old archive' },
    }),
  );
  const key = await client.send(new sdk.GetPublicKeyCommand({ Id: ids.key }));
  await client.send(
    new sdk.UpdatePublicKeyCommand({
      Id: ids.key,
      IfMatch: key.ETag,
      PublicKeyConfig: { ...present(key.PublicKey?.PublicKeyConfig, 'config'), Comment: 'of the shop' },
    }),
  );
  const group = await client.send(new sdk.GetKeyGroupCommand({ Id: ids.group }));
  await client.send(
    new sdk.UpdateKeyGroupCommand({
      Id: ids.group,
      IfMatch: group.ETag,
      KeyGroupConfig: { ...present(group.KeyGroup?.KeyGroupConfig, 'config'), Comment: 'of the shop' },
    }),
  );
}

/** The headers of answers, with so many seconds of HTTPS. */
export function headers(AccessControlMaxAgeSec: number): sdk.ResponseHeadersPolicyConfig {
  return {
    Name: 'safe',
    SecurityHeadersConfig: {
      StrictTransportSecurity: { Override: true, IncludeSubdomains: true, AccessControlMaxAgeSec },
      FrameOptions: { Override: true, FrameOption: 'DENY' },
    },
    CorsConfig: {
      AccessControlAllowOrigins: { Quantity: 1, Items: ['https://app.example.org'] },
      AccessControlAllowHeaders: { Quantity: 1, Items: ['*'] },
      AccessControlAllowMethods: {
        Quantity: 1,
        Items: ['GET'] as sdk.ResponseHeadersPolicyAccessControlAllowMethodsValues[],
      },
      AccessControlAllowCredentials: false,
      OriginOverride: true,
    },
    CustomHeadersConfig: { Quantity: 1, Items: [{ Header: 'X-Site', Value: 'shop', Override: false }] },
  };
}
