import { drAccount, sourceAccount } from '../../accounts';
import { copiesInDr } from '../../snapshots/catalogue';
import { sizeOf } from '../../snapshots/ceiling';
import { ec2Once } from '../../snapshots/clients';
import { REAL_CLOCK } from '../../snapshots/clock';
import { copySnapshots } from '../../snapshots/copy';
import { copyPlan } from '../../snapshots/copyPlan';
import type { CopyReport } from '../../snapshots/copyReport';
import { CopyLocker, lockProblem } from '../../snapshots/lock';
import { type SharingReport, sharedSnapshots, sharingReport } from '../../snapshots/shared';
import { findVault } from '../../snapshots/vault';
import type { Command } from '../command';
import { confirmCompliance } from '../confirmCompliance';
import { copyProgress } from '../copyProgress';
import { known } from '../copySnapshots/known';
import { type CopySnapshotsArgs, copySnapshotsOptions, parseCopySnapshots } from '../copySnapshots/options';
import {
  dryRunJson,
  dryRunText,
  overCeiling,
  planJson,
  planText,
  reportJson,
  reportText,
} from '../copySnapshots/report';
import { readSettings } from '../stack';

/** Until a snapshot that was only just made is sure to be found by its tags. */
const SETTLE_MS = 3_000;
/** The shortest time between two looks, and how often a copy more is tried where others use the region's limit. */
const FIRST_POLL_MS = 2_000;
const PROBE_MS = 30_000;

/** `lifeboat copy-snapshots`: in the DR account. */
export const copySnapshotsCommand: Command<CopySnapshotsArgs> = {
  examples: [
    ['npx lifeboat copy-snapshots', 'Copy what is shared, tagged and not copied yet; wait for all of it'],
    ['npx lifeboat copy-snapshots --dry-run', 'Show what would be copied, and change nothing'],
    ['npx lifeboat copy-snapshots --plan', 'Show slots over time, and change nothing'],
    ['npx lifeboat copy-snapshots --submit', 'Start what there is room for and leave; call again to go on'],
  ],

  builder: copySnapshotsOptions,

  async run(args, deps) {
    const { mode, rate, pollMs, most } = parseCopySnapshots(args);
    const settings = readSettings(args);
    const dr = await drAccount(settings);
    const [source, vault] = await Promise.all([sourceAccount(settings), findVault(dr)]);
    const leftOut: string[] = [];
    const [shared, copies, { machines, ceiling: ceilingOf, problem }] = await Promise.all([
      sharedSnapshots(source, dr, settings),
      copiesInDr(dr, { warn: (text) => leftOut.push(text) }),
      known(dr, settings, args.stack, most),
    ]);
    const ceiling = ceilingOf(copies, deps.now());
    const sharing = sharingReport(shared, source, dr.id);
    const notes = [...leftOut, ...sharing.notes];
    const plan = copyPlan(shared.tagged, copies, { machines, ceiling });
    if (plan.doubles.length > 0)
      notes.push(
        `${plan.doubles.length} copies are of snapshots that have one already: ${plan.doubles.map(({ id }) => id).join(', ')}`,
      );
    const problems = [...sharing.problems, ...(problem ? [problem] : []), ...overCeiling(plan, ceiling)];
    const said: SharingReport = { problems, notes };
    for (const note of notes) deps.stderr.write(`note     ${note}\n`);
    for (const problem of problems) deps.stderr.write(`problem  ${problem}\n`);
    // A daily job that stays green while the backup has stopped is worse than none.
    const code = problems.length > 0 ? 1 : 0;
    if (mode === 'dry-run') {
      deps.stdout.write(args.json ? dryRunJson(plan, said) : dryRunText(plan));
      return code;
    }
    if (mode === 'plan') {
      deps.stdout.write(args.json ? planJson(plan, rate, said) : planText(plan, rate));
      return code;
    }
    await confirmCompliance(dr, settings.lockCopies, args, deps);
    const { clock = REAL_CLOCK } = deps;
    const began = clock.now();
    const all = [...plan.queue, ...plan.pending];
    const progress = copyProgress({ snapshots: all.length, gib: sizeOf(all) }, deps);
    const locker = new CopyLocker(dr, settings.lockCopies, (text) => progress.note(text));
    let report: CopyReport;
    let unlocked: string[] = [];
    try {
      await locker.catchUp(deps.now());
      const route = { source, dr, vault, once: ec2Once(dr), settleMs: SETTLE_MS };
      report = await copySnapshots(plan, route, locker.watching(progress), {
        poll: { first: Math.min(FIRST_POLL_MS, pollMs), max: pollMs },
        probeMs: Math.min(PROBE_MS, pollMs),
        wait: mode === 'copy',
        clock,
      });
    } finally {
      progress.stop();
      unlocked = (await locker.catchUp(deps.now())).map(lockProblem);
      for (const problem of unlocked) deps.stderr.write(`problem  ${problem}\n`);
    }
    const took = clock.now() - began;
    const reported = { problems: [...problems, ...unlocked], notes };
    deps.stdout.write(args.json ? reportJson(plan, report, reported, took) : reportText(plan, report, took));
    return report.failed.length + unlocked.length > 0 ? 1 : code;
  },
};
