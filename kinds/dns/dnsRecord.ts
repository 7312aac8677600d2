import { ListResourceRecordSetsCommand, type ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { RecordArgs } from '@pulumi/aws/route53/record';
import type { Account } from '../../accounts';
import { type Item, type Kind, present } from '../kind';
import { resource } from '../mirrorContext';
import { dnsRecordArgs, nameOf } from './dnsRecordArgs';
import { listZones, zoneId } from './hostedZone';
import { fewAtOnce, route53 } from './route53';

export interface DnsRecord extends Item {
  readonly zoneId: string;
  /** As AWS writes it, with its dot at the end. */
  readonly recordName: string;
  readonly type: string;
  /** The values, in order; none of an alias. */
  readonly values: readonly string[];
  /** All else, under AWS's names: alias target, health check, routing policy. */
  readonly set: Omit<ResourceRecordSet, 'Name' | 'Type' | 'ResourceRecords'>;
}

/** Types whose values are where their name leads. */
const LEADING = ['A', 'AAAA', 'CNAME', 'HTTPS', 'MX', 'NAPTR', 'NS', 'SRV', 'SVCB'];

/** A record of a zone, whole. It is made with its zone. */
export const dnsRecord: Kind<DnsRecord> = {
  name: 'dns-record',
  title: 'Route 53 record',
  cost: 'billed',
  isGlobal: true,
  madeAtRecovery: true,
  types: ['aws:route53/record:Record'],
  iamActions: ['route53:ListHostedZones', 'route53:ListResourceRecordSets'],

  async list(account) {
    const zones = await listZones(account);
    const all = await Promise.all(
      zones.map(async ({ Id }) => {
        const id = zoneId(Id);
        return (await recordsOf(account, id)).map((found) => record(id, found));
      }),
    );
    return all.flat();
  },

  skip(item, { find }) {
    const zone = find('hosted-zone', item.zoneId) as { zoneName?: string; madeBy?: string } | undefined;
    if (zone?.madeBy) return `its zone is made by ${zone.madeBy}`;
    return item.recordName === zone?.zoneName && ['NS', 'SOA'].includes(item.type)
      ? 'AWS writes it into each new zone'
      : undefined;
  },

  atRecovery: (item) => `a record of the zone ${item.zoneId}, and made with that`,

  mirror: (item, ctx) =>
    resource<RecordArgs>('aws:route53/record:Record', {
      zoneId: ctx.ref('hosted-zone', item.zoneId),
      ...dnsRecordArgs(item, ctx),
    }),

  importId: (item) =>
    [item.zoneId, nameOf(item.recordName), item.type, item.set.SetIdentifier]
      .filter((part) => part !== undefined)
      .join('_'),

  // AWS takes one of a name, a type and a set.
  identity(item, dr) {
    const zone = dr.id('hosted-zone', item.zoneId);
    return zone && JSON.stringify([zone, nameOf(item.recordName), item.type, item.set.SetIdentifier]);
  },

  settingOf: (item) => ({ kind: 'hosted-zone', id: item.zoneId }),

  danger(item, _former, { accepted }) {
    if (!LEADING.includes(item.type)) return undefined;
    const targets = ({ values, set }: DnsRecord) => [...values, set.AliasTarget?.DNSName ?? ''];
    // Whatever type or set it had: who asks for the name gets what is there now.
    const before = (accepted.all('dns-record') as readonly DnsRecord[]).filter(
      ({ zoneId, recordName, type }) =>
        zoneId === item.zoneId && recordName === item.recordName && LEADING.includes(type),
    );
    if (before.length === 0) return undefined;
    const known = before.flatMap(targets);
    const more = targets(item).filter((target) => target && !known.includes(target));
    return more.length > 0 ? `leads to ${more.join(', ')} now` : undefined;
  },
};

function record(zone: string, { Name, Type, ResourceRecords, ...set }: ResourceRecordSet): DnsRecord {
  const [recordName, type] = [present(Name, 'Name'), present(Type, 'Type')];
  const parts = [zone, recordName, type, set.SetIdentifier].filter((part) => part !== undefined);
  return {
    id: parts.join('_'),
    tags: {},
    zoneId: zone,
    recordName,
    type,
    values: (ResourceRecords ?? []).map(({ Value }) => present(Value, 'Value')).sort(),
    set: JSON.parse(JSON.stringify(set)),
  };
}

/** All records of a zone. AWS names the first of the next page by three parts, and the SDK has no paginator for it. */
async function recordsOf(account: Account, HostedZoneId: string): Promise<ResourceRecordSet[]> {
  const client = route53(account);
  const all: ResourceRecordSet[] = [];
  let next: {
    StartRecordName?: string;
    StartRecordType?: ResourceRecordSet['Type'];
    StartRecordIdentifier?: string;
  } = {};
  do {
    const page = await fewAtOnce(client, () =>
      client.send(new ListResourceRecordSetsCommand({ HostedZoneId, ...next })),
    );
    all.push(...present(page.ResourceRecordSets, 'ResourceRecordSets'));
    next = page.IsTruncated
      ? {
          StartRecordName: present(page.NextRecordName, 'NextRecordName'),
          StartRecordType: present(page.NextRecordType, 'NextRecordType'),
          StartRecordIdentifier: page.NextRecordIdentifier,
        }
      : {};
  } while (next.StartRecordName);
  return all;
}
