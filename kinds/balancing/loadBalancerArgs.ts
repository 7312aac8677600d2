import type { LoadBalancerArgs } from '@pulumi/aws/lb/loadBalancer';
import type { Output } from '@pulumi/pulumi';
import type { MirrorContext } from '../mirrorContext';
import type { Subnet } from '../network/subnet';
import type { BalancedSubnet, LoadBalancer } from './loadBalancer';

type Part = Partial<LoadBalancerArgs>;

/** A subnet that DR's load balancer is in. */
interface Place {
  readonly subnet: Output<string>;
  readonly zone: string;
  readonly ipv6: boolean;
  readonly of: BalancedSubnet;
}

/** Zones that AWS wants an Application Load Balancer in. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#subnets-load-balancer */
const ZONES = 2;

const truth = (value: string) => value === 'true';

/**
 * What each of AWS's attributes becomes.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, (value: string) => Part>>>> = {
  application: {
    'client_keep_alive.seconds': (value) => ({ clientKeepAlive: Number(value) }),
    'idle_timeout.timeout_seconds': (value) => ({ idleTimeout: Number(value) }),
    'routing.http.desync_mitigation_mode': (value) => ({ desyncMitigationMode: value }),
    'routing.http.drop_invalid_header_fields.enabled': (value) => ({ dropInvalidHeaderFields: truth(value) }),
    'routing.http.preserve_host_header.enabled': (value) => ({ preserveHostHeader: truth(value) }),
    'routing.http.x_amzn_tls_version_and_cipher_suite.enabled': (value) => ({
      enableTlsVersionAndCipherSuiteHeaders: truth(value),
    }),
    'routing.http.xff_client_port.enabled': (value) => ({ enableXffClientPort: truth(value) }),
    'routing.http.xff_header_processing.mode': (value) => ({ xffHeaderProcessingMode: value }),
    'routing.http2.enabled': (value) => ({ enableHttp2: truth(value) }),
    'waf.fail_open.enabled': (value) => ({ enableWafFailOpen: truth(value) }),
    'zonal_shift.config.enabled': (value) => ({ enableZonalShift: truth(value) }),
  },
  network: {
    'dns_record.client_routing_policy': (value) => ({ dnsRecordClientRoutingPolicy: value }),
    'load_balancing.cross_zone.enabled': (value) => ({ enableCrossZoneLoadBalancing: truth(value) }),
    'secondary_ips.auto_assigned.per_subnet': (value) => ({
      secondaryIpsAutoAssignedPerSubnet: Number(value),
    }),
    'zonal_shift.config.enabled': (value) => ({ enableZonalShift: truth(value) }),
  },
};

/** What is left out, and why. Empty and false ones are no loss. */
const LEFT_OUT: readonly { readonly of: RegExp; readonly why: string }[] = [
  { of: /^deletion_protection\.enabled$/, why: 'the end of a recovery has to remove it' },
  {
    of: /^(access|connection|health_check)_logs\.s3\.enabled$/,
    why: "the logs go to a bucket of the source's",
  },
];

/** What AWS gives each of a sort, that is no loss where the provider does not set it. */
const OF_AWS = (item: LoadBalancer): Readonly<Record<string, string>> => ({
  'ipv6.deny_all_igw_traffic': String(item.scheme === 'internal'),
  // Of an Application Load Balancer it is always so.
  ...(item.loadBalancerType === 'application' && { 'load_balancing.cross_zone.enabled': 'true' }),
});

/** A load balancer's arguments but for its tags: in DR's subnets, one a zone, under DR's groups. */
export function loadBalancerArgs(item: LoadBalancer, ctx: MirrorContext): LoadBalancerArgs {
  const places = placesOf(item, ctx);
  const isNetwork = item.loadBalancerType === 'network';
  if (places.length < (isNetwork ? 1 : ZONES))
    ctx.skip(
      isNetwork
        ? 'none of its subnets is mirrored'
        : `AWS wants it in ${ZONES} zones, and its mirrored subnets are in ${places.length} of ${ctx.dr.region}`,
    );
  if (places.some(({ of }) => of.allocationId))
    ctx.note("gets addresses that AWS chooses, in the place of the source's Elastic IPs");
  if (item.ipamPool) ctx.note(`gets addresses of AWS's, not of the pool ${item.ipamPool}`);
  if (item.privateLinkRules === 'off')
    ctx.note('holds what comes by PrivateLink against its security groups, which the source does not');
  const isFixed = isNetwork && places.some(({ of }) => of.privateIpAddress);
  return {
    name: item.id,
    loadBalancerType: item.loadBalancerType,
    internal: item.scheme === 'internal',
    ipAddressType: ipAddressType(item, places, ctx),
    // Without one of its groups it may be more open: AWS gives it the VPC's default group, or none.
    securityGroups: item.securityGroupIds.map((id) => ctx.ref('security-group', id)),
    ...(isFixed
      ? {
          subnetMappings: places.map(({ subnet, of }) => ({
            subnetId: subnet,
            privateIpv4Address: of.privateIpAddress,
          })),
        }
      : { subnets: places.map(({ subnet }) => subnet) }),
    ...attributes(item, ctx),
    enableDeletionProtection: false,
  };
}

/** AWS takes one subnet of each zone, and two zones of the source may be one in DR. */
function placesOf(item: LoadBalancer, ctx: MirrorContext): Place[] {
  const places: Place[] = [];
  for (const of of item.subnets) {
    const subnet = ctx.attempt('subnet', of.subnetId, 'the subnet');
    const found = ctx.find('subnet', of.subnetId) as Subnet | undefined;
    if (subnet === undefined || found === undefined) continue;
    const zone = ctx.zone(found.availabilityZoneId);
    const other = places.find((place) => place.zone === zone);
    if (other)
      ctx.note(`does without the subnet ${of.subnetId}: it is in ${zone}, as ${other.of.subnetId} is`);
    else places.push({ subnet, zone, ipv6: hasIpv6(found, ctx), of });
  }
  return places;
}

const hasIpv6 = ({ ipv6CidrBlock }: Subnet, ctx: MirrorContext): boolean =>
  ipv6CidrBlock !== undefined && ctx.attemptIpv6(ipv6CidrBlock, 'the range') !== undefined;

/** AWS wants a range of IPv6 in each subnet. */
function ipAddressType(item: LoadBalancer, places: readonly Place[], ctx: MirrorContext): string {
  if (item.ipAddressType === 'ipv4' || places.every(({ ipv6 }) => ipv6)) return item.ipAddressType;
  ctx.note('has IPv4 addresses alone: not each of its subnets in DR has a range of IPv6');
  return 'ipv4';
}

function attributes(item: LoadBalancer, ctx: MirrorContext): Part {
  const known = ARGUMENTS[item.loadBalancerType] ?? {};
  const parts = Object.entries(item.attributes).map(([name, value]): Part => {
    const argument = known[name];
    if (argument) return argument(value);
    const why = LEFT_OUT.find(({ of }) => of.test(name))?.why ?? 'the provider does not set it';
    const isLoss = !/_logs\.s3\.(bucket|prefix)$/.test(name) && value !== 'false' && value !== '';
    if (isLoss && OF_AWS(item)[name] !== value) ctx.note(`leaves out ${name}, which is ${value}: ${why}`);
    return {};
  });
  return Object.assign({}, ...parts);
}
