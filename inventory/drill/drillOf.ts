import { LifeboatError } from '../../errors';
import { kinds } from '../../kinds';
import { instance } from '../../kinds/machines/instance';
import { itemName } from '../inventory';
import type { RecoveryPlan } from '../recoveryPlan';
import { drilledStack } from './drillId';
import { drillMachine } from './drillMachines';

/** What a drill looks up: what it makes, and what machines are there. */
export const DRILL_KINDS = kinds.filter(({ inDrill, name }) => inDrill === true || name === instance.name);

/**
 * The stack whose drill this is.
 *
 * @throws LifeboatError for any other stack: a drill would take all else out of it
 */
export function drilled(stack: string): string {
  const of = drilledStack(stack);
  if (of !== undefined) return of;
  throw new LifeboatError({
    what: 'lifeboat:drill is set in a stack that is no drill, so nothing is changed',
    got: stack,
    expected: `the setting in no file of yours: the command makes a stack for each drill`,
    next: `npm run pulumi -- config rm lifeboat:drill --stack ${stack}; then: npx lifeboat drill --stack ${stack}`,
  });
}

/** What a recovery makes, as a drill makes it. */
export const drillRecovery = (recovery: RecoveryPlan, drill: string): RecoveryPlan => ({
  ...recovery,
  machines: recovery.machines.map((machine) => drillMachine(machine, drill)),
});

/** What a drill is about to launch. In a recovery AWS itself refuses what does not fit. */
export const launchesOf = (recovery: RecoveryPlan | undefined, drill: string | undefined): string[] =>
  drill === undefined
    ? []
    : (recovery?.machines ?? []).map((machine) => itemName(instance.name, machine.instance.id));
