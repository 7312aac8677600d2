import { LifeboatError } from '../errors';
import { meansMachine } from '../kinds/machines/meansMachine';
import type { Settings } from '../settings';
import type { ProtectedInstance } from './protectedInstances';

const means = (entry: string, { instance }: ProtectedInstance): boolean => meansMachine(entry, instance);

/**
 * The machines that the settings want recovered. Pure.
 *
 * @throws LifeboatError for an entry that means no protected machine: a slip of the pen must not leave one out unseen
 */
export function chosenMachines(
  instances: readonly ProtectedInstance[],
  settings: Pick<Settings, 'recoverOnly' | 'recoverExcept'>,
): ProtectedInstance[] {
  for (const setting of ['recoverOnly', 'recoverExcept'] as const) {
    const unknown = settings[setting].find((entry) => !instances.some((machine) => means(entry, machine)));
    if (unknown === undefined) continue;
    throw new LifeboatError({
      what: `lifeboat:${setting} names no machine that is protected`,
      got: unknown,
      expected: `a name, an id or a tag (key=value) of some of ${instances.map(({ name }) => name).join(', ')}`,
      next: `npm run pulumi -- config rm lifeboat:${setting}`,
    });
  }
  const { recoverOnly, recoverExcept } = settings;
  return instances.filter(
    (machine) =>
      (recoverOnly.length === 0 || recoverOnly.some((entry) => means(entry, machine))) &&
      !recoverExcept.some((entry) => means(entry, machine)),
  );
}
