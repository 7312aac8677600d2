import { reason } from '../../errors';
import type { InstanceTypeMap } from '../../inventory/instanceTypes';
import type { RecoveryStep, WaveMachine } from '../../inventory/waves';
import type { Clock } from '../../snapshots/clock';
import type { EngineFailure, EngineStep } from './engine';

/** A recovered machine as it is in DR. */
export interface Running {
  readonly id: string;
  readonly address?: string;
  readonly name?: string;
  /** TCP ports that have to answer before it is ready. Default: none. */
  readonly ports?: readonly number[];
}

/** How a machine came out of a recovery. `held`: one that it waits for is not ready, so it was not begun. */
export type Outcome = 'ready' | 'failed' | 'held';

/** What a recovery did for one machine. */
export interface MachineReport extends WaveMachine {
  readonly outcome: Outcome;
  /** In DR. */
  readonly instance?: string;
  /** Why it is not ready. */
  readonly problem?: string;
  /** When its image or its launch was begun, when it ran, and when it passed its checks; ISO 8601. */
  readonly begun?: string;
  readonly launched?: string;
  readonly ready?: string;
}

/** What one step of a recovery did. */
export interface StepReport {
  readonly title: string;
  readonly begun: string;
  readonly ended: string;
  readonly machines: readonly MachineReport[];
}

/** What a recovery did. */
export interface RecoverReport {
  readonly begun: string;
  readonly ended: string;
  readonly steps: readonly StepReport[];
  /** `switched`, `off` where the settings keep it so, or `held` for machines that are not ready. */
  readonly dns: 'switched' | 'off' | 'held';
  /** What failed beside machines. */
  readonly failures: readonly string[];
  /** Which ports were not asked though a tag says them, and why. Default: all were. */
  readonly notAsked?: readonly string[];
}

/** What a recovery is driven with. */
export interface DriveOptions {
  /** Runs the engine once; see RecoverEngine.up. */
  up(
    settings: Readonly<Record<string, string>>,
    onStep: (step: EngineStep) => void,
  ): Promise<EngineFailure[]>;
  /** The recovered machines in DR, by the source's ids. */
  look(): Promise<ReadonlyMap<string, Running>>;
  /** Why machines are not ready, by their ids in DR. See notReady. */
  notReady(machines: readonly Running[]): Promise<ReadonlyMap<string, string>>;
  /** The source's ids of machines that an earlier run has begun: the engine may hold parts of them, and goes on with them at once. */
  readonly begun: readonly string[];
  /** Why machines cannot be recovered at all, by the source's id: no complete copies, say. */
  readonly unplanned: ReadonlyMap<string, string>;
  /** The types that a machine may have, by the source's id, the first choice first. */
  readonly types: InstanceTypeMap;
  /** What lifeboat:instanceTypes says, as text. */
  readonly typesText: string;
  /** How long the machines of one step may take to pass their checks, in milliseconds. */
  readonly gateMs: number;
  readonly pollMs: number;
  /** Whether later steps wait for machines that are not ready. */
  readonly isGated: boolean;
  /** Whether names are led to DR at the end. */
  readonly switchDns: boolean;
  /** Whether nothing is to come after the machines, as in a drill: no names, and nothing that waits for them. Default: false. */
  readonly endsWithMachines?: boolean;
  /** Told of each step when it is over. Default: nobody is. */
  stepDone?(step: StepReport): void;
  readonly clock: Clock;
  now(): Date;
  note(text: string): void;
}

/**
 * What says that another type may do: AWS has none of this one left, or does not have it in the zone.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
const NO_CAPACITY =
  /InsufficientInstanceCapacity|InsufficientHostCapacity|InsufficientCapacity|Unsupported: .*instance type/;

/** Brings up an estate step by step, each once what it waits for is ready. What runs already is taken in; so it can be run again. */
export async function drive(steps: readonly RecoveryStep[], options: DriveOptions): Promise<RecoverReport> {
  const { now, note } = options;
  const begun = now().toISOString();
  const reports: StepReport[] = [];
  const failures: string[] = [];
  const heldBy = new Map<string, string>();
  // What runs from an earlier run stays in every plan: one without it would be refused.
  const known = new Set(steps.flatMap(({ machines }) => machines.map(({ id }) => id)));
  const wanted = new Set([...(await options.look()).keys(), ...options.begun].filter((id) => known.has(id)));
  for (const id of options.unplanned.keys()) wanted.delete(id);
  const driver = new Driver(options, known);
  for (const { title, machines } of steps) {
    const isHeld = ({ wave }: WaveMachine) => options.isGated && wave !== undefined && heldBy.has(wave.chain);
    const held = machines.filter(isHeld);
    const ready = machines.filter((machine) => !isHeld(machine));
    for (const { name, wave } of held) note(`${name} is held: ${heldBy.get(wave?.chain ?? '')} is not ready`);
    const started = now().toISOString();
    const done = ready.length > 0 ? await driver.step(title, ready, wanted) : { machines: [], failures: [] };
    failures.push(...done.failures);
    for (const { outcome, name, wave } of done.machines)
      if (outcome !== 'ready' && wave && !heldBy.has(wave.chain)) heldBy.set(wave.chain, name);
    const waiting = held.map((machine): MachineReport => {
      const problem = `it waits for ${heldBy.get(machine.wave?.chain ?? '')}`;
      return { ...machine, outcome: 'held', problem };
    });
    const step = {
      title,
      begun: started,
      ended: now().toISOString(),
      machines: [...done.machines, ...waiting],
    };
    reports.push(step);
    options.stepDone?.(step);
  }
  const areAllReady = reports.every(({ machines }) => machines.every(({ outcome }) => outcome === 'ready'));
  const ended = () => now().toISOString();
  if (options.endsWithMachines)
    return { begun, ended: ended(), steps: reports, dns: 'off', failures: [...new Set(failures)] };
  const dns = !options.switchDns ? 'off' : areAllReady || !options.isGated ? 'switched' : 'held';
  note(
    dns === 'switched'
      ? 'leading names to DR'
      : `names are not led to DR: ${dns === 'off' ? 'lifeboat:switchDns is false' : 'machines are not ready'}`,
  );
  // The last run is the whole plan, as the settings have it: what a step left out for machines that came later is made now.
  const last = await driver.finish(wanted, areAllReady, dns === 'switched');
  return { begun, ended: ended(), steps: reports, dns, failures: [...new Set(last ?? failures)] };
}

class Driver {
  /** The types that machines are launched as, where it is not the first choice. */
  private readonly chosen = new Map<string, string>();

  private readonly machinesOwn: ReadonlySet<string>;

  constructor(
    private readonly options: DriveOptions,
    machines: ReadonlySet<string>,
  ) {
    this.machinesOwn = new Set([...machines].flatMap(namesOf));
  }

  async step(
    title: string,
    machines: readonly WaveMachine[],
    wanted: Set<string>,
  ): Promise<{ machines: MachineReport[]; failures: string[] }> {
    const { now, note } = this.options;
    note(`${title}: ${machines.map(({ name }) => name).join(', ')}`);
    const { unplanned } = this.options;
    const planned = machines.filter(({ id }) => !unplanned.has(id));
    for (const { id } of planned) wanted.add(id);
    const times = new Map<string, { begun?: string; launched?: string }>();
    const names = new Map(
      machines.flatMap(({ id, name }) => [
        [`image/${id}`, name],
        [`instance/${id}`, name],
      ]),
    );
    const onStep = ({ name, state }: EngineStep) => {
      const machine = names.get(name);
      if (machine === undefined) return;
      const [kind, id = ''] = name.split('/');
      const known = times.get(id) ?? {};
      if (state === 'begun') times.set(id, { begun: now().toISOString(), ...known });
      if (state === 'done' && kind === 'instance') times.set(id, { ...known, launched: now().toISOString() });
      if (state !== 'same') note(`  ${machine}: ${kind} ${state}`);
    };
    let failed = planned.length > 0 ? await this.up(wanted, onStep) : [];
    let running = await this.options.look();
    // Once more for what failed without a reason to choose another type: AWS may have throttled, or lost a call.
    let again = 1;
    const isMissing = () => planned.some(({ id }) => !running.has(id));
    while (isMissing() && (this.fallBack(planned, running, failed) || again-- > 0)) {
      failed = await this.up(wanted, onStep);
      running = await this.options.look();
    }
    const gate = await this.gate(machines, running);
    const reports = machines.map((machine): MachineReport => {
      const { id } = machine;
      const instance = running.get(id)?.id;
      const own = failed.filter(({ name }) => name !== undefined && namesOf(id).includes(name));
      const problem = instance
        ? gate.problems.get(instance)
        : (unplanned.get(id) ?? plainly(own) ?? 'it was not launched');
      return {
        ...machine,
        outcome: problem === undefined ? 'ready' : 'failed',
        ...(instance && { instance }),
        ...times.get(id),
        ...(problem === undefined ? { ready: gate.passed.get(instance ?? '') } : { problem }),
      };
    });
    for (const { name, problem } of reports) if (problem !== undefined) note(`  ${name}: ${problem}`);
    return { machines: reports, failures: this.beside(failed) };
  }

  /**
   * The whole plan once more, or all of it but for what is not wanted yet.
   *
   * @returns what failed beside machines, which is all that is left of what failed before; undefined where there was nothing to run
   */
  async finish(
    wanted: ReadonlySet<string>,
    isWhole: boolean,
    switchDns: boolean,
  ): Promise<string[] | undefined> {
    const settings = { ...this.types(), switchDns: String(switchDns) };
    const restricted = isWhole
      ? settings
      : { ...settings, recoverOnly: [...wanted].join(','), recoverExcept: '' };
    // Of no machine there is nothing to plan, and a list of none would mean all.
    return wanted.size === 0 ? undefined : this.beside(await this.options.up(restricted, () => {}));
  }

  private up(wanted: ReadonlySet<string>, onStep: (step: EngineStep) => void): Promise<EngineFailure[]> {
    const settings = {
      recoverOnly: [...wanted].join(','),
      // What it says is taken off the list already; an id that it does not have any more would be refused.
      recoverExcept: '',
      switchDns: 'false',
      ...this.types(),
    };
    return this.options.up(settings, onStep);
  }

  /** What failed that is no machine's own: each machine has its report. */
  private beside(failures: readonly EngineFailure[]): string[] {
    return failures.filter(({ name }) => name === undefined || !this.machinesOwn.has(name)).map(said);
  }

  private types(): Record<string, string> {
    if (this.chosen.size === 0) return {};
    const own = [...this.chosen].map(([id, type]) => `${id}=${type}`);
    return { instanceTypes: [...own, ...(this.options.typesText ? [this.options.typesText] : [])].join(',') };
  }

  /** Chooses another type for each machine that AWS had no room for. @returns whether there was one */
  private fallBack(
    machines: readonly WaveMachine[],
    running: ReadonlyMap<string, Running>,
    failed: readonly EngineFailure[],
  ): boolean {
    let isAny = false;
    for (const { id, name } of machines) {
      const isFull = failed.some((each) => each.name === `instance/${id}` && NO_CAPACITY.test(each.message));
      if (!isFull || running.has(id)) continue;
      const types = this.options.types[id] ?? [];
      const [next] = types.slice(types.indexOf(this.chosen.get(id) ?? types[0] ?? '') + 1);
      if (next === undefined) continue;
      this.options.note(
        `  ${name}: AWS has no capacity for ${this.chosen.get(id) ?? types[0]}; ${next} is next`,
      );
      this.chosen.set(id, next);
      isAny = true;
    }
    return isAny;
  }

  /** What AWS does not say is not known to be ready; it is asked again, for as long as there is time. */
  private async problemsOf(watched: readonly Running[]): Promise<ReadonlyMap<string, string>> {
    try {
      return await this.options.notReady(watched);
    } catch (error) {
      return new Map(
        watched.map(({ id }) => [id, `whether it is ready could not be asked: ${reason(error)}`]),
      );
    }
  }

  /** Waits until all are ready, or the time is up. */
  private async gate(
    machines: readonly WaveMachine[],
    running: ReadonlyMap<string, Running>,
  ): Promise<{ problems: ReadonlyMap<string, string>; passed: ReadonlyMap<string, string> }> {
    const { clock, gateMs, pollMs, now, note } = this.options;
    const watched = machines.flatMap(({ id }) => running.get(id) ?? []);
    const passed = new Map<string, string>();
    const until = clock.now() + gateMs;
    let last = '';
    for (;;) {
      const problems = await this.problemsOf(watched);
      for (const { id } of watched)
        if (!problems.has(id) && !passed.has(id)) passed.set(id, now().toISOString());
      if (problems.size === 0 || clock.now() >= until) return { problems, passed };
      const waiting = machines.flatMap(({ id, name }) =>
        problems.has(running.get(id)?.id ?? '') ? name : [],
      );
      if (waiting.join() !== last) note(`  waiting for ${waiting.join(', ')}`);
      last = waiting.join();
      await clock.sleep(Math.min(pollMs, Math.max(0, until - clock.now())));
    }
  }
}

/** What the engine makes for one machine alone, by its names in the plan. */
const namesOf = (id: string): string[] => [`instance/${id}`, `image/${id}`, `pin/${id}`];

const said = ({ name, message }: EngineFailure): string => (name ? `${name}: ${message}` : message);

const plainly = (failures: readonly EngineFailure[]): string | undefined =>
  failures.length > 0 ? [...new Set(failures.map(({ message }) => message))].join('; ') : undefined;
