import { copyPlan } from '../../snapshots/copyPlan';
import { sharingReport } from '../../snapshots/shared';
import { age } from '../age';
import type { Facts } from './facts';
import { type Finding, type Findings, type Looked, lookedUp } from './finding';
import { launchFindings } from './launchFindings';
import type { MachineReport } from './machineReport';
import { policyFindings } from './snapshotPolicies';

const HOUR = 3_600_000;

/** What is wrong with what all machines share: the way into the source, its policies, the vault and the runs. Pure. */
export function commonFindings(facts: Facts, reports: readonly MachineReport[]): Findings {
  const { settings, stack, source, accepted } = facts;
  const found = lookedUp(source);
  const problems: Finding[] = [
    ...errorsOf(
      source,
      found?.live,
      found?.shared,
      found?.policies,
      accepted,
      facts.vaultKey,
      facts.mirrorRun,
    ),
    ...facts.problems,
  ];
  const notes: Finding[] = [...facts.notes];
  if (!accepted.error && accepted.value === undefined)
    problems.push({
      code: 'inventory',
      what: 'no inventory has been accepted yet, so nothing could be recovered',
      next: `npm run pulumi -- up --stack ${stack}`,
    });
  const inventory = lookedUp(accepted);
  if (inventory) problems.push(...launchFindings(inventory, settings, stack));
  if (!accepted.error && facts.machines.length === 0)
    problems.push({
      code: 'nothing-protected',
      what: 'no machine is protected: none has a disk that is tagged to be copied',
      next: 'tag what is to be protected (README, Tags); in the source: npx lifeboat tag-volumes',
    });
  const policies = lookedUp(found?.policies);
  if (policies) problems.push(...policyFindings(policies, settings.sourceRegion, settings.drAccount));
  const shared = lookedUp(found?.shared);
  if (shared) {
    const place = { id: settings.sourceAccount, region: settings.sourceRegion };
    if (shared.tagged.length === 0 && facts.machines.length > 0)
      problems.push(
        ...sharingReport({ ...shared, notShared: [], failed: [] }, place, settings.drAccount).problems.map(
          (what): Finding => ({ code: 'not-shared', what }),
        ),
      );
    for (const what of sharingReport(shared, place, settings.drAccount).notes)
      notes.push({ code: 'source-snapshots', what });
  }
  problems.push(...lateRuns(facts, reports));
  problems.push(...doubled(facts));
  notes.push(...leftBehind(facts));
  if (settings.recover)
    notes.push({
      code: 'recovery-active',
      what: 'a recovery is active: what its machines write is on no copy',
      next: `to end it: npx lifeboat stand-down --stack ${stack}`,
    });
  return { problems, notes };
}

function errorsOf(...all: (Looked<unknown> | undefined)[]): Finding[] {
  return all.flatMap((looked) => looked?.error ?? []);
}

function lateRuns(
  { now, settings, stack, mirrorRun, copies, machines }: Facts,
  reports: readonly MachineReport[],
) {
  const problems: Finding[] = [];
  const isLate = (time: Date, hours: number) => now.getTime() - time.getTime() > hours * HOUR;
  const up = `npm run pulumi -- up --stack ${stack}; and look why the schedule did not run it`;
  if (!mirrorRun.error) {
    const run = mirrorRun.value;
    if (!run)
      problems.push({ code: 'mirror-run-late', what: 'no run of the mirror has ended well yet', next: up });
    else if (isLate(run, settings.rpoHours))
      problems.push({
        code: 'mirror-run-late',
        what: `the last run of the mirror that ended well is ${age(run, now, { inWords: true })} ago, and ${settings.rpoHours} hours are wanted`,
        next: up,
      });
  }
  if (machines.length === 0) return problems;
  // The machine that wants it most often; those that are gone want nothing.
  const hours = Math.min(
    ...reports.filter(({ machine }) => machine.goneSince === undefined).map(({ rpoHours }) => rpoHours),
  );
  const last = lastCopy(copies);
  if (last && Number.isFinite(hours) && isLate(last, hours))
    problems.push({
      code: 'copy-run-late',
      what: `the last copy was begun ${age(last, now, { inWords: true })} ago, and ${hours} hours are wanted`,
      next: 'npx lifeboat copy-snapshots; and look why the schedule did not run it',
    });
  return problems;
}

/** When DR last began to copy anything. */
export function lastCopy(copies: Facts['copies']): Date | undefined {
  const times = copies.flatMap(({ begun }) => (begun ? [begun.getTime()] : []));
  return times.length > 0 ? new Date(times.reduce((a, b) => Math.max(a, b))) : undefined;
}

/** Copies that hold nothing. */
function leftBehind({ copies, settings }: Facts): Finding[] {
  const notes: Finding[] = [];
  const live = new Set(copies.filter(({ state }) => state !== 'error').map((copy) => copy.sourceSnapshotId));
  const overtaken = copies.filter(
    ({ state, sourceSnapshotId }) => state === 'error' && live.has(sourceSnapshotId),
  );
  if (overtaken.length > 0)
    notes.push({
      code: 'left-behind',
      what: `${overtaken.length} copies ended in error, and were made again: ${some(overtaken)}`,
      next: `as an administrator of ${settings.drAccount}: aws ec2 delete-snapshot --region ${settings.drRegion} --snapshot-id ${overtaken[0]?.id}`,
    });
  return notes;
}

/** Second copies. Two runs at the same moment may make one; so may a thief, to have it recovered in the place of the first. */
function doubled({ copies, settings }: Facts): Finding[] {
  const { doubles } = copyPlan([], copies);
  if (doubles.length === 0) return [];
  return [
    {
      code: 'lineage',
      what: `${doubles.length} copies are of snapshots that have one already: ${some(doubles)}; the one that was begun first is recovered from`,
      next: `find out who made them (CloudTrail in DR: CopySnapshot), then, as an administrator of ${settings.drAccount}, delete the later ones`,
    },
  ];
}

function some(copies: Facts['copies']): string {
  const ids = copies.slice(0, 5).map(({ id }) => id);
  return `${ids.join(', ')}${copies.length > 5 ? ' and others' : ''}`;
}
