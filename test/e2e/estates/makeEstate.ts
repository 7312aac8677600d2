import type { EC2Client } from '@aws-sdk/client-ec2';
import pLimit from 'p-limit';
import { carryOut, references, type Step } from './step';

/** Calls at once. */
const AT_ONCE = 8;

/**
 * Makes what the steps say through the SDK, each step as soon as those that it waits for are done.
 *
 * @param known values of an estate that is there already, which the steps may refer to
 * @returns the ids and other values by name, those known before included
 * @throws for a step that waits for one that is not there, and with the step's name when AWS refuses it
 */
export async function makeEstate(
  ec2: EC2Client,
  steps: readonly Step[],
  known: ReadonlyMap<string, string> = new Map(),
): Promise<Map<string, string>> {
  const values = new Map(known);
  const limit = pLimit(AT_ONCE);
  const running = new Map<string, Promise<void>>();
  const byName = new Map(steps.map((step) => [step.name, step]));
  if (byName.size !== steps.length) throw new Error('Two steps have one name');

  /** `<vpc-0.main.association>` is given by vpc-0.main, which is its longest prefix that is a step. */
  const giver = (reference: string): Step | undefined => {
    const parts = reference.split('.');
    for (let length = parts.length; length > 0; length--) {
      const found = byName.get(parts.slice(0, length).join('.'));
      if (found) return found;
    }
    if (known.has(reference)) return undefined;
    throw new Error(`No step gives ${reference}`);
  };

  const run = (step: Step): Promise<void> => {
    const before = running.get(step.name);
    if (before) return before;
    const waitFor = [...references(step.input), ...step.after].flatMap((name) => giver(name) ?? []);
    // Registered before it begins, and begun in the next turn, so that steps that wait for each other are found out.
    const promise = Promise.resolve()
      .then(() => Promise.all(waitFor.map(run)))
      .then(() => limit(() => carryOut(ec2, step, values)))
      .then((made) => {
        for (const [name, value] of made) values.set(name, value);
      });
    running.set(step.name, promise);
    return promise;
  };
  await Promise.all(steps.map(run));
  return values;
}
