import { meansMachine } from '../kinds/machines/meansMachine';
import type { ProtectedInstance } from './protectedInstances';

/** Entries of `lifeboat:passUserData` that mean no protected machine, in words. No recovery stops at a slip of the pen there. Pure. */
export function unknownEntries(
  entries: readonly string[],
  instances: readonly ProtectedInstance[],
): string[] {
  return entries
    .filter((entry) => !instances.some(({ instance }) => meansMachine(entry, instance)))
    .map((entry) => `lifeboat:passUserData names no machine that is protected: ${entry}`);
}
