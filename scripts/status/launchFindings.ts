import type { Inventory } from '../../inventory/inventory';
import { planAlone } from '../../inventory/planAlone';
import { launchProblems, protectedInstances } from '../../inventory/protectedInstances';
import type { Settings } from '../../settings';
import { asFinding, type Finding } from './finding';

/**
 * The protected machines that no copy could bring up, because the mirror has not what they are launched into. A recovery
 * goes on without them. Pure.
 */
export function launchFindings(accepted: Inventory, settings: Settings, stack: string): Finding[] {
  try {
    const { resources, skipped } = planAlone(accepted, settings);
    const problems = launchProblems(
      protectedInstances(accepted).instances,
      new Set(resources.map(({ item }) => item)),
    );
    return problems.map(({ name, problem }) => {
      const why = skipped.filter((each) => problem.includes(each.name)).map(({ reason }) => reason);
      return {
        code: 'not-launchable',
        what: `${name} could not be recovered, whatever copies there are: ${[problem, ...why].join('; ')}`,
        next: `mend what keeps it out of the mirror, then: npm run pulumi -- up --stack ${stack}`,
      };
    });
  } catch (error) {
    return [
      asFinding(error, 'inventory', 'the mirror of the accepted inventory cannot be planned', 'run it again'),
    ];
  }
}
