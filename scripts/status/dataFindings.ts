import type { Copy } from '../../snapshots/catalogue';
import { missingFor, type RecoveryPoint } from '../../snapshots/select';
import type { DiskState, SnapshotSet } from '../../snapshots/sets';
import { newestByVolume } from '../../snapshots/shared';
import { age } from '../age';
import type { Finding, Findings } from './finding';
import type { Around } from './machineReport';
import type { Machine } from './machines';

/** A machine with its copies and sets. */
export interface MachineView {
  readonly machine: Machine;
  readonly volumeIds: readonly string[];
  /** Of its disks. */
  readonly copies: readonly Copy[];
  /** From the newest complete one on, newest first. */
  readonly sets: readonly SnapshotSet[];
  readonly newest?: RecoveryPoint;
  readonly rpoHours: number;
}

const HOUR = 3_600_000;

/** Until DLM has taken all disks of a set and shared each, which it does once a snapshot is completed. */
const SETTLING_MS = HOUR;

const COPY = 'npx lifeboat copy-snapshots';

/** How old a machine's data is, and what keeps it from being newer. Pure. */
export function dataFindings(view: MachineView, around: Around): Findings {
  const newer = view.sets.filter(({ state }) => state !== 'complete');
  const findings: Findings = {
    problems: [
      ...ageProblem(view, newer, around),
      ...diskNotCopied(view, newer, around),
      ...incompleteSet(newer, around),
      ...sourceSnapshots(view, around),
      ...failedCopies(view, around),
    ],
    notes: newer
      .filter(({ state }) => state === 'under-way')
      .slice(0, 1)
      .map((set) => underWay(set)),
  };
  const grown = grownDisks(view);
  if (grown.length > 0)
    findings.notes.push({
      code: 'volume-grown',
      what: `${grown.join(', ')}: larger than the newest copy; what was written there since is on none`,
      next: `the next set holds it; to have it now, a snapshot in the source and then: ${COPY}`,
    });
  return findings;
}

function ageProblem(
  { machine, volumeIds, copies, newest, rpoHours }: MachineView,
  newer: readonly SnapshotSet[],
  around: Around,
): Finding[] {
  // What is gone from the source can have no newer point: it is held against the time when it was missed.
  const asOf = machine.goneSince === undefined ? around.now : new Date(machine.goneSince);
  const next = nextStep(newer, around);
  if (!newest)
    return [
      { code: 'no-recovery-point', what: `has no recovery point: ${missingFor(volumeIds, copies)}`, next },
    ];
  if (asOf.getTime() - newest.time.getTime() <= rpoHours * HOUR) return [];
  return [
    {
      code: 'rpo-missed',
      what: `its newest recovery point is ${age(newest.time, asOf, { inWords: true })} old, and ${rpoHours} hours are wanted`,
      next,
    },
  ];
}

function diskNotCopied(
  { volumeIds, newest }: MachineView,
  newer: readonly SnapshotSet[],
  around: Around,
): Finding[] {
  const lacking = newest ? volumeIds.filter((id) => !newest.copies.has(id)) : [];
  if (lacking.length === 0) return [];
  return [
    {
      code: 'disk-not-copied',
      what: `its newest recovery point is from before ${lacking.join(', ')} was attached, and would be recovered without`,
      next: nextStep(newer, around),
    },
  ];
}

function nextStep(newer: readonly SnapshotSet[], { shared, settings }: Around): string {
  const has = (state: DiskState) =>
    newer.some(({ state: of, disks }) => of === 'under-way' && disks.some((disk) => disk.state === state));
  if (has('shared')) return COPY;
  if (has('copying')) return `wait for the copies, with ${COPY}`;
  if (!shared)
    return `mend the way into the source, then: ${COPY}; if it is gone for good: docs/runbook.md, Recover`;
  return (
    'in the source, as its owner: npx lifeboat tag-volumes --dry-run; and whether it takes snapshots at all: ' +
    `aws dlm get-lifecycle-policies --region ${settings.sourceRegion}`
  );
}

function isSettling(time: Date, { now }: Around): boolean {
  return now.getTime() - time.getTime() < SETTLING_MS;
}

function incompleteSet(newer: readonly SnapshotSet[], around: Around): Finding[] {
  const lacking = newer.filter(
    (set) => set.disks.some(({ state }) => state === 'missing') && !isSettling(set.time, around),
  );
  const [set] = lacking;
  if (!set) return [];
  const missing = set.disks.filter(({ state }) => state === 'missing').map(({ volumeId }) => volumeId);
  const more = lacking.length > 1 ? `, and ${lacking.length - 1} more sets are incomplete` : '';
  const where = around.shared ? 'snapshot' : 'copy';
  return [
    {
      code: 'set-incomplete',
      what: `its set of ${set.time.toISOString()} has no ${where} of ${missing.join(', ')}${more}`,
      next: 'in the source, as its owner: npx lifeboat tag-volumes --dry-run; the next set may be whole again',
    },
  ];
}

function underWay({ time, disks }: SnapshotSet): Finding {
  const words: Partial<Record<DiskState, string>> = {
    copied: 'copied',
    copying: 'being copied',
    shared: 'to be copied',
    unfinished: 'not completed in the source',
  };
  const parts = Object.entries(words).flatMap(([state, word]) => {
    const count = disks.filter((disk) => disk.state === state).length;
    return count > 0 ? [`${count} ${word}`] : [];
  });
  return {
    code: 'set-under-way',
    what: `its set of ${time.toISOString()}: ${parts.join(', ')}`,
    next: COPY,
  };
}

/** The newest snapshot of each disk, where DR cannot have it. */
function sourceSnapshots({ volumeIds }: MachineView, around: Around): Finding[] {
  const { shared, settings } = around;
  if (!shared) return [];
  const wanted = new Set(volumeIds);
  const own = [...shared.tagged, ...shared.notShared, ...shared.failed].filter(({ volumeId }) =>
    wanted.has(volumeId),
  );
  const { sourceRegion: region, drAccount } = settings;
  return newestByVolume(own).flatMap((snapshot): Finding[] => {
    const which = `${snapshot.id}, the newest snapshot of ${snapshot.volumeId},`;
    if (snapshot.state === 'error')
      return [
        {
          code: 'snapshot-failed',
          what: `${which} ended in error in the source`,
          next: `in the source: aws ec2 describe-snapshots --region ${region} --snapshot-ids ${snapshot.id}`,
        },
      ];
    if (!shared.notShared.includes(snapshot) || isSettling(snapshot.startTime, around)) return [];
    return [
      {
        code: 'not-shared',
        what: `${which} is not shared with ${drAccount}`,
        next:
          `in the source: aws ec2 modify-snapshot-attribute --region ${region} --snapshot-id ${snapshot.id} ` +
          `--create-volume-permission Add=[{UserId=${drAccount}}]; and run source/ again, whose policy should have shared it`,
      },
    ];
  });
}

/** Copies that ended in error and that nothing has taken the place of: no other copy, and no newer point. */
function failedCopies({ copies, newest }: MachineView, { settings }: Around): Finding[] {
  const live = new Set(
    copies.filter(({ state }) => state !== 'error').map(({ sourceSnapshotId }) => sourceSnapshotId),
  );
  const failed = copies
    .filter(
      ({ state, sourceSnapshotId, sourceTime }) =>
        state === 'error' && !live.has(sourceSnapshotId) && (!newest || sourceTime > newest.time),
    )
    .sort((a, b) => b.sourceTime.getTime() - a.sourceTime.getTime());
  const newestFailed = failed.filter(
    (copy, index) =>
      failed.findIndex(({ sourceVolumeId }) => sourceVolumeId === copy.sourceVolumeId) === index,
  );
  return newestFailed.map(({ id, sourceSnapshotId, sourceVolumeId, stateMessage }) => {
    const why = stateMessage ?? 'AWS gives no reason';
    const what = `${id}, the copy of ${sourceSnapshotId} of ${sourceVolumeId}, ended in error: ${why}`;
    if (!/\bkey\b/i.test(why)) return { code: 'copy-failed', what, next: COPY };
    return {
      code: 'key-not-granted',
      what,
      next:
        `in ${settings.sourceAccount}: enable the key of ${sourceVolumeId}, and give it the statements that ` +
        `alias/lifeboat-snapshots has (README, Encrypted disks); then: ${COPY}`,
    };
  });
}

function grownDisks({ machine, copies }: MachineView): string[] {
  return machine.disks.flatMap(({ volumeId, volume }) => {
    const size = machine.live?.disks.find((disk) => disk.volumeId === volumeId)?.volume.size ?? volume.size;
    const newest = copies
      .filter(({ sourceVolumeId, state }) => sourceVolumeId === volumeId && state === 'completed')
      .sort((a, b) => b.sourceTime.getTime() - a.sourceTime.getTime())[0];
    return newest && size > newest.size ? [`${volumeId} has grown from ${newest.size} to ${size} GiB`] : [];
  });
}
