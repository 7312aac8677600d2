import { paginateDescribeInstances } from '@aws-sdk/client-ec2';
import { z } from 'zod';
import type { Account } from '../../accounts';
import { LifeboatError } from '../../errors';
import { allPages, present } from '../../kinds/kind';
import { TAG } from '../../names';
import type { RecoveredMachine } from '../../snapshots/recoveredMachines';
import type { Deps } from '../command';

const INSTANCE = 'aws:ec2/instance:Instance';

const stateSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          type: z.string(),
          id: z.string().optional(),
          inputs: z.object({ tags: z.record(z.string(), z.unknown()).optional() }).optional(),
        }),
      )
      .nullish(),
  }),
});

/** What the engine is asked with. */
export interface EngineContext {
  readonly dr: Pick<Account, 'ec2' | 'region'>;
  readonly pulumi: Deps['pulumi'];
  readonly stack: string;
  /** Where the engine is run. */
  readonly cwd: string;
}

/**
 * Refuses when the engine would remove a machine that is not among those to be snapshotted: stand-down finds machines by their
 * tags, the engine removes what is in its state. The state, not the stack's outputs: a run that failed half way writes no outputs.
 *
 * @param machines those that stand-down has found by their tags
 * @throws LifeboatError when there is such a machine, and when the state cannot be read; nothing is changed
 */
export async function refuseUntagged(
  machines: readonly RecoveredMachine[],
  { dr, pulumi, stack, cwd }: EngineContext,
): Promise<void> {
  const line = ['stack', 'export', '--stack', stack];
  const { code, stdout } = await pulumi(line, { cwd, capture: true });
  const inState = code === 0 ? instancesIn(stdout) : undefined;
  if (!inState) {
    throw new LifeboatError({
      what: "The engine's state could not be read, so nobody knows which machines it would remove: nothing was changed",
      got: `exit code ${code} of pulumi ${line.join(' ')}${code === 0 ? ', and no state' : ''}`,
      expected: "the stack's state, because some machines under recovery are not found by their tags",
      next: `mend what the engine says, then: npx lifeboat stand-down --stack ${stack}`,
    });
  }
  const unknown = inState.filter(({ id }) => !machines.some((machine) => machine.id === id));
  const there = await living(
    dr,
    unknown.map(({ id }) => id),
  );
  const untagged = unknown.filter(({ id }) => there.has(id));
  if (untagged.length === 0) return;
  const mend = untagged.map(
    ({ id, tags }) =>
      `aws ec2 create-tags --region ${dr.region} --resources ${id} --tags ` +
      [TAG.sourceId, TAG.recoveryPoint].map((key) => `Key=${key},Value=${tags[key]}`).join(' '),
  );
  throw new LifeboatError({
    what: 'The engine would remove machines that no longer have their tags, without final snapshots: nothing was changed',
    got: untagged.map(({ id }) => id).join(', '),
    expected: `the tags ${TAG.sourceId} and ${TAG.recoveryPoint}, by which stand-down finds every machine of this stack`,
    next: `${mend.join('; ')}; then: npx lifeboat stand-down --stack ${stack}`,
  });
}

function instancesIn(state: string): { id: string; tags: Record<string, unknown> }[] | undefined {
  let data: unknown;
  try {
    data = JSON.parse(state);
  } catch {
    return undefined;
  }
  const { success, data: parsed } = stateSchema.safeParse(data);
  if (!success) return undefined;
  return (parsed.deployment.resources ?? []).flatMap(({ type, id, inputs }) =>
    type === INSTANCE && id ? [{ id, tags: inputs?.tags ?? {} }] : [],
  );
}

/** By filter: an id that AWS has forgotten is then no error. AWS takes 200 values in one. */
async function living(dr: Pick<Account, 'ec2'>, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let start = 0; start < ids.length; start += 200) {
    const Filters = [
      { Name: 'instance-id', Values: ids.slice(start, start + 200) },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ];
    const pages = paginateDescribeInstances({ client: dr.ec2 }, { Filters });
    for (const { Instances = [] } of await allPages(pages, (page) => page.Reservations))
      for (const { InstanceId } of Instances) found.add(present(InstanceId, 'InstanceId'));
  }
  return found;
}
