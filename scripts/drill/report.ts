import type { PlannedMachine } from '../../inventory/plannedMachine';
import type { MachineReport, RecoverReport, StepReport } from '../recover/drive';
import type { DrillCost } from './cost';
import type { Swept } from './sweep';

/** A stretch of a drill, beside its waves. Times are ISO 8601. */
export interface DrillPhase {
  readonly title: string;
  readonly begun: string;
  readonly ended: string;
}

/** What a drill did for one machine. */
export interface DrillMachine extends MachineReport {
  /** The step that it was in. */
  readonly step: string;
  /** When the data on its disks was snapshotted, ISO 8601; undefined where there was none to recover from. */
  readonly dataFrom?: string;
  /** How old that was when the drill began, in seconds. */
  readonly dataAgeSeconds?: number;
}

/** One stretch of what the time to recover was spent on: had it been shorter, all would have been. */
export interface CriticalStretch extends DrillPhase {
  /** The machine, where it is one. */
  readonly machine?: string;
}

/** What a drill found. Kept in the vault, see VAULT_KEY.drill. */
export interface DrillReport {
  readonly format: 'lifeboat-drill';
  readonly version: 1;
  readonly id: string;
  /** The stack that was drilled. */
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  /** Of all of it, from the schedule to the end of the sweep; ISO 8601. */
  readonly begun: string;
  readonly ended: string;
  /** From the first call to the last machine's checks, in seconds; undefined when a machine did not get ready. */
  readonly recoverSeconds?: number;
  readonly cost: DrillCost;
  readonly phases: readonly DrillPhase[];
  readonly steps: readonly DrillPhase[];
  readonly machines: readonly DrillMachine[];
  readonly criticalPath: readonly CriticalStretch[];
  /** What failed beside machines. */
  readonly failures: readonly string[];
  /** Why it was ended before its time; undefined when it was not. */
  readonly stopped?: string;
  /** What the sweep found that the destroy should have removed, and what is still there. */
  readonly swept: readonly string[];
  readonly left: readonly string[];
}

/** What a report is made of. */
export interface DrillFacts
  extends Pick<DrillReport, 'id' | 'stack' | 'account' | 'region' | 'cost' | 'phases'> {
  readonly begun: string;
  readonly ended: string;
  /** What was driven to its end. Undefined where it was stopped. */
  readonly recovery: RecoverReport | undefined;
  /** Every step that came to its end. */
  readonly steps: readonly StepReport[];
  readonly planned: readonly PlannedMachine[];
  readonly stopped: string | undefined;
  readonly swept: Swept;
  /** The stack, with why the engine did not let it go; undefined when it did. */
  readonly kept: string | undefined;
}

/** Puts together what a drill found. Pure. */
export function drillReport(facts: DrillFacts): DrillReport {
  const { id, stack, account, region, begun, ended, cost, phases, stopped, swept, recovery } = facts;
  const steps = recovery?.steps ?? facts.steps;
  const byId = new Map(facts.planned.map((machine) => [machine.instance.id, machine.pin.time]));
  const machines = steps.flatMap((step) =>
    step.machines.map((machine): DrillMachine => {
      const dataFrom = byId.get(machine.id);
      return {
        ...machine,
        step: step.title,
        ...(dataFrom !== undefined && { dataFrom, dataAgeSeconds: seconds(dataFrom, begun) }),
      };
    }),
  );
  const isWhole = stopped === undefined && machines.every(({ outcome }) => outcome === 'ready');
  const last = latest(machines.flatMap(({ ready }) => ready ?? []));
  const named = (left: Swept['found'][number]) => `${left.type} ${left.id}`;
  return {
    format: 'lifeboat-drill',
    version: 1,
    id,
    stack,
    account,
    region,
    begun,
    ended,
    ...(isWhole && recovery && last !== undefined && { recoverSeconds: seconds(recovery.begun, last) }),
    cost,
    phases,
    steps: steps.map((step) => ({ title: step.title, begun: step.begun, ended: step.ended })),
    machines,
    criticalPath: criticalPath(steps),
    failures: recovery?.failures ?? [],
    ...(stopped !== undefined && { stopped }),
    // Records and the schedule are in no state.
    swept: swept.found.filter(({ type }) => type !== 'record' && type !== 'schedule').map(named),
    left: [
      ...swept.left.map((each) => `${named(each)}: ${each.problem}`),
      ...(facts.kept ? [facts.kept] : []),
    ],
  };
}

/** Whether a drill went as a recovery should, and left nothing. */
export function isGoodDrill({ recoverSeconds, failures, left, stopped }: DrillReport): boolean {
  return recoverSeconds !== undefined && failures.length === 0 && left.length === 0 && stopped === undefined;
}

/**
 * What the time was spent on, one after the other. Waves follow one another, so of each it is the machine that was ready last, and
 * before it what had to be there for any machine: the network, of the first. Pure.
 */
export function criticalPath(steps: readonly StepReport[]): CriticalStretch[] {
  return steps.flatMap((step, index): CriticalStretch[] => {
    const slowest = [...step.machines]
      .filter(({ begun, ready }) => begun !== undefined && ready !== undefined)
      .sort((a, b) => Date.parse(b.ready ?? '') - Date.parse(a.ready ?? ''))[0];
    if (!slowest?.begun || !slowest.ready)
      return [{ title: step.title, begun: step.begun, ended: step.ended }];
    const { begun, launched = slowest.ready, ready, name } = slowest;
    return [
      { title: index === 0 ? 'the network' : 'the engine', begun: step.begun, ended: begun },
      { title: 'image and launch', begun, ended: launched, machine: name },
      { title: 'status checks', begun: launched, ended: ready, machine: name },
    ].filter((stretch) => Date.parse(stretch.ended) > Date.parse(stretch.begun));
  });
}

const seconds = (from: string, to: string): number =>
  Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1000));

const latest = (times: readonly string[]): string | undefined =>
  [...times].sort((a, b) => Date.parse(b) - Date.parse(a))[0];
