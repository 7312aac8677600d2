import type { Instance } from '../kinds/machines/instance';

/** Types for machines, by a machine's id or Name or by the type that it has in the source; each with what to fall back to. */
export type InstanceTypeMap = Readonly<Record<string, readonly string[]>>;

/**
 * The types to launch a machine as, the first choice first. Pure.
 *
 * @param running the type that it runs as in DR; it stays, whatever the settings say: another would stop it
 */
export function instanceTypesFor(
  { instance, name }: { readonly instance: Pick<Instance, 'id' | 'instanceType'>; readonly name: string },
  map: InstanceTypeMap,
  running?: string,
): readonly [string, ...string[]] {
  if (running !== undefined) return [running];
  const own = (key: string) => (Object.hasOwn(map, key) ? map[key] : undefined);
  const [first = instance.instanceType, ...others] =
    own(instance.id) ?? own(name) ?? own(instance.instanceType) ?? [];
  return [first, ...others];
}
