import prettyMs from 'pretty-ms';
import { type Ceiling, sizeOf } from '../../snapshots/ceiling';
import type { QueuedSnapshot } from '../../snapshots/copyOrder';
import type { CopyPlan } from '../../snapshots/copyPlan';
import type { CopyReport, RunningCopy } from '../../snapshots/copyReport';
import { label, type SharedSnapshot, type SharingReport } from '../../snapshots/shared';
import { lowerBound, slotPlan } from '../../snapshots/slotPlan';
import { table } from '../table';
import { slotPicture } from './slotPicture';

/** How many snapshots over the ceiling a problem names. The tables and --json name all. */
const NAMED = 5;

/** What is over the ceiling, and how to lift it, as a problem; nothing when nothing is over. */
export function overCeiling({ queue, over, pending }: CopyPlan, { gib, snapshots }: Ceiling): string[] {
  if (over.length === 0) return [];
  const all = [...queue, ...over, ...pending];
  const named = over.slice(0, NAMED).map(label).join(', ');
  const more = over.length > NAMED ? ` and ${over.length - NAMED} more` : '';
  return [
    `${over.length} snapshots, ${sizeOf(over)} GiB, are over the ceiling of a run (${gib} GiB, ${snapshots} snapshots) and are left: ${named}${more}; ` +
      `if they are meant: npx lifeboat copy-snapshots --most-gib ${sizeOf(all)} --most-snapshots ${all.length}`,
  ];
}

/** What is over the ceiling, a line for each disk. */
export function overTable(over: readonly QueuedSnapshot[]): string {
  const disks = new Map<string, QueuedSnapshot[]>();
  for (const snapshot of over)
    disks.set(snapshot.volumeId, [...(disks.get(snapshot.volumeId) ?? []), snapshot]);
  const rows = [...disks].map(([volumeId, snapshots]) => [
    snapshots[0]?.tags.Name ?? '',
    volumeId,
    String(snapshots.length),
    String(sizeOf(snapshots)),
  ]);
  return table(['over the ceiling', 'volume', 'snapshots', 'GiB'], rows);
}

function state({ already, waiting, over }: CopyPlan): string {
  const parts = [`${already} copied already`];
  if (waiting.length > 0) parts.push(`${waiting.length} not completed in the source yet`);
  if (over.length > 0) parts.push(`${over.length} over the ceiling`);
  return parts.join(', ');
}

/** What would be copied, in order, for people. */
export function dryRunText(plan: CopyPlan): string {
  const rows = plan.queue.map((snapshot) => [
    snapshot.tags.Name ?? '',
    snapshot.volumeId,
    snapshot.id,
    snapshot.startTime.toISOString(),
    String(snapshot.size),
  ]);
  return (
    table(['name', 'volume', 'snapshot', 'started', 'GiB'], rows) +
    overTable(plan.over) +
    `To be copied: ${plan.queue.length} snapshots, ${sizeOf(plan.queue)} GiB at the most; ` +
    `${plan.pending.length} copies go on from before; ${state(plan)}.\n`
  );
}

/** The same for a script. */
export function dryRunJson(plan: CopyPlan, said: SharingReport): string {
  return json({ dryRun: true, ...planned(plan), ...said });
}

/** Slots over time, for people. */
export function planText(plan: CopyPlan, rate: number): string {
  const copies = slotPlan(plan, rate);
  const end = Math.max(0, ...copies.map((copy) => copy.end));
  const time = (seconds: number) => prettyMs(seconds * 1000, { unitCount: 2, secondsDecimalDigits: 0 });
  const least = lowerBound(copies, rate);
  return (
    `${slotPicture(copies)}${overTable(plan.over)}` +
    `${copies.length} copies, ${sizeOf(copies)} GiB: ${time(end)} at ${rate} MiB/s each, where ${time(least)} is the least; ` +
    `disks are taken as whole, later copies of a disk are shorter; ${state(plan)}.\n`
  );
}

/** The same for a script; times in seconds from the start. */
export function planJson(plan: CopyPlan, rate: number, said: SharingReport): string {
  const copies = slotPlan(plan, rate);
  const slots = copies.map(({ slot, begin, end, snapshotId, volumeId, name, size, goesOn }) => ({
    slot,
    begin: Math.round(begin),
    end: Math.round(end),
    snapshot: snapshotId,
    volume: volumeId,
    name,
    gib: size,
    fromEarlierRun: goesOn,
  }));
  const seconds = Math.round(Math.max(0, ...copies.map((copy) => copy.end)));
  const least = Math.round(lowerBound(copies, rate));
  return json({ plan: true, rate, seconds, leastSeconds: least, slots, ...planned(plan), ...said });
}

function planned(plan: CopyPlan) {
  return {
    toCopy: plan.queue.map(snapshotJson),
    over: plan.over.map(snapshotJson),
    pending: plan.pending.map(({ id, sourceSnapshotId }) => ({ copy: id, snapshot: sourceSnapshotId })),
    already: plan.already,
    waiting: plan.waiting.map(snapshotJson),
  };
}

/** What a run did, for people. */
export function reportText(plan: CopyPlan, report: CopyReport, took: number): string {
  const { copied, failed, goesOn, left } = report;
  const rows = [
    ...inOrder(copied).map((copy) =>
      row(copy, `copied in ${prettyMs(copy.milliseconds, { secondsDecimalDigits: 0 })}`),
    ),
    ...inOrder(goesOn).map((copy) => row(copy, `goes on, ${copy.progress} %`)),
    ...failed.map((failure) => [
      failure.name,
      failure.volumeId,
      failure.snapshotId,
      failure.copy ?? '',
      '',
      `failed: ${failure.reason}`,
    ]),
  ];
  const failures = failed.length > 0 ? `${failed.length} failed, ` : '';
  const submitted =
    goesOn.length + left.length > 0
      ? `${goesOn.length} go on in AWS, ${left.length} are left (${sizeOf(left)} GiB): npx lifeboat copy-snapshots --submit again, ` +
        'or without --submit to wait for all; '
      : '';
  return (
    table(['name', 'volume', 'snapshot', 'copy', 'GiB', 'result'], rows) +
    overTable(plan.over) +
    submitted +
    `${copied.length} copied (${sizeOf(copied)} GiB in ${prettyMs(took, { secondsDecimalDigits: 0 })}), ${failures}${state(plan)}.\n`
  );
}

function inOrder<C extends RunningCopy>(copies: readonly C[]): C[] {
  return [...copies].sort(
    (a, b) => a.name.localeCompare(b.name) || Number(a.sourceTime) - Number(b.sourceTime),
  );
}

function row(copy: RunningCopy, result: string): string[] {
  const { name, sourceVolumeId, sourceSnapshotId, id, size } = copy;
  return [name, sourceVolumeId, sourceSnapshotId, id, String(size), result];
}

/** The same for a script. */
export function reportJson(plan: CopyPlan, report: CopyReport, said: SharingReport, took: number): string {
  return json({
    copied: report.copied.map((copy) => ({
      ...copyJson(copy),
      seconds: Math.round(copy.milliseconds / 1000),
    })),
    goesOn: report.goesOn.map((copy) => ({ ...copyJson(copy), progress: copy.progress })),
    left: report.left.map(snapshotJson),
    failed: report.failed.map(({ snapshotId, volumeId, name, copy, reason }) => ({
      snapshot: snapshotId,
      volume: volumeId,
      name,
      copy,
      reason,
    })),
    already: plan.already,
    waiting: plan.waiting.map(snapshotJson),
    over: plan.over.map(snapshotJson),
    ...said,
    seconds: Math.round(took / 1000),
  });
}

function copyJson(copy: RunningCopy) {
  return {
    snapshot: copy.sourceSnapshotId,
    volume: copy.sourceVolumeId,
    name: copy.name,
    started: copy.sourceTime.toISOString(),
    gib: copy.size,
    copy: copy.id,
    fromEarlierRun: copy.adopted,
  };
}

function snapshotJson({ id, volumeId, tags, startTime, size }: SharedSnapshot) {
  return {
    snapshot: id,
    volume: volumeId,
    name: tags.Name ?? '',
    started: startTime.toISOString(),
    gib: size,
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
