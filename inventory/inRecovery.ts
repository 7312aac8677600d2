import { instance } from '../kinds/machines/instance';
import type { Settings } from '../settings';
import { withoutHeldRecords } from './heldRecords';
import { type Items, itemName } from './inventory';
import { withMoving } from './movingMachines';
import type { Plan } from './planned';
import type { Recovered } from './recovered';
import type { RecoveryPlan } from './recoveryPlan';
import { withoutMachines } from './withoutMachines';

/** What of the mirror a recovery makes now: what its machines can serve, and the names that are switched. Pure. */
export function inRecovery(
  mirror: Plan,
  { machines }: RecoveryPlan,
  more: {
    kinds: Items;
    lostMachines: ReadonlySet<string>;
    moving: ReadonlySet<string>;
    settings: Settings;
    state: ReadonlyMap<string, string>;
  },
): Plan {
  const served = withoutMachines(
    mirror,
    new Set(machines.filter((machine) => machine.held === undefined).map((machine) => machine.instance.id)),
  );
  const held = withoutHeldRecords(served, more.kinds, more.settings, more.state);
  const lost = [...more.lostMachines].map((id) => itemName(instance.name, id));
  return {
    ...held,
    resources: withMoving(held.resources, more.moving),
    lost: [...held.lost, ...lost],
  };
}

/** Machines that the state holds and DR does not any more: a launch that died, or one that somebody ended. Pure. */
export function machinesLost(
  recovery: RecoveryPlan | undefined,
  state: ReadonlyMap<string, string>,
  recovered: Recovered,
): Set<string> {
  const ids = (recovery?.machines ?? []).map((machine) => machine.instance.id);
  return new Set(
    ids.filter((id) => {
      const known = state.get(itemName(instance.name, id));
      return known !== undefined && known !== '' && recovered.instances.get(id) !== known;
    }),
  );
}
