import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { drillTimes } from '../../inventory/drill/drillId';
import type { RecoveryPlan } from '../../inventory/recoveryPlan';
import type { RecoveryStep } from '../../inventory/waves';
import type { Clock } from '../../snapshots/clock';
import { recoveredMachines } from '../../snapshots/recoveredMachines';
import type { Deps } from '../command';
import { type DriveOptions, drive, type RecoverReport, type StepReport } from '../recover/drive';
import { recoverEngine } from '../recover/engine';
import { notReady } from '../recover/health';
import { unplanned } from '../recover/order';
import type { DrillCost } from './cost';
import { makeEndSchedule, removeEndSchedule } from './endSchedule';
import type { DrillProject } from './project';
import { type DrillPhase, type DrillReport, drillReport } from './report';
import { stackOfDrill } from './stackOfDrill';
import { stopOn } from './stop';
import { type Swept, sweep } from './sweep';

/** How long before AWS ends its machines nothing is launched any more: AWS does so once, and what came after it would stay. */
const SPARE_MS = 2 * 60_000;

/** What a drill is run with. */
export interface DrillRun
  extends Pick<DriveOptions, 'types' | 'typesText' | 'gateMs' | 'pollMs' | 'isGated' | 'note' | 'stepDone'> {
  readonly dr: Account;
  readonly deps: Deps;
  readonly id: string;
  /** The stack that is drilled. */
  readonly stack: string;
  readonly project: DrillProject;
  readonly steps: readonly RecoveryStep[];
  readonly recovery: RecoveryPlan;
  readonly cost: DrillCost;
  readonly clock: Clock;
}

/**
 * Runs a drill from its schedule to its sweep. Whatever fails on the way, what was made is removed.
 *
 * @throws LifeboatError when it could not begin, and then nothing was made
 */
export async function runDrill(run: DrillRun): Promise<DrillReport> {
  const { dr, deps, id, project, note, clock, pollMs, recovery: planned } = run;
  const now = () => deps.now().toISOString();
  const phases: DrillPhase[] = [];
  const phase = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
    const begun = now();
    try {
      return await work();
    } finally {
      phases.push({ title, begun, ended: now() });
    }
  };
  const begun = now();
  const end = drillTimes(id)?.end;
  if (end === undefined) throw new Error(`${id} is no id of a drill`);
  const stop = stopOn(Number(end) - SPARE_MS, note);
  const stack = stackOfDrill(project, deps);
  const steps: StepReport[] = [];
  let recovery: RecoverReport | undefined;
  let stopped: string | undefined;
  try {
    await phase('schedule of its end', () => makeEndSchedule(dr, id));
    try {
      await phase('stack', () => stack.make());
    } catch (error) {
      // Somebody else's, who was quicker, is left alone.
      await removeEndSchedule(dr, id).catch((left: unknown) =>
        note(`the schedule of ${id} is left, and ends nothing: ${reason(left)}`),
      );
      throw error;
    }
    try {
      stop.check();
      recovery = await phase('recovery', () => driven(run, stop, steps));
    } catch (error) {
      stopped = reason(error);
      note(`the drill is over: ${stopped}`);
    }
    if (stopped === undefined) {
      note('destroying what was made');
      await phase('destroy', () => stack.destroy());
    }
    const swept: Swept = await phase('sweep', () =>
      sweep(dr, {
        stack: project.stack,
        isMeant: (other) => other === id,
        clock,
        pollMs,
        // An engine that was interrupted may not have waited for what it had asked for.
        settleMs: stopped === undefined ? 0 : 2 * pollMs,
        note,
      }),
    );
    // What is known of the drill is told, whatever becomes of its stack.
    const kept = await stack.forget().then(() => undefined, reason);
    return drillReport({
      id,
      stack: run.stack,
      account: dr.id,
      region: dr.region,
      begun,
      ended: now(),
      cost: run.cost,
      phases,
      recovery,
      steps,
      planned: planned.machines,
      stopped,
      swept,
      kept: kept === undefined ? undefined : `stack ${project.stack}: ${kept}`,
    });
  } finally {
    stop.close();
  }
}

async function driven(
  run: DrillRun,
  stop: ReturnType<typeof stopOn>,
  done: StepReport[],
): Promise<RecoverReport> {
  const { dr, deps, id, project, recovery } = run;
  const at = { dir: project.cwd, stack: project.stack };
  const engine = await recoverEngine(at, { ...project, signal: stop.signal });
  try {
    return await drive(run.steps, {
      ...run,
      up: async (settings, onStep) => {
        stop.check();
        const failures = await engine.up(settings, onStep);
        stop.check();
        return failures;
      },
      look: async () => {
        const machines = await recoveredMachines(dr, id);
        return new Map(machines.map(({ sourceId, id: instance }) => [sourceId, { id: instance }]));
      },
      notReady: (machines) => notReady(dr, machines),
      begun: [],
      unplanned: unplanned(recovery),
      switchDns: false,
      endsWithMachines: true,
      stepDone: (step) => {
        done.push(step);
        run.stepDone?.(step);
      },
      clock: stop.clock(run.clock),
      now: deps.now,
    });
  } finally {
    engine.close();
  }
}
