import { LifeboatError } from '../errors';

/** A zone mapping, and what its reader should know of it. */
export interface ZoneMapping {
  /** Zone id in the source to zone id in DR. */
  readonly zones: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/**
 * Maps zones of the source to zones of DR. Pure.
 *
 * A setting comes first, then what an earlier run has chosen (a subnet that changes zone is replaced, with its machines),
 * then the zone of the same number, then the DR zone that stands for the fewest.
 *
 * @param used zone ids that the source's objects are in
 * @param available zone ids of the DR region
 * @param kept the mapping of the accepted inventory
 * @param wanted the mapping by setting
 * @throws LifeboatError when a setting, or the mapping that was kept, names a zone that the DR region does not have
 */
export function mapZones(
  used: readonly string[],
  available: readonly string[],
  kept: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): ZoneMapping {
  for (const [origin, chosen] of [
    ['set by lifeboat:zones', wanted],
    ['chosen by an earlier run', kept],
  ] as const) {
    const gone = Object.entries(chosen).find(
      ([source, dr]) => !available.includes(dr) && (origin.startsWith('set') || !(source in wanted)),
    );
    if (gone) {
      throw new LifeboatError({
        what: `The zone mapping ${origin} leads to a zone that the DR region does not have`,
        got: gone.join('='),
        expected: `one of ${available.join(', ')}`,
        next: `npm run pulumi -- config set lifeboat:zones ${gone[0]}=${available[0]}`,
      });
    }
  }
  const zones: Record<string, string> = { ...kept, ...wanted };
  const load = new Map(available.map((zone) => [zone, 0]));
  for (const zone of Object.values(zones)) load.set(zone, (load.get(zone) ?? 0) + 1);
  const fresh = [...new Set(used)].filter((zone) => !(zone in zones)).sort();
  const assign = (source: string, dr: string) => {
    zones[source] = dr;
    load.set(dr, (load.get(dr) ?? 0) + 1);
  };
  for (const source of fresh) {
    const same = available.find((zone) => zoneNumber(zone) === zoneNumber(source));
    if (same !== undefined && load.get(same) === 0) assign(source, same);
  }
  for (const source of fresh) {
    if (source in zones) continue;
    const [least] = [...load].reduce((best, entry) => (entry[1] < best[1] ? entry : best));
    assign(source, least);
  }
  const notes = available
    .map((dr) => ({
      dr,
      sources: Object.keys(zones).filter((source) => zones[source] === dr && used.includes(source)),
    }))
    .filter(({ sources }) => sources.length > 1)
    .map(({ dr, sources }) => `the zones ${sources.sort().join(' and ')} of the source share ${dr} in DR`);
  return { zones, notes };
}

function zoneNumber(zoneId: string): string {
  return zoneId.slice(zoneId.lastIndexOf('-') + 1);
}
