import type { SnapshotSet } from '../../snapshots/sets';
import type { MachineReport } from './machineReport';
import type { StatusReport } from './statusReport';

/** A report as one JSON document. Fields are only ever added; what is not known is null. */
export function statusJson(report: StatusReport): string {
  const { facts } = report;
  const { settings, source } = facts;
  return `${JSON.stringify(
    {
      time: facts.now.toISOString(),
      isWell: report.isWell,
      source: { account: settings.sourceAccount, region: settings.sourceRegion, answered: !source.error },
      dr: { account: settings.drAccount, region: settings.drRegion },
      lastMirrorRun: report.lastMirrorRun?.toISOString() ?? null,
      lastCopy: report.lastCopy?.toISOString() ?? null,
      costAtRest: { currency: 'USD', per: 'month', ...report.cost },
      lastDrill: report.lastDrill ?? null,
      machines: report.machines.map((machine) => machineJson(machine, facts.now)),
      problems: report.problems,
      notes: report.notes,
      notProtected:
        report.stores?.map(({ store, count, reason }) => ({ store, count: count ?? null, reason })) ?? null,
    },
    null,
    2,
  )}\n`;
}

function machineJson({ machine, rpoHours, newest, sets, older, problems, notes }: MachineReport, now: Date) {
  return {
    id: machine.instance.id,
    name: machine.name,
    isAccepted: machine.isAccepted,
    goneSince: machine.goneSince ?? null,
    rpoHours,
    disks: machine.disks.map(({ deviceName, volumeId }) => ({ deviceName, volumeId })),
    newest: newest
      ? {
          id: newest.id,
          time: newest.time.toISOString(),
          ageSeconds: Math.round((now.getTime() - newest.time.getTime()) / 1000),
          copies: Object.fromEntries([...newest.copies].map(([volumeId, { id }]) => [volumeId, id])),
        }
      : null,
    sets: sets.map(setJson),
    older,
    problems,
    notes,
  };
}

function setJson({ time, state, point, disks }: SnapshotSet) {
  return { time: time.toISOString(), state, point: point?.id ?? null, disks };
}
