import type { Output } from '@pulumi/pulumi';
import type { Distribution } from './distribution';
import type { ElasticIp } from './elasticIp';
import type { MirrorContext } from './kind';

/** Names that AWS gives to what an account has in a region: load balancers, APIs, URLs of functions, endpoints. */
const OF_AWS = /\.(amazonaws\.com|on\.aws|elasticbeanstalk\.com|awsapps\.com)$/;

/** Whether a host is of AWS in a region. Pure. */
export function isOfRegion(host: string, region: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return OF_AWS.test(name) && name.split('.').includes(region);
}

/**
 * What a name that leads somewhere leads to in DR: a distribution's own host is its mirror's. What leads to another thing of the source
 * makes the asking item skipped: nobody but whoever holds the source answers there. Anything else stays as it is.
 *
 * @param host with or without a dot at its end
 */
export function hostInDr(host: string, ctx: MirrorContext): Output<string> {
  const name = host.toLowerCase().replace(/\.$/, '');
  const site = (ctx.all('distribution') as readonly Distribution[]).find(
    ({ domainName }) => domainName === name,
  );
  if (site) return ctx.output('distribution', site.id, 'domainName');
  if (isOfRegion(name, ctx.source.region)) return ctx.skip(`it leads to ${name}, which is the source's`);
  return host as unknown as Output<string>;
}

/** What an address is in DR: of an Elastic IP that of its mirror, IPv6 as ranges are moved, and anything else is itself. */
export function addressInDr(address: string, ctx: MirrorContext): Output<string> {
  if (address.includes(':')) return ctx.ipv6(address);
  const elastic = (ctx.all('elastic-ip') as readonly ElasticIp[]).find(
    ({ publicIp }) => publicIp === address,
  );
  return elastic ? ctx.output('elastic-ip', elastic.id, 'publicIp') : (address as unknown as Output<string>);
}
