import type { Account } from '../../accounts';
import { reason } from '../../errors';
import { IMPATIENT } from '../../inventory/collect';
import { drillStack, drillTimes } from '../../inventory/drill/drillId';
import { leftovers } from './leftovers';

/** What of drills takes room from a recovery, in words: nobody is to look for capacity that a rehearsal has. Never stops one. */
export async function drillsBeside(dr: Account, stack: string): Promise<string[]> {
  try {
    const left = await leftovers(dr.with(IMPATIENT), drillStack(stack));
    const running = new Set(left.flatMap(({ type, drill }) => (type === 'instance' && drill ? drill : [])));
    return [...running].map(
      (id) =>
        `The drill ${id}, until ${drillTimes(id)?.end.toISOString()}, has machines that take vCPUs and capacity from this recovery; to end it at once: npx lifeboat drill --sweep --stack ${stack}`,
    );
  } catch (error) {
    return [
      `Whether a drill takes vCPUs and capacity from this recovery could not be asked: ${reason(error)}`,
    ];
  }
}
