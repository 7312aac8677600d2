import { instance } from '../kinds/instance';
import { partsOf } from './inventory';
import type { Plan, PlannedResource } from './planned';
import { NEEDS } from './references';
import { refsIn } from './refs';

/**
 * A plan without what refers to a machine that is not recovered, and without what refers to that in turn. Pure.
 *
 * @param recovered the source's ids of the machines that are recovered
 */
export function withoutMachines(plan: Plan, recovered: ReadonlySet<string>): Plan {
  const reasons = new Map<string, string>();
  const reasonOf = ({ args }: PlannedResource): string | undefined => {
    for (const { name } of refsIn(args)) {
      const { kind, id } = partsOf(name);
      if (kind === instance.name && !recovered.has(id)) return `${NEEDS}${name}, which is not recovered`;
      if (reasons.has(name)) return `${NEEDS}${name}, and that is not made`;
    }
    return undefined;
  };
  const resources: PlannedResource[] = [];
  const skipped = [...plan.skipped];
  for (const resource of plan.resources) {
    const reason = resource.afterMachines && reasonOf(resource);
    if (!reason) {
      resources.push(resource);
      continue;
    }
    reasons.set(resource.name, reason);
    skipped.push({ name: resource.item, reason });
  }
  return { ...plan, resources, skipped };
}
