import type { Account } from '../accounts';
import { LifeboatError } from '../errors';
import { instance } from '../kinds/machines/instance';
import { recoveredMachines } from '../snapshots/recoveredMachines';
import { itemName } from './inventory';
import type { PlannedResource } from './planned';
import { refsIn } from './refs';
import { standDownGuard } from './standDownGuard';
import type { Pin } from './store';

/**
 * The machines that this run may replace: `move-on` has taken their final snapshots and pinned them to another point. One that was replaced
 * has another id, so that nothing but its own predecessor ever is.
 *
 * @param recovered ids in DR by the source's instance ids
 * @param options `state`: the names that Pulumi's state holds; `isDryRun`: what ends no machine refuses nothing, so that move-on can mend it
 * @returns the source's instance ids
 * @throws LifeboatError when one has run since its final snapshots, and when the engine does not know it and so could not remove it
 */
export async function movingMachines(
  dr: Account,
  pins: ReadonlyMap<string, Pin>,
  recovered: ReadonlyMap<string, string>,
  {
    stack,
    state,
    now,
    isDryRun,
  }: {
    stack: string;
    state: ReadonlyMap<string, string>;
    now: Date;
    isDryRun: boolean;
  },
): Promise<Set<string>> {
  const moving = [...pins.values()].flatMap((pin) => {
    const id = recovered.get(pin.instance);
    return id !== undefined && pin.moved?.machines.some((machine) => machine.instance === id)
      ? [{ pin, id, record: pin.moved }]
      : [];
  });
  const ids = new Set(moving.map(({ pin }) => pin.instance));
  if (ids.size === 0 || isDryRun) return ids;
  const machines = await recoveredMachines(dr);
  for (const { pin, id, record } of moving) {
    const command = `npx lifeboat move-on ${pin.instance} --to ${pin.time} --stack ${stack}`;
    standDownGuard({ pinned: new Set([pin.instance]), record, machines, stack, now, command });
    // What is to go is not adopted: it would not be what is planned.
    if (state.has(itemName(instance.name, pin.instance))) continue;
    throw new LifeboatError({
      what: 'A machine is moved on, and the state that knows its predecessor is lost: nothing is changed',
      got: `${id}, which stands for ${pin.instance}`,
      expected: 'that the engine removes it; its final snapshots are there',
      next: `aws ec2 terminate-instances --region ${dr.region} --instance-ids ${id}, then the same command again`,
    });
  }
  return ids;
}

/** Planned resources, with those no longer protected that are made of a machine that is replaced, or of what is made of it. Pure. */
export function withMoving(
  resources: readonly PlannedResource[],
  moving: ReadonlySet<string>,
): PlannedResource[] {
  const names = new Set([...moving].map((id) => itemName(instance.name, id)));
  return resources.map((resource) => {
    if (names.size === 0 || !refsIn(resource.args).some(({ name }) => names.has(name))) return resource;
    names.add(resource.name);
    return { ...resource, isMadeAgain: true };
  });
}
