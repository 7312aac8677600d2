import { instance } from '../kinds/machines/instance';
import { partsOf } from './inventory';
import type { Plan, PlannedResource } from './planned';
import { NEEDS } from './references';
import { type Ref, refsIn, replacedRefs } from './refs';
import { someNames } from './summary';

/**
 * A plan without what refers to a machine that is not recovered, and without what refers to that in turn. What can do without the machine
 * names the source's. Pure.
 *
 * @param recovered the source's ids of the machines that are recovered
 */
export function withoutMachines(plan: Plan, recovered: ReadonlySet<string>): Plan {
  const reasons = new Map<string, string>();
  const isMissing = ({ name }: Ref) => {
    const { kind, id } = partsOf(name);
    return kind === instance.name && !recovered.has(id);
  };
  const reasonOf = ({ args }: PlannedResource): string | undefined => {
    for (const ref of refsIn(args)) {
      const { name } = ref;
      if (isMissing(ref) && ref.otherwise === undefined) return `${NEEDS}${name}, which is not recovered`;
      if (reasons.has(name)) return `${NEEDS}${name}, and that is not made`;
    }
    return undefined;
  };
  const resources: PlannedResource[] = [];
  const skipped = [...plan.skipped];
  const notes = [...plan.notes];
  const withoutThem = (resource: PlannedResource): PlannedResource => {
    const missing = refsIn(resource.args).filter(isMissing);
    if (missing.length === 0) return resource;
    const names = [...new Set(missing.map(({ name }) => name))];
    notes.push(`${resource.item} names what is not recovered, as it is: ${someNames(names)}`);
    const args = replacedRefs(resource.args, (ref) => (isMissing(ref) ? ref.otherwise : ref)) as object;
    return { ...resource, args };
  };
  for (const resource of plan.resources) {
    const reason = resource.afterMachines && reasonOf(resource);
    if (!reason) {
      resources.push(resource.afterMachines ? withoutThem(resource) : resource);
      continue;
    }
    reasons.set(resource.name, reason);
    skipped.push({ name: resource.item, reason });
  }
  return { ...plan, resources, skipped, notes };
}
