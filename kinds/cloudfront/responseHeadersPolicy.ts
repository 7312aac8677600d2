import {
  ListResponseHeadersPoliciesCommand,
  type ResponseHeadersPolicyConfig,
} from '@aws-sdk/client-cloudfront';
import type { ResponseHeadersPolicyArgs } from '@pulumi/aws/cloudfront/responseHeadersPolicy';
import { type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { filled, markedPages, type Tidy } from './cloudFront';
import { type NamedPolicy, namedPolicies } from './namedPolicies';

type Config = Omit<Tidy<ResponseHeadersPolicyConfig>, 'Name'>;

export type ResponseHeadersPolicy = NamedPolicy<ResponseHeadersPolicyConfig>;

/** The headers that CloudFront adds to answers, and takes out of them. */
export const responseHeadersPolicy: Kind<ResponseHeadersPolicy> = {
  name: 'response-headers-policy',
  title: 'CloudFront response headers policy',
  types: ['aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy'],
  iamActions: ['cloudfront:ListResponseHeadersPolicies'],

  ...namedPolicies(
    (client) =>
      markedPages(
        (Marker) => client.send(new ListResponseHeadersPoliciesCommand({ Marker })),
        'ResponseHeadersPolicyList',
      ),
    ({ Type, ResponseHeadersPolicy: policy }) => ({
      Type,
      policy,
      config: policy?.ResponseHeadersPolicyConfig,
    }),
  ),

  mirror(item) {
    const { Comment, ServerTimingHeadersConfig: timing, ...config } = item.config;
    const { CustomHeadersConfig: custom, RemoveHeadersConfig: removed } = config;
    return resource<ResponseHeadersPolicyArgs>('aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy', {
      name: item.policyName,
      comment: filled(Comment),
      corsConfig: cors(config),
      securityHeadersConfig: security(config),
      serverTimingHeadersConfig: timing && {
        enabled: present(timing.Enabled, 'Enabled'),
        samplingRate: timing.SamplingRate ?? 0,
      },
      customHeadersConfig: custom?.length
        ? {
            items: custom.map(({ Header, Value, Override }) => ({
              header: present(Header, 'Header'),
              value: Value ?? '',
              override: present(Override, 'Override'),
            })),
          }
        : undefined,
      removeHeadersConfig: removed?.length
        ? { items: removed.map(({ Header }) => ({ header: present(Header, 'Header') })) }
        : undefined,
    });
  },

  danger(item, former) {
    if (!former) return undefined;
    const [now, before] = [item.config, former.config];
    const origins = before.CorsConfig?.AccessControlAllowOrigins ?? [];
    const more = (now.CorsConfig?.AccessControlAllowOrigins ?? []).filter((name) => !origins.includes(name));
    const isShared =
      now.CorsConfig?.AccessControlAllowCredentials && !before.CorsConfig?.AccessControlAllowCredentials;
    const kept = now.SecurityHeadersConfig ?? {};
    const gone = Object.keys(before.SecurityHeadersConfig ?? {}).filter((name) => !(name in kept));
    const said = [
      more.length > 0 && `lets pages of ${more.join(', ')} read answers`,
      isShared && 'lets other pages read answers with credentials',
      gone.length > 0 && `no longer sends ${gone.join(', ')}`,
    ].filter((what) => what);
    return said.length > 0 ? said.join(', and ') : undefined;
  },

  quotas: [{ service: 'cloudfront', code: 'L-CF0D4FC5', name: 'Response headers policies per AWS account' }],
};

function cors({ CorsConfig: config }: Config): ResponseHeadersPolicyArgs['corsConfig'] {
  if (!config) return undefined;
  const list = (items: readonly string[] | undefined) => ({ items: [...(items ?? [])] });
  const exposed = config.AccessControlExposeHeaders;
  return {
    accessControlAllowOrigins: list(config.AccessControlAllowOrigins),
    accessControlAllowHeaders: list(config.AccessControlAllowHeaders),
    accessControlAllowMethods: list(config.AccessControlAllowMethods),
    accessControlAllowCredentials: present(
      config.AccessControlAllowCredentials,
      'AccessControlAllowCredentials',
    ),
    accessControlExposeHeaders: exposed?.length ? list(exposed) : undefined,
    accessControlMaxAgeSec: config.AccessControlMaxAgeSec,
    originOverride: present(config.OriginOverride, 'OriginOverride'),
  };
}

function security({
  SecurityHeadersConfig: config,
}: Config): ResponseHeadersPolicyArgs['securityHeadersConfig'] {
  if (!config) return undefined;
  const { XSSProtection: xss, StrictTransportSecurity: transport, ReferrerPolicy: referrer } = config;
  const { FrameOptions: frame, ContentSecurityPolicy: content, ContentTypeOptions: type } = config;
  const overrides = (part: { readonly Override?: boolean }) => present(part.Override, 'Override');
  return {
    contentTypeOptions: type && { override: overrides(type) },
    frameOptions: frame && {
      frameOption: present(frame.FrameOption, 'FrameOption'),
      override: overrides(frame),
    },
    referrerPolicy: referrer && {
      referrerPolicy: present(referrer.ReferrerPolicy, 'ReferrerPolicy'),
      override: overrides(referrer),
    },
    contentSecurityPolicy: content && {
      contentSecurityPolicy: present(content.ContentSecurityPolicy, 'ContentSecurityPolicy'),
      override: overrides(content),
    },
    strictTransportSecurity: transport && {
      accessControlMaxAgeSec: present(transport.AccessControlMaxAgeSec, 'AccessControlMaxAgeSec'),
      includeSubdomains: transport.IncludeSubdomains,
      preload: transport.Preload,
      override: overrides(transport),
    },
    xssProtection: xss && {
      protection: present(xss.Protection, 'Protection'),
      modeBlock: xss.ModeBlock,
      reportUri: filled(xss.ReportUri),
      override: overrides(xss),
    },
  };
}
