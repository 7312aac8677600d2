import { type Inventory, itemsOf } from '../../inventory/inventory';
import { PROBE_TAG } from '../../inventory/probes';
import type { RecoveryPlan } from '../../inventory/recoveryPlan';
import { type RecoveryStep, recoverySteps, type WaveMachine, waveText } from '../../inventory/waves';
import { instance } from '../../kinds/machines/instance';
import type { Settings } from '../../settings';
import { age } from '../age';
import { table } from '../table';

/**
 * What cannot be recovered, by the source's id, with why. Not what is only held until its image is known: the next run may launch it. Pure.
 */
export function unplanned({ machines, failed }: RecoveryPlan): Map<string, string> {
  const planned = new Set(machines.map((machine) => machine.instance.id));
  return new Map(failed.flatMap(({ id, problem }) => (planned.has(id) ? [] : [[id, problem] as const])));
}

/** What is wanted in its order, with what cannot be recovered: others may wait for that. Pure. */
export function stepsOf(inventory: Inventory, recovery: RecoveryPlan): RecoveryStep[] {
  const { machines, failed } = recovery;
  const tags = new Map(itemsOf(inventory.kinds, instance).map((item) => [item.id, item.tags]));
  const without = unplanned(recovery);
  return recoverySteps([
    ...machines.map(({ instance: { id, tags }, name }) => ({ id, name, tags })),
    ...failed
      .filter(({ id }) => without.has(id))
      .map(({ id, name }) => ({ id, name, tags: tags.get(id) ?? {} })),
  ]);
}

/** The ports that have to answer, by the source's id. What cannot be read is as none: on the day it must not keep a machine down. Pure. */
export function portsOf(steps: readonly RecoveryStep[]): Map<string, readonly number[]> {
  const machines = steps.flatMap((step) => step.machines);
  return new Map(
    machines.flatMap(({ id, probe }) => (probe && probe !== 'malformed' ? [[id, probe] as const] : [])),
  );
}

/** Whose ports are not asked because their tag cannot be read, as sentences. Pure. */
export function unreadableProbes(steps: readonly RecoveryStep[]): string[] {
  return steps
    .flatMap((step) => step.machines)
    .filter(({ probe }) => probe === 'malformed')
    .map(({ name }) => `${name}: its tag ${PROBE_TAG} cannot be read, so no port is waited for`);
}

/** The order of a recovery, for people: which machine in which wave, of what age, and what cannot be recovered. Pure. */
export function orderOf(
  steps: readonly RecoveryStep[],
  { machines, failed }: RecoveryPlan,
  now: Date,
): string {
  const byId = new Map(machines.map((machine) => [machine.instance.id, machine]));
  const problems = new Map(failed.map(({ id, problem }) => [id, problem]));
  const hasPorts = steps.some((step) => step.machines.some(({ probe }) => probe !== undefined));
  const rows = steps.flatMap((step) =>
    step.machines.map(({ id, name, wave, probe }) => {
      const planned = byId.get(id);
      const data = planned ? `${planned.pin.time}, ${age(new Date(planned.pin.time), now)} old` : '-';
      return [
        waveText(wave),
        name,
        String(planned?.launch.instanceType ?? '-'),
        data,
        ...(hasPorts ? [portsText(probe)] : []),
        problems.get(id) ?? '',
      ];
    }),
  );
  const head = ['wave', 'name', 'type', 'data from', ...(hasPorts ? ['waits for port'] : [])];
  return table([...head, 'not recovered because'], rows);
}

function portsText(probe: WaveMachine['probe']): string {
  if (probe === undefined) return '-';
  return probe === 'malformed' ? 'cannot be read' : probe.join(', ');
}

/** `lifeboat:instanceTypes` as text. */
export const typesText = ({ instanceTypes }: Settings): string =>
  Object.entries(instanceTypes)
    .map(([key, types]) => `${key}=${types.join('/')}`)
    .join(',');
