import type { Output } from '@pulumi/pulumi';
import { isValid, parse } from 'ipaddr.js';
import type { LoadBalancer } from '../balancing/loadBalancer';
import type { Distribution } from '../cloudfront/distribution';
import { s3Host } from '../cloudfront/s3Origin';
import type { MirrorContext } from '../mirrorContext';
import type { ElasticIp } from '../network/elasticIp';

/** Names that AWS gives to what accounts have: load balancers, APIs, URLs of functions, endpoints, sites, accelerators. */
const OF_AWS =
  /\.(amazonaws\.com|on\.aws|elasticbeanstalk\.com|awsapps\.com|awsapprunner\.com|amplifyapp\.com|awsglobalaccelerator\.com)$/;

/** Of these no name says the region; whose they are is not looked up. */
const OF_NO_REGION = /\.(amplifyapp|awsglobalaccelerator)\.com$/;

/** Whether a host may be the source's: AWS's, and of its region or of none that the name tells. Pure. */
export function isOfRegion(host: string, region: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!OF_AWS.test(name)) return false;
  const bucket = s3Host(name);
  // The old form of a bucket's host names no region.
  if (bucket) return bucket.region === undefined || bucket.region === region;
  // us-east-1's machines alone are named otherwise: ec2-192-0-2-1.compute-1.amazonaws.com.
  const isFirst = region === 'us-east-1' && name.endsWith('.compute-1.amazonaws.com');
  const isThere = name.split('.').some((label) => label === region || label.endsWith(`-${region}`));
  return OF_NO_REGION.test(name) || isFirst || isThere;
}

/** What stands before the name of a load balancer that answers by both sorts of addresses. */
export const DUAL_STACK = 'dualstack.';

/** The source's load balancer that goes by a host, with or without `dualstack.` before it or a dot at its end. */
export function balancerAt(host: string, ctx: Pick<MirrorContext, 'all'>): LoadBalancer | undefined {
  const name = bare(host);
  return (ctx.all('load-balancer') as readonly LoadBalancer[]).find(
    ({ dnsName }) => dnsName !== '' && bare(dnsName) === name,
  );
}

const bare = (host: string) =>
  host
    .toLowerCase()
    .replace(/\.$/, '')
    .replace(/^dualstack\./, '');

/**
 * What a host is in DR: a distribution's or a load balancer's own is its mirror's, and anything of the world's is itself.
 *
 * @returns undefined for what is the source's, and for what has no mirror
 */
export function knownHost(host: string, ctx: MirrorContext): Output<string> | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const balancer = balancerAt(name, ctx);
  if (balancer && ctx.known('load-balancer', balancer.id)) return balancerHost(name, balancer, ctx);
  const site = siteAt(name, ctx);
  if (site && ctx.known('distribution', site.id)) return ctx.output('distribution', site.id, 'domainName');
  return balancer || site || isOfRegion(name, ctx.source.region)
    ? undefined
    : (host as unknown as Output<string>);
}

/**
 * What a name that leads somewhere leads to in DR: a distribution's own host, or a load balancer's, is its mirror's. What leads to another
 * thing of the source makes the asking item skipped: nobody but whoever holds the source answers there. Anything else stays as it is.
 *
 * @param host with or without a dot at its end
 */
export function hostInDr(host: string, ctx: MirrorContext): Output<string> {
  const name = host.toLowerCase().replace(/\.$/, '');
  const balancer = balancerAt(name, ctx);
  if (balancer) return balancerHost(name, balancer, ctx);
  const site = siteAt(name, ctx);
  if (site) return ctx.output('distribution', site.id, 'domainName');
  if (isOfRegion(name, ctx.source.region)) return ctx.skip(`it leads to ${name}, which is the source's`);
  return host as unknown as Output<string>;
}

function balancerHost(name: string, { id }: LoadBalancer, ctx: MirrorContext): Output<string> {
  const inDr = ctx.output('load-balancer', id, 'dnsName');
  return name.startsWith(DUAL_STACK) ? ctx.text(DUAL_STACK, inDr) : inDr;
}

function siteAt(name: string, ctx: MirrorContext): Distribution | undefined {
  return (ctx.all('distribution') as readonly Distribution[]).find(({ domainName }) => domainName === name);
}

/** What an address is in DR: of an Elastic IP that of its mirror, IPv6 as ranges are moved, and anything else is itself. */
export function addressInDr(address: string, ctx: MirrorContext): Output<string> {
  if (address.includes(':')) return ctx.ipv6(address);
  const elastic = (ctx.all('elastic-ip') as readonly ElasticIp[]).find(
    ({ publicIp }) => publicIp === address,
  );
  if (elastic) return ctx.output('elastic-ip', elastic.id, 'publicIp');
  // A machine's own public address, say, which is another's once that machine stops.
  if (isValid(address) && parse(address).range() === 'unicast')
    ctx.note(`names the public address ${address} as the source does: no mirrored Elastic IP stands for it`);
  return address as unknown as Output<string>;
}
