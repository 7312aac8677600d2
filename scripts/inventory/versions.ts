import { LifeboatError } from '../../errors';
import type { AcceptedVersion } from '../../inventory/acceptedVersions';
import { age } from '../age';
import { table } from '../table';
import { accepted, type Opened } from './openVault';

/** A version, and what is in it; undefined counts where it says a deletion or cannot be read. */
export interface CountedVersion extends AcceptedVersion {
  readonly objects?: number;
  /** How many of them were gone from the source and held. */
  readonly held?: number;
  readonly problem?: string;
}

/** How many are read at once. An inventory of a large estate has some megabytes. */
const AT_ONCE = 4;

/** Reads each version for its counts; one that is damaged is named so, for the others are what it is looked up for. */
export async function withCounts(
  vault: Opened,
  versions: readonly AcceptedVersion[],
): Promise<CountedVersion[]> {
  const counted: CountedVersion[] = [];
  for (let start = 0; start < versions.length; start += AT_ONCE)
    counted.push(
      ...(await Promise.all(versions.slice(start, start + AT_ONCE).map((each) => count(vault, each)))),
    );
  return counted;
}

async function count(vault: Opened, version: AcceptedVersion): Promise<CountedVersion> {
  if (version.isDeletion) return version;
  try {
    const { inventory } = await accepted(vault, version.versionId);
    return {
      ...version,
      objects: Object.values(inventory.kinds).flat().length,
      held: Object.keys(inventory.gone).length,
    };
  } catch (error) {
    if (!(error instanceof LifeboatError)) throw error;
    return { ...version, problem: error.details.what };
  }
}

/** Versions as a table, newest first. */
export function versionsText(versions: readonly CountedVersion[], total: number, now: Date): string {
  const rows = versions.map(({ versionId, time, isDeletion, objects, held, problem }) => [
    versionId,
    time.toISOString(),
    age(time, now),
    isDeletion ? 'deleted' : (problem ?? String(objects)),
    held === undefined ? '' : String(held),
  ]);
  const more = total > versions.length ? `, the newest ${versions.length} of them shown` : '';
  return `${table(['version', 'time', 'age', 'objects', 'held'], rows)}${total} versions of the accepted inventory${more}.\n`;
}
