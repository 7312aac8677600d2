import prettyMs from 'pretty-ms';
import { drAccount, sourceAccount } from '../../accounts';
import { LifeboatError } from '../../errors';
import { copiesInDr } from '../../snapshots/catalogue';
import { ec2Once } from '../../snapshots/clients';
import { REAL_CLOCK } from '../../snapshots/clock';
import { copySnapshots } from '../../snapshots/copy';
import { type CopyPlan, copyPlan } from '../../snapshots/copyPlan';
import type { CopyReport } from '../../snapshots/copyReport';
import {
  type SharedSnapshot,
  type SharingReport,
  sharedSnapshots,
  sharingReport,
} from '../../snapshots/shared';
import { findVault } from '../../snapshots/vault';
import type { Command, CommonArgs } from '../command';
import { copyProgress } from '../copyProgress';
import { readSettings } from '../stack';
import { table } from '../table';

interface CopySnapshotsArgs extends CommonArgs {
  readonly 'dry-run': boolean;
  readonly 'poll-seconds': number;
}

/** Until a snapshot that was only just made is sure to be found by its tags. */
const SETTLE_MS = 3_000;

/** `lifeboat copy-snapshots`: in the DR account. */
export const copySnapshotsCommand: Command<CopySnapshotsArgs> = {
  examples: [
    ['npx lifeboat copy-snapshots', 'Copy what is shared, tagged and not copied yet; wait for all of it'],
    ['npx lifeboat copy-snapshots --dry-run', 'Show what would be copied, and change nothing'],
  ],

  builder: (yargs) =>
    yargs
      .option('dry-run', { type: 'boolean', default: false, describe: 'Show what would be copied' })
      .option('poll-seconds', {
        type: 'number',
        default: 30,
        describe: 'Longest time between two looks at AWS; they start at a fifteenth of it',
      }),

  async run(args, deps) {
    const pollSeconds = args['poll-seconds'];
    if (!(pollSeconds > 0)) {
      throw new LifeboatError({
        what: '--poll-seconds is malformed',
        got: String(pollSeconds),
        expected: 'a number above 0',
        next: 'npx lifeboat copy-snapshots --poll-seconds 30',
      });
    }
    const settings = readSettings(args);
    const dr = await drAccount(settings);
    const [source, vault] = await Promise.all([sourceAccount(settings), findVault(dr)]);
    const leftOut: string[] = [];
    const [shared, copies] = await Promise.all([
      sharedSnapshots(source, dr),
      copiesInDr(dr, { warn: (text) => leftOut.push(text) }),
    ]);
    const sharing = sharingReport(shared, source, dr.id);
    const notes = [...leftOut, ...sharing.notes];
    const plan = copyPlan(shared.tagged, copies);
    if (plan.doubles.length > 0)
      notes.push(
        `${plan.doubles.length} copies are of snapshots that have one already: ${plan.doubles.map(({ id }) => id).join(', ')}`,
      );
    const said: SharingReport = { problems: sharing.problems, notes };
    for (const note of notes) deps.stderr.write(`note     ${note}\n`);
    for (const problem of said.problems) deps.stderr.write(`problem  ${problem}\n`);
    // A daily job that stays green while the backup has stopped is worse than none.
    const code = said.problems.length > 0 ? 1 : 0;
    if (args['dry-run']) {
      deps.stdout.write(args.json ? planJson(plan, said) : planText(plan));
      return code;
    }
    const { clock = REAL_CLOCK } = deps;
    const began = clock.now();
    const gib = [...plan.queue, ...plan.pending].reduce((sum, { size }) => sum + size, 0);
    const progress = copyProgress({ snapshots: plan.queue.length + plan.pending.length, gib }, deps);
    let report: CopyReport;
    try {
      const route = { source, dr, vault, once: ec2Once(dr), settleMs: SETTLE_MS };
      const max = pollSeconds * 1000;
      report = await copySnapshots(plan, route, progress, {
        poll: { first: max / 15, max },
        probeMs: max,
        clock,
      });
    } finally {
      progress.stop();
    }
    const took = clock.now() - began;
    deps.stdout.write(args.json ? reportJson(plan, report, said, took) : reportText(plan, report, took));
    return report.failed.length > 0 ? 1 : code;
  },
};

function state({ already, waiting }: CopyPlan): string {
  const parts = [`${already} copied already`];
  if (waiting.length > 0) parts.push(`${waiting.length} not completed in the source yet`);
  return parts.join(', ');
}

function planText(plan: CopyPlan): string {
  const rows = plan.queue.map((snapshot) => [
    snapshot.tags.Name ?? '',
    snapshot.volumeId,
    snapshot.id,
    snapshot.startTime.toISOString(),
    String(snapshot.size),
  ]);
  const gib = plan.queue.reduce((sum, { size }) => sum + size, 0);
  return (
    table(['name', 'volume', 'snapshot', 'started', 'GiB'], rows) +
    `To be copied: ${plan.queue.length} snapshots, ${gib} GiB at the most; ` +
    `${plan.pending.length} copies go on from before; ${state(plan)}.\n`
  );
}

function planJson(plan: CopyPlan, { problems, notes }: SharingReport): string {
  return json({
    dryRun: true,
    toCopy: plan.queue.map(snapshotJson),
    pending: plan.pending.map(({ id, sourceSnapshotId }) => ({ copy: id, snapshot: sourceSnapshotId })),
    already: plan.already,
    waiting: plan.waiting.map(snapshotJson),
    problems,
    notes,
  });
}

function reportText(plan: CopyPlan, { copied, failed }: CopyReport, took: number): string {
  const rows = [
    ...[...copied]
      .sort((a, b) => a.name.localeCompare(b.name) || Number(a.sourceTime) - Number(b.sourceTime))
      .map((copy) => [
        copy.name,
        copy.sourceVolumeId,
        copy.sourceSnapshotId,
        copy.id,
        String(copy.size),
        `copied in ${prettyMs(copy.milliseconds, { secondsDecimalDigits: 0 })}`,
      ]),
    ...failed.map((failure) => [
      failure.name,
      failure.volumeId,
      failure.snapshotId,
      failure.copy ?? '',
      '',
      `failed: ${failure.reason}`,
    ]),
  ];
  const gib = copied.reduce((sum, { size }) => sum + size, 0);
  const failures = failed.length > 0 ? `${failed.length} failed, ` : '';
  return (
    table(['name', 'volume', 'snapshot', 'copy', 'GiB', 'result'], rows) +
    `${copied.length} copied (${gib} GiB in ${prettyMs(took, { secondsDecimalDigits: 0 })}), ${failures}${state(plan)}.\n`
  );
}

function reportJson(
  plan: CopyPlan,
  report: CopyReport,
  { problems, notes }: SharingReport,
  took: number,
): string {
  return json({
    copied: report.copied.map((copy) => ({
      snapshot: copy.sourceSnapshotId,
      volume: copy.sourceVolumeId,
      name: copy.name,
      started: copy.sourceTime.toISOString(),
      gib: copy.size,
      copy: copy.id,
      fromEarlierRun: copy.adopted,
      seconds: Math.round(copy.milliseconds / 1000),
    })),
    failed: report.failed.map(({ snapshotId, volumeId, name, copy, reason }) => ({
      snapshot: snapshotId,
      volume: volumeId,
      name,
      copy,
      reason,
    })),
    already: plan.already,
    waiting: plan.waiting.map(snapshotJson),
    problems,
    notes,
    seconds: Math.round(took / 1000),
  });
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
