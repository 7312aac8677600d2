import { getOrganization, getProject, getStack, runtime } from '@pulumi/pulumi';
import { MADE_AGAIN } from '../inventory/planned';

/**
 * The names of what this stack's state holds, each with its id. What a run was killed over is in it too, so that this, unlike the
 * stack's outputs, tells what there is still to adopt.
 */
export async function stateResources(): Promise<Map<string, string>> {
  // The engine's own function. It reads the state that this very run starts from.
  const answer = (await runtime.invoke('pulumi:pulumi:readStackResourceOutputs', {
    stackName: `${getOrganization()}/${getProject()}/${getStack()}`,
  })) as { outputs: Record<string, { outputs?: { id?: string } }> };
  return new Map(
    Object.entries(answer.outputs).flatMap(([urn, { outputs }]) => {
      // urn:pulumi:<stack>::<project>::<types>::<name>, and a name may hold colons.
      const name = urn.split('::').slice(3).join('::');
      // A Stash has an id, but not among its outputs.
      const id = name === MADE_AGAIN ? '' : outputs?.id;
      return id === undefined ? [] : [[name, id] as const];
    }),
  );
}
