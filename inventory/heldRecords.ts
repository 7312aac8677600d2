import { type DnsRecord, dnsRecord } from '../kinds/dns/dnsRecord';
import { type HostedZone, hostedZone } from '../kinds/dns/hostedZone';
import type { Settings } from '../settings';
import { type Items, itemName, itemsOf } from './inventory';
import type { Plan, PlannedResource } from './planned';
import { someNames } from './summary';

/**
 * A plan without the records that lead people to DR, while they are not to be switched: those of public zones, or those that are named.
 * What is there stays, so that a recovery that is run again takes none back. Pure.
 *
 * @param kinds what the source holds
 * @param state what Pulumi's state holds, names to ids
 */
export function withoutHeldRecords(
  plan: Plan,
  kinds: Items,
  { switchDns, switchRecords }: Pick<Settings, 'switchDns' | 'switchRecords'>,
  state: ReadonlyMap<string, string>,
): Plan {
  if (switchDns) return plan;
  const zones = itemsOf(kinds, hostedZone) as readonly HostedZone[];
  const inPublic = new Set(zones.flatMap(({ id, isPrivate }) => (isPrivate ? [] : id)));
  const held = new Set(
    (itemsOf(kinds, dnsRecord) as readonly DnsRecord[])
      .filter(({ zoneId, recordName }) => inPublic.has(zoneId) && isNamed(recordName, switchRecords))
      .map(({ id }) => itemName(dnsRecord.name, id)),
  );
  const kept: PlannedResource[] = [];
  const waiting: PlannedResource[] = [];
  for (const resource of plan.resources) {
    const isThere = resource.adopt !== undefined || state.has(resource.name);
    (held.has(resource.item) && !isThere ? waiting : kept).push(resource);
  }
  return {
    ...plan,
    resources: kept,
    notes: [
      ...plan.notes,
      ...(waiting.length > 0
        ? [`not made while lifeboat:switchDns is false: ${someNames(waiting.map(({ item }) => item))}`]
        : []),
    ],
  };
}

/** Whether a record is one of some names; of none, all are. A name that begins with `*.` stands for all below it. */
function isNamed(recordName: string, names: readonly string[]): boolean {
  const name = recordName.replace(/\.$/, '').replace(/^\\052/, '*');
  return (
    names.length === 0 ||
    names.some((wanted) => wanted === name || (wanted.startsWith('*.') && name.endsWith(wanted.slice(1))))
  );
}
