import { randomUUID } from 'node:crypto';
import { reason } from '../../../errors';
import { inParts } from '../../../kinds/perObject';
import { PROBE_PREFIX } from '../../../names';
import { ANSWERS } from './functionCode';
import type { ProbeFunctions } from './functions';
import type { ProbedNetwork } from './network';
import { type ProbeTarget, type Vantage, vantageOf } from './vantage';

/** Far below the 1,024 files that a function may have open: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const PORTS_AT_ONCE = 200;

/** A machine in DR that others wait for. */
export interface ProbedMachine {
  readonly id: string;
  /** For people. Default: its id. */
  readonly name?: string;
  /** TCP ports that have to answer. Default: none. */
  readonly ports?: readonly number[];
}

/** What a probe works with. */
export interface PortProbeOptions {
  readonly functions: ProbeFunctions;
  /** Looks up where machines are, by their ids. See probeNetwork. */
  network(ids: readonly string[]): Promise<ProbedNetwork>;
  note(text: string): void;
}

interface Ask {
  readonly machine: ProbedMachine;
  readonly target: ProbeTarget;
}

const WAITS = 'it is not asked yet: AWS makes the function that asks, which takes a minute or two';

const keyOf = ({ id }: ProbedMachine, port: number): string => `${id} ${port}`;

/** Asks from inside VPCs whether ports of machines answer. What it makes for that is there from the first port that is asked to `close`. */
export class PortProbe {
  /** Names of functions by from where they ask. */
  private readonly made = new Map<string, string>();
  /** Every function that may be there. */
  private readonly names = new Set<string>();
  private readonly unasked = new Map<string, string>();
  /** Ports that have answered: one that did is not asked again, whatever becomes of the function meanwhile. */
  private readonly answered = new Set<string>();
  /** Why AWS could not make the last function, by from where it was to ask. */
  private readonly failed = new Map<string, string>();
  private working: Promise<unknown> = Promise.resolve();
  private isClosed = false;

  constructor(private readonly options: PortProbeOptions) {}

  /** What nobody inside the VPC can ask, as sentences. No wave is held for it. */
  get notes(): readonly string[] {
    return [...this.unasked.values()];
  }

  /**
   * Why ports of machines do not answer. What could not be asked is not known to answer.
   *
   * @param machines of which some may have no ports; where none has any, AWS is not asked
   * @param isUp whether a machine is well else: only then are its ports asked, while what asks is made meanwhile
   * @returns by the machines' ids; those whose ports answer are not in it
   */
  problems(
    machines: readonly ProbedMachine[],
    isUp: (id: string) => boolean,
  ): Promise<ReadonlyMap<string, string>> {
    const probed = machines.filter(({ ports = [] }) => ports.length > 0);
    if (probed.length === 0) return Promise.resolve(new Map());
    const work = this.asked(probed, isUp);
    this.working = work;
    return work;
  }

  /** Removes every function that was made. What AWS refuses to remove is said. */
  async close(): Promise<void> {
    this.isClosed = true;
    // One that is being made now has a name already, and is removed once AWS has answered.
    await this.working.catch(() => {});
    await Promise.all(
      [...this.names].map(async (name) => {
        // Asked for once: whoever is told to end does not wait for it twice.
        this.names.delete(name);
        try {
          await this.options.functions.remove(name);
        } catch (error) {
          this.options.note(`the function ${name} is left, and the next run removes it: ${reason(error)}`);
        }
      }),
    );
  }

  private async asked(
    machines: readonly ProbedMachine[],
    isUp: (id: string) => boolean,
  ): Promise<ReadonlyMap<string, string>> {
    const problems = new Map<string, string[]>();
    const say = (id: string, problem: string) => problems.set(id, [...(problems.get(id) ?? []), problem]);
    let found: ProbedNetwork;
    try {
      found = await this.options.network(machines.map(({ id }) => id));
    } catch (error) {
      return new Map(
        machines.map(({ id }) => [id, `whether its ports answer could not be asked: ${reason(error)}`]),
      );
    }
    await Promise.all(
      this.byVantage(machines, found, isUp).map(async ([key, { vantage, asks }]) => {
        const sayOfAll = (why: string) => {
          for (const { machine, target } of asks)
            say(machine.id, `whether its port ${target.port} answers is not known: ${why}`);
        };
        try {
          const waits = await this.waitsFor(key, vantage);
          if (waits !== undefined) return sayOfAll(waits);
          const now = asks.filter(({ machine }) => isUp(machine.id));
          for (const part of inParts(now, PORTS_AT_ONCE)) {
            const answers = await this.options.functions.ask(
              this.made.get(key) ?? '',
              part.map(({ target: { address, port } }) => ({ address, port })),
            );
            for (const [index, { machine, target }] of part.entries())
              if (answers[index] === ANSWERS) this.answered.add(keyOf(machine, target.port));
              else
                say(
                  machine.id,
                  `its port ${target.port} does not answer from inside the VPC: ${answers[index]}`,
                );
          }
        } catch (error) {
          sayOfAll(reason(error));
        }
      }),
    );
    return new Map([...problems].map(([id, each]) => [id, [...new Set(each)].join('; ')]));
  }

  /** Ports by from where they are asked; those that cannot be are noted, once. */
  private byVantage(
    machines: readonly ProbedMachine[],
    { places, network }: ProbedNetwork,
    isUp: (id: string) => boolean,
  ): [string, { vantage: Vantage; asks: Ask[] }][] {
    const groups = new Map<string, { vantage: Vantage; asks: Ask[] }>();
    for (const machine of machines)
      for (const port of machine.ports ?? []) {
        const place = places.get(machine.id);
        const target = place && { ...place, port };
        const vantage = target ? vantageOf(target, network) : 'it has no IPv4 address';
        const what = keyOf(machine, port);
        if (this.answered.has(what)) continue;
        // What is ending has no address either, and is not ready for a reason of its own.
        if (!place && !isUp(machine.id)) continue;
        if (!target || typeof vantage === 'string') {
          const text = `${machine.name ?? machine.id}: its port ${port} cannot be asked, so it is not waited for: ${vantage}`;
          if (this.unasked.get(what) !== text) this.options.note(text);
          this.unasked.set(what, text);
          continue;
        }
        this.unasked.delete(what);
        const key = [vantage.subnet, ...vantage.groups].join(' ');
        const group = groups.get(key) ?? { vantage, asks: [] };
        group.asks.push({ machine, target });
        groups.set(key, group);
      }
    return [...groups];
  }

  /** Why a function cannot be invoked yet; it is made where there is none, or none any more. */
  private async waitsFor(key: string, vantage: Vantage): Promise<string | undefined> {
    const { functions } = this.options;
    const name = this.made.get(key);
    if (name === undefined) {
      await this.make(key, vantage);
      return this.waits(key);
    }
    const { state, why } = await functions.state(name);
    if (state === 'Active') return undefined;
    if (state === 'Pending') return this.waits(key);
    // Somebody has removed it, or AWS could not make it; the next look makes another.
    this.made.delete(key);
    await this.remove(name);
    const failed = `the function that asks is ${state}${why ? `: ${why}` : ''}`;
    this.failed.set(key, failed);
    return failed;
  }

  private waits(key: string): string {
    const before = this.failed.get(key);
    return before === undefined ? WAITS : `${before}; another is made`;
  }

  private async make(key: string, vantage: Vantage): Promise<void> {
    if (this.isClosed) throw new Error('the recovery is ended');
    const name = `${PROBE_PREFIX}${randomUUID().slice(0, 13)}`;
    // Before the call: its answer may be lost.
    this.names.add(name);
    try {
      await this.options.functions.make(name, vantage);
      this.made.set(key, name);
    } catch (error) {
      await this.remove(name).catch(() => {});
      throw new Error(`the function that asks could not be made: ${reason(error)}`, { cause: error });
    }
  }

  private async remove(name: string): Promise<void> {
    await this.options.functions.remove(name);
    this.names.delete(name);
  }
}
