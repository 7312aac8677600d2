import { attachedDisks } from '../../inventory/protectedInstances';
import type { Settings } from '../../settings';
import type { Copy } from '../../snapshots/catalogue';
import { type RecoveryPoint, recoveryPointsInTime } from '../../snapshots/select';
import { type SnapshotSet, snapshotSets } from '../../snapshots/sets';
import type { SharedSnapshots } from '../../snapshots/shared';
import { dataFindings } from './dataFindings';
import type { Finding, Findings } from './finding';
import { keyFindings } from './keyFindings';
import type { Machine } from './machines';
import { wantedRpo } from './rpo';
import type { KeyState } from './sourceFacts';
import { tagFindings } from './tagFindings';

/** What all machines are held against. */
export interface Around {
  readonly now: Date;
  readonly settings: Pick<Settings, 'sourceAccount' | 'sourceRegion' | 'drAccount' | 'drRegion' | 'rpoHours'>;
  readonly stack: string;
  readonly machines: readonly Machine[];
  /** Every copy in DR, with its lineage checked. */
  readonly copies: readonly Copy[];
  /** What the source holds; undefined when it does not answer. */
  readonly shared?: SharedSnapshots;
  /** Whether the source's machines and disks are known. */
  readonly isLive: boolean;
  /** The keys of the source's newest snapshots, by ARN. */
  readonly keys: ReadonlyMap<string, KeyState>;
  /** ARN of the vault's key, where it could be found. */
  readonly vaultKey?: string;
  /** Whether every snapshot policy of ours finds machines by their own tags; undefined when that is not known. */
  readonly takesInstances?: boolean;
}

/** One machine: what can be recovered of it, and what is wrong. */
export interface MachineReport extends Findings {
  readonly machine: Machine;
  readonly rpoHours: number;
  /** The newest complete recovery point. */
  readonly newest?: RecoveryPoint;
  /** Its sets from the newest complete one on, newest first. */
  readonly sets: readonly SnapshotSet[];
  /** How many older ones there are. */
  readonly older: { readonly complete: number; readonly incomplete: number };
}

/** Says of one machine what status says. Pure. */
export function machineReport(machine: Machine, around: Around): MachineReport {
  const volumeIds = machine.disks.map(({ volumeId }) => volumeId);
  const wanted = new Set(volumeIds);
  const own = around.copies.filter(({ sourceVolumeId }) => wanted.has(sourceVolumeId));
  const all = snapshotSets(volumeIds, own, around.shared);
  const first = all.findIndex(({ state }) => state === 'complete');
  const sets = first < 0 ? all : all.slice(0, first + 1);
  const older = all.slice(sets.length);
  // As a recovery would: where no set has all disks, one from before the last of them was attached.
  const newest = all[first]?.point ?? recoveryPointsInTime(volumeIds, own, attachedDisks(machine))[0];
  const rpo = wantedRpo(machine.instance, around.settings.rpoHours);
  const problems: Finding[] = [];
  const notes: Finding[] = rpo.note ? [rpo.note] : [];
  const view = { machine, volumeIds, copies: own, sets, newest, rpoHours: rpo.hours };
  for (const found of [dataFindings(view, around), tagFindings(machine, around), keyFindings(view, around)]) {
    problems.push(...found.problems);
    notes.push(...found.notes);
  }
  const count = (state: SnapshotSet['state']) => older.filter((set) => set.state === state).length;
  return {
    machine,
    rpoHours: rpo.hours,
    newest,
    sets,
    older: { complete: count('complete'), incomplete: older.length - count('complete') },
    problems,
    notes,
  };
}
