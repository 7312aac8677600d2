import { type Inventory, itemsOf } from '../../inventory/inventory';
import type { RecoveryPlan } from '../../inventory/recoveryPlan';
import { type RecoveryStep, recoverySteps, waveText } from '../../inventory/waves';
import { instance } from '../../kinds/machines/instance';
import type { Settings } from '../../settings';
import { age } from '../age';
import { table } from '../table';

/** What is wanted in its order, with what cannot be recovered: others may wait for that. */
export function stepsOf(inventory: Inventory, { machines, failed }: RecoveryPlan): RecoveryStep[] {
  const tags = new Map(itemsOf(inventory.kinds, instance).map((item) => [item.id, item.tags]));
  return recoverySteps([
    ...machines.map(({ instance: { id, tags }, name }) => ({ id, name, tags })),
    ...failed.map(({ id, name }) => ({ id, name, tags: tags.get(id) ?? {} })),
  ]);
}

/** The order of a recovery, for people: which machine in which wave, of what age, and what cannot be recovered. Pure. */
export function orderOf(
  steps: readonly RecoveryStep[],
  { machines, failed }: RecoveryPlan,
  now: Date,
): string {
  const byId = new Map(machines.map((machine) => [machine.instance.id, machine]));
  const problems = new Map(failed.map(({ id, problem }) => [id, problem]));
  const rows = steps.flatMap((step) =>
    step.machines.map(({ id, name, wave }) => {
      const planned = byId.get(id);
      const data = planned ? `${planned.pin.time}, ${age(new Date(planned.pin.time), now)} old` : '-';
      return [
        waveText(wave),
        name,
        String(planned?.launch.instanceType ?? '-'),
        data,
        problems.get(id) ?? '',
      ];
    }),
  );
  return table(['wave', 'name', 'type', 'data from', 'not recovered because'], rows);
}

/** `lifeboat:instanceTypes` as text. */
export const typesText = ({ instanceTypes }: Settings): string =>
  Object.entries(instanceTypes)
    .map(([key, types]) => `${key}=${types.join('/')}`)
    .join(',');
