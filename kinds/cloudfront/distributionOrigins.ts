import type { DistributionArgs } from '@pulumi/aws/cloudfront/distribution';
import type { Unwrap } from '@pulumi/pulumi';
import { TAG } from '../../names';
import type { Bucket } from '../buckets/bucket';
import { present } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import { filled } from './cloudFront';
import type { Distribution } from './distribution';
import { lastPart } from './distributionParts';
import { hostOf, s3Host } from './s3Origin';

type OriginArgs = Unwrap<DistributionArgs['origins']>[number];

/** Regions with Origin Shield: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/origin-shield.html#choose-origin-shield-region */
const SHIELDS = new Set([
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'eu-west-2',
  'me-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
]);

/** A distribution's origins as DR has them: buckets are DR's own, and what else is the source's is said. */
export function distributionOrigins(item: Distribution, ctx: MirrorContext): DistributionArgs['origins'] {
  return item.origins.map((origin) => {
    const { CustomOriginConfig: custom, OriginShield: shield } = origin;
    const id = present(origin.Id, 'Id');
    const control = filled(origin.OriginAccessControlId);
    const identity = filled(origin.S3OriginConfig?.OriginAccessIdentity);
    if (custom?.OriginMtlsConfig) ctx.note(`shows its origin ${id} no certificate: it is of the source`);
    const args = {
      originId: id,
      domainName: hostInDr(id, present(origin.DomainName, 'DomainName'), ctx),
      originPath: origin.OriginPath,
      connectionAttempts: origin.ConnectionAttempts,
      connectionTimeout: origin.ConnectionTimeout,
      responseCompletionTimeout: origin.ResponseCompletionTimeout,
      customHeaders: Object.entries(item.originHeaders[id] ?? {}).map(([name, value]) => ({
        name,
        value: ctx.secret(value),
      })),
      originAccessControlId: control && ctx.ref('origin-access-control', control),
      s3OriginConfig: identity && {
        originAccessIdentity: ctx.output(
          'origin-access-identity',
          lastPart(identity),
          'cloudfrontAccessIdentityPath',
        ),
      },
      originShield: shield?.Enabled ? shieldInDr(id, shield.OriginShieldRegion, ctx) : undefined,
      customOriginConfig: custom && {
        httpPort: custom.HTTPPort,
        httpsPort: custom.HTTPSPort,
        originProtocolPolicy: custom.OriginProtocolPolicy,
        originSslProtocols: custom.OriginSslProtocols ?? [],
        originReadTimeout: custom.OriginReadTimeout,
        originKeepaliveTimeout: custom.OriginKeepaliveTimeout,
        ipAddressType: custom.IpAddressType,
      },
    };
    // References stand for the provider's texts.
    return args as unknown as OriginArgs;
  });
}

/**
 * An origin's host as DR has it. Names of buckets are everybody's: a host that nobody owns would be a site of whoever takes the name, so a
 * distribution with a bucket that is not DR's is not mirrored at all.
 */
function hostInDr(id: string, host: string, ctx: MirrorContext): string {
  const found = s3Host(host);
  if (!found) {
    if (isOfSource(host, ctx))
      ctx.note(`has the origin ${id} in the source until a recovery gives it another: ${host}`);
    return host;
  }
  // The old form of a host says no region, and is that of a bucket in any.
  const region = found.region ?? (ctx.find('bucket', found.bucket) as Bucket | undefined)?.region;
  if (region !== undefined && region !== ctx.source.region) {
    ctx.note(`has the bucket of a third region as its origin ${id}, as it is: ${host}`);
    return host;
  }
  const bucket = ctx.bucket(found.bucket);
  if (ctx.known('bucket', found.bucket) === undefined) {
    const kept = ctx
      .allInDr('bucket')
      .some((each) => each.id === bucket && each.tags[TAG.sourceId] === found.bucket);
    if (!kept)
      ctx.skip(
        `its origin ${id} is the bucket ${found.bucket}, of which DR has no mirror: whoever took the name ${bucket} would serve the site`,
      );
    ctx.note(`serves from the bucket ${bucket}, which no run of ours makes`);
  }
  return hostOf({ bucket, isWebsite: found.isWebsite }, ctx.dr.region);
}

/** Whether a host is of AWS in the source's region: a load balancer, an API, the URL of a function. */
function isOfSource(host: string, { source }: MirrorContext): boolean {
  return /\.(amazonaws\.com|on\.aws)$/.test(host) && host.split('.').includes(source.region);
}

function shieldInDr(id: string, region: string | undefined, ctx: MirrorContext) {
  const there = region === ctx.source.region ? ctx.dr.region : region;
  if (there !== undefined && SHIELDS.has(there)) return { enabled: true, originShieldRegion: there };
  ctx.note(`has no Origin Shield before its origin ${id}: ${ctx.dr.region} has none`);
  return undefined;
}
