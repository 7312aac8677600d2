import { commonFindings, lastCopy } from './commonFindings';
import { type Cost, costAtRest } from './costAtRest';
import type { Facts } from './facts';
import { type Finding, lookedUp } from './finding';
import type { LastDrill } from './lastDrill';
import { type MachineReport, machineReport } from './machineReport';
import type { StoreCount } from './stores';

/** All that status says. */
export interface StatusReport {
  readonly facts: Facts;
  /** By name. */
  readonly machines: readonly MachineReport[];
  /** What is no single machine's. */
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
  /** What Lifeboat does not protect; undefined when the source does not answer. */
  readonly stores?: readonly StoreCount[];
  readonly lastMirrorRun?: Date;
  readonly lastCopy?: Date;
  /** What DR costs a month while no recovery is active. */
  readonly cost: Cost;
  readonly lastDrill?: LastDrill;
  /** Whether nothing is wrong with anything. */
  readonly isWell: boolean;
}

/** Concludes from all that was looked up. Pure. */
export function statusReport(facts: Facts): StatusReport {
  const source = lookedUp(facts.source);
  const policies = lookedUp(source?.policies);
  const machines = facts.machines.map((machine) =>
    machineReport(machine, {
      now: facts.now,
      settings: facts.settings,
      stack: facts.stack,
      machines: facts.machines,
      copies: facts.copies,
      shared: lookedUp(source?.shared),
      isLive: lookedUp(source?.live) !== undefined,
      keys: source?.keys ?? new Map(),
      vaultKey: lookedUp(facts.vaultKey),
      takesInstances:
        policies && policies.length > 0 && policies.every(({ takes }) => !takes.includes('VOLUME')),
    }),
  );
  const { problems, notes } = commonFindings(facts, machines);
  return {
    facts,
    machines,
    problems,
    notes,
    stores: source?.stores,
    lastMirrorRun: lookedUp(facts.mirrorRun),
    lastCopy: lastCopy(facts.copies),
    cost: costAtRest(facts),
    lastDrill: lookedUp(facts.drill),
    isWell: problems.length === 0 && machines.every((machine) => machine.problems.length === 0),
  };
}
