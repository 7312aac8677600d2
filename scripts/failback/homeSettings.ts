import type { Inventory } from '../../inventory/inventory';
import { NAMESPACE, type Settings } from '../../settings';
import { SOURCE_NAMESPACE } from '../../source/settings';
import { roleArns } from '../../vault/place';
import { VAULT_NAMESPACE } from '../../vault/settings';

/** What the settings of the way home are made of. */
export interface HomeFacts {
  /** The stack's that recovered. */
  readonly settings: Pick<Settings, 'sourceAccount' | 'sourceRegion' | 'drAccount' | 'drRegion'>;
  /** Its accepted inventory's. */
  readonly zones: Inventory['zones'];
  /** ARN of who administers the account at home. */
  readonly administrator: string;
  readonly externalId: string;
  /** When the way into DR ends. */
  readonly until: Date;
}

/** The three stack files' settings, full keys to texts, and what their reader should know. */
export interface HomeSettings {
  readonly root: Readonly<Record<string, string>>;
  readonly vault: Readonly<Record<string, string>>;
  readonly source: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
}

/** The settings of the way home: source and DR exchanged. Pure. */
export function homeSettings({ settings, zones, administrator, externalId, until }: HomeFacts): HomeSettings {
  const { sourceAccount: home, sourceRegion: homeRegion, drAccount: dr, drRegion } = settings;
  const { pairs, notes } = inverted(zones);
  const sides = { sourceAccount: dr, sourceRegion: drRegion, drAccount: home };
  const ends = until.toISOString().replace(/\.\d+Z$/, 'Z');
  const { run } = roleArns({ drAccount: home, drRegion: homeRegion });
  return {
    root: keyed(NAMESPACE, {
      ...sides,
      drRegion: homeRegion,
      externalId,
      home: 'true',
      ...(pairs.length > 0 && { zones: pairs.join(',') }),
    }),
    vault: keyed(VAULT_NAMESPACE, {
      ...sides,
      drRegion: homeRegion,
      previewPrincipals: administrator,
      runPrincipals: administrator,
      recoverPrincipals: administrator,
    }),
    source: keyed(SOURCE_NAMESPACE, {
      ...sides,
      externalId,
      trustedPrincipals: `${run},${administrator}`,
      until: ends,
      // What DR's disks are under no other account may use: `failback snapshots` sees to that.
      snapshotBy: 'none',
    }),
    notes,
  };
}

/** Zone pairs back, DR=home. Where DR has put two zones into one, the first is taken. */
function inverted(zones: Inventory['zones']): { pairs: string[]; notes: string[] } {
  const back = new Map<string, string[]>();
  for (const [home, dr] of Object.entries(zones)) back.set(dr, [...(back.get(dr) ?? []), home]);
  const pairs = [...back].map(([dr, homes]) => `${dr}=${[...homes].sort()[0]}`).sort();
  const notes = [...back].flatMap(([dr, homes]) =>
    homes.length < 2
      ? []
      : [
          `the zones ${[...homes].sort().join(' and ')} share ${dr} in DR: all of it goes to ${[...homes].sort()[0]}; subnets that survived in the other do not fit, and the run names them`,
        ],
  );
  return { pairs, notes };
}

function keyed(namespace: string, values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${namespace}:${key}`, value]));
}
