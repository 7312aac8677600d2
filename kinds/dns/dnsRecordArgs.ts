import type { RecordArgs } from '@pulumi/aws/route53/record';
import type { Output } from '@pulumi/pulumi';
import { present } from '../kind';
import type { MirrorContext } from '../mirrorContext';
import type { DnsRecord } from './dnsRecord';
import type { HostedZone } from './hostedZone';
import { addressInDr, balancerAt, hostInDr } from './hostInDr';

/** The zone of all distributions: https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
const CLOUDFRONT_ZONE = 'Z2FDTNDATAQYW2';

/** Where ACM asks for a record that proves a name. Whoever has that record goes on getting certificates for it. */
const PROOF = /\.acm-validations\.aws\.?$/;

/** Types whose values end in a host, whatever stands before it. */
const HOSTS = ['CNAME', 'MX', 'NS', 'SRV'];

/** Types that tell where a service is: priority, host, and more. */
const SERVICES = ['HTTPS', 'SVCB'];

type Values = Pick<RecordArgs, 'records' | 'ttl' | 'aliases'>;

/** The arguments of a record but for its zone, with all that is the source's in DR's terms. */
export function dnsRecordArgs(item: DnsRecord, ctx: MirrorContext): Omit<RecordArgs, 'zoneId'> {
  const { set } = item;
  if (set.TrafficPolicyInstanceId) ctx.skip('a traffic policy makes it');
  if (set.CidrRoutingConfig) ctx.skip('it answers by a collection of ranges, which is not mirrored');
  const { Coordinates: where, ...geo } = set.GeoProximityLocation ?? {};
  return {
    name: nameOf(item.recordName),
    type: item.type,
    ...values(item, ctx),
    setIdentifier: set.SetIdentifier,
    healthCheckId:
      set.HealthCheckId === undefined
        ? undefined
        : (ctx.known('health-check', set.HealthCheckId) ??
          ctx.known('calculated-health-check', set.HealthCheckId) ??
          // Without it a dead answer would be given for good.
          ctx.skip(`its health check ${set.HealthCheckId} is not made`)),
    ...(set.Weight !== undefined && { weightedRoutingPolicies: [{ weight: set.Weight }] }),
    ...(set.Region && { latencyRoutingPolicies: [{ region: set.Region }] }),
    ...(set.Failover && { failoverRoutingPolicies: [{ type: set.Failover }] }),
    ...(set.GeoLocation && {
      geolocationRoutingPolicies: [
        {
          continent: set.GeoLocation.ContinentCode,
          country: set.GeoLocation.CountryCode,
          subdivision: set.GeoLocation.SubdivisionCode,
        },
      ],
    }),
    ...(set.GeoProximityLocation && {
      geoproximityRoutingPolicy: {
        awsRegion: geo.AWSRegion,
        bias: geo.Bias,
        localZoneGroup: geo.LocalZoneGroup,
        ...(where && {
          coordinates: [
            {
              latitude: present(where.Latitude, 'Latitude'),
              longitude: present(where.Longitude, 'Longitude'),
            },
          ],
        }),
      },
    }),
    multivalueAnswerRoutingPolicy: set.MultiValueAnswer || undefined,
  };
}

/** A name as the provider has it: without the dot at its end, and with the one character that AWS escapes and people write. */
export const nameOf = (name: string): string => name.replace(/\.$/, '').replace(/^\\052/, '*');

function values(item: DnsRecord, ctx: MirrorContext): Values {
  const { AliasTarget: alias, TTL } = item.set;
  if (alias) return { aliases: [aliasInDr(alias, ctx)] };
  const inner = (ctx.all('hosted-zone') as readonly HostedZone[]).find(
    ({ id, zoneName, isPrivate }) => !isPrivate && zoneName === item.recordName && id !== item.zoneId,
  );
  if (inner && item.type === 'NS') {
    // It delegates to a zone that has other name servers in DR.
    const servers: unknown = ctx.output('hosted-zone', inner.id, 'nameServers');
    return { ttl: present(TTL, 'TTL'), records: servers as Output<string[]> };
  }
  return { ttl: present(TTL, 'TTL'), records: item.values.map((value) => valueInDr(item.type, value, ctx)) };
}

function aliasInDr(
  alias: NonNullable<DnsRecord['set']['AliasTarget']>,
  ctx: MirrorContext,
): { name: Output<string>; zoneId: Output<string>; evaluateTargetHealth: boolean } {
  const name = present(alias.DNSName, 'DNSName');
  const zone = present(alias.HostedZoneId, 'HostedZoneId');
  const evaluateTargetHealth = alias.EvaluateTargetHealth ?? false;
  if (ctx.all('hosted-zone').some(({ id }) => id === zone))
    return {
      name: nameOf(name) as unknown as Output<string>,
      zoneId: ctx.ref('hosted-zone', zone),
      evaluateTargetHealth,
    };
  const balancer = balancerAt(name, ctx);
  if (balancer)
    return {
      name: hostInDr(nameOf(name), ctx),
      zoneId: ctx.output('load-balancer', balancer.id, 'zoneId'),
      evaluateTargetHealth,
    };
  if (zone !== CLOUDFRONT_ZONE) return ctx.skip(`it leads to ${nameOf(name)}, which has no mirror`);
  return {
    name: hostInDr(nameOf(name), ctx),
    zoneId: zone as unknown as Output<string>,
    evaluateTargetHealth,
  };
}

function valueInDr(type: string, value: string, ctx: MirrorContext): Output<string> {
  if (type === 'A' || type === 'AAAA') return addressInDr(value, ctx);
  // The provider puts the quotes around.
  if (type === 'TXT' || type === 'SPF') return value.replace(/^"|"$/g, '') as unknown as Output<string>;
  if (type === 'DS') return ctx.skip("it vouches for the source's key of a zone, and DR's sign with none");
  if (type === 'CNAME' && PROOF.test(value))
    return ctx.skip(
      "it proves the name for a certificate of the source's; lifeboat status names DR's records",
    );
  if (SERVICES.includes(type)) return serviceInDr(value, ctx);
  if (!HOSTS.includes(type)) return value as unknown as Output<string>;
  const parts = value.split(' ');
  const host = hostInDr(parts.at(-1) ?? '', ctx);
  return parts.length === 1 ? host : ctx.text(`${parts.slice(0, -1).join(' ')} `, host);
}

/** What a browser is told of a service: `1 . alpn=h2`. Addresses in it would be asked before those of the name. */
function serviceInDr(value: string, ctx: MirrorContext): Output<string> {
  const [, target = '', ...hints] = value.split(' ');
  if (hints.some((hint) => /^ipv[46]hint=/.test(hint)))
    ctx.skip('it holds addresses of the source (ipv4hint, ipv6hint)');
  if (target !== '.' && typeof (hostInDr(target, ctx) as unknown) !== 'string')
    ctx.skip(`it leads to ${nameOf(target)}, whose mirror has another name`);
  return value as unknown as Output<string>;
}
