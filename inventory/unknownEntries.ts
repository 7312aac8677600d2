import { meansMachine } from '../kinds/machines/meansMachine';
import type { Settings } from '../settings';
import type { ProtectedInstance } from './protectedInstances';

/** Entries of `lifeboat:passUserData` and `lifeboat:images` that mean no protected machine, in words. No recovery stops at a slip of the pen there. Pure. */
export function unknownEntries(
  { passUserData = [], images = {} }: Partial<Pick<Settings, 'passUserData' | 'images'>>,
  instances: readonly ProtectedInstance[],
): string[] {
  const unknown = (
    setting: string,
    entries: readonly string[],
    isMeant: (entry: string, machine: ProtectedInstance) => boolean,
  ) =>
    entries
      .filter((entry) => !instances.some((machine) => isMeant(entry, machine)))
      .map((entry) => `lifeboat:${setting} names no machine that is protected: ${entry}`);
  return [
    ...unknown('passUserData', passUserData, (entry, { instance }) => meansMachine(entry, instance)),
    ...unknown('images', Object.keys(images), (entry, { instance, name }) =>
      [instance.id, name].includes(entry),
    ),
  ];
}
